import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'

const TagOnContact = z.object({
  tagId: Id,
  name: z.string(),
  groupName: z.string(),
  source: z.enum(['staff', 'rule', 'wecom', 'self']),
})
const Follower = z.object({ staffId: Id, name: z.string(), addedAt: Instant })

export const ContactRow = z.object({
  contactId: Id,
  name: z.string(),
  avatar: z.string().nullable(),
  gender: z.number().int(),
  kind: z.number().int(),
  corpName: z.string().nullable(),
  remark: z.string(),
  lastAddedAt: Instant.nullable(),
  lostAt: Instant.nullable(),
  followers: z.array(Follower),
  followerCount: z.number().int(),
  tags: z.array(TagOnContact),
  state: z.string().nullable(),
  lastEvent: z.object({ kind: z.string(), at: Instant }).nullable(),
})
export type ContactRow = z.infer<typeof ContactRow>

/** PostgreSQL's text holds no NUL. */
export const Text = z.string().refine((text) => !text.includes('\0'))
/** PostgreSQL knows no year 0. */
const Day = z.iso.date().refine((day) => day >= '0001')

export const ContactListQuery = z.object({
  q: Text.trim().max(64).optional(),
  tagId: Id.optional(),
  staffId: Id.optional(),
  state: z.enum(['all', 'following', 'lost']).default('following'),
  channelState: Text.max(30).optional(),
  addedFrom: Day.optional(),
  addedTo: Day.optional(),
  cursor: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type ContactListQuery = z.infer<typeof ContactListQuery>

export const ContactPage = z.object({
  items: z.array(ContactRow),
  nextCursor: z.string().nullable(),
  prevCursor: z.string().nullable(),
  total: z.number().int(),
  /** True: counting stopped at `total`; there are at least so many. */
  totalIsFloor: z.boolean(),
})
export type ContactPage = z.infer<typeof ContactPage>

export const ContactProfile = z.object({
  contactId: Id,
  externalUserid: z.string().nullable(),
  unionidKnown: z.boolean(),
  name: z.string(),
  avatar: z.string().nullable(),
  gender: z.number().int(),
  kind: z.number().int(),
  corpName: z.string().nullable(),
  position: z.string().nullable(),
  firstAddedAt: Instant.nullable(),
  lastAddedAt: Instant.nullable(),
  lostAt: Instant.nullable(),
  follows: z.array(
    z.object({
      staffId: Id,
      staffName: z.string(),
      staffLeft: z.boolean(),
      remark: z.string(),
      description: z.string(),
      mobiles: z.array(z.string()),
      addWay: z.number().int(),
      state: z.string().nullable(),
      channelCode: z.object({ channelCodeId: Id, name: z.string() }).nullable(),
      addedAt: Instant,
      lostAt: Instant.nullable(),
      lostBy: z.string().nullable(),
      tags: z.array(
        TagOnContact.extend({ addedAt: Instant, reason: z.record(z.string(), z.unknown()), inWecom: z.boolean() }),
      ),
    }),
  ),
})
export type ContactProfile = z.infer<typeof ContactProfile>

export const SyncRunView = z.object({
  syncRunId: Id,
  kind: z.enum(['full', 'reconcile']),
  state: z.enum(['running', 'finished', 'failed', 'cancelled']),
  step: z.string(),
  done: z.number().int(),
  total: z.number().int().nullable(),
  rowsRead: z.number().int(),
  changes: z.record(z.string(), z.number()),
  cause: z.string().nullable(),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
})
export type SyncRunView = z.infer<typeof SyncRunView>

const Compared = z.object({ value: z.number(), before: z.number() })

/** Today so far in Shanghai, beside yesterday up to the same minute. */
export const HomeView = z.object({
  at: Instant,
  contacts: z.number().int(),
  added: Compared,
  lost: Compared,
  welcomes: z.object({ sent: z.number().int(), missed: z.number().int(), medianMs: z.number().nullable() }),
  hours: z.array(z.object({ hour: z.number().int(), today: z.number().int(), yesterday: z.number().int() })).length(24),
  days: z.array(z.object({ day: z.string(), added: z.number().int(), lost: z.number().int() })).length(14),
  codes: z.array(z.object({ channelCodeId: Id, name: z.string(), adds: z.number().int(), losses: z.number().int() })),
  staff: z.array(z.object({ staffId: Id, name: z.string(), added: z.number().int() })),
})
export type HomeView = z.infer<typeof HomeView>
