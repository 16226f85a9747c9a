import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { idArray } from '../../platform/id.ts'

/** Customers a row of the queue names at most: a worker's step stays small. */
const NAMED_MAX = 1_000

/** Of whom what has changed: 'contact' (follows, tags, what WeCom says of him), 'stage', 'group', 'field:3', 'fact:12'. */
export interface Change {
  contactIds: readonly string[]
  touched: readonly string[]
}

/** Says, in the transaction that changes it, whose state has changed that rules over customers read (segments/keep.ts). */
export const markChanged = (
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  touched: readonly string[],
): Promise<void> => markChanges(tx, corpId, [{ contactIds, touched }])

/** The same of several at once. The finer it is told, the fewer rules are asked again. */
export async function markChanges(tx: Tx, corpId: string, changes: readonly Change[]): Promise<void> {
  const packets = changes.flatMap(({ contactIds, touched }) => {
    const ids = touched.length > 0 ? [...new Set(contactIds)] : []
    return Array.from({ length: Math.ceil(ids.length / NAMED_MAX) }, (_, i) => ({
      ids: idArray(ids.slice(i * NAMED_MAX, (i + 1) * NAMED_MAX)),
      touched: `{${[...new Set(touched)].join(',')}}`,
    }))
  })
  if (packets.length === 0) return
  await sql`insert into contact_change (corp_id, contact_ids, touched) select ${corpId}::bigint, ids::bigint[], touched::text[]
    from unnest(${packets.map((p) => p.ids)}::text[], ${packets.map((p) => p.touched)}::text[]) as p(ids, touched)`.execute(
    tx,
  )
}
