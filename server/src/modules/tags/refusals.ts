import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'

/** The part of a statement that remembers what people took off while a rule gives it; `from` has contact_id and tag_id. */
export const insertRefusals = (corpId: string, from: RawBuilder<unknown>, now: Date): RawBuilder<unknown> => sql`
  insert into tag_refusal (corp_id, contact_id, tag_id, at)
  select distinct ${corpId}::bigint, o.contact_id, o.tag_id, ${now}::timestamptz from ${from} o
  join auto_tag_rule a on a.corp_id = ${corpId}::bigint and a.tag_id = o.tag_id and a.state = 'on' and a.deleted_at is null
  on conflict (corp_id, contact_id, tag_id) do update set at = excluded.at`

/** Customers who have gone in or out of what gives a tag: what was refused until then may be given again. */
export async function forgetRefusals(
  tx: Tx,
  corpId: string,
  turned: readonly { tagId: string; contactIds: readonly string[]; at: Date }[],
): Promise<void> {
  const rows = turned.flatMap(({ tagId, contactIds, at }) => contactIds.map((contactId) => ({ tagId, contactId, at })))
  if (rows.length === 0) return
  await sql`
    delete from tag_refusal r using unnest(${rows.map((one) => one.tagId)}::bigint[], ${rows.map((one) => one.contactId)}::bigint[], ${rows.map((one) => one.at)}::timestamptz[]) as t(tag_id, contact_id, at)
    where r.corp_id = ${corpId}::bigint and r.contact_id = t.contact_id and r.tag_id = t.tag_id and r.at <= t.at`.execute(
    tx,
  )
}
