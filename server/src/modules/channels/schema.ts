import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'
import { Text, WebUrl } from '../../platform/text.ts'
import { ON_SHIFT_MAX, Roster, Window } from './roster/schema.ts'

const CODE_TAGS_MAX = 30
/** A template of the remark; what becomes of it is cut at WeCom’s 20 characters (path/92115, 2026-11). */
const REMARK_TEMPLATE_MAX = 60
/** Bytes: developer.work.weixin.qq.com/document/path/92137, 2026-11. */
const WELCOME_TEXT_BYTES_MAX = 4_000
const LINK_TITLE_BYTES_MAX = 128
const LINK_DESC_BYTES_MAX = 512
const MINIPROGRAM_TITLE_BYTES_MAX = 64
const ATTACHMENTS_MAX = 9

const bytesMax = (max: number) =>
  Text.refine((value) => Buffer.byteLength(value) <= max, {
    message: `最多 ${max} 字节（约 ${Math.floor(max / 3)} 个汉字）`,
  })

export const ImageAttachment = z.object({ type: z.literal('image'), mediaAssetId: Id })
export const LinkAttachment = z.object({
  type: z.literal('link'),
  title: bytesMax(LINK_TITLE_BYTES_MAX).min(1),
  url: WebUrl,
  desc: bytesMax(LINK_DESC_BYTES_MAX).optional(),
  picurl: WebUrl.optional(),
})
export const MiniprogramAttachment = z.object({
  type: z.literal('miniprogram'),
  title: bytesMax(MINIPROGRAM_TITLE_BYTES_MAX).min(1),
  appid: z
    .string()
    .trim()
    .regex(/^wx[0-9a-zA-Z]{8,32}$/),
  page: Text.trim().min(1).max(1_024),
  mediaAssetId: Id,
})
export const WelcomeAttachment = z.discriminatedUnion('type', [ImageAttachment, LinkAttachment, MiniprogramAttachment])
export type WelcomeAttachment = z.infer<typeof WelcomeAttachment>

/** What a new friend is told. The text may hold {客户昵称} {成员姓名} {企业名称}; one of text and attachments must be there. */
export const Welcome = z
  .object({
    text: bytesMax(WELCOME_TEXT_BYTES_MAX).default(''),
    attachments: z.array(WelcomeAttachment).max(ATTACHMENTS_MAX).default([]),
  })
  .refine((welcome) => welcome.text.trim() !== '' || welcome.attachments.length > 0, {
    message: '写一句话，或加一个附件',
  })
export type Welcome = z.infer<typeof Welcome>

const SLOTS_MAX = 10
/** At these hours this welcome instead of the code's own. */
export const WelcomeSlot = Window.extend({ welcome: Welcome })
export type WelcomeSlot = z.infer<typeof WelcomeSlot>
const WelcomeSlots = z.array(WelcomeSlot).max(SLOTS_MAX)
/** Several welcomes of one code; who comes is told one of them, as often as its share of the weights. */
export const WelcomeVariant = z.object({ weight: z.number().int().min(1).max(100), welcome: Welcome })
export type WelcomeVariant = z.infer<typeof WelcomeVariant>
const VARIANTS_MAX = 4
const WelcomeVariants = z
  .array(WelcomeVariant)
  .max(VARIANTS_MAX)
  .refine((variants) => variants.length !== 1, { message: '一种说法没有可比的，请写 2–4 种，或只用欢迎语' })
/** Whoever has one of these in his name is added without a welcome: colleagues, competitors, testers. */
const BlockedWords = z.array(Text.trim().min(1).max(20)).max(50)

const CodeName = Text.trim().min(1).max(30)
const RemarkTemplate = Text.trim().max(REMARK_TEMPLATE_MAX)
const GroupName = Text.trim().max(30)
/** What a code does with whoever comes, whoever receives him. */
export const AfterScan = z.object({
  tagIds: z.array(Id).max(CODE_TAGS_MAX).default([]),
  /** Put on new friends; may hold the same variables. Empty: the remark is left alone. */
  remark: RemarkTemplate.default(''),
  /** Friends without the staff member’s confirmation. */
  skipVerify: z.boolean().default(true),
  /** Null: the company’s default welcome. */
  welcome: Welcome.nullable().default(null),
  /** Tried against each other in place of `welcome`. */
  welcomeVariants: WelcomeVariants.default([]),
  /** The first that holds goes before the welcome and its variants. */
  welcomeSlots: WelcomeSlots.default([]),
  blockedWords: BlockedWords.default([]),
  /** The same customer always reaches the same member. Set once: WeCom cannot change it (path/92228, 2026-11). */
  exclusive: z.boolean().default(false),
  /** The folder it lies in; empty: none. */
  groupName: GroupName.default(''),
})
const Settings = AfterScan.extend({
  name: CodeName,
  /** Without a roster: they receive, always. With one: whoever it names, and this is left out. */
  staffIds: z.array(Id).max(ON_SHIFT_MAX).default([]),
  /** Null: `staffIds`, always. */
  roster: Roster.nullable().default(null),
})
export const NewChannelCode = Settings.refine((code) => code.roster !== null || code.staffIds.length > 0, {
  message: '选至少一位成员，或排一张班表',
  path: ['staffIds'],
})
export type NewChannelCode = z.infer<typeof NewChannelCode>

