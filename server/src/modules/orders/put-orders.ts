import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { DomainError } from '../../platform/errors.ts'
import type { Vault } from '../../platform/secrets.ts'
import { keepIdentifiers } from '../contacts/identifiers.ts'
import { identifyContacts } from '../contacts/identify.ts'
import { rootsOf } from '../contacts/merge-contacts.ts'
import { appendEvents, type NewEvent } from '../events/journal.ts'
import type { EventSource } from '../events/schema.ts'
import { recountOrders } from '../facts/count.ts'
import { findStaffIds } from '../staff/service.ts'
import { OrderNobody } from './errors.ts'
import { foldOrder } from './fold-order.ts'
import { attribute } from './guides/guide-orders.ts'
import { type Changed, type Known, type Placed, readKnown, saveOrders } from './order-rows.ts'
import type { IncomingOrder } from './schema.ts'

export interface PutOrders {
  /** Orders that are new or now otherwise. */
  written: number
  /** The new ones among them. */
  created: number
  /** Told before, or older than what is known. */
  unchanged: number
  refused: { index: number; error: DomainError }[]
}

/**
 * Takes orders as their shops see them: each once by shop and number, whatever is repeated and in whatever order it comes;
 * the newest version by the shop's own clock holds, and of two of one instant the first. Whoever bought is found or made
 * by his identifiers; an order known already needs none. A constant number of statements for n orders.
 */
export async function putOrders(
  tx: Tx,
  corpId: string,
  vault: Vault,
  orders: readonly IncomingOrder[],
  { source, now }: { source: EventSource; now: Date },
): Promise<PutOrders> {
  const { placed, refused } = await placeOrders(tx, corpId, vault, orders, now)
  if (placed.length === 0) return { written: 0, created: 0, unchanged: 0, refused }
  const known = await readKnown(tx, corpId, placed)
  const userids = placed.flatMap(({ order }) => order.guideUserid ?? [])
  const staff = userids.length > 0 ? await findStaffIds(tx, corpId, userids) : new Map<string, string>()
  const changed = new Map<string, Changed>()
  let written = 0
  for (const { order, ...place } of placed) {
    const before: Known | undefined = changed.get(place.orderId) ?? known.get(place.orderId)
    const folded = foldOrder(before?.folded ?? { order: undefined, refunds: new Map() }, order)
    if (!folded?.order) continue
    written++
    const isNewest = folded.order.updatedAt.getTime() === order.updatedAt.getTime()
    const named = isNewest && order.guideUserid ? staff.get(order.guideUserid.toLowerCase()) : undefined
    changed.set(place.orderId, {
      ...place,
      folded: { order: folded.order, refunds: folded.refunds },
      namedStaffId: named ?? before?.namedStaffId ?? null,
      staffId: before?.staffId ?? null,
      guideBy: before?.guideBy ?? null,
      guideSince: before?.guideSince ?? null,
      lockUntil: before?.lockUntil ?? null,
      toldRefunds: before?.toldRefunds ?? new Set(),
    })
  }
  const all = [...changed.values()]
  if (all.length > 0) {
    const roots = await rootsOf(
      tx,
      corpId,
      all.map(({ contactId }) => contactId),
    )
    await attribute(tx, corpId, all, roots)
    await saveOrders(tx, corpId, all, source)
    await recountOrders(tx, corpId, [...new Set(roots.values())])
    await appendEvents(
      tx,
      corpId,
      all.flatMap((one) => newsOf(one, source)),
      now,
    )
  }
  const created = all.filter(({ orderId }) => !known.has(orderId)).length
  return { written, created, unchanged: placed.length - written, refused }
}

