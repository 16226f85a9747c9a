import { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { DomainError } from '../../platform/errors.ts'
import type { Vault } from '../../platform/secrets.ts'
import type { Identifier } from '../contacts/identifiers.ts'
import type { EventSource } from '../events/schema.ts'
import { OrderMalformed } from './errors.ts'
import { putOrders } from './put-orders.ts'
import { type IncomingOrder, NewOrder, OrderRefund, type OrdersTaken, REFUNDS_MAX } from './schema.ts'

/** Takes what a server of the corp sends: all that is right; the rest is named by its place and may be sent again once mended. */
export async function takeOrders(
  tx: Tx,
  corpId: string,
  vault: Vault,
  given: readonly unknown[],
  now: Date,
  read: (given: unknown) => IncomingOrder = readOrder,
): Promise<OrdersTaken> {
  return takeRead(tx, corpId, vault, given, read, { source: 'api', now })
}

/** The one way in: whatever has been read, from wherever, within our sizes. */
export async function takeRead<Given>(
  tx: Tx,
  corpId: string,
  vault: Vault,
  given: readonly Given[],
  read: (given: Given) => IncomingOrder,
  { source, now }: { source: EventSource; now: Date },
): Promise<OrdersTaken> {
  const taken: { index: number; order: IncomingOrder }[] = []
  const refused: OrdersTaken['refused'] = []
  const refuse = (index: number, { code, message }: DomainError) => refused.push({ index, code, message })
  given.forEach((one, index) => {
    try {
      taken.push({ index, order: keepBounds(read(one)) })
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refuse(index, error)
    }
  })
  const orders = taken.map(({ order }) => order)
  const put = await putOrders(tx, corpId, vault, orders, { source, now })
  for (const { index, error } of put.refused) refuse(taken[index]!.index, error)
  refused.sort((a, b) => a.index - b.index)
  return { accepted: put.written, created: put.created, unchanged: put.unchanged, refused }
}

/** What every order keeps to, whoever has read it: the sizes of ours, and only characters the database can keep. */
const Bounds = NewOrder.pick({ shop: true, orderNo: true, amountFen: true, items: true }).extend({
  refunds: z.array(OrderRefund.omit({ at: true })).max(REFUNDS_MAX),
})

export function keepBounds(order: IncomingOrder): IncomingOrder {
  const { error } = Bounds.safeParse(order)
  if (error) throw malformed(error)
  return order
}

function malformed({ issues: [issue] }: z.ZodError): DomainError {
  return new OrderMalformed({ where: issue?.path.join('.') ?? '', why: issue?.message ?? '' })
}

function readOrder(given: unknown): IncomingOrder {
  const { data, error } = NewOrder.safeParse(given)
  if (!data) throw malformed(error)
  const { ids, ...order } = data
  return {
    ...order,
    placedAt: new Date(order.placedAt),
    paidAt: order.paidAt === null ? null : new Date(order.paidAt),
    updatedAt: new Date(order.updatedAt),
    refunds: order.refunds.map((refund) => ({ ...refund, at: new Date(refund.at) })),
    identifiers: Object.entries(ids).map(([kind, value]) => ({ kind, value, trust: 2 }) as Identifier),
  }
}
