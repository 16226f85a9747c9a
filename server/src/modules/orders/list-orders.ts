import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { contactIdsOf } from '../contacts/merge-contacts.ts'
import { keepVisible } from '../contacts/pick-contacts.ts'
import type { Scope } from '../corps/context.ts'
import type { OrderPage, OrderQuery, OrderRow, OrderSums } from './schema.ts'

const CURSOR = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([1-9]\d{0,17})$/
type Row = Omit<OrderRow, 'placedAt' | 'paidAt' | 'guideSince'> & {
  placedAt: Date
  paidAt: Date | null
  guideSince: Date | null
}

/** Orders of the customers whom the scope sees, newest first; a merged customer's under the person he became. */
export async function listOrders(tx: Tx, corpId: string, query: OrderQuery, scope: Scope): Promise<OrderPage> {
  const [, at, orderId] = CURSOR.exec(query.before ?? '') ?? []
  const contactIds = query.contactId ? await contactIdsOf(tx, corpId, query.contactId) : null
  const from = query.from ?? null
  const to = query.to ?? null
  const few = scope && (await customersOfFew(tx, corpId, scope))
  const { rows } = await sql<Row>`
    select o.order_id, coalesce(c.merged_into, c.contact_id) as contact_id, coalesce(p.name, c.name) as contact_name, coalesce(p.avatar, c.avatar) as avatar,
      o.shop, o.order_no, o.state, o.placed_at, o.paid_at, o.amount_fen::float8 as amount_fen, o.refunded_fen::float8 as refunded_fen, o.staff_id, s.name as staff_name, o.guide_by, o.guide_since,
      coalesce((select jsonb_agg(jsonb_build_object('name', i.name, 'number', i.number, 'amountFen', i.amount_fen) order by i.line)
        from order_item i where i.corp_id = ${corpId}::bigint and i.contact_id = o.contact_id and i.order_id = o.order_id), '[]') as items
    from ${few ? ofCustomers(corpId, few) : sql`customer_order`} o
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = o.contact_id
    left join contact p on p.corp_id = ${corpId}::bigint and p.contact_id = c.merged_into
    left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = o.staff_id
    where o.corp_id = ${corpId}::bigint
      and (${contactIds}::bigint[] is null or o.contact_id = any(${contactIds}::bigint[]))
      and ${seenBy(corpId, scope, few)}
      and (${from}::date is null or o.placed_at >= ${from}::date::timestamp at time zone 'Asia/Shanghai')
      and (${to}::date is null or o.placed_at < (${to}::date + 1)::timestamp at time zone 'Asia/Shanghai')
      and (${query.shop ?? null}::text is null or o.shop = ${query.shop ?? null})
      and ${ofState(query.state)}
      and (${query.staffId ?? null}::bigint is null or o.staff_id = ${query.staffId ?? null}::bigint)
      and (${query.fenMin ?? null}::bigint is null or o.amount_fen >= ${query.fenMin ?? null}::bigint)
      and (${query.fenMax ?? null}::bigint is null or o.amount_fen <= ${query.fenMax ?? null}::bigint)
      and (${at ?? null}::timestamptz is null or (o.placed_at, o.order_id) < (${at ?? null}::timestamptz, ${orderId ?? null}::bigint))
    order by o.placed_at desc, o.order_id desc limit ${query.limit + 1}`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: page.map((row) => ({
      ...row,
      placedAt: row.placedAt.toISOString(),
      paidAt: row.paidAt?.toISOString() ?? null,
      guideSince: row.guideSince?.toISOString() ?? null,
    })),
    nextCursor: rows.length > query.limit && last ? `${last.placedAt.toISOString()}_${last.orderId}` : null,
  }
}

/** Said so that the index of each is found. */
function ofState(state: OrderQuery['state']) {
  if (!state) return sql`true`
  return state === 'refunded' ? sql`o.refunded_fen > 0` : sql`o.state = ${state}`
}

/** Up to so many customers of a scope their orders are looked at one by one; of more, the newest orders are walked until a page is full. */
const FEW = 5_000

/** Their orders alone, read before they are sorted: else the newest of all are walked in search of a few. */
const ofCustomers = (corpId: string, few: readonly string[]) =>
  sql`(select * from customer_order where corp_id = ${corpId}::bigint and contact_id = any(${[...few]}::bigint[]) offset 0)`

const seenBy = (corpId: string, scope: Scope, few: string[] | undefined) => {
  if (!scope) return sql`true`
  if (few) return sql`true`
  return sql`exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = coalesce(c.merged_into, c.contact_id) and f.staff_id = any(${[...scope]}::bigint[]))`
}

/** All customers of a scope with whoever became them, where they are few. */
async function customersOfFew(tx: Tx, corpId: string, scope: readonly string[]): Promise<string[] | undefined> {
  const { rows } = await sql<{ contactId: string }>`
    select contact_id from follow where corp_id = ${corpId}::bigint and staff_id = any(${[...scope]}::bigint[]) limit ${FEW + 1}`.execute(
    tx,
  )
  if (rows.length > FEW) return undefined
  const ids = [...new Set(rows.map(({ contactId }) => contactId))]
  const { rows: parts } = await sql<{ contactId: string }>`
    select contact_id from contact where corp_id = ${corpId}::bigint and merged_into = any(${ids}::bigint[])`.execute(
    tx,
  )
  return [...ids, ...parts.map(({ contactId }) => contactId)]
}

/** What one customer's orders come to: those paid and not given back whole. */
export async function sumOrders(tx: Tx, corpId: string, contactId: string, scope: Scope): Promise<OrderSums> {
  if ((await keepVisible(tx, corpId, [contactId], scope)).length === 0) throw new NotFound({ what: '客户' })
  const contactIds = await contactIdsOf(tx, corpId, contactId)
  const { rows } = await sql<{ count: number; totalFen: number; lastPaidAt: Date | null }>`
    select count(*)::int as count, coalesce(sum(o.amount_fen - o.refunded_fen), 0)::float8 as total_fen, max(o.paid_at) as last_paid_at
    from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = any(${contactIds}::bigint[])
      and o.paid_at is not null and o.state <> 'closed' and o.refunded_fen < o.amount_fen`.execute(tx)
  const { count, totalFen, lastPaidAt } = rows[0]!
  return { count, totalFen, lastPaidAt: lastPaidAt?.toISOString() ?? null }
}
