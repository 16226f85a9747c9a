import { sql } from 'kysely'
import { type Db, inCorp } from '../../platform/db.ts'
import { DomainError } from '../../platform/errors.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import type { WorkContext } from '../corps/context.ts'
import { nextOpen } from '../touches/plan.ts'
import { giveBack } from './give-back.ts'
import { askForRun } from './plan-run.ts'
import { nextOccurrence, occurrenceOf } from './rhythm.ts'
import { BROADCAST, contentOf, type HeldBroadcast } from './service.ts'

/** A rhythm's next run is planned so long before, so that there is time to look at it. */
const AHEAD_MS = DAY_MS
/** A run still not handed over so long after its time is another day's: its places were for the day it was planned for. */
const LATE_MS = DAY_MS

/** Runs nobody agreed to in time, or whose day has gone, end unsent, and their places are given back. */
export async function lapse(db: Db, corpId: string, now: Date): Promise<void> {
  const late = new Date(now.getTime() - LATE_MS)
  await inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<{ runId: string; broadcastId: string; touchId: string | null }>`
      select run_id, broadcast_id, touch_id from broadcast_run where corp_id = ${corpId}::bigint and state in ('waiting', 'ready', 'sending') and at < ${late}::timestamptz
        and (state <> 'sending' or exists (select from broadcast_chunk c where c.corp_id = ${corpId}::bigint and c.run_id = broadcast_run.run_id and c.state = 'planned'))
      order by run_id limit 1 for update skip locked`.execute(tx)
    if (!rows[0]) return
    await sql`update broadcast_run set state = 'lapsed', ended_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and run_id = ${rows[0].runId}::bigint`.execute(
      tx,
    )
    await giveBack(tx, corpId, rows[0], now)
  })
}

/** Asks for the next run of each rhythm that has none to come. */
export async function planRhythms({ db, clock, log }: WorkContext, corpId: string): Promise<void> {
  const now = clock.now()
  const due = await inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<HeldBroadcast>`
      select ${BROADCAST} from broadcast b where b.corp_id = ${corpId}::bigint and b.state = 'live' and b.removed_at is null and b.schedule ->> 'kind' = 'every'
        and not exists (select from broadcast_run r where r.corp_id = ${corpId}::bigint and r.broadcast_id = b.broadcast_id and r.at > ${now}::timestamptz) limit 20`.execute(
      tx,
    )
    return rows
  })
  for (const held of due) {
    if (held.schedule.kind !== 'every') continue
    const next = nextOccurrence(held.schedule, now)
    if (next && next.getTime() - now.getTime() > AHEAD_MS) continue
    await inCorp(db, corpId, async (tx) => {
      if (!next) {
        await sql`update broadcast set state = 'ended' where corp_id = ${corpId}::bigint and broadcast_id = ${held.broadcastId}::bigint`.execute(
          tx,
        )
        return
      }
      const content = await contentOf(tx, corpId, held, now)
      const run = {
        broadcastId: held.broadcastId,
        occurrence: occurrenceOf(next),
        at: await nextOpen(tx, corpId, next),
      }
      await askForRun(tx, corpId, { ...run, content, accountId: held.accountId, actor: held.actor }, now)
    }).catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error
      log.warn({ err: error, corpId }, 'a rhythm could not be planned')
    })
  }
}

/** A run whose window has closed, and of whose tasks nothing is open, is done. */
export async function closeWindows(db: Db, corpId: string, now: Date): Promise<void> {
  await inCorp(db, corpId, (tx) =>
    sql`
      with done as (
        update broadcast_run r set state = 'done', ended_at = ${now}::timestamptz where r.corp_id = ${corpId}::bigint and r.state = 'asked'
          and r.began_at + (r.content ->> 'windowDays')::int * interval '1 day' <= ${now}::timestamptz
          and not exists (select from broadcast_chunk c where c.corp_id = ${corpId}::bigint and c.run_id = r.run_id and c.look_at is not null)
        returning r.broadcast_id)
      update broadcast b set state = 'ended', updated_at = ${now}::timestamptz from done
      where b.corp_id = ${corpId}::bigint and b.broadcast_id = done.broadcast_id and b.schedule ->> 'kind' <> 'every'`.execute(
      tx,
    ),
  )
}
