import { z } from 'zod'
import { Id } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { Deed } from '../facts/schema.ts'

const Ids = z.array(Id).min(1).max(200)
const Not = z.boolean().default(false)
const Fen = z.number().int().min(-1_000_000_000_00).max(1_000_000_000_00)

/** A length of time, rolling back from this instant: a day is 24 hours. */
export const Span = z.object({ n: z.number().int().min(1).max(1_000), unit: z.enum(['minute', 'hour', 'day']) })
export type Span = z.infer<typeof Span>

/** Older than so long and no older than so long: 30 to 60 days ago is `olderThan` 30 and `newerThan` 60. */
const ago = { olderThan: Span.optional(), newerThan: Span.optional() }

/** One thing asked of a customer. `not` turns it round. */
export const Condition = z.discriminatedUnion('is', [
  /** Did it so many times, ever or within a time. Neither bound given: at least once. */
  z.object({
    is: z.literal('did'),
    not: Not,
    deed: Deed,
    atLeast: z.number().int().min(1).max(1_000).optional(),
    atMost: z.number().int().min(0).max(1_000).optional(),
    within: Span.optional(),
  }),
  /** A property of it adds up to so much. */
  z.object({
    is: z.literal('total'),
    not: Not,
    deed: Deed,
    amount: z.string().min(1).max(40),
    atLeast: Fen.optional(),
    atMost: Fen.optional(),
    within: Span.optional(),
  }),
  /** When he did it last, or first. */
  z.object({ is: z.literal('when'), not: Not, deed: Deed, which: z.enum(['last', 'first']), ...ago }),
  /** Did the one, and the other no later than so long after it. */
  z.object({ is: z.literal('sequence'), not: Not, deed: Deed, next: Deed, within: Span }),
  z.object({ is: z.literal('tags'), not: Not, any: Ids.optional(), all: Ids.optional() }),
  /** One of these members follows him now. */
  z.object({ is: z.literal('staff'), not: Not, ids: Ids }),
  /** Came through one of these codes. */
  z.object({ is: z.literal('channels'), not: Not, ids: Ids }),
  /** Became a customer (the newest friendship that holds). */
  z.object({ is: z.literal('added'), not: Not, ...ago }),
  /** No member follows him any more. */
  z.object({ is: z.literal('lost'), not: Not }),
  /** WeCom: 0 unknown, 1 male, 2 female. */
  z.object({ is: z.literal('gender'), not: Not, values: z.array(z.number().int().min(0).max(2)).min(1).max(3) }),
  /** A field of the corp's own. */
  z.object({
    is: z.literal('field'),
    not: Not,
    fieldId: Id,
    op: z.enum(['filled', 'is', 'contains', 'atLeast', 'atMost']),
    values: z
      .array(z.union([Text.min(1).max(100), z.number()]))
      .max(50)
      .default([]),
  }),
  /** The day of a date field comes round in `from` to `to` days; 0 is today. */
  z.object({
    is: z.literal('anniversary'),
    not: Not,
    fieldId: Id,
    from: z.number().int().min(0).max(180),
    to: z.number().int().min(0).max(180),
  }),
  z.object({ is: z.literal('segment'), not: Not, segmentId: Id }),
])
export type Condition = z.infer<typeof Condition>

const group = <Of extends z.ZodType>(of: Of) =>
  z.object({ is: z.enum(['all', 'any']), not: Not, of: z.array(of).min(1).max(20) })

/** Groups within groups, three deep: as deep as anybody reads, and no deeper than a parser likes. */
export const Rule = group(z.union([Condition, group(z.union([Condition, group(Condition)]))]))
export type Rule = z.infer<typeof Rule>
/** Any part of a rule. */
export type Node = Condition | { is: 'all' | 'any'; not: boolean; of: Node[] }
