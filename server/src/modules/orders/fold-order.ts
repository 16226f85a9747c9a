import type { IncomingOrder } from './schema.ts'

export interface KnownRefund {
  amountFen: number
  at: Date
  toldAt: Date
}

/** An order and its refunds as everything told so far leaves them. */
export interface Folded {
  order: Omit<IncomingOrder, 'refunds' | 'identifiers' | 'guideUserid'> | undefined
  refunds: ReadonlyMap<string, KnownRefund>
}

/**
 * One more version of an order. The newest version holds, whenever it arrives; a refund is counted once by its number, by
 * the newest version that names it, so that an order told late still brings the refunds it alone knows. Undefined when
 * the version says nothing new.
 */
export function foldOrder(known: Folded, told: IncomingOrder): Folded | undefined {
  const isNewer = known.order === undefined || told.updatedAt > known.order.updatedAt
  const refunds = new Map(known.refunds)
  for (const { refundNo, amountFen, at } of told.refunds) {
    const before = refunds.get(refundNo)
    if (!before || told.updatedAt > before.toldAt) refunds.set(refundNo, { amountFen, at, toldAt: told.updatedAt })
  }
  const changed = [...refunds].some(([no, refund]) => known.refunds.get(no) !== refund)
  if (!isNewer && !changed) return undefined
  const { refunds: _refunds, identifiers: _identifiers, guideUserid: _guide, ...order } = told
  return { order: isNewer ? order : known.order, refunds }
}

/** The number of what had come back in all by then, where a shop's file says no more of it. */
export const WHOLE_REFUND = '*'

/** What came back of an order: never more than was paid, and what is said in all is not said again beside its parts. */
export function refundedOf({ order, refunds }: Folded): number {
  let parts = 0
  for (const [refundNo, { amountFen }] of refunds) if (refundNo !== WHOLE_REFUND) parts += amountFen
  return Math.min(order?.amountFen ?? 0, Math.max(parts, refunds.get(WHOLE_REFUND)?.amountFen ?? 0))
}