/** Whose each is: by the books if it stands there, else by who its identifiers say bought it. Locks the orders in their order. */
async function placeOrders(
  tx: Tx,
  corpId: string,
  vault: Vault,
  orders: readonly IncomingOrder[],
  now: Date,
): Promise<{ placed: Placed[]; refused: PutOrders['refused'] }> {
  const known = await readKeys(tx, corpId, orders, false)
  const named = orders.map(({ identifiers }) => keepIdentifiers(vault, identifiers).length > 0)
  const groups = orders.filter((_, i) => named[i])
  const ids = groups.length > 0 ? await identifyContacts(tx, corpId, vault, groups, now) : []
  const buyers = new Map<string, string>()
  groups.forEach((order, i) => {
    if (!buyers.has(keyOf(order))) buyers.set(keyOf(order), ids[i]!)
  })
  const missing = [...buyers].filter(([key]) => !known.has(key)).sort(([a], [b]) => (a < b ? -1 : 1))
  const keyed = new Map(orders.map((order) => [keyOf(order), order]))
  if (missing.length > 0)
    await sql`
      insert into order_key (corp_id, shop, order_no, contact_id, order_id, told_paid)
      select ${corpId}::bigint, k.shop, k.order_no, k.contact_id, nextval(pg_get_serial_sequence('customer_order', 'order_id')), false
      from unnest(${missing.map(([key]) => keyed.get(key)!.shop)}::text[], ${missing.map(([key]) => keyed.get(key)!.orderNo)}::text[], ${missing.map(([, id]) => id)}::bigint[]) as k(shop, order_no, contact_id)
      on conflict (corp_id, shop, order_no) do nothing`.execute(tx)
  const places = await readKeys(tx, corpId, orders, true)
  const placed: Placed[] = []
  const refused: PutOrders['refused'] = []
  orders.forEach((order, index) => {
    const place = places.get(keyOf(order))
    if (place) placed.push({ order, ...place })
    else refused.push({ index, error: new OrderNobody() })
  })
  return { placed, refused }
}

const keyOf = ({ shop, orderNo }: { shop: string; orderNo: string }) => `${shop} ${orderNo}`

async function readKeys(
  tx: Tx,
  corpId: string,
  orders: readonly IncomingOrder[],
  lock: boolean,
): Promise<Map<string, Omit<Placed, 'order'>>> {
  const keys = [...new Map(orders.map((order) => [keyOf(order), order])).values()]
  const { rows } = await sql<Omit<Placed, 'order'> & { shop: string; orderNo: string }>`
    select k.shop, k.order_no, k.contact_id, k.order_id, k.told_paid from order_key k
    where k.corp_id = ${corpId}::bigint and (k.shop, k.order_no) in (select s, n from unnest(${keys.map(({ shop }) => shop)}::text[], ${keys.map(({ orderNo }) => orderNo)}::text[]) as u(s, n))
    order by k.shop, k.order_no ${lock ? sql`for update of k` : sql``}`.execute(tx)
  return new Map(rows.map(({ shop, orderNo, ...place }) => [keyOf({ shop, orderNo }), place]))
}

const NAMES_TOLD = 3

/** What the journal has not heard of the order yet: that it was paid, once; each refund, once. */
function newsOf(
  { contactId, orderId, toldPaid, folded, staffId, toldRefunds }: Changed,
  source: EventSource,
): NewEvent[] {
  const { order, refunds } = folded
  const news: NewEvent[] = []
  const props = { orderId, orderNo: order.orderNo }
  if (order.paidAt && !toldPaid) {
    const items = order.items.slice(0, NAMES_TOLD).map(({ name }) => name)
    const told = { ...props, amountFen: order.amountFen, items }
    news.push({
      contactId,
      at: order.paidAt,
      kind: 'order.paid',
      staffId,
      source,
      props: told,
      key: `order.paid ${orderId}`,
    })
  }
  for (const [refundNo, { amountFen, at }] of refunds)
    if (amountFen > 0 && !toldRefunds.has(refundNo)) {
      const told = { ...props, refundNo, amountFen }
      const key = `order.refunded ${orderId} ${refundNo}`
      news.push({ contactId, at, kind: 'order.refunded', staffId, source, props: told, key })
    }
  return news
}
