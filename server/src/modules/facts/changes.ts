import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'

/** Customers a row of the queue names at most: a worker's step stays small. */
const NAMED_MAX = 1_000

/**
 * Says, in the transaction that changes it, whose state has changed that rules over customers read: 'contact' (follows,
 * tags, what WeCom says of him), 'stage', 'field:3', 'fact:12'. Whoever keeps segments works it off (segments/keep.ts).
 */
export async function markChanged(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  touched: readonly string[],
): Promise<void> {
  if (contactIds.length === 0 || touched.length === 0) return
  const ids = [...new Set(contactIds)]
  const packets = Array.from(
    { length: Math.ceil(ids.length / NAMED_MAX) },
    (_, i) => `{${ids.slice(i * NAMED_MAX, (i + 1) * NAMED_MAX).join(',')}}`,
  )
  await sql`insert into contact_change (corp_id, contact_ids, touched) select ${corpId}::bigint, p::bigint[], ${[...new Set(touched)]}::text[] from unnest(${packets}::text[]) as p`.execute(
    tx,
  )
}
