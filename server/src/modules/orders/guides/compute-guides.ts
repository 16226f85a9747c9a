import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { type Guided, type GuideRule, guideOf, type Lock, locksOf } from './guide.ts'
import { contactsOf, readFollowers, readVisits } from './read-touches.ts'

interface PaidOrder {
  rootId: string
  contactId: string
  orderId: string
  paidAt: Date
  isClosed: boolean
  namedStaffId: string | null
  staffId: string | null
  guideBy: string | null
  guideSince: Date | null
  lockUntil: Date | null
}

/** An order that counts otherwise under a rule than it does now. */
export interface Regiven extends Guided {
  contactId: string
  orderId: string
  /** Somebody else's than before, and not only for another reason. */
  moves: boolean
}

/** Whom all orders of these customers count for under a rule, from the first on; what differs from how they stand. */
export async function computeGuides(
  tx: Tx,
  corpId: string,
  rootIds: readonly string[],
  rule: GuideRule,
): Promise<Regiven[]> {
  const { rows } = await sql<PaidOrder>`
    select r.root_id, o.contact_id, o.order_id, o.paid_at, o.state = 'closed' as is_closed, o.named_staff_id, o.staff_id, o.guide_by, o.guide_since, o.staff_lock_until as lock_until
    from ${contactsOf(corpId, rootIds)} r
    join customer_order o on o.corp_id = ${corpId}::bigint and o.contact_id = r.contact_id
    where o.paid_at is not null order by r.root_id, o.paid_at, o.order_id`.execute(tx)
  const follows = await readFollowers(tx, corpId, rootIds)
  const visits = rule.lockBy === 'visit' ? await readVisits(tx, corpId, rootIds) : new Map()
  return [...Map.groupBy(rows, ({ rootId }) => rootId)].flatMap(([rootId, orders]) => {
    const friends = follows.get(rootId) ?? []
    const touches =
      rule.lockBy === 'add'
        ? friends.map(({ staffId, addedAt }) => ({ staffId, at: addedAt }))
        : (visits.get(rootId) ?? [])
    const locks: Lock[] = rule.lockBy === 'purchase' ? [] : locksOf(touches, rule.lockDays)
    return orders.flatMap((order) => {
      const guided = guideOf(order, locks, friends, rule)
      const { staffId, lockUntil } = guided
      if (staffId && lockUntil && !order.isClosed) locks.push({ staffId, since: order.paidAt, until: lockUntil })
      return isSame(order, guided)
        ? []
        : [{ ...guided, contactId: order.contactId, orderId: order.orderId, moves: order.staffId !== staffId }]
    })
  })
}

const isSame = (order: PaidOrder, { staffId, by, since, lockUntil }: Guided) =>
  order.staffId === staffId &&
  order.guideBy === by &&
  order.guideSince?.getTime() === since?.getTime() &&
  order.lockUntil?.getTime() === lockUntil?.getTime()

export async function writeGuides(tx: Tx, corpId: string, regiven: readonly Regiven[]): Promise<void> {
  const time = (at: Date | null) => at?.toISOString() ?? null
  await sql`
    update customer_order o set staff_id = g.staff_id, guide_by = g.guide_by, guide_since = g.since, staff_lock_until = g.lock_until
    from unnest(${regiven.map((g) => g.contactId)}::bigint[], ${regiven.map((g) => g.orderId)}::bigint[], ${regiven.map((g) => g.staffId)}::bigint[], ${regiven.map((g) => g.by)}::text[],
      ${regiven.map((g) => time(g.since))}::timestamptz[], ${regiven.map((g) => time(g.lockUntil))}::timestamptz[]) as g(contact_id, order_id, staff_id, guide_by, since, lock_until)
    where o.corp_id = ${corpId}::bigint and o.contact_id = g.contact_id and o.order_id = g.order_id`.execute(tx)
}

/** The next customers who bought anything, by id. */
export async function nextBuyers(tx: Tx, corpId: string, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ contactId: string }>`
    select c.contact_id from contact c where c.corp_id = ${corpId}::bigint and c.contact_id > ${after}::bigint and c.merged_into is null
      and (exists (select from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = c.contact_id and o.paid_at is not null)
        or exists (select from contact m join customer_order o on o.corp_id = ${corpId}::bigint and o.contact_id = m.contact_id and o.paid_at is not null
          where m.corp_id = ${corpId}::bigint and m.merged_into = c.contact_id))
    order by c.contact_id limit ${limit}`.execute(tx)
  return rows.map(({ contactId }) => contactId)
}
