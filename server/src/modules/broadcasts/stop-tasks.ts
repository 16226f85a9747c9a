import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueueAll } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { lookAt, type OpenTask, settleLook } from './look.ts'

/** developer.work.weixin.qq.com/document/path/97611, 2026-11. */
const CANCELLED_ALREADY = 41093

/** Has members who have not pressed send be told no more. */
export async function askToStop(tx: Tx, corpId: string, runId: string, staffId?: string): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    update broadcast_chunk set stop_asked = true where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and state = 'accepted' and task = 'open' and msgid is not null and not stop_asked
      and (${staffId ?? null}::bigint is null or staff_id = ${staffId ?? null}::bigint) returning number`.execute(tx)
  const payloads = rows.map(({ number }) => ({ corpId, runId, number }))
  if (payloads.length > 0) await enqueueAll(tx, stopTaskJob, payloads)
  return payloads.length
}

/** Safe to repeat: a task cancelled twice is cancelled, and what had been sent by then is settled as sent. */
export const stopTaskJob = defineJob<WorkContext, { corpId: string; runId: string; number: number }>({
  name: 'broadcasts.stop-task',
  payload: z.object({ corpId: Id, runId: Id, number: z.number().int() }),
  async run(context, { corpId, runId, number }) {
    const task = await inCorp(context.db, corpId, async (tx) => {
      const { rows } = await sql<OpenTask>`
        select c.run_id, c.number, r.touch_id, c.staff_id, s.userid, c.msgid from broadcast_chunk c
        join broadcast_run r on r.corp_id = ${corpId}::bigint and r.run_id = c.run_id join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = c.staff_id
        where c.corp_id = ${corpId}::bigint and c.run_id = ${runId}::bigint and c.number = ${number} and c.state = 'accepted' and c.task = 'open' and c.stop_asked and c.msgid is not null`.execute(
        tx,
      )
      return rows[0]
    })
    if (!task) return
    const wecom = await context.wecom(corpId)
    try {
      await wecom.massMessage.cancel(task.msgid)
    } catch (error) {
      if (!(error instanceof WecomError) || error.errcode !== CANCELLED_ALREADY) throw error
    }
    const look = await lookAt(wecom, task)
    const now = context.clock.now()
    await inCorp(context.db, corpId, (tx) => settleLook(tx, corpId, task, look, now, 'stopped'))
  },
})
