import { type RawBuilder, sql } from 'kysely'
import type { FactSpec } from './schema.ts'
import { ORDER_KIND } from './spec.ts'

/** Of which customer, after when: a part of everything there is. */
export interface Part {
  /** An expression that gives his id. */
  of?: RawBuilder<unknown>
  /** Ids of this array alone. */
  among?: readonly string[]
  after?: Date
}

/**
 * Every time somebody did it: rows (contact_id, at, amount), merged persons under the one they became. Orders are read
 * from where they stand, so that a refund or a correction counts without undoing anything; all else is in the journal.
 */
export function deedRows(corpId: string, spec: FactSpec, part: Part = {}): RawBuilder<unknown> {
  const filter = sql`${JSON.stringify(spec.where)}::jsonb`
  const asked = (props: RawBuilder<unknown>) =>
    spec.where.length > 0 ? sql`and fact_matches(${filter}, ${props})` : sql``
  if (spec.kind === ORDER_KIND)
    return sql`
      select coalesce(m.merged_into, o.contact_id) as contact_id, o.paid_at as at, o.amount_fen - o.refunded_fen as amount
      from customer_order o join contact m on m.corp_id = ${corpId}::bigint and m.contact_id = o.contact_id
      where o.corp_id = ${corpId}::bigint and o.paid_at is not null and o.state <> 'closed' and o.refunded_fen < o.amount_fen
        ${whose(sql.ref('o.contact_id'), corpId, part)} ${part.after ? sql`and o.paid_at > ${part.after}::timestamptz` : sql``} ${asked(orderProps(corpId))}`
  const amount = sql`(e.props -> ${spec.amount})`
  return sql`
    select coalesce(m.merged_into, e.contact_id) as contact_id, e.at,
      ${spec.amount === null ? sql`0::bigint` : sql`case when jsonb_typeof(${amount}) = 'number' then case when ${amount}::numeric % 1 = 0 and abs(${amount}::numeric) < 9007199254740992 then ${amount}::bigint else 0 end else 0 end`} as amount
    from event e join contact m on m.corp_id = ${corpId}::bigint and m.contact_id = e.contact_id
    where e.corp_id = ${corpId}::bigint and e.kind = ${spec.kind} ${spec.untrusted ? sql`` : sql`and e.trusted`}
      ${whose(sql.ref('e.contact_id'), corpId, part)} ${part.after ? sql`and e.at > ${part.after}::timestamptz` : sql``} ${asked(sql.ref('e.props'))}`
}

/** Those asked for, and who was merged into them. */
function whose(column: RawBuilder<unknown>, corpId: string, { of, among }: Part): RawBuilder<unknown> {
  if (of)
    return sql`and ${column} in (select ${of} union all select x.contact_id from contact x where x.corp_id = ${corpId}::bigint and x.merged_into = ${of})`
  if (among)
    return sql`and ${column} in (select unnest(${[...among]}::bigint[]) union all
      select x.contact_id from contact x where x.corp_id = ${corpId}::bigint and x.merged_into = any(${[...among]}::bigint[]))`
  return sql``
}

/** What a rule may ask of an order, as an event's properties: its shop, and what was in it. */
const orderProps = (corpId: string) => sql`(
  select jsonb_build_object('shop', o.shop, 'products', coalesce(jsonb_agg(i.product_no) filter (where i.product_no is not null), '[]'),
    'names', coalesce(jsonb_agg(i.name), '[]'), 'categories', coalesce(jsonb_agg(i.category) filter (where i.category is not null), '[]'), 'amountFen', o.amount_fen - o.refunded_fen)
  from order_item i where i.corp_id = ${corpId}::bigint and i.contact_id = o.contact_id and i.order_id = o.order_id)`
