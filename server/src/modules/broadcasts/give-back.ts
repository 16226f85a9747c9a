import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { releaseTouch } from '../touches/send.ts'

/** Drops what is not handed over. A broadcast that goes out once is a draft again where nothing was handed over at all. */
export async function giveBack(
  tx: Tx,
  corpId: string,
  run: { runId: string; broadcastId: string; touchId: string | null },
  now: Date,
): Promise<void> {
  await sql`update broadcast_chunk set state = 'cancelled' where corp_id = ${corpId}::bigint and run_id = ${run.runId}::bigint and state = 'planned'`.execute(
    tx,
  )
  if (run.touchId) await releaseTouch(tx, corpId, run.touchId, now)
  await sql`
    update broadcast b set state = case when exists (select from broadcast_chunk c where c.corp_id = ${corpId}::bigint and c.run_id = ${run.runId}::bigint and c.state <> 'cancelled') then 'ended' else 'draft' end, updated_at = ${now}::timestamptz
    where b.corp_id = ${corpId}::bigint and b.broadcast_id = ${run.broadcastId}::bigint and b.schedule ->> 'kind' <> 'every'`.execute(
    tx,
  )
}
