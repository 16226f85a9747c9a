import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Changed } from '../order-rows.ts'
import { type Follower, type GuideRule, guideOf, type Lock, locksOf } from './guide.ts'
import { readGuideRule } from './guide-rule.ts'
import { contactsOf, readFollowers, readVisits } from './read-touches.ts'

type OrderLock = Lock & { orderId?: string }

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
  const rule = await readGuideRule(tx, corpId)
  const follows = await readFollowers(tx, corpId, rootIds)
  const locks = await readLocks(tx, corpId, rootIds, rule, follows)
  for (const one of open) {
    const rootId = roots.get(one.contactId)!
    const others = (locks.get(rootId) ?? []).filter(({ orderId }) => orderId !== one.orderId)
    const order = { paidAt: paidAt(one)!, namedStaffId: one.namedStaffId }
    const guided = guideOf(order, others, follows.get(rootId) ?? [], rule)
    const { staffId, lockUntil } = guided
    Object.assign(one, { staffId, lockUntil, guideBy: guided.by, guideSince: guided.since })
    const begun = staffId && lockUntil ? [{ orderId: one.orderId, staffId, since: order.paidAt, until: lockUntil }] : []
    locks.set(rootId, [...others, ...begun])
  }
}

async function readLocks(
  tx: Tx,
  corpId: string,
  rootIds: string[],
  rule: GuideRule,
  follows: ReadonlyMap<string, Follower[]>,
): Promise<Map<string, OrderLock[]>> {
  if (rule.lockBy === 'purchase') return readOrderLocks(tx, corpId, rootIds)
  const visits = rule.lockBy === 'visit' ? await readVisits(tx, corpId, rootIds) : undefined
  const touchesOf = (id: string) =>
    visits ? (visits.get(id) ?? []) : (follows.get(id) ?? []).map(({ staffId, addedAt }) => ({ staffId, at: addedAt }))
  return new Map(rootIds.map((id) => [id, locksOf(touchesOf(id), rule.lockDays)]))
}

async function readOrderLocks(tx: Tx, corpId: string, rootIds: string[]): Promise<Map<string, OrderLock[]>> {
  const { rows } = await sql<OrderLock & { rootId: string }>`
    select r.root_id, o.order_id, o.staff_id, o.paid_at as since, o.staff_lock_until as until
    from ${contactsOf(corpId, rootIds)} r
    join customer_order o on o.corp_id = ${corpId}::bigint and o.contact_id = r.contact_id
    where o.staff_id is not null and o.staff_lock_until is not null and o.paid_at is not null and o.state <> 'closed'`.execute(
    tx,
  )
  return Map.groupBy(rows, ({ rootId }) => rootId)
}
