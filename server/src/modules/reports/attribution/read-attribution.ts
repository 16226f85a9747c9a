import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Scope } from '../../corps/context.ts'
import { spanOf } from '../read-sums.ts'
import { ROWS_MAX } from '../schema.ts'
import type { Attribution, AttributionQuery, Facet, Line, Shares, TouchedOrders, TouchedOrdersQuery } from './schema.ts'
import { type Asked, fromOf, OTHERS, REST, seesPerson, shareOrders, toOf, touchesIn, windowOf } from './shares-sql.ts'

type Credit = Shares & { orders: number }
const NOTHING: Credit = { orders: 0, first: 0, last: 0, position: 0, decay: 0 }

const askedOf = (corpId: string, query: AttributionQuery, scope: Scope, now: Date): Asked => ({
  ...{ corpId, scope, by: query.by, windowDays: query.windowDays, halfLifeDays: query.halfLifeDays },
  span: spanOf(query, now).now,
})

/** The money of the days by what reached the customers before they bought, under four models; one walk over orders and touches. */
export async function readAttribution(
  tx: Tx,
  corpId: string,
  query: AttributionQuery,
  scope: Scope,
  now: Date,
): Promise<Attribution> {
  const asked = askedOf(corpId, query, scope, now)
  const { total, untouched, credits } = await readCredits(tx, asked)
  const told = await readReplies(tx, asked)
  const keys = [...new Set([...credits.keys(), ...told.keys()])].filter((key) => key !== OTHERS && key !== REST)
  const lines = keys
    .map((key): Line => {
      const { name = null, touches = 0, replied = 0 } = told.get(key) ?? {}
      const held = credits.get(key)
      return { key, name: query.by === 'way' ? null : (held?.name ?? name ?? key), touches, replied, ...creditOf(held) }
    })
    .sort((a, b) => b.position - a.position || b.touches - a.touches || (a.key < b.key ? -1 : 1))
  const kept = lines.slice(0, ROWS_MAX)
  return {
    ...asked.span,
    total,
    untouched,
    lines: kept,
    rest: lines.slice(ROWS_MAX).reduce((sum: Credit, line) => add(sum, line), creditOf(credits.get(REST))),
    others: creditOf(credits.get(OTHERS)),
  }
}

function creditOf(given: Credit | undefined): Credit {
  const { orders, first, last, position, decay } = given ?? NOTHING
  return { orders, first, last, position, decay }
}

const add = (a: Credit, b: Credit): Credit => ({
  orders: a.orders + b.orders,
  first: a.first + b.first,
  last: a.last + b.last,
  position: a.position + b.position,
  decay: a.decay + b.decay,
})

/** What stands for a line's key: of members and codes their names today, of the others the newest words. */
const nameOf = (by: Facet, corpId: string) => {
  if (by === 'staff')
    return sql`(select s.name from staff s where s.corp_id = ${corpId}::bigint and s.staff_id::text = g.key)`
  if (by === 'code')
    return sql`(select k.name from channel_code k where k.corp_id = ${corpId}::bigint and k.channel_code_id::text = g.key)`
  return sql`g.title`
}

async function readCredits(tx: Tx, asked: Asked) {
  type Row = Credit & { key: string | null; name: string | null; amountFen: number; netFen: number }
  const { rows } = await sql<Row>`
    with ${shareOrders(asked)}
    select g.key, ${nameOf(asked.by, asked.corpId)} as name, g.orders, g.first, g.last, g.position, g.decay, 0::float8 as amount_fen, 0::float8 as net_fen from (
      select key, max(title) as title, count(distinct order_id)::int as orders, sum(first)::float8 as first, sum(last)::float8 as last, sum(position)::float8 as position, sum(decay)::float8 as decay
      from share group by key
    ) g
    union all
    select case when t.order_id is null then '-untouched' else '-touched' end, null, count(*)::int, 0, 0, 0, 0, sum(o.amount_fen)::float8, sum(o.net)::float8
    from bought o left join (select distinct order_id from share) t using (order_id) group by 1`.execute(tx)
  const sums = (key: string) => rows.find((row) => row.key === key) ?? { orders: 0, amountFen: 0, netFen: 0 }
  const [touched, untouched] = [sums('-touched'), sums('-untouched')]
  const [amountFen, netFen] = [touched.amountFen + untouched.amountFen, touched.netFen + untouched.netFen]
  return {
    total: { orders: touched.orders + untouched.orders, amountFen, refundedFen: amountFen - netFen, netFen },
    untouched: { orders: untouched.orders, netFen: untouched.netFen },
    credits: new Map(
      rows
        .filter(({ key }) => key !== '-touched' && key !== '-untouched')
        .map(({ key, amountFen: _, netFen: __, ...row }) => [key!, row]),
    ),
  }
}

