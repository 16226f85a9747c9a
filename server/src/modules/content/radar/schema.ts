import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'

/** The way a link went to whoever reads it. */
export const CHANNELS = ['chat', 'group', 'moment', 'broadcast', 'code', 'other'] as const
export const RadarChannel = z.enum(CHANNELS)
export type RadarChannel = z.infer<typeof RadarChannel>

/** What stands in a link: 128 bits nobody can guess. */
export const Token = z.string().regex(/^[\w-]{22}$/)

/** Seconds in the page before it counts as opened: whoever only looks at a link, or a machine, is not counted. */
export const OPENED_AFTER_S = 2
/** One reading is no longer than this, whatever a page says. */
export const SECONDS_MAX = 4 * 3_600
/** Pages of a PDF that are told apart. */
export const PAGES_MAX = 300
/** Longer without a sign of life, and a reading has ended. */
export const SILENCE_S = 45

const Times = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '写成 22:00 这样')
/** A host name as it stands in an address: ASCII, no port. */
const Host = z
  .string()
  .max(253)
  .regex(/^(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+$/, '写成 www.example.com 这样，不带 https 和端口')

export const RadarSetting = z.object({
  notify: z.boolean(),
  digestMinutes: z.number().int().min(5).max(1_440),
  hourlyMax: z.number().int().min(1).max(20),
  quietFrom: Times,
  quietUntil: Times,
  /** Other sites a link may lead to without asking the reader first. */
  hosts: z.array(Host).max(50),
})
export type RadarSetting = z.infer<typeof RadarSetting>

export const RadarSummary = z.object({
  materialId: Id,
  title: z.string(),
  kind: z.string(),
  opens: z.number().int(),
  people: z.number().int(),
  /** Of readings that have ended. */
  secondsMean: z.number().int().nullable(),
  /** Of a hundred. */
  depthMean: z.number().int().nullable(),
  forwards: z.number().int(),
  lastAt: Instant.nullable(),
})
export type RadarSummary = z.infer<typeof RadarSummary>

const Facet = z.object({ opens: z.number().int(), people: z.number().int(), secondsMean: z.number().int().nullable() })

export const MaterialRadar = z.object({
  materialId: Id,
  title: z.string(),
  kind: z.string(),
  links: z.number().int(),
  opens: z.number().int(),
  people: z.number().int(),
  seconds: z.number().int(),
  readings: z.number().int(),
  forwards: z.number().int(),
  /** Of a hundred readings, how many came as far as so many tenths: from 10 % to 100 %. */
  reached: z.array(z.number()),
  /** Of a PDF, by its pages: of a hundred readings how many came to it, and the seconds spent on it in all. */
  pages: z.array(z.object({ reached: z.number(), seconds: z.number().int() })),
  trend: z.array(z.object({ day: z.string(), opens: z.number().int(), people: z.number().int() })),
  staff: z.array(Facet.extend({ staffId: Id, name: z.string() })),
  channels: z.array(Facet.extend({ channel: RadarChannel })),
})
export type MaterialRadar = z.infer<typeof MaterialRadar>

export const READER_SORTS = ['last', 'opens', 'seconds'] as const
export const ReaderQuery = z.object({
  sort: z.enum(READER_SORTS).default('last'),
  before: Text.max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type ReaderQuery = z.infer<typeof ReaderQuery>

export const Reader = z.object({
  contactId: Id,
  name: z.string(),
  avatar: z.string().nullable(),
  /** WeCom said who he is; else a device nobody has signed in on. */
  known: z.boolean(),
  /** A member follows him. */
  customer: z.boolean(),
  opens: z.number().int(),
  seconds: z.number().int(),
  depth: z.number().int(),
  /** Of a PDF: seconds by page, through the farthest he came to. */
  pages: z.array(z.number().int()),
  firstAt: Instant,
  lastAt: Instant,
})
export type Reader = z.infer<typeof Reader>
export const ReaderPage = z.object({ items: z.array(Reader), nextCursor: z.string().nullable() })
export type ReaderPage = z.infer<typeof ReaderPage>

const Person = z.object({ contactId: Id, name: z.string() })
export const ForwardEdge = z.object({
  from: Person,
  to: Person,
  staffId: Id,
  staffName: z.string(),
  opens: z.number().int(),
  firstAt: Instant,
})
/** Who read it from whose forwarding, the earliest first. */
export const ForwardTree = z.object({ edges: z.array(ForwardEdge), more: z.boolean() })
export type ForwardTree = z.infer<typeof ForwardTree>

const Count = z.number().int()
/** Of people a piece was sent to; each once for a piece and a member. */
export const EffectRow = z.object({
  piece: z.enum(['material', 'script']),
  pieceId: Id,
  title: z.string(),
  kind: z.string(),
  /** Times, of which several may have gone to one person. */
  sent: Count,
  people: Count,
  opened: Count,
  read: Count,
  tagged: Count,
  /** Wrote to us; as far as anything tells us of it. */
  replied: Count,
  ordered: Count,
  amountFen: z.number(),
  /** Members whose customers paid most often after it. */
  best: z.array(z.object({ staffId: Id, name: z.string(), people: Count, ordered: Count })),
})
export type EffectRow = z.infer<typeof EffectRow>
export const Effect = z.object({
  items: z.array(EffectRow),
  afterDays: Count,
  readDepth: Count,
  hearsReplies: z.boolean(),
})
export type Effect = z.infer<typeof Effect>
export const EffectQuery = z.object({ days: z.coerce.number().int().min(7).max(90).default(30) })

export const NewLink = z.object({
  materialId: Id,
  channel: RadarChannel,
  /** In whose name; one's own where it is left out. */
  staffId: Id.optional(),
  /** The group, the code … it goes to. */
  chatId: Text.trim().min(1).max(64).optional(),
  contactId: Id.optional(),
})
export type NewLink = z.infer<typeof NewLink>
