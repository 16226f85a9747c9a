import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'

const IDS_MAX = 200
const Ids = z
  .string()
  .max(IDS_MAX * 20)
  .regex(/^[1-9]\d{0,17}(,[1-9]\d{0,17})*$/)
  .transform((text) => [...new Set(text.split(','))])
  .refine((ids) => ids.length <= IDS_MAX)

const Cursor = z.string().max(80)
const Limit = z.coerce.number().int().min(1).max(100).default(50)

/** How alive a group is: by its score, in score.ts. */
export const Level = z.enum(['alive', 'quiet', 'dead'])
export type Level = z.infer<typeof Level>

/** Which groups. All conditions hold together. */
export const GroupFilter = z.object({
  q: Text.trim().max(64).optional(),
  ownerIds: Ids.optional(),
  state: z.enum(['open', 'gone', 'all']).default('open'),
  level: Level.optional(),
  /** Nobody we may see owns it any more. */
  orphaned: z.stringbool().optional(),
})
export type GroupFilter = z.infer<typeof GroupFilter>
export const GroupListQuery = GroupFilter.extend({
  sort: z.enum(['newest', 'members', 'score']).default('newest'),
  cursor: Cursor.optional(),
  limit: Limit,
})
export type GroupListQuery = z.infer<typeof GroupListQuery>

/** What a score is made of: people of the last month, and the points each part gives. */
const ScoreParts = z.object({
  outsiders: z.number().int(),
  customers: z.number().int(),
  active: z.number().int(),
  joined: z.number().int(),
  left: z.number().int(),
  points: z.object({ active: z.number(), joined: z.number(), stayed: z.number() }),
})

export const GroupRow = z.object({
  groupChatId: Id,
  /** Empty where nobody has named it. */
  name: z.string(),
  owner: z.object({ staffId: Id, name: z.string(), left: z.boolean() }),
  createdAt: Instant,
  goneAt: Instant.nullable(),
  /** Who sit in it now; of them not the corp's; of those our customers. */
  members: z.number().int(),
  outsiders: z.number().int(),
  customers: z.number().int(),
  /** From outside, over the last 7 and 30 days. */
  joined7: z.number().int(),
  left7: z.number().int(),
  joined30: z.number().int(),
  left30: z.number().int(),
  score: z.number().int().nullable(),
  level: Level.nullable(),
  parts: ScoreParts.nullable(),
})
export type GroupRow = z.infer<typeof GroupRow>
export const GroupPage = z.object({ items: z.array(GroupRow), nextCursor: z.string().nullable() })
export type GroupPage = z.infer<typeof GroupPage>

/** Groups by name, for whoever chooses some. */
export const GroupNames = z.object({
  items: z.array(z.object({ groupChatId: Id, name: z.string(), owner: z.string(), gone: z.boolean() })),
})
export type GroupNames = z.infer<typeof GroupNames>

/** Who sat in groups at the end of a Shanghai day, and who came and went on it; from outside. */
export const GroupDay = z.object({
  day: z.string(),
  members: z.number().int(),
  joined: z.number().int(),
  left: z.number().int(),
})
export type GroupDay = z.infer<typeof GroupDay>

export const TrendQuery = z.object({ days: z.coerce.number().int().min(7).max(180).default(30) })

export const GroupOverview = z.object({
  groups: z.number().int(),
  alive: z.number().int(),
  quiet: z.number().int(),
  dead: z.number().int(),
  /** Each counted once, in however many groups he sits. */
  people: z.number().int(),
  customers: z.number().int(),
  /** Who sit in two groups or more. */
  inSeveral: z.number().int(),
  days: z.array(GroupDay),
})
export type GroupOverview = z.infer<typeof GroupOverview>

export const GroupView = GroupRow.extend({
  chatId: z.string(),
  notice: z.string(),
  admins: z.array(z.object({ staffId: Id, name: z.string() })),
  orphaned: z.boolean(),
  goneBy: z.enum(['dismissed', 'unlisted']).nullable(),
  scoredAt: Instant.nullable(),
  /** What WeCom last said of it is no older than this. */
  askedAt: Instant,
  days: z.array(GroupDay),
})
export type GroupView = z.infer<typeof GroupView>

