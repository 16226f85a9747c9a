import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { Deed } from '../facts/schema.ts'

const Ids = z.array(Id).min(1).max(200)
const Not = z.boolean().default(false)
const Points = z.number().int().min(-1_000_000_000_000).max(1_000_000_000_000)
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
  /** A property of it adds up to so much, or comes to so much each time: whole parts, of at least one time. */
  z.object({
    is: z.literal('total'),
    not: Not,
    deed: Deed,
    amount: z.string().min(1).max(40),
    average: z.boolean().optional(),
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
  /** Is a member of the corp's: of one of these levels, with so many points. */
  z.object({
    is: z.literal('member'),
    not: Not,
    levels: z.array(Text.min(1).max(40)).min(1).max(50).optional(),
    atLeast: Points.optional(),
    atMost: Points.optional(),
  }),
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
  /** Stands in one of these stages, and came into it so long ago. */
  z.object({ is: z.literal('stage'), not: Not, ids: Ids, ...ago }),
  /** Sits in one of these groups. */
  z.object({ is: z.literal('group'), not: Not, ids: Ids }),
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

const Name = Text.trim().min(1).max(30)
const Note = Text.trim().max(200)

export const NewSegment = z.object({ name: Name, note: Note.default(''), rule: Rule })
export type NewSegment = z.infer<typeof NewSegment>
export const SegmentEdit = z.object({ name: Name.optional(), note: Note.optional(), rule: Rule.optional() })
export type SegmentEdit = z.infer<typeof SegmentEdit>

export const SegmentSummary = z.object({
  segmentId: Id,
  name: z.string(),
  note: z.string(),
  /** 'rfm': a cell of the RFM model, changed there alone. */
  usedBy: z.enum(['people', 'tags', 'rfm', 'stages', 'radar']),
  /** Customers in it now, of those one may see; null while the first version is being built. */
  members: z.number().int().nullable(),
  /** Over the last 24 hours. */
  entered: z.number().int(),
  exited: z.number().int(),
  /** A version being built beside the one that is read: customers looked at, of how many once that is known. */
  building: z.object({ done: z.number().int(), total: z.number().int().nullable() }).nullable(),
  /** Why the newest version could not be built. */
  failed: z.string().nullable(),
  /** Reads what browsers told without proof: it shows people, and sets nothing off. */
  untrusted: z.boolean(),
  createdBy: z.string(),
  updatedAt: Instant,
})
export type SegmentSummary = z.infer<typeof SegmentSummary>

/** Members at the end of a Shanghai day, and who came and went on it. */
export const SegmentDay = z.object({
  day: z.string(),
  members: z.number().int(),
  entered: z.number().int(),
  exited: z.number().int(),
})
export type SegmentDay = z.infer<typeof SegmentDay>

export const SegmentView = SegmentSummary.extend({
  rule: Rule,
  /** The last 30 days, and the next 30 if nothing else happens. Null for whoever sees only some customers. */
  past: z.array(SegmentDay).nullable(),
  coming: z.array(SegmentDay).nullable(),
  versions: z.array(
    z.object({
      version: z.number().int(),
      state: z.enum(['building', 'live', 'old', 'failed']),
      madeBy: z.string(),
      madeAt: Instant,
    }),
  ),
})
export type SegmentView = z.infer<typeof SegmentView>

export const Preview = z.object({
  members: z.number().int(),
  customers: z.number().int(),
  /** A few of them, newest friends first. */
  sample: z.array(z.object({ contactId: Id, name: z.string(), avatar: z.string().nullable() })),
})
export type Preview = z.infer<typeof Preview>

/** How many each of the rule's parts holds by itself, and how many are left after each when all must hold. */
export const PreviewParts = z.object({ alone: z.array(z.number().int()), left: z.array(z.number().int()) })
export type PreviewParts = z.infer<typeof PreviewParts>

export const Overlap = z.object({ segmentId: Id, name: z.string(), members: z.number().int(), both: z.number().int() })

export interface Reason {
  holds: boolean
  /** When it turns round next, if nothing else happens. */
  changesAt: string | null
  of?: Reason[]
  found?: {
    number?: number
    /** At least so many. */
    isFloor?: boolean
    total?: number
    firstAt?: string | null
    lastAt?: string | null
    ids?: string[]
    value?: string | number | null
  }
}
const Found = z.object({
  number: z.number().int().optional(),
  isFloor: z.boolean().optional(),
  total: z.number().int().optional(),
  firstAt: Instant.nullable().optional(),
  lastAt: Instant.nullable().optional(),
  ids: z.array(Id).optional(),
  value: z.union([z.string(), z.number()]).nullable().optional(),
})
const reason = <Of extends z.ZodType>(of: Of) =>
  z.object({ holds: z.boolean(), changesAt: Instant.nullable(), found: Found.optional(), of: z.array(of).optional() })
const Leaf = reason(z.never()).omit({ of: true })

export const Why = z.object({
  name: z.string(),
  rule: Rule,
  /** In the rule's own shape. */
  reason: reason(reason(reason(Leaf))),
  inside: z.boolean(),
  /** Since when he is in, until when if nothing else happens; or when he will be. */
  since: Instant.nullable(),
  until: Instant.nullable(),
  entersAt: Instant.nullable(),
})
export type Why = z.infer<typeof Why>

/** One of a customer's segments. */
export const Membership = z.object({
  segmentId: Id,
  name: z.string(),
  since: Instant,
  until: Instant.nullable(),
  inside: z.boolean(),
})
export type Membership = z.infer<typeof Membership>
