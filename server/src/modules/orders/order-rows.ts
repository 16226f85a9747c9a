import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { type Folded, type KnownRefund, refundedOf } from './fold-order.ts'
import type { IncomingOrder, OrderItem, OrderState } from './schema.ts'

/** An order with its place in the books. */
export interface Placed {
  order: IncomingOrder
  contactId: string
  orderId: string
  toldPaid: boolean
}

/** An order that is now otherwise. */
export interface Changed {
  contactId: string
  orderId: string
  toldPaid: boolean
  folded: Folded & { order: NonNullable<Folded['order']> }
  namedStaffId: string | null
  staffId: string | null
  guideBy: string | null
  guideSince: Date | null
  lockUntil: Date | null
  /** Refunds the journal has heard of. */
  toldRefunds: ReadonlySet<string>
}

/** What the books say of an order. */
export interface Known {
  folded: Folded
  namedStaffId: string | null
  staffId: string | null
  guideBy: string | null
  guideSince: Date | null
  lockUntil: Date | null
  toldRefunds: ReadonlySet<string>
}

interface Row {
  orderId: string
  shop: string
  orderNo: string
  state: OrderState
  placedAt: Date
  paidAt: Date | null
  amountFen: number
  staffId: string | null
  namedStaffId: string | null
  guideBy: string | null
  guideSince: Date | null
  staffLockUntil: Date | null
  updatedAt: Date
  items: OrderItem[]
  refunds: { refundNo: string; amountFen: number; at: string; toldAt: string; told: boolean }[]
}

/** What the books say of these orders; those of this very transaction are not in them yet. */
export async function readKnown(tx: Tx, corpId: string, placed: readonly Placed[]): Promise<Map<string, Known>> {
  const { rows } = await sql<Row>`
    select o.order_id, o.shop, o.order_no, o.state, o.placed_at, o.paid_at, o.amount_fen::float8 as amount_fen, o.staff_id, o.named_staff_id, o.guide_by, o.guide_since, o.staff_lock_until, o.updated_at,
      coalesce((select jsonb_agg(jsonb_build_object('productNo', i.product_no, 'name', i.name, 'category', i.category, 'number', i.number, 'amountFen', i.amount_fen) order by i.line)
        from order_item i where i.corp_id = ${corpId}::bigint and i.contact_id = o.contact_id and i.order_id = o.order_id), '[]') as items,
      coalesce((select jsonb_agg(jsonb_build_object('refundNo', r.refund_no, 'amountFen', r.amount_fen, 'at', r.at, 'toldAt', r.told_at, 'told', r.told))
        from order_refund r where r.corp_id = ${corpId}::bigint and r.contact_id = o.contact_id and r.order_id = o.order_id), '[]') as refunds
    from unnest(${placed.map((p) => p.contactId)}::bigint[], ${placed.map((p) => p.orderId)}::bigint[]) as p(contact_id, order_id)
    join customer_order o on o.corp_id = ${corpId}::bigint and o.contact_id = p.contact_id and o.order_id = p.order_id`.execute(
    tx,
  )
  return new Map(
    rows.map(({ orderId, staffId, namedStaffId, guideBy, guideSince, staffLockUntil, refunds, ...order }) => [
      orderId,
      {
        folded: { order, refunds: new Map(refunds.map((r) => [r.refundNo, refundOf(r)])) },
        staffId,
        namedStaffId,
        guideBy,
        guideSince,
        lockUntil: staffLockUntil,
        toldRefunds: new Set(refunds.filter(({ told }) => told).map(({ refundNo }) => refundNo)),
      },
    ]),
  )
}

const refundOf = ({ amountFen, at, toldAt }: Row['refunds'][number]): KnownRefund => ({
  amountFen,
  at: new Date(at),
  toldAt: new Date(toldAt),
})

/** Writes orders as they are now, with all that hangs on them. */
export async function saveOrders(tx: Tx, corpId: string, changed: readonly Changed[], source: string): Promise<void> {
  await saveHeads(tx, corpId, changed, source)
  await saveItems(tx, corpId, changed)
  await saveRefunds(tx, corpId, changed)
  await saveProducts(tx, corpId, changed)
  const paid = changed.filter(({ folded }) => folded.order.paidAt !== null).map(({ folded }) => folded.order)
  await sql`
    update order_key set told_paid = true from unnest(${paid.map((o) => o.shop)}::text[], ${paid.map((o) => o.orderNo)}::text[]) as p(shop, order_no)
    where order_key.corp_id = ${corpId}::bigint and order_key.shop = p.shop and order_key.order_no = p.order_no and not order_key.told_paid`.execute(
    tx,
  )
}

