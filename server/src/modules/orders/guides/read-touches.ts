import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Follower, Touch } from './guide.ts'

/** Everybody who became one of these customers, under the one he became. */
export const contactsOf = (corpId: string, rootIds: readonly string[]) => sql`
  (select id as root_id, id as contact_id from unnest(${[...rootIds]}::bigint[]) as id
    union all select c.merged_into, c.contact_id from contact c where c.corp_id = ${corpId}::bigint and c.merged_into = any(${[...rootIds]}::bigint[]))`

export async function readFollowers(
  tx: Tx,
  corpId: string,
  rootIds: readonly string[],
): Promise<Map<string, Follower[]>> {
  const { rows } = await sql<Follower & { contactId: string }>`
    select f.contact_id, f.staff_id, f.added_at, f.lost_at from follow f
    where f.corp_id = ${corpId}::bigint and f.contact_id = any(${[...rootIds]}::bigint[])`.execute(tx)
  return Map.groupBy(rows, ({ contactId }) => contactId)
}

/** Pages and products customers looked at by a link of a guide's, which says whose it is in `guide`. */
export async function readVisits(tx: Tx, corpId: string, rootIds: readonly string[]): Promise<Map<string, Touch[]>> {
  const { rows } = await sql<Touch & { rootId: string }>`
    select r.root_id, s.staff_id, e.at from ${contactsOf(corpId, rootIds)} r
    join event e on e.corp_id = ${corpId}::bigint and e.contact_id = r.contact_id and e.kind in ('page.viewed', 'product.viewed') and e.props ? 'guide'
    join staff s on s.corp_id = ${corpId}::bigint and lower(s.userid) = lower(e.props->>'guide')`.execute(tx)
  return Map.groupBy(rows, ({ rootId }) => rootId)
}
