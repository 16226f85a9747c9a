import { DAY_MS } from '../../../platform/shanghai.ts'

/** What gives a guide a customer for a time: the first of his orders, being added by him, a page the guide shared. */
export const LOCKS_BY = ['purchase', 'add', 'visit'] as const
export type LockBy = (typeof LOCKS_BY)[number]
export interface GuideRule {
  /** 0: nobody is kept. */
  lockDays: number
  lockBy: LockBy
}

/** A guide who has the customer's orders for a time. */
export interface Lock {
  staffId: string
  since: Date
  until: Date
}

export interface Follower {
  staffId: string
  addedAt: Date
  lostAt: Date | null
}

/** A guide met the customer. */
export interface Touch {
  staffId: string
  at: Date
}

export interface Guided {
  staffId: string | null
  /** Why: the order names him, he holds the customer, he showed him the way, he is the friend added last. */
  by: 'named' | 'held' | 'visited' | 'friend' | null
  /** Since when the customer is his. */
  since: Date | null
  /** The lock this order begins; null: it begins none. */
  lockUntil: Date | null
}

const byAge = (a: { staffId: string; at: Date }, b: { staffId: string; at: Date }) =>
  a.at.getTime() - b.at.getTime() || Number(BigInt(a.staffId) - BigInt(b.staffId))

/** Who holds the customer when: the first to meet him, for the time of a lock; then whoever meets him next. */
export function locksOf(touches: readonly Touch[], lockDays: number): Lock[] {
  const locks: Lock[] = []
  if (lockDays === 0) return locks
  for (const { staffId, at } of [...touches].sort(byAge)) {
    const last = locks.at(-1)
    if (!last || at >= last.until) locks.push({ staffId, since: at, until: new Date(at.getTime() + lockDays * DAY_MS) })
  }
  return locks
}

/**
 * Whom a paid order counts for: the guide it names; else whoever holds the customer; else the friend who had added him
 * last by then. Where purchases give the customer away, the first guide of an order holds him for `lockDays`, and orders
 * within that time, his or a named colleague's, neither lengthen nor break it.
 */
export function guideOf(
  order: { paidAt: Date; namedStaffId: string | null },
  locks: readonly Lock[],
  follows: readonly Follower[],
  { lockDays, lockBy }: GuideRule,
): Guided {
  const { paidAt, namedStaffId } = order
  const lock = locks
    .filter(({ since, until }) => since <= paidAt && paidAt < until)
    .sort((a, b) => a.since.getTime() - b.since.getTime() || Number(BigInt(a.staffId) - BigInt(b.staffId)))[0]
  const friend = follows
    .filter(({ addedAt, lostAt }) => addedAt <= paidAt && (lostAt === null || lostAt < addedAt || paidAt < lostAt))
    .sort((a, b) => b.addedAt.getTime() - a.addedAt.getTime() || Number(BigInt(a.staffId) - BigInt(b.staffId)))[0]
  const begins = lockBy === 'purchase' && !lock && lockDays > 0
  const until = begins ? new Date(paidAt.getTime() + lockDays * DAY_MS) : null
  if (namedStaffId !== null) return { staffId: namedStaffId, by: 'named', since: null, lockUntil: until }
  if (lock)
    return { staffId: lock.staffId, by: lockBy === 'visit' ? 'visited' : 'held', since: lock.since, lockUntil: null }
  if (friend) return { staffId: friend.staffId, by: 'friend', since: friend.addedAt, lockUntil: until }
  return { staffId: null, by: null, since: null, lockUntil: null }
}
