import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { type Follower, guideOf, type Lock } from './guide.ts'
import type { Changed } from './order-rows.ts'

/** How long the first guide keeps a customer where the corp has not said otherwise. */
const LOCK_DAYS = 30

/**
 * Gives every newly paid order its guide, oldest first, so that the first of a batch holds the customer for the next. An
 * order that has one keeps him, unless its shop names another.
 */
export async function attribute(
  tx: Tx,
  corpId: string,
  changed: Changed[],
  roots: ReadonlyMap<string, string>,
): Promise<void> {
  const paidAt = (one: Changed) => one.folded.order.paidAt
  const open = changed
    .filter((one) => paidAt(one) && (one.staffId === null || (one.namedStaffId ?? one.staffId) !== one.staffId))
    .sort((a, b) => paidAt(a)!.getTime() - paidAt(b)!.getTime() || Number(BigInt(a.orderId) - BigInt(b.orderId)))
  if (open.length === 0) return
  const rootIds = [...new Set(open.map(({ contactId }) => roots.get(contactId)!))]
  const lockDays = await readLockDays(tx, corpId)
  const locks = await readLocks(tx, corpId, rootIds)
  const follows = await readFollowers(tx, corpId, rootIds)
  for (const one of open) {
    const rootId = roots.get(one.contactId)!
    const others = (locks.get(rootId) ?? []).filter(({ orderId }) => orderId !== one.orderId)
    const order = { paidAt: paidAt(one)!, namedStaffId: one.namedStaffId }
    const { staffId, lockUntil } = guideOf(order, others, follows.get(rootId) ?? [], lockDays)
    one.staffId = staffId
    one.lockUntil = lockUntil
    const begun = staffId && lockUntil ? [{ orderId: one.orderId, staffId, since: order.paidAt, until: lockUntil }] : []
    locks.set(rootId, [...others, ...begun])
  }
}

async function readLockDays(tx: Tx, corpId: string): Promise<number> {
  const { rows } = await sql<{ lockDays: number }>`
    select lock_days from order_setting where corp_id = ${corpId}::bigint`.execute(tx)
  return rows[0]?.lockDays ?? LOCK_DAYS
}

type OrderLock = Lock & { orderId: string }

async function readLocks(tx: Tx, corpId: string, rootIds: string[]): Promise<Map<string, OrderLock[]>> {
  const { rows } = await sql<OrderLock & { rootId: string }>`
    select r.root_id, o.order_id, o.staff_id, o.paid_at as since, o.staff_lock_until as until
    from (select id as root_id, id as contact_id from unnest(${rootIds}::bigint[]) as id
      union all select c.merged_into, c.contact_id from contact c where c.corp_id = ${corpId}::bigint and c.merged_into = any(${rootIds}::bigint[])) r
    join customer_order o on o.corp_id = ${corpId}::bigint and o.contact_id = r.contact_id
    where o.staff_id is not null and o.staff_lock_until is not null and o.paid_at is not null and o.state <> 'closed'`.execute(
    tx,
  )
  return Map.groupBy(rows, ({ rootId }) => rootId)
}

async function readFollowers(tx: Tx, corpId: string, rootIds: string[]): Promise<Map<string, Follower[]>> {
  const { rows } = await sql<Follower & { contactId: string }>`
    select f.contact_id, f.staff_id, f.added_at, f.lost_at from follow f
    where f.corp_id = ${corpId}::bigint and f.contact_id = any(${rootIds}::bigint[])`.execute(tx)
  return Map.groupBy(rows, ({ contactId }) => contactId)
}