/** Touches of the days by their lines, and after how many of them the customer wrote within the window. */
async function readReplies(tx: Tx, asked: Asked) {
  const { corpId } = asked
  const [from, to, span] = [fromOf(asked), toOf(asked), windowOf(asked)]
  const { rows } = await sql<{ key: string; name: string | null; touches: number; replied: number }>`
    with touch as materialized (
      ${touchesIn(asked, from, to, seesPerson(asked, sql`t.person`))}
    ), mark as (
      select person, at, key, title, false as is_reply from touch
      union all
      select coalesce(c.merged_into, c.contact_id), e.at, null, null, true from event e join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = e.contact_id
      where e.corp_id = ${corpId}::bigint and e.kind = 'message.sent' and e.trusted and e.at >= ${from} and e.at < ${to} + ${span}
    ), answered as (
      select key, title, at, is_reply, min(at) filter (where is_reply) over (partition by person order by at, is_reply rows between current row and unbounded following) as reply_at from mark
    )
    select g.key, ${nameOf(asked.by, corpId)} as name, g.touches, g.replied from (
      select key, max(title) as title, count(*)::int as touches, count(*) filter (where reply_at < at + ${span})::int as replied from answered where not is_reply group by key
    ) g`.execute(tx)
  return new Map(rows.map(({ key, ...row }) => [key, row]))
}

const ORDERS_A_PAGE = 50

/** The orders of one line, newest first, with its part of each and the way their customers came. */
export async function listTouchedOrders(
  tx: Tx,
  corpId: string,
  query: TouchedOrdersQuery,
  scope: Scope,
  now: Date,
): Promise<TouchedOrders> {
  const asked = askedOf(corpId, query, scope, now)
  const [at, orderId] = query.after?.split('_') ?? [null, null]
  type Row = Shares & Omit<TouchedOrders['items'][number], 'paidAt' | 'share'> & { paidAt: Date }
  const { rows } = await sql<Row>`
    with ${shareOrders(asked)}, line as (
      select order_id, sum(first)::float8 as first, sum(last)::float8 as last, sum(position)::float8 as position, sum(decay)::float8 as decay from share where key = ${query.key} group by order_id
    ), page as (
      select o.*, l.first, l.last, l.position, l.decay from line l join bought o using (order_id)
      where ${at}::timestamptz is null or (date_trunc('milliseconds', o.paid_at), o.order_id) < (${at}::timestamptz, ${orderId}::bigint)
      order by date_trunc('milliseconds', o.paid_at) desc, o.order_id desc limit ${ORDERS_A_PAGE + 1}
    )
    select o.order_id, o.person as contact_id, p.name as contact_name, o.shop, o.order_no, o.paid_at, o.amount_fen::float8 as amount_fen, o.net::float8 as net_fen, o.first, o.last, o.position, o.decay,
      (select jsonb_agg(jsonb_build_object('way', s.way, 'at', to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'title', case when s.key <> ${OTHERS} then s.title end, 'counted', s.key = ${query.key}) order by s.place) from share s where s.order_id = o.order_id) as path
    from page o join contact p on p.corp_id = ${corpId}::bigint and p.contact_id = o.person
    order by date_trunc('milliseconds', o.paid_at) desc, o.order_id desc`.execute(tx)
  const items = rows.slice(0, ORDERS_A_PAGE).map(({ first, last, position, decay, paidAt, ...row }) => ({
    ...row,
    paidAt: paidAt.toISOString(),
    share: { first, last, position, decay },
  }))
  const final = items.at(-1)
  return { items, nextCursor: rows.length > ORDERS_A_PAGE && final ? `${final.paidAt}_${final.orderId}` : null }
}
