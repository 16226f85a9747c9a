import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { ShownIdentity } from './merge-schema.ts'

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
  /** Where he stands, a stage a flow; `toldAt`: whoever follows him was told that it is long. */
  stages: z.array(
    z.object({
      flowId: Id,
      stageId: Id,
      name: z.string(),
      color: z.string(),
      kind: z.string(),
      since: Instant,
      toldAt: Instant.nullable(),
    }),
  ),
})
export type ContactRow = z.infer<typeof ContactRow>

/** Of one filter. A hundred keep the statement short; nobody picks more by hand. */
const IDS_MAX = 200
/** Ids with commas between them, as an address bar holds them. */
const Ids = z
  .string()
  .max(IDS_MAX * 20)
  .regex(/^[1-9]\d{0,17}(,[1-9]\d{0,17})*$/)
  .transform((text) => [...new Set(text.split(','))])
  .refine((ids) => ids.length <= IDS_MAX)
/** Groups of ids, a semicolon between groups. */
const IdGroups = z
  .string()
  .max(IDS_MAX * 20)
  .regex(/^[1-9]\d{0,17}([,;][1-9]\d{0,17})*$/)
  .transform((text) => text.split(';').map((group) => [...new Set(group.split(','))]))
  .refine((groups) => groups.flat().length <= IDS_MAX)

/** Options by the field they are of, as JSON: {"12":["岩茶","白茶"]}. */
const FieldOptions = z
  .string()
  .max(4_000)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: '不是 JSON' })
      return z.NEVER
    }
  })
  .pipe(z.record(Id, z.array(Text.min(1).max(30)).min(1).max(50)))

/** Which customers. All conditions hold together. */
export const ContactFilter = z.object({
  q: Text.trim().max(64).optional(),
  /** Carries each of them. */
  tagsAll: Ids.optional(),
  /** Carries at least one of every group. */
  tagsAny: IdGroups.optional(),
  /** Carries none of them. */
  tagsNone: Ids.optional(),
  /** Followed by one of them. */
  staffIds: Ids.optional(),
  /** Followed by somebody of this department or of one below it. */
  departmentId: Id.optional(),
  state: z.enum(['all', 'following', 'lost']).default('following'),
  channelState: Text.max(30).optional(),
  /** Came through this channel code. */
  channelCodeId: Id.optional(),
  addedFrom: Day.optional(),
  addedTo: Day.optional(),
  /** Did something himself on this day or later. */
  activeFrom: Day.optional(),
  /** Has done nothing himself after this day; also whoever never has. */
  activeTo: Day.optional(),
  /** WeCom: 0 unknown, 1 male, 2 female. */
  gender: z.coerce.number().int().min(0).max(2).optional(),
  /** WeCom: 1 a WeChat user, 2 a member of another corp. */
  kind: z.coerce.number().int().min(1).max(2).optional(),
  /** In each of these fields one of the options. */
  fields: FieldOptions.optional(),
  /** Followed by more than one staff member. */
  shared: z.stringbool().optional(),
  /** In this segment now. */
  segmentId: Id.optional(),
  /** Stands in one of these stages. */
  stageIds: Ids.optional(),
  /** Stands in no stage of this flow. */
  noStageOf: Id.optional(),
  /** Sits in at least one of these groups; in each of them; in none of them. */
  groupsAny: Ids.optional(),
  groupsAll: Ids.optional(),
  groupsNone: Ids.optional(),
})
/** `now`: whoever lets a segment be asked for says at what instant. */
export type ContactFilter = z.infer<typeof ContactFilter> & { now?: Date }

