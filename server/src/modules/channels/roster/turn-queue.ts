import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'

/** The rosters of these codes (of a placement: its code's) are to be looked at from `dueAt` on. */
export async function noteTurns(tx: Tx, corpId: string, channelCodeIds: string[], dueAt: Date): Promise<void> {
  await sql`
    insert into roster_turn (corp_id, channel_code_id, due_at)
    select distinct ${corpId}::bigint, coalesce(c.placement_of, c.channel_code_id), ${dueAt}::timestamptz
    from channel_code c where c.corp_id = ${corpId}::bigint and c.channel_code_id = any(${channelCodeIds}::bigint[])
    on conflict (corp_id, channel_code_id) do update set due_at = least(roster_turn.due_at, excluded.due_at)`.execute(
    tx,
  )
}
