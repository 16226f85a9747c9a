import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { MyCustomer } from './schema.ts'

/** A member's newest friends are how he works now; more would tell of how he worked once. */
const FRIENDS_LOOKED_AT = 200
const SHOWN = 3

/**
 * Tags that suit a customer who lacks them: what the next stages ask for, then what people put most on the newest friends
 * of the member. What rules and codes put says nothing about what he would put by hand.
 */
export async function suggestTags(
  tx: Tx,
  corpId: string,
  {
    contactId,
    staffId,
    asked,
  }: { contactId: string; staffId: string; asked: readonly { tagId: string; stage: string }[] },
): Promise<MyCustomer['suggestedTags']> {
  const { rows } = await sql<MyCustomer['suggestedTags'][number]>`
    with friend as (
      select contact_id from follow where corp_id = ${corpId}::bigint and staff_id = ${staffId}::bigint order by added_at desc, contact_id desc limit ${FRIENDS_LOOKED_AT}
    ), used as (
      select ft.tag_id, count(*)::int as customers from friend f
      join follow_tag ft on ft.corp_id = ${corpId}::bigint and ft.contact_id = f.contact_id and ft.staff_id = ${staffId}::bigint and ft.source <> 'rule'
      group by ft.tag_id
    ), asked as (
      select tag_id, min(stage) as stage from unnest(${asked.map((a) => a.tagId)}::bigint[], ${asked.map((a) => a.stage)}::text[]) as a(tag_id, stage) group by tag_id
    )
    select t.tag_id, t.name, a.stage, coalesce(u.customers, 0) as customers
    from tag t left join used u on u.tag_id = t.tag_id left join asked a on a.tag_id = t.tag_id
    where t.corp_id = ${corpId}::bigint and t.deleted_at is null and (u.tag_id is not null or a.tag_id is not null)
      and not exists (select from follow_tag h where h.corp_id = ${corpId}::bigint and h.contact_id = ${contactId}::bigint and h.tag_id = t.tag_id)
    order by a.stage is null, u.customers desc nulls last, t.tag_id limit ${SHOWN}`.execute(tx)
  return rows
}