async function saveHeads(tx: Tx, corpId: string, changed: readonly Changed[], source: string): Promise<void> {
  const orders = changed.map(({ folded }) => folded.order)
  const time = (at: Date | null) => at?.toISOString() ?? null
  await sql`
    insert into customer_order (corp_id, order_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, refunded_fen, staff_id, named_staff_id, guide_by, guide_since, staff_lock_until, source, updated_at)
    overriding system value
    select ${corpId}::bigint, o.order_id, o.contact_id, o.shop, o.order_no, o.state, o.placed_at, o.paid_at, o.amount_fen, o.refunded_fen, o.staff_id, o.named_staff_id, o.guide_by, o.guide_since, o.lock_until, ${source}, o.updated_at
    from unnest(${changed.map((c) => c.orderId)}::bigint[], ${changed.map((c) => c.contactId)}::bigint[], ${orders.map((o) => o.shop)}::text[], ${orders.map((o) => o.orderNo)}::text[], ${orders.map((o) => o.state)}::text[],
      ${orders.map((o) => time(o.placedAt))}::timestamptz[], ${orders.map((o) => time(o.paidAt))}::timestamptz[], ${orders.map((o) => o.amountFen)}::bigint[], ${changed.map((c) => refundedOf(c.folded))}::bigint[],
      ${changed.map((c) => c.staffId)}::bigint[], ${changed.map((c) => c.namedStaffId)}::bigint[], ${changed.map((c) => c.guideBy)}::text[], ${changed.map((c) => time(c.guideSince))}::timestamptz[], ${changed.map((c) => time(c.lockUntil))}::timestamptz[], ${orders.map((o) => time(o.updatedAt))}::timestamptz[])
      as o(order_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, refunded_fen, staff_id, named_staff_id, guide_by, guide_since, lock_until, updated_at)
    on conflict (corp_id, contact_id, order_id) do update set state = excluded.state, placed_at = excluded.placed_at, paid_at = excluded.paid_at, amount_fen = excluded.amount_fen,
      refunded_fen = excluded.refunded_fen, staff_id = excluded.staff_id, named_staff_id = excluded.named_staff_id, guide_by = excluded.guide_by, guide_since = excluded.guide_since, staff_lock_until = excluded.staff_lock_until, source = excluded.source, updated_at = excluded.updated_at`.execute(
    tx,
  )
}

async function saveItems(tx: Tx, corpId: string, changed: readonly Changed[]): Promise<void> {
  await sql`
    delete from order_item i using unnest(${changed.map((c) => c.contactId)}::bigint[], ${changed.map((c) => c.orderId)}::bigint[]) as o(contact_id, order_id)
    where i.corp_id = ${corpId}::bigint and i.contact_id = o.contact_id and i.order_id = o.order_id`.execute(tx)
  const items = changed.flatMap(({ contactId, orderId, folded }) =>
    folded.order.items.map((item, index) => ({ contactId, orderId, line: index + 1, ...item })),
  )
  if (items.length === 0) return
  await sql`
    insert into order_item (corp_id, contact_id, order_id, line, product_no, name, category, number, amount_fen)
    select ${corpId}::bigint, i.* from unnest(${items.map((i) => i.contactId)}::bigint[], ${items.map((i) => i.orderId)}::bigint[], ${items.map((i) => i.line)}::int[], ${items.map((i) => i.productNo)}::text[],
      ${items.map((i) => i.name)}::text[], ${items.map((i) => i.category)}::text[], ${items.map((i) => i.number)}::int[], ${items.map((i) => i.amountFen)}::bigint[]) as i`.execute(
    tx,
  )
}

async function saveRefunds(tx: Tx, corpId: string, changed: readonly Changed[]): Promise<void> {
  const refunds = changed.flatMap(({ contactId, orderId, folded, toldRefunds }) =>
    [...folded.refunds].map(([refundNo, refund]) => {
      const told = refund.amountFen > 0 || toldRefunds.has(refundNo)
      return { contactId, orderId, refundNo, told, ...refund }
    }),
  )
  if (refunds.length === 0) return
  await sql`
    insert into order_refund (corp_id, contact_id, order_id, refund_no, amount_fen, at, told_at, told)
    select ${corpId}::bigint, r.* from unnest(${refunds.map((r) => r.contactId)}::bigint[], ${refunds.map((r) => r.orderId)}::bigint[], ${refunds.map((r) => r.refundNo)}::text[],
      ${refunds.map((r) => r.amountFen)}::bigint[], ${refunds.map((r) => r.at.toISOString())}::timestamptz[], ${refunds.map((r) => r.toldAt.toISOString())}::timestamptz[], ${refunds.map((r) => r.told)}::boolean[]) as r
    on conflict (corp_id, contact_id, order_id, refund_no) do update set amount_fen = excluded.amount_fen, at = excluded.at, told_at = excluded.told_at, told = excluded.told`.execute(
    tx,
  )
}

/** What was sold under a number, as the newest order calls it. */
async function saveProducts(tx: Tx, corpId: string, changed: readonly Changed[]): Promise<void> {
  const sold = new Map<string, { shop: string; productNo: string; name: string; category: string | null; at: Date }>()
  for (const { folded } of changed)
    for (const { productNo, name, category } of folded.order.items) {
      const { shop, updatedAt } = folded.order
      const key = `${shop} ${productNo}`
      const before = sold.get(key)
      if (productNo !== null && (!before || before.at < updatedAt))
        sold.set(key, { shop, productNo, name, category, at: updatedAt })
    }
  const products = [...sold].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
  if (products.length === 0) return
  await sql`
    insert into product (corp_id, product_no, shop, name, category, price_fen, updated_at)
    select ${corpId}::bigint, p.product_no, p.shop, p.name, p.category, null, p.at from unnest(${products.map((p) => p.productNo)}::text[], ${products.map((p) => p.shop)}::text[],
      ${products.map((p) => p.name)}::text[], ${products.map((p) => p.category)}::text[], ${products.map((p) => p.at.toISOString())}::timestamptz[]) as p(product_no, shop, name, category, at)
    on conflict (corp_id, shop, product_no) do update set name = excluded.name, category = coalesce(excluded.category, product.category), updated_at = excluded.updated_at
    where product.updated_at < excluded.updated_at`.execute(tx)
}
