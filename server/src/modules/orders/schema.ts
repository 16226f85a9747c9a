import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { type Identifier, Ids } from '../contacts/identifiers.ts'

export const ORDER_STATES = ['placed', 'paid', 'closed'] as const
export const OrderState = z.enum(ORDER_STATES)
export type OrderState = z.infer<typeof OrderState>

/** Ten billion yuan: above every order there is, and sums of many stay exact in JavaScript. */
export const FEN_MAX = 1_000_000_000_000
export const Fen = z.number().int().min(0).max(FEN_MAX)
const ITEMS_MAX = 200
export const REFUNDS_MAX = 100
const PIECES_MAX = 1_000_000

export const Shop = z.string().regex(/^[a-z][a-z0-9_-]{0,29}$/, '以小写字母开头，只用小写字母、数字、- 和 _')
const No = Text.trim().min(1).max(100)

export const OrderItem = z.object({
  productNo: No.nullable().default(null),
  name: Text.trim().min(1).max(200),
  category: Text.trim().min(1).max(60).nullable().default(null),
  number: z.number().int().min(1).max(PIECES_MAX),
  amountFen: Fen,
})
export type OrderItem = z.infer<typeof OrderItem>

export const OrderRefund = z.object({ refundNo: No, amountFen: Fen, at: Instant })

/** An order as its shop sees it now, whole; of what is sent twice the newer `updatedAt` holds. */
export const NewOrder = z.object({
  shop: Shop,
  orderNo: No,
  state: OrderState,
  placedAt: Instant,
  paidAt: Instant.nullable().default(null),
  /** What was paid; of an order not paid yet, what is to be. */
  amountFen: Fen,
  items: z.array(OrderItem).max(ITEMS_MAX).default([]),
  refunds: z.array(OrderRefund).max(REFUNDS_MAX).default([]),
  ids: Ids.default({}),
  guideUserid: Text.trim().min(1).max(64).nullable().default(null),
  updatedAt: Instant,
})

export const ORDERS_MAX = 200
/** One bad order keeps none of the others back, so each is read by itself. */
export const OrderBatch = z.object({ orders: z.array(z.unknown()).min(1).max(ORDERS_MAX) })
export const OrdersTaken = z.object({
  accepted: z.number().int(),
  /** Of these, new ones. */
  created: z.number().int(),
  /** Known already, or older than what is known. */
  unchanged: z.number().int(),
  refused: z.array(z.object({ index: z.number().int(), code: z.string(), message: z.string() })),
})
export type OrdersTaken = z.infer<typeof OrdersTaken>

/** An order on its way in, from whatever source. */
export interface IncomingOrder {
  shop: string
  orderNo: string
  state: OrderState
  placedAt: Date
  paidAt: Date | null
  amountFen: number
  items: readonly OrderItem[]
  refunds: readonly { refundNo: string; amountFen: number; at: Date }[]
  identifiers: readonly Identifier[]
  guideUserid: string | null
  updatedAt: Date
}

const PAGE_MAX = 100
export const OrderQuery = z.object({
  from: Day.optional(),
  to: Day.optional(),
  shop: Shop.optional(),
  state: z.enum([...ORDER_STATES, 'refunded']).optional(),
  staffId: Id.optional(),
  contactId: Id.optional(),
  fenMin: z.coerce.number().int().min(0).max(FEN_MAX).optional(),
  fenMax: z.coerce.number().int().min(0).max(FEN_MAX).optional(),
  before: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
})
export type OrderQuery = z.infer<typeof OrderQuery>

export const OrderRow = z.object({
  orderId: Id,
  contactId: Id,
  contactName: z.string(),
  avatar: z.string().nullable(),
  shop: z.string(),
  orderNo: z.string(),
  state: OrderState,
  placedAt: Instant,
  paidAt: Instant.nullable(),
  amountFen: z.number().int(),
  refundedFen: z.number().int(),
  staffId: Id.nullable(),
  staffName: z.string().nullable(),
  /** Why it counts for him, and since when the customer is his. */
  guideBy: z.enum(['named', 'held', 'visited', 'friend']).nullable(),
  guideSince: Instant.nullable(),
  items: z.array(z.object({ name: z.string(), number: z.number().int(), amountFen: z.number().int() })),
})
export type OrderRow = z.infer<typeof OrderRow>
export const OrderPage = z.object({ items: z.array(OrderRow), nextCursor: z.string().nullable() })
export type OrderPage = z.infer<typeof OrderPage>

export const OrderSums = z.object({
  count: z.number().int(),
  totalFen: z.number().int(),
  lastPaidAt: Instant.nullable(),
})
export type OrderSums = z.infer<typeof OrderSums>

const PRODUCTS_MAX = 500
export const ProductQuery = z.object({
  q: Text.trim().min(1).max(60).optional(),
  shop: Shop.optional(),
  limit: z.coerce.number().int().min(1).max(PRODUCTS_MAX).default(200),
})
export type ProductQuery = z.infer<typeof ProductQuery>

/** A product with what was sold of it in the last thirty days. */
export const ProductRow = z.object({
  shop: z.string(),
  productNo: z.string(),
  name: z.string(),
  category: z.string().nullable(),
  buyers: z.number().int(),
  orders: z.number().int(),
  pieces: z.number().int(),
  amountFen: z.number().int(),
  updatedAt: Instant,
})
export type ProductRow = z.infer<typeof ProductRow>
export const ProductPage = z.object({ items: z.array(ProductRow) })
