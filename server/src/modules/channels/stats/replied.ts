import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { shanghaiDay } from '../../../platform/shanghai.ts'

/** Since when anything tells what the corp's customers write. */
export async function readRepliesSince(tx: Tx, corpId: string): Promise<Date | null> {
  const row = await tx.selectFrom('replySource').select('since').where('corpId', '=', corpId).executeTakeFirst()
  return row?.since ?? null
}

/** Whether anybody can say who replied of those who came until that day: else nobody did would not be so. */
export const toldBy = (since: Date | null, to: string): boolean => since !== null && shanghaiDay(since) <= to

/**
 * Of those who came by these codes in the period, who replied: a trusted message of his after he was added and within thirty
 * days, to the member the code brought him to (events/replies.ts keeps them). Counted on the day he was added.
 */
export async function readReplied(
  tx: Tx,
  corpId: string,
  states: string[],
  { from, to }: { from: Date; to: Date },
): Promise<{ day: string; staffId: string; replied: number }[]> {
  const { rows } = await sql<{ day: string; staffId: string; replied: number }>`
    select to_char(f.added_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, f.staff_id, count(*)::int as replied
    from follow f join first_reply r on r.corp_id = ${corpId}::bigint and r.contact_id = f.contact_id and r.staff_id = f.staff_id
    where f.corp_id = ${corpId}::bigint and f.state = any(${states}::text[]) and f.added_at >= ${from}::timestamptz and f.added_at < ${to}::timestamptz
    group by 1, 2`.execute(tx)
  return rows
}
