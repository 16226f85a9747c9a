import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'

/** Our ids of WeCom's userids; keys are lower case, since WeCom compares them without case. */
export async function findStaffIds(tx: Tx, corpId: string, userids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string; staffId: string }>`
    select lower(userid) as key, staff_id from staff where corp_id = ${corpId}::bigint and lower(userid) = any(${[...new Set(userids.map((u) => u.toLowerCase()))]}::text[])`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.key, row.staffId]))
}

/** The same, and members the address book has not shown yet get a row whose name is their userid until it does. */
export async function ensureStaff(
  tx: Tx,
  corpId: string,
  userids: readonly string[],
  now: Date,
): Promise<Map<string, string>> {
  const known = await findStaffIds(tx, corpId, userids)
  const missing = [...new Map(userids.map((u) => [u.toLowerCase(), u])).entries()]
    .filter(([key]) => !known.has(key))
    .map(([, userid]) => userid)
  if (missing.length === 0) return known
  await sql`insert into staff (corp_id, userid, name, follows, updated_at)
    select ${corpId}::bigint, u, u, true, ${now}::timestamptz from unnest(${missing}::text[]) as u on conflict (corp_id, lower(userid)) do nothing`.execute(
    tx,
  )
  return findStaffIds(tx, corpId, userids)
}
