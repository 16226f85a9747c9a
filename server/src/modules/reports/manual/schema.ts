import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'

/** Something he likes, by what he did with it; what is long ago counts less. */
export const Like = z.object({
  what: z.enum(['category', 'product', 'words']),
  name: z.string(),
  weight: z.number(),
  bought: z.number().int(),
  saved: z.number().int(),
  viewed: z.number().int(),
  searched: z.number().int(),
  lastAt: Instant,
})
export type Like = z.infer<typeof Like>

/** What came in the days before an order of his. It may have led to it; nobody can prove it. */
export const Worked = z.object({
  what: z.enum(['channel', 'welcome', 'tag']),
  /** Of a welcome none. */
  name: z.string(),
  orders: z.number().int(),
  totalFen: z.number().int(),
  lastAt: Instant,
})
export type Worked = z.infer<typeof Worked>

export const Annoyed = z.object({
  what: z.enum(['lost', 'refund']),
  number: z.number().int(),
  totalFen: z.number().int(),
  lastAt: Instant,
})
export type Annoyed = z.infer<typeof Annoyed>

export const Manual = z.object({
  /** Null for whoever may not see orders. */
  orders: z
    .object({
      count: z.number().int(),
      totalFen: z.number().int(),
      averageFen: z.number().int().nullable(),
      firstAt: Instant.nullable(),
      lastAt: Instant.nullable(),
      refunds: z.number().int(),
      refundedFen: z.number().int(),
    })
    .nullable(),
  behaviour: z.object({
    lastSeenAt: Instant.nullable(),
    views7: z.number().int(),
    views30: z.number().int(),
    favourites: z.number().int(),
    carts: z.number().int(),
    searches: z.number().int(),
    /** He did more than is read: counts are of the newest, at least so many. */
    isFloor: z.boolean(),
  }),
  rfm: z
    .object({
      segmentId: Id,
      name: z.string(),
      atRisk: z.boolean(),
      play: z.string(),
      since: Instant,
      /** When time alone takes him on, and where. */
      until: Instant.nullable(),
      next: z.string().nullable(),
    })
    .nullable(),
  likes: z.array(Like),
  /** What he did himself by weekday (Monday first) and hour of Shanghai: 7 × 24. */
  hours: z.array(z.number().int()).length(168),
  worked: z.array(Worked),
  annoyed: z.array(Annoyed),
})
export type Manual = z.infer<typeof Manual>
