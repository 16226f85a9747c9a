import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Vault } from '../../platform/secrets.ts'
import type { Identifier } from '../contacts/identifiers.ts'
import { identifyContacts } from '../contacts/identify.ts'
import { appendEvents, type NewEvent } from '../events/journal.ts'
import { recountOrders } from '../facts/count.ts'
import { findStaffIds } from '../staff/service.ts'
import type { NewOrder } from './schema.ts'

/** Who tells of orders. */
export type OrderSource = 'api' | 'import' | 'demo'

interface Placed extends NewOrder {
  contactId: string
  orderId: string
}

/**
 * Takes orders as their shops tell them, told again or out of order: the newest word of each stands, an older one changes
 * nothing. Its buyer's facts are counted anew and his timeline says what is new, in the same transaction. Returns how many
 * orders changed. A constant number of statements for any number of orders.
 */
export async function putOrders(
  tx: Tx,
  corpId: string,
  vault: Vault,
  orders: readonly NewOrder[],
  { source, now }: { source: OrderSource; now: Date },
): Promise<number> {
  const newest = newestOfEach(orders)
  if (newest.length === 0) return 0
  const buyers = await identifyContacts(
    tx,
    corpId,
    vault,
    newest.map((order) => ({ identifiers: identifiersOf(order) })),
    now,
  )
  const placed = await seat(tx, corpId, newest, buyers)
  const before = await readStanding(tx, corpId, placed)
  const staffIds = await findStaffIds(
    tx,
    corpId,
    placed.flatMap((order) => order.staffUserid ?? []),
  )
  const changed = await write(tx, corpId, placed, staffIds, source)
  const written = placed.filter((order) => changed.has(order.orderId))
  await writeItems(tx, corpId, written)
  await appendEvents(
    tx,
    corpId,
    written.flatMap((order) => eventsOf(order, before.get(order.orderId), source)),
    now,
  )
  await recountOrders(tx, corpId, [...new Set(written.map((order) => order.contactId))])
  return written.length
}

/** Of an order told twice in one batch, the newer word. In one order for all writers, so that they do not deadlock. */
function newestOfEach(orders: readonly NewOrder[]): NewOrder[] {
  const byKey = new Map<string, NewOrder>()
  for (const order of orders) {
    const key = `${order.shop} ${order.orderNo}`
    const held = byKey.get(key)
    if (!held || Date.parse(held.updatedAt) <= Date.parse(order.updatedAt)) byKey.set(key, order)
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, order]) => order)
}

const identifiersOf = ({ ids, shop }: NewOrder): Identifier[] =>
  Object.entries(ids).flatMap(([kind, value]) =>
    value
      ? [{ kind: kind as Identifier['kind'], value: kind === 'buyer' ? `${shop}:${value}` : value, trust: 2 as const }]
      : [],
  )

/** With whom each order is: with whom it first came, whoever it is said to be of later. */
async function seat(tx: Tx, corpId: string, orders: readonly NewOrder[], buyers: readonly string[]): Promise<Placed[]> {
  const keys = sql`unnest(${orders.map((o) => o.shop)}::text[], ${orders.map((o) => o.orderNo)}::text[], ${buyers}::bigint[])`
  await sql`
    insert into order_key (corp_id, shop, order_no, contact_id, order_id)
    select ${corpId}::bigint, shop, order_no, contact_id, nextval(pg_get_serial_sequence('customer_order', 'order_id')) from ${keys} as k(shop, order_no, contact_id)
    on conflict (corp_id, shop, order_no) do nothing`.execute(tx)
  const { rows } = await sql<{ shop: string; orderNo: string; contactId: string; orderId: string }>`
    select k.shop, k.order_no, o.contact_id, o.order_id from ${keys} as k(shop, order_no, contact_id)
    join order_key o on o.corp_id = ${corpId}::bigint and o.shop = k.shop and o.order_no = k.order_no`.execute(tx)
  const seats = new Map(rows.map((row) => [`${row.shop} ${row.orderNo}`, row]))
  return orders.map((order) => {
    const { contactId, orderId } = seats.get(`${order.shop} ${order.orderNo}`)!
    return { ...order, contactId, orderId }
  })
}

interface Standing {
  paid: boolean
  refundedFen: number
}

async function readStanding(tx: Tx, corpId: string, placed: readonly Placed[]): Promise<Map<string, Standing>> {
  const { rows } = await sql<{ orderId: string; paid: boolean; refundedFen: string }>`
    select o.order_id, o.paid_at is not null as paid, o.refunded_fen from customer_order o
    join unnest(${placed.map((p) => p.contactId)}::bigint[], ${placed.map((p) => p.orderId)}::bigint[]) as k(contact_id, order_id) on k.contact_id = o.contact_id and k.order_id = o.order_id
    where o.corp_id = ${corpId}::bigint order by o.contact_id, o.order_id for update of o`.execute(tx)
  return new Map(rows.map((row) => [row.orderId, { paid: row.paid, refundedFen: Number(row.refundedFen) }]))
}