export const ChannelCodeEdit = z
  .object({
    name: CodeName,
    staffIds: z.array(Id).min(1).max(ON_SHIFT_MAX),
    /** Null changes nothing: give `staffIds` to end a roster. */
    roster: Roster.nullable(),
    tagIds: z.array(Id).max(CODE_TAGS_MAX),
    remark: RemarkTemplate,
    skipVerify: z.boolean(),
    welcome: Welcome.nullable(),
    welcomeVariants: WelcomeVariants,
    welcomeSlots: WelcomeSlots,
    blockedWords: BlockedWords,
    groupName: GroupName,
  })
  .partial()
export type ChannelCodeEdit = z.infer<typeof ChannelCodeEdit>

/** Sums of a period; `net` = adds − losses. A scan is counted only on our landing page. */
export const Totals = z.object({
  scans: z.number().int(),
  adds: z.number().int(),
  losses: z.number().int(),
  net: z.number().int(),
})

/** One way to hand out the code. `countsScans`: whether opening it is seen by us; WeCom tells of adds, never of scans. */
export const QrVariant = z.object({
  landing: z.boolean(),
  countsScans: z.boolean(),
  /** What the picture says; null while WeCom has not answered. */
  content: z.string().nullable(),
  pngUrl: z.string(),
  svgUrl: z.string(),
  explain: z.string(),
})

export const ChannelCodeRow = z.object({
  channelCodeId: Id,
  name: z.string(),
  /** creating: WeCom has not made it yet; ready; failed: see the health page; archived: out of the lists, still scannable. */
  status: z.enum(['creating', 'ready', 'failed', 'archived']),
  /** An edit has not reached WeCom yet. */
  updating: z.boolean(),
  staff: z.array(z.object({ staffId: Id, name: z.string(), avatar: z.string().nullable(), active: z.boolean() })),
  tags: z.array(z.object({ tagId: Id, name: z.string() })),
  /** Of the open failure: the health page has its words and its replay. */
  failureId: Id.nullable(),
  failureCause: z.string().nullable(),
  hasWelcome: z.boolean(),
  hasRoster: z.boolean(),
  groupName: z.string(),
  last7Days: Totals,
  /** Adds of the last 14 days, oldest first, today last. */
  sparkline: z.array(z.number().int()).length(14),
  createdAt: Instant,
})
export type ChannelCodeRow = z.infer<typeof ChannelCodeRow>

