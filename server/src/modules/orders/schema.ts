import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'

/** A hundred million yuan, in fen: more is a mistake. */
const Fen = z.number().int().min(0).max(10_000_000_000)
const Word = (most: number) => Text.trim().min(1).max(most)
const Ident = Word(200).optional()

export const OrderItem = z.object({
  productNo: Word(80).optional(),
  name: Word(100),
  category: Word(40).optional(),
  number: z.number().int().min(1).max(100_000).default(1),
  /** Of all of them together. */
  amountFen: Fen.default(0),
})

/** An order as its shop tells it. Told again, it is the same order. */
export const NewOrder = z
  .object({
    /** Whose numbers these are: one word per shop. */
    shop: Word(40),
    orderNo: Word(80),
    /** Who bought; one at least. */
    ids: z
      .object({ external_userid: Ident, unionid: Ident, openid: Ident, phone: Ident, member: Ident, buyer: Ident })
      .refine((ids) => Object.values(ids).some(Boolean), '要说明是谁买的：手机号、会员号、unionid 等至少填一个'),
    state: z.enum(['placed', 'paid', 'closed']),
    placedAt: Instant,
    paidAt: Instant.optional(),
    amountFen: Fen,
    /** Given back so far, of the amount. */
    refundedFen: Fen.default(0),
    /** The member whose sale it is, by his WeCom userid. */
    staffUserid: Word(64).optional(),
    items: z.array(OrderItem).max(100).default([]),
    /** When the shop last changed it: what was true earlier changes nothing. */
    updatedAt: Instant,
  })
  .refine((order) => order.state !== 'paid' || order.paidAt !== undefined, {
    path: ['paidAt'],
    message: '付了款的订单要有付款时间',
  })
  .refine((order) => order.refundedFen <= order.amountFen, { path: ['refundedFen'], message: '退款不能多于订单金额' })
export type NewOrder = z.infer<typeof NewOrder>

export const ORDERS_MAX = 200
/** Each is checked by itself, so that one that cannot be taken does not keep back the others. */
export const OrderBatch = z.object({ orders: z.array(z.unknown()).min(1).max(ORDERS_MAX) })
export const OrdersTaken = z.object({
  /** New, or changed by this. */
  changed: z.number().int(),
  /** Told before, or older than what is known. */
  unchanged: z.number().int(),
  refused: z.array(z.object({ index: z.number().int(), field: z.string(), message: z.string() })),
})
export type OrdersTaken = z.infer<typeof OrdersTaken>

export const OrderRow = z.object({
  orderId: Id,
  shop: z.string(),
  orderNo: z.string(),
  state: z.enum(['placed', 'paid', 'closed']),
  placedAt: Instant,
  paidAt: Instant.nullable(),
  amountFen: z.number().int(),
  refundedFen: z.number().int(),
  staffName: z.string().nullable(),
  items: z.array(z.object({ name: z.string(), number: z.number().int() })),
})
export type OrderRow = z.infer<typeof OrderRow>

/** A customer's orders: what counts (paid, not closed, not wholly given back), and the newest. */
export const ContactOrders = z.object({
  count: z.number().int(),
  totalFen: z.number().int(),
  items: z.array(OrderRow),
  nextCursor: z.string().nullable(),
})
export type ContactOrders = z.infer<typeof ContactOrders>