async function write(
  tx: Tx,
  corpId: string,
  placed: readonly Placed[],
  staffIds: ReadonlyMap<string, string>,
  source: OrderSource,
): Promise<Set<string>> {
  const of = <T>(read: (order: Placed) => T): T[] => placed.map(read)
  const { rows } = await sql<{ orderId: string }>`
    insert into customer_order as o (corp_id, contact_id, order_id, shop, order_no, state, placed_at, paid_at, amount_fen, refunded_fen, staff_id, source, updated_at) overriding system value
    select ${corpId}::bigint, contact_id, order_id, shop, order_no, state, placed_at, paid_at, amount_fen, refunded_fen, staff_id, ${source}, updated_at
    from unnest(${of((o) => o.contactId)}::bigint[], ${of((o) => o.orderId)}::bigint[], ${of((o) => o.shop)}::text[], ${of((o) => o.orderNo)}::text[], ${of((o) => o.state)}::text[],
      ${of((o) => o.placedAt)}::timestamptz[], ${of((o) => o.paidAt ?? null)}::timestamptz[], ${of((o) => o.amountFen)}::bigint[], ${of((o) => o.refundedFen)}::bigint[],
      ${of((o) => staffIds.get(o.staffUserid?.toLowerCase() ?? '') ?? null)}::bigint[], ${of((o) => o.updatedAt)}::timestamptz[])
      as n(contact_id, order_id, shop, order_no, state, placed_at, paid_at, amount_fen, refunded_fen, staff_id, updated_at)
    order by contact_id, order_id
    on conflict (corp_id, contact_id, order_id) do update set state = excluded.state, placed_at = excluded.placed_at, paid_at = excluded.paid_at, amount_fen = excluded.amount_fen,
      refunded_fen = excluded.refunded_fen, staff_id = coalesce(excluded.staff_id, o.staff_id), updated_at = excluded.updated_at
    where o.updated_at < excluded.updated_at returning o.order_id`.execute(tx)
  return new Set(rows.map((row) => row.orderId))
}

async function writeItems(tx: Tx, corpId: string, written: readonly Placed[]): Promise<void> {
  if (written.length === 0) return
  await sql`
    delete from order_item i using unnest(${written.map((o) => o.contactId)}::bigint[], ${written.map((o) => o.orderId)}::bigint[]) as k(contact_id, order_id)
    where i.corp_id = ${corpId}::bigint and i.contact_id = k.contact_id and i.order_id = k.order_id`.execute(tx)
  const rows = written.flatMap((order) =>
    order.items.map((item, line) => ({ ...item, line, contactId: order.contactId, orderId: order.orderId })),
  )
  if (rows.length === 0) return
  const of = <T>(read: (row: (typeof rows)[number]) => T): T[] => rows.map(read)
  await sql`
    insert into order_item (corp_id, contact_id, order_id, line, product_no, name, category, number, amount_fen)
    select ${corpId}::bigint, contact_id, order_id, line, product_no, name, category, number, amount_fen
    from unnest(${of((r) => r.contactId)}::bigint[], ${of((r) => r.orderId)}::bigint[], ${of((r) => r.line)}::int[], ${of((r) => r.productNo ?? null)}::text[], ${of((r) => r.name)}::text[],
      ${of((r) => r.category ?? null)}::text[], ${of((r) => r.number)}::int[], ${of((r) => r.amountFen)}::bigint[]) as i(contact_id, order_id, line, product_no, name, category, number, amount_fen)`.execute(
    tx,
  )
}

/** That it was paid, once; and whatever was given back since the last time. */
function eventsOf(order: Placed, before: Standing | undefined, source: OrderSource): NewEvent[] {
  const { contactId, orderId, orderNo, amountFen, refundedFen, paidAt, updatedAt, shop } = order
  const of = { contactId, source: source === 'demo' ? ('import' as const) : source }
  const events: NewEvent[] = []
  if (paidAt && !before?.paid) {
    const props = { orderId, orderNo, shop, amountFen, names: order.items.slice(0, 3).map(({ name }) => name) }
    events.push({ ...of, at: new Date(paidAt), kind: 'order.paid', props, key: `order.paid ${shop} ${orderNo}` })
  }
  const back = refundedFen - (before?.refundedFen ?? 0)
  if (back > 0)
    events.push({
      ...of,
      at: new Date(updatedAt),
      kind: 'order.refunded',
      props: { orderId, orderNo, shop, amountFen: back },
      key: `order.refunded ${shop} ${orderNo} ${refundedFen}`,
    })
  return events
}
