import { sql } from 'kysely'
import { shanghaiDay } from '../../../platform/shanghai.ts'
import type { Cron, WorkContext } from '../../corps/context.ts'
import { eachCorp } from '../../corps/each-corp.ts'
import { readFifths } from './bands.ts'
import { readDraft, saveModel } from './save-model.ts'

const RECUTTER = { name: '每月自动', scope: undefined }

/** Works out the fifths anew where the month has turned since they were. */
export function recutModels(context: Pick<WorkContext, 'db' | 'clock' | 'log'>): Promise<void> {
  const now = context.clock.now()
  return eachCorp(context, 'RFM could not be cut anew; it is tried again', async (tx, corpId) => {
    const { rows } = await sql<{ cutAt: Date }>`
        select cut_at from rfm_model where corp_id = ${corpId}::bigint and monthly and mode = 'quintiles' for update`.execute(
      tx,
    )
    if (!rows[0] || shanghaiDay(rows[0].cutAt).slice(0, 7) === shanghaiDay(now).slice(0, 7)) return
    const draft = await readDraft(tx, corpId)
    const cuts = draft && (await readFifths(tx, corpId, draft, now))
    if (cuts) await saveModel(tx, corpId, { ...draft, cuts }, RECUTTER, now)
    await sql`update rfm_model set cut_at = ${now}::timestamptz where corp_id = ${corpId}::bigint`.execute(tx)
  })
}

export const recutMonthly: Cron = { name: 'segments.rfm', everyMinutes: 60, run: recutModels }
