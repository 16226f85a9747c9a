import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Period } from '../schema.ts'

/** What counts as having reached a customer before he bought. */
export const WAYS = ['mass', 'chat', 'opened', 'sent', 'code'] as const
/** What the money is told by. */
export const FACETS = ['way', 'staff', 'code', 'piece', 'source'] as const
export type Facet = (typeof FACETS)[number]
export const MODELS = ['first', 'last', 'position', 'decay'] as const

const days = (most: number) => z.coerce.number().int().min(1).max(most).default(7)
export const AttributionQuery = Period.extend({
  by: z.enum(FACETS).default('way'),
  /** How long before it was paid an order may have been brought about. */
  windowDays: days(90),
  /** After how many days a touch counts half as much. */
  halfLifeDays: days(30),
})
export type AttributionQuery = z.infer<typeof AttributionQuery>

const fen = z.number().int()
const Shares = z.object({ first: fen, last: fen, position: fen, decay: fen })
export type Shares = z.infer<typeof Shares>
/** One order may stand in several lines; its money stands in each once, in parts that sum to it. */
const Credit = Shares.extend({ orders: z.number().int() })

const Line = Credit.extend({
  key: z.string(),
  /** Null: a way, which the reader has his own words for. */
  name: z.string().nullable(),
  /** Within the days asked for. */
  touches: z.number().int(),
  /** Touches after which the customer wrote within the window. */
  replied: z.number().int(),
})
export type Line = z.infer<typeof Line>

export const Attribution = z.object({
  from: z.string(),
  to: z.string(),
  /** What is told beside the money of paid orders of the customers one sees: what was given back, and what stayed. */
  total: z.object({ orders: z.number().int(), amountFen: fen, refundedFen: fen, netFen: fen }),
  lines: z.array(Line),
  /** Touches that have nothing of the kind asked about, and lines past the three hundredth. */
  rest: Credit,
  /** By members outside of whom one sees. */
  others: Credit,
  untouched: z.object({ orders: z.number().int(), netFen: fen }),
})
export type Attribution = z.infer<typeof Attribution>

export const TouchedOrdersQuery = AttributionQuery.extend({
  key: z
    .string()
    .max(120)
    .refine((text) => !text.includes('\0')),
  after: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[1-9]\d{0,17}$/)
    .refine((text) => !Number.isNaN(Date.parse(text.slice(0, 24))))
    .optional(),
})
export type TouchedOrdersQuery = z.infer<typeof TouchedOrdersQuery>

export const TouchedOrders = z.object({
  items: z.array(
    z.object({
      orderId: Id,
      contactId: Id,
      contactName: z.string(),
      shop: z.string(),
      orderNo: z.string(),
      paidAt: Instant,
      amountFen: fen,
      netFen: fen,
      /** Of the line asked about. */
      share: Shares,
      /** All that reached him within the window, in order; of members one does not see without their words. */
      path: z.array(z.object({ way: z.enum(WAYS), at: Instant, title: z.string().nullable(), counted: z.boolean() })),
    }),
  ),
  nextCursor: z.string().nullable(),
})
export type TouchedOrders = z.infer<typeof TouchedOrders>