export const ContactListQuery = ContactFilter.extend({
  cursor: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type ContactListQuery = z.infer<typeof ContactListQuery> & { now?: Date }

/** Who stands before and after somebody in a list. */
export const Neighbours = z.object({ previousId: Id.nullable(), nextId: Id.nullable() })
export type Neighbours = z.infer<typeof Neighbours>

const VIEW_NAME_MAX = 20
const ViewName = Text.trim().min(1).max(VIEW_NAME_MAX)
/** A filter as an address bar holds it: words, each as the list takes it. */
const ViewFilter = z
  .record(z.string().max(30), z.string().max(4_000))
  .refine((filter) => ContactFilter.strict().safeParse(filter).success, '筛选条件不认识，请刷新页面再存。')

export const NewView = z.object({ name: ViewName, filter: ViewFilter, shared: z.boolean().default(false) })
export type NewView = z.infer<typeof NewView>
export const ViewEdit = z.object({
  name: ViewName.optional(),
  filter: ViewFilter.optional(),
  shared: z.boolean().optional(),
})
export type ViewEdit = z.infer<typeof ViewEdit>
export const ViewOrder = z.object({ contactViewIds: z.array(Id).min(1).max(100) })

export const ContactView = z.object({
  contactViewId: Id,
  name: z.string(),
  filter: z.record(z.string(), z.string()),
  shared: z.boolean(),
  mine: z.boolean(),
  /** Who made it, where it is not the reader. */
  owner: z.string().nullable(),
})
export type ContactView = z.infer<typeof ContactView>

export const ContactPage = z.object({
  items: z.array(ContactRow),
  nextCursor: z.string().nullable(),
  prevCursor: z.string().nullable(),
})
export type ContactPage = z.infer<typeof ContactPage>

export const ContactCount = z.object({
  total: z.number().int(),
  /** True: counting stopped at `total`; there are more. */
  isFloor: z.boolean(),
})
export type ContactCount = z.infer<typeof ContactCount>

export const NoteText = z.object({
  text: Text.trim().min(1).max(2_000),
  /** Members it names as “@姓名”; each is told once. */
  mentions: z.array(Id).max(20).default([]),
})
export type NoteText = z.infer<typeof NoteText>
export const MentionQuery = z.object({ q: Text.trim().max(20).default('') })
/** Names a page offers at once. */
export const MENTIONABLE_SHOWN = 8
/** Members a note may name: those who may see the customer. */
export const Mentionable = z.object({
  items: z.array(z.object({ staffId: Id, name: z.string(), avatar: z.string().nullable() })),
})

const FIELD_NAME_MAX = 20
const OPTIONS_MAX = 50
export const FieldKind = z.enum(['text', 'number', 'date', 'choice', 'choices'])
export type FieldKind = z.infer<typeof FieldKind>
const FieldName = Text.trim().min(1).max(FIELD_NAME_MAX)
const Options = z
  .array(Text.trim().min(1).max(30))
  .max(OPTIONS_MAX)
  .refine((options) => new Set(options).size === options.length, '选项重复了，请去掉一个。')

export const NewField = z
  .object({ name: FieldName, kind: FieldKind, options: Options.default([]) })
  .refine(
    (field) => (field.kind === 'choice' || field.kind === 'choices') === field.options.length > 0,
    '选择类的字段至少写一个选项，其他字段不用写。',
  )
export type NewField = z.infer<typeof NewField>
export const FieldEdit = z.object({ name: FieldName.optional(), options: Options.min(1).optional() })
export type FieldEdit = z.infer<typeof FieldEdit>
export const FieldOrder = z.object({ contactFieldIds: z.array(Id).min(1).max(100) })

export const ContactField = z.object({
  contactFieldId: Id,
  name: z.string(),
  kind: FieldKind,
  options: z.array(z.string()),
  /** Customers it is filled in for. */
  used: z.number().int(),
})
export type ContactField = z.infer<typeof ContactField>

const FieldValue = z.union([Text.max(500), z.number(), z.array(Text.max(30)).max(OPTIONS_MAX)])
export type FieldValue = z.infer<typeof FieldValue>
/** By field id; null empties a field. */
export const FieldValues = z.object({ values: z.record(Id, FieldValue.nullable()) })

export const ContactProfile = z.object({
  contactId: Id,
  externalUserid: z.string().nullable(),
  /** What he is known by, the strongest first. */
  identities: z.array(ShownIdentity),
  name: z.string(),
  avatar: z.string().nullable(),
  gender: z.number().int(),
  kind: z.number().int(),
  corpName: z.string().nullable(),
  position: z.string().nullable(),
  firstAddedAt: Instant.nullable(),
  lastAddedAt: Instant.nullable(),
  lostAt: Instant.nullable(),
  /** Every field of the corp, in its order. */
  fields: z.array(
    z.object({
      contactFieldId: Id,
      name: z.string(),
      kind: FieldKind,
      options: z.array(z.string()),
      value: FieldValue.nullable(),
    }),
  ),
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

export const ContactInterest = z.object({
  /** Points that rules gave, added up. */
  score: z.number().int(),
  /** The newest of them. */
  scored: z.array(z.object({ points: z.number().int(), why: z.string(), at: Instant })),
  /** Live streams he watched, as servers of the corp told: each once, with its minutes in all. */
  lives: z.object({
    number: z.number().int(),
    minutes: z.number(),
    newest: z.array(z.object({ title: z.string(), minutes: z.number(), at: Instant })),
  }),
})
export type ContactInterest = z.infer<typeof ContactInterest>

const LostBy = z.enum(['customer', 'staff', 'transfer', 'unknown'])

/** Who is told when a customer deletes a member: nobody, the member, or he and the heads of his departments. */
export const LossAlertRule = z.object({ tell: z.enum(['off', 'member', 'leader']) })

export const LossQuery = z.object({
  by: LostBy.optional(),
  staffId: Id.optional(),
  /** Days in Shanghai, both of them in it. */
  from: Day.optional(),
  to: Day.optional(),
  before: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type LossQuery = z.infer<typeof LossQuery>

/** One friendship that ended, as the journal has it. */
export const LossRow = z.object({
  eventId: z.string(),
  contactId: Id,
  name: z.string(),
  avatar: z.string().nullable(),
  staffId: Id.nullable(),
  staffName: z.string().nullable(),
  by: LostBy,
  at: Instant,
  /** When they became friends; null where that is older than the journal. */
  addedAt: Instant.nullable(),
  channel: z.string().nullable(),
  tags: z.array(TagOnContact),
  /** They are friends again. */
  back: z.boolean(),
})
export type LossRow = z.infer<typeof LossRow>
export const LossPage = z.object({ items: z.array(LossRow), nextCursor: z.string().nullable() })
export type LossPage = z.infer<typeof LossPage>

export const DuplicateQuery = z.object({
  by: z.enum(['mobile', 'face']).default('mobile'),
  after: Text.max(40).optional(),
})
export type DuplicateQuery = z.infer<typeof DuplicateQuery>

/** Customers who may be one person, to be compared by eye. */
export const DuplicatePage = z.object({
  items: z.array(
    z.object({
      key: z.string(),
      /** Masked, of a match by mobile. */
      mobiles: z.string().nullable(),
      contacts: z.array(ContactRow),
    }),
  ),
  nextCursor: z.string().nullable(),
})
export type DuplicatePage = z.infer<typeof DuplicatePage>

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

/** Above so many customers somebody else has to agree; what one person takes in a day. */
export const ExportRules = z.object({
  approvalAbove: z.number().int().min(0).max(50_000),
  dailyMax: z.number().int().min(100).max(500_000),
})
export const AskExport = z.object({
  filter: ContactFilter,
  format: z.enum(['csv', 'xlsx']),
  reason: Text.trim().min(2).max(200),
})
export const DecideExport = z.object({ approve: z.boolean(), note: Text.trim().max(200).default('') })
export const ExportView = z.object({
  contactExportId: Id,
  askedBy: z.string(),
  own: z.boolean(),
  /** Of whose answers, where it is no list of customers. */
  form: z.object({ formId: Id, title: z.string() }).nullable(),
  filter: z.record(z.string(), z.unknown()),
  format: z.enum(['csv', 'xlsx']),
  customers: z.number().int(),
  reason: z.string(),
  state: z.enum(['waiting', 'ready', 'expired', 'refused', 'withdrawn', 'taken']),
  createdAt: Instant,
  decider: z.string().nullable(),
  note: z.string().nullable(),
  expiresAt: Instant.nullable(),
  takenAt: Instant.nullable(),
})

/** What a whole number is needed for. */
export const RevealMobiles = z.object({
  purpose: z.enum(['call', 'delivery', 'verify', 'complaint', 'other']),
  note: Text.trim().max(100).default(''),
})
export const Mobiles = z.object({ mobiles: z.array(z.object({ staffId: Id, mobiles: z.array(z.string()) })) })

export const FollowRow = z.object({
  contactId: Id,
  name: z.string(),
  avatar: z.string().nullable(),
  kind: z.number().int(),
  corpName: z.string().nullable(),
  staffId: Id,
  staffName: z.string(),
  staffLeft: z.boolean(),
  remark: z.string(),
  addWay: z.number().int(),
  addedAt: Instant,
  lostAt: Instant.nullable(),
  lostBy: LostBy.nullable(),
  /** The name of the code he came by. */
  channel: z.string().nullable(),
  tags: z.array(TagOnContact),
})
export type FollowRow = z.infer<typeof FollowRow>
export const FollowPage = z.object({ items: z.array(FollowRow), nextCursor: z.string().nullable() })
export type FollowPage = z.infer<typeof FollowPage>