export const WHO = ['all', 'customers', 'strangers', 'staff'] as const
export const MemberFilter = z.object({
  who: z.enum(WHO).default('all'),
  /** Who has left, rather than who sits in it. */
  gone: z.stringbool().default(false),
  q: Text.trim().max(64).optional(),
})
export type MemberFilter = z.infer<typeof MemberFilter>
export const MemberListQuery = MemberFilter.extend({ cursor: Cursor.optional(), limit: Limit })
export type MemberListQuery = z.infer<typeof MemberListQuery>

const Scene = z.enum(['unknown', 'invited', 'link', 'code'])
const Person = {
  name: z.string(),
  avatar: z.string().nullable(),
  /** Staff; somebody's friend; whoever was one; nobody's. */
  is: z.enum(['staff', 'customer', 'lost', 'stranger']),
  /** Of a customer whom one may see. */
  contactId: Id.nullable(),
  followers: z.array(z.object({ staffId: Id, name: z.string() })),
  tags: z.array(z.object({ tagId: Id, name: z.string() })),
}

/** One stay of somebody in a group. */
export const MemberRow = z.object({
  ...Person,
  stayId: Id,
  nickname: z.string(),
  joinedAt: Instant,
  scene: Scene,
  invitor: z.string().nullable(),
  state: z.string().nullable(),
  leftAt: Instant.nullable(),
  leftBy: z.enum(['self', 'removed', 'dismissed', 'unknown']).nullable(),
  /** Other groups he sits in, of those one may see. */
  others: z.number().int(),
})
export type MemberRow = z.infer<typeof MemberRow>
export const MemberPage = z.object({ items: z.array(MemberRow), nextCursor: z.string().nullable() })
export type MemberPage = z.infer<typeof MemberPage>

export const GroupOverlaps = z.object({
  items: z.array(
    z.object({
      groupChatId: Id,
      name: z.string(),
      owner: z.string(),
      outsiders: z.number().int(),
      both: z.number().int(),
    }),
  ),
})
export type GroupOverlaps = z.infer<typeof GroupOverlaps>

export const ValueQuery = z.object({
  by: z.enum(['spent', 'orders', 'opens', 'recent']).default('spent'),
  limit: Limit,
})
export type ValueQuery = z.infer<typeof ValueQuery>
/** Customers of a group by what they bought and opened. */
export const ValueRows = z.object({
  /** False: it is still being counted from what happened before. */
  counted: z.boolean(),
  items: z.array(
    z.object({
      contactId: Id,
      externalUserid: z.string(),
      name: z.string(),
      avatar: z.string().nullable(),
      followers: z.array(z.object({ staffId: Id, name: z.string() })),
      stage: z.object({ name: z.string(), color: z.string() }).nullable(),
      spentFen: z.number(),
      orders: z.number().int(),
      lastOrderAt: Instant.nullable(),
      opens: z.number().int(),
      lastOpenAt: Instant.nullable(),
      /** The day he last did anything himself. */
      activeOn: Day.nullable(),
    }),
  ),
})
export type ValueRows = z.infer<typeof ValueRows>

export const DuplicateQuery = z.object({
  who: z.enum(['all', 'customers', 'strangers']).default('all'),
  /** Sits in so many groups at least. */
  atLeast: z.coerce.number().int().min(2).max(50).default(2),
  cursor: Cursor.optional(),
  limit: Limit,
})
export type DuplicateQuery = z.infer<typeof DuplicateQuery>
/** Whoever sits in several groups, most groups first. */
export const DuplicatePage = z.object({
  items: z.array(
    z.object({
      ...Person,
      userid: z.string(),
      groups: z.array(z.object({ groupChatId: Id, name: z.string(), joinedAt: Instant })),
    }),
  ),
  nextCursor: z.string().nullable(),
})
export type DuplicatePage = z.infer<typeof DuplicatePage>

/** The groups of one customer: those he sits in, then those he left. */
export const ContactGroups = z.object({
  items: z.array(
    z.object({
      stayId: Id,
      groupChatId: Id,
      name: z.string(),
      owner: z.string(),
      nickname: z.string(),
      joinedAt: Instant,
      scene: Scene,
      invitor: z.string().nullable(),
      leftAt: Instant.nullable(),
      leftBy: z.enum(['self', 'removed', 'dismissed', 'unknown']).nullable(),
    }),
  ),
})
export type ContactGroups = z.infer<typeof ContactGroups>