export const ChannelCodePage = z.object({ items: z.array(ChannelCodeRow), nextCursor: z.string().nullable() })
export const ChannelCodeListQuery = z.object({
  search: Text.trim().max(30).optional(),
  archived: z.enum(['0', '1']).default('0'),
  group: GroupName.optional(),
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

export const ChannelCodeView = ChannelCodeRow.omit({
  last7Days: true,
  sparkline: true,
  hasWelcome: true,
  hasRoster: true,
}).extend({
  remark: z.string(),
  skipVerify: z.boolean(),
  welcome: Welcome.nullable(),
  welcomeVariants: WelcomeVariants,
  welcomeSlots: WelcomeSlots,
  blockedWords: z.array(z.string()),
  roster: Roster.nullable(),
  exclusive: z.boolean(),
  /** Comes back with every friend it brings. */
  state: z.string(),
  landingUrl: z.string(),
  qr: z.array(QrVariant),
  createdByName: z.string().nullable(),
  updatedAt: Instant,
  archivedAt: Instant.nullable(),
})
export type ChannelCodeView = z.infer<typeof ChannelCodeView>

/** The default code has 480 pixels. */
export const QrQuery = z.object({
  size: z.coerce.number().int().min(128).max(2_048).default(480),
  logo: z.enum(['0', '1']).default('1'),
  landing: z.enum(['0', '1']).default('0'),
})

/** `12,34,56`. */
const Ids = (max: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,17}(,[1-9]\d{0,17})*$/)
    .transform((text) => [...new Set(text.split(','))])
    .refine((ids) => ids.length <= max)

/** One folder, or several. */
const Groups = z
  .union([GroupName.min(1), z.array(GroupName.min(1))])
  .transform((groups) => [...new Set([groups].flat())])

/** Which codes, one of: picked ones, a batch, a folder, the placements of a code. */
export const ZipQuery = z
  .object({
    codes: Ids(1_000).optional(),
    batch: Id.optional(),
    group: GroupName.min(1).optional(),
    placementsOf: Id.optional(),
    landing: z.enum(['0', '1']).default('0'),
    /** Pixels of a code's side; 1 200 are ten centimetres in print. */
    size: z.coerce.number().int().min(240).max(2_048).default(1_200),
  })
  .refine((query) => query.codes ?? query.batch ?? query.group ?? query.placementsOf, { message: '选要下载的活码' })
export type ZipQuery = z.infer<typeof ZipQuery>

/** Days of Asia/Shanghai, both included; the last 30 by default. */
export const StatsQuery = z.object({ from: Day.optional(), to: Day.optional() })
/** Codes with their placements, and whole folders. */
const Chosen = StatsQuery.extend({ codes: Ids(1_000).default([]), groups: Groups.default([]) })
const COMPARED_MAX = 6
export const ComparisonQuery = Chosen.refine(
  ({ codes, groups }) => codes.length + groups.length >= 2 && codes.length + groups.length <= COMPARED_MAX,
  { message: `选 2–${COMPARED_MAX} 个活码或分组来比`, path: ['codes'] },
)
export type ComparisonQuery = z.infer<typeof ComparisonQuery>
/** Nothing chosen: every code. */
export const StatsFileQuery = Chosen
export type StatsFileQuery = z.infer<typeof StatsFileQuery>
/** Of those added in the period and so long ago, how many were still friends after so many days. */
const Retention = z.array(z.object({ days: z.number().int(), of: z.number().int(), kept: z.number().int() }))
/** Who came then and wrote back within thirty days; null: nothing told what customers write by then. */
const Replied = z.number().int().nullable()
export const ChannelStats = z.object({
  from: Day,
  to: Day,
  /** Since when anything tells what customers write. */
  repliesSince: Instant.nullable(),
  totals: Totals,
  /** The same number of days just before. */
  previous: Totals,
  byDay: z.array(Totals.extend({ day: Day, replied: Replied })),
  byStaff: z.array(Totals.omit({ scans: true }).extend({ staffId: Id, name: z.string(), replied: Replied })),
  retention: Retention,
  /** Adds of the period by weekday (Monday first) and hour of Asia/Shanghai. */
  heat: z.array(z.array(z.number().int()).length(24)).length(7),
  /** scans (landing page) → adds → replied (of those added in the period, within thirty days; null: not told) → tagged (of those added in the period, by somebody’s hand) → kept (still friends now). */
  funnel: z.array(z.object({ step: z.enum(['scans', 'adds', 'replied', 'tagged', 'kept']), count: Replied })),
})
export type ChannelStats = z.infer<typeof ChannelStats>

export const Comparison = z.object({
  from: Day,
  to: Day,
  repliesSince: Instant.nullable(),
  subjects: z.array(
    z.object({
      /** `code:12`, `group:门店`. */
      key: z.string(),
      name: z.string(),
      isGroup: z.boolean(),
      /** Of a folder: how many lie in it. */
      codes: z.number().int(),
      totals: Totals,
      /** Of those who came then, `of` as they stand now. */
      replied: z.object({ of: z.number().int(), count: z.number().int() }).nullable(),
      retention: Retention,
      /** Of all its placements, over their own dates, as on the code's page; null: nobody added there, or nothing spent. */
      costFen: z.number().int(),
      cpaFen: z.number().int().nullable(),
      /** By day of the period. */
      adds: z.array(z.number().int()),
    }),
  ),
})
export type Comparison = z.infer<typeof Comparison>

export const DefaultWelcome = z.object({ welcome: Welcome.nullable() })
/** What a text may hold, for the editor’s menu. */
export const WelcomeSettings = DefaultWelcome.extend({
  variables: z.array(z.string()),
  last7Days: z.object({ sent: z.number().int(), failed: z.number().int(), medianMs: z.number().int().nullable() }),
})
