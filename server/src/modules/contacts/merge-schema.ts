import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { IdentityKind } from './identifiers.ts'

/** An identifier as it may be shown, and how far it is to be believed. */
export const ShownIdentity = z.object({
  kind: IdentityKind,
  shown: z.string(),
  trust: z.number().int().min(0).max(2),
})
export type ShownIdentity = z.infer<typeof ShownIdentity>

export const ReviewQuery = z.object({ cursor: z.string().max(80).optional() })
export type ReviewQuery = z.infer<typeof ReviewQuery>

/** One of two who may be one person. */
export const ReviewSide = z.object({
  contactId: Id,
  name: z.string(),
  avatar: z.string().nullable(),
  /** Members who follow him, or did: whoever has some stays when two become one. */
  staff: z.array(z.string()),
  identities: z.array(ShownIdentity),
  events: z.object({
    count: z.number().int(),
    isFloor: z.boolean(),
    last: z.string().nullable(),
    lastAt: Instant.nullable(),
  }),
  knownSince: Instant,
})
export type ReviewSide = z.infer<typeof ReviewSide>

export const MergeReview = z.object({
  /** As who they are shown once they are one. */
  stays: ReviewSide,
  joins: ReviewSide,
  /** What led to both at once. */
  met: z.array(ShownIdentity),
  createdAt: Instant,
  /** Both have friends among the members: they can only be kept apart. */
  apartOnly: z.boolean(),
})
export type MergeReview = z.infer<typeof MergeReview>

/** A merge that stands; until when it can be taken back, null when it is too late. */
export const MergeView = z.object({
  mergeId: Id,
  contactId: Id,
  name: z.string(),
  identities: z.array(ShownIdentity),
  why: z.enum(['identified', 'review']),
  actor: z.string().nullable(),
  at: Instant,
  undoUntil: Instant.nullable(),
})
export type MergeView = z.infer<typeof MergeView>

export const ReviewPage = z.object({
  items: z.array(MergeReview),
  nextCursor: z.string().nullable(),
  waiting: z.number().int(),
})
export type ReviewPage = z.infer<typeof ReviewPage>
/** Merges of the last days, newest first. */
export const MergeList = z.array(MergeView)

export const ReviewDecision = z.object({ decision: z.enum(['merge', 'apart']) })
