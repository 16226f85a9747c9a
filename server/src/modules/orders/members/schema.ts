import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'
import { type Identifier, Ids } from '../../contacts/identifiers.ts'

const No = Text.trim().min(1).max(100)
/** A trillion points: sums stay exact. */
const POINTS_MAX = 1_000_000_000_000
const Points = z.number().int().min(-POINTS_MAX).max(POINTS_MAX)

export const POINT_KINDS = ['earned', 'spent', 'expired', 'adjusted'] as const
const PointKind = z.enum(POINT_KINDS)

/** What came to or went from a member's points, once by its number: `points` is what it does to the balance. */
const NewPointEntry = z
  .object({
    entryNo: No,
    kind: PointKind,
    points: Points,
    note: Text.trim().max(60).default(''),
    at: Instant,
  })
  .refine(({ kind, points }) => (kind === 'earned' ? points >= 0 : kind === 'adjusted' || points <= 0), {
    path: ['points'],
    message: '获得是正数，花掉和过期是负数',
  })

const ENTRIES_MAX = 200
/** A member as the corp sees him now; of what is sent twice the newer `updatedAt` holds. Points left out are not stated. */
export const NewMember = z.object({
  memberNo: No,
  level: Text.trim().min(1).max(40).nullable().default(null),
  points: Points.nullable().default(null),
  joinedAt: Instant.nullable().default(null),
  entries: z.array(NewPointEntry).max(ENTRIES_MAX).default([]),
  ids: Ids.omit({ member: true }).default({}),
  updatedAt: Instant,
})

const MEMBERS_MAX = 200
/** One bad member keeps none of the others back, so each is read by itself. */
export const MemberBatch = z.object({ members: z.array(z.unknown()).min(1).max(MEMBERS_MAX) })

/** A member on his way in, from whatever source. */
export interface IncomingMember {
  memberNo: string
  level: string | null
  points: number | null
  joinedAt: Date | null
  entries?: readonly IncomingEntry[]
  identifiers: readonly Identifier[]
  updatedAt: Date
}

export interface IncomingEntry {
  entryNo: string
  kind: (typeof POINT_KINDS)[number]
  points: number
  note: string
  at: Date
}

/** A customer's membership, on his page. */
export const MemberView = z.object({
  memberNo: z.string(),
  level: z.string().nullable(),
  points: z.number().int(),
  joinedAt: Instant.nullable(),
  updatedAt: Instant,
  /** The newest first. */
  entries: z.array(
    z.object({
      entryNo: z.string(),
      kind: PointKind,
      points: z.number().int(),
      note: z.string(),
      at: Instant,
    }),
  ),
})
export type MemberView = z.infer<typeof MemberView>
export const MembersOf = z.object({ members: z.array(MemberView) })

export const MemberLevels = z.object({ levels: z.array(z.object({ level: z.string(), members: z.number().int() })) })
export const ContactParams = z.object({ contactId: Id })
