import { DAY_MS } from '../../platform/shanghai.ts'

/** A guide who has the customer's orders for a time, because he had the first. */
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

export interface Guided {
  staffId: string | null
  /** The lock this order begins; null: it begins none. */
  lockUntil: Date | null
}

/**
 * Whom a paid order counts for: the guide it names; else whoever holds the customer; else the friend who had added him
 * last by then. The first guide of an order holds the customer for `lockDays`, and orders within that time, his or a named
 * colleague's, neither lengthen nor break it.
 */
export function guideOf(
  order: { paidAt: Date; namedStaffId: string | null },
  locks: readonly Lock[],
  follows: readonly Follower[],
  lockDays: number,
): Guided {
  const { paidAt, namedStaffId } = order
  const lock = locks
    .filter(({ since, until }) => since <= paidAt && paidAt < until)
    .sort((a, b) => a.since.getTime() - b.since.getTime() || Number(BigInt(a.staffId) - BigInt(b.staffId)))[0]
  const friend = follows
    .filter(({ addedAt, lostAt }) => addedAt <= paidAt && (lostAt === null || lostAt < addedAt || paidAt < lostAt))
    .sort((a, b) => b.addedAt.getTime() - a.addedAt.getTime() || Number(BigInt(a.staffId) - BigInt(b.staffId)))[0]
  const staffId = namedStaffId ?? lock?.staffId ?? friend?.staffId ?? null
  const begins = staffId !== null && !lock && lockDays > 0
  return { staffId, lockUntil: begins ? new Date(paidAt.getTime() + lockDays * DAY_MS) : null }
}
