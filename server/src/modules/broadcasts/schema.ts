import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { ViewFilter } from '../contacts/schema.ts'
import { FateWord } from '../touches/schema.ts'

/** Bytes of text, attachments, and customers of one task: developer.work.weixin.qq.com/document/path/92135, 2026-11. */
export const TEXT_BYTES_MAX = 4_000
export const ATTACHMENTS_MAX = 9
export const CHUNK_MAX = 10_000
/** Where the text names the customer, every name is a task of its own for the member to send. */
export const NAMED_MAX = 2_000
/** Reminders of one task within 24 hours: path/97610, 2026-11. */
export const REMINDERS_MAX = 3
const LIST_MAX = 100_000

const Ids = (max: number) => z.array(Id).min(1).max(max)
/** One set of customers. */
export const AudiencePart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('segment'), segmentId: Id }),
  z.object({ kind: z.literal('tags'), tagIds: Ids(20), match: z.enum(['any', 'all']).default('any') }),
  z.object({ kind: z.literal('filter'), filter: ViewFilter }),
  z.object({ kind: z.literal('list'), broadcastListId: Id }),
])
export type AudiencePart = z.infer<typeof AudiencePart>

/** Whoever is in one of the parts and in none of the others. */
export const Audience = z.object({
  include: z.array(AudiencePart).min(1).max(10),
  exclude: z.array(AudiencePart).max(10).default([]),
})
export type Audience = z.infer<typeof Audience>

export const Variant = z
  .object({
    weight: z.number().int().min(1).max(100).default(1),
    text: Text.refine(
      (text) => Buffer.byteLength(text) <= TEXT_BYTES_MAX,
      '文字最多 4000 字节（约 1300 个汉字）',
    ).default(''),
    materialIds: z.array(Id).max(ATTACHMENTS_MAX).default([]),
  })
  .refine(({ text, materialIds }) => text.trim() !== '' || materialIds.length > 0, '写一句话，或选一份素材')
export type Variant = z.infer<typeof Variant>

/** Of several members who follow a customer, who is asked to write. */
export const Senders = z.discriminatedUnion('kind', [
  /** Who wrote to him last by our hint, else the newest friend. */
  z.object({ kind: z.literal('recent') }),
  /** Who has known him longest. */
  z.object({ kind: z.literal('owner') }),
  /** Whoever has the fewest to write to. */
  z.object({ kind: z.literal('balanced') }),
  z.object({ kind: z.literal('one'), staffId: Id }),
])
export type Senders = z.infer<typeof Senders>

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
export const Schedule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('now') }),
  z.object({ kind: z.literal('at'), at: Instant }),
  z.object({
    kind: z.literal('every'),
    every: z.enum(['day', 'week', 'month']),
    /** 1 Monday to 7 Sunday, or the day of the month; ignored daily. */
    on: z.number().int().min(1).max(31).default(1),
    time: Clock,
    until: Day.nullable().default(null),
  }),
])
export type Schedule = z.infer<typeof Schedule>

export const Definition = z.object({
  name: Text.trim().min(1).max(60),
  topic: Text.trim().min(1).max(20),
  priority: z.number().int().min(1).max(9).default(5),
  holdout: z.number().int().min(0).max(500).default(0),
  audience: Audience,
  variants: z.array(Variant).min(1).max(4),
  senders: Senders.default({ kind: 'recent' }),
  schedule: Schedule.default({ kind: 'now' }),
  windowDays: z.number().int().min(1).max(30).default(7),
})
export type Definition = z.infer<typeof Definition>

/** `requestKey`: of the page that asks; asked again with it, the first answer comes back. */
export const NewBroadcast = Definition.extend({ requestKey: Text.min(8).max(64) })
export type NewBroadcast = z.infer<typeof NewBroadcast>

export const BroadcastState = z.enum(['draft', 'live', 'ended'])
export const RunState = z.enum([
  'planning',
  'waiting',
  'ready',
  'sending',
  'asked',
  'done',
  'stopped',
  'refused',
  'failed',
  'lapsed',
])
export type RunState = z.infer<typeof RunState>

export const PreviewBroadcast = Definition.pick({
  topic: true,
  priority: true,
  holdout: true,
  audience: true,
  senders: true,
  schedule: true,
}).extend({
  /** Of the texts: whether one names the customer. */
  variants: z
    .array(z.object({ text: Text.max(4_000) }))
    .max(4)
    .default([]),
  broadcastId: Id.optional(),
})
export type PreviewBroadcast = z.infer<typeof PreviewBroadcast>

const Someone = z.object({ contactId: Id, name: z.string(), avatar: z.string().nullable() })
/** What would become of everybody if it were planned now; nothing of it is kept. */
export const Preview = z.object({
  /** In one of the parts. */
  included: z.number().int(),
  /** Of them, taken out by the parts to leave out. */
  excluded: z.number().int(),
  /** Nobody who may write follows them. */
  unsendable: z.number().int(),
  reached: z.number().int(),
  drops: z.array(z.object({ fate: FateWord, people: z.number().int(), samples: z.array(Someone) })),
  /** When it would go out: what was asked for, or the next time people may be written to. */
  at: Instant,
  moved: z.boolean(),
  members: z.number().int(),
  /** Tasks each member has to press send on, at most. */
  tasksMost: z.number().int(),
  busiest: z.array(z.object({ staffId: Id, name: z.string(), people: z.number().int() })),
  needsWord: z.boolean(),
  approvalAbove: z.number().int(),
  /** Other touches around that day that reach some of the same people. */
  overlaps: z.array(
    z.object({ touchId: Id, title: z.string(), at: Instant, topic: z.string(), people: z.number().int() }),
  ),
})
export type Preview = z.infer<typeof Preview>

const FateCounts = z.partialRecord(FateWord, z.number().int())
export const RunCard = z.object({
  runId: Id,
  at: Instant,
  state: RunState,
  cause: z.string().nullable(),
  people: z.number().int().nullable(),
  picked: z.number().int().nullable(),
  unsendable: z.number().int().nullable(),
  hash: z.string().nullable(),
  needsWord: z.boolean(),
  askedName: z.string(),
  /** By whoever looks. */
  own: z.boolean(),
  askedAt: Instant,
  approvedName: z.string().nullable(),
  approvedAt: Instant.nullable(),
  note: z.string(),
  notBefore: Instant.nullable(),
  beganAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  counts: FateCounts,
  chunks: z.object({
    planned: z.number().int(),
    sending: z.number().int(),
    accepted: z.number().int(),
    unknown: z.number().int(),
    unclear: z.number().int(),
    refused: z.number().int(),
    cancelled: z.number().int(),
  }),
  members: z.object({ asked: z.number().int(), sent: z.number().int() }),
})
export type RunCard = z.infer<typeof RunCard>

export const BroadcastRow = z.object({
  broadcastId: Id,
  name: z.string(),
  topic: z.string(),
  state: BroadcastState,
  schedule: Schedule,
  variants: z.number().int(),
  text: z.string(),
  actor: z.string(),
  updatedAt: Instant,
  runs: z.number().int(),
  run: RunCard.nullable(),
})
export type BroadcastRow = z.infer<typeof BroadcastRow>
export const BroadcastPage = z.object({ items: z.array(BroadcastRow), nextCursor: Id.nullable() })
export type BroadcastPage = z.infer<typeof BroadcastPage>
export const BroadcastQuery = z.object({
  view: z.enum(['all', 'draft', 'waiting', 'open', 'ended']).default('all'),
  q: Text.trim().max(40).optional(),
  before: Id.optional(),
})
export type BroadcastQuery = z.infer<typeof BroadcastQuery>

export const BroadcastView = Definition.extend({
  broadcastId: Id,
  version: z.number().int(),
  state: BroadcastState,
  actor: z.string(),
  own: z.boolean(),
  createdAt: Instant,
  updatedAt: Instant,
  /** The newest first, fifty at most. */
  runs: z.array(RunCard),
})
export type BroadcastView = z.infer<typeof BroadcastView>

export const Decision = z.object({
  /** Of what the approver has seen. */
  hash: Text.regex(/^[0-9a-f]{64}$/),
  approve: z.boolean(),
  note: Text.trim().max(200).default(''),
})
export type Decision = z.infer<typeof Decision>

export const MemberProgress = z.object({
  staffId: Id,
  name: z.string(),
  avatar: z.string().nullable(),
  tasks: z.number().int(),
  tasksSent: z.number().int(),
  people: z.number().int(),
  sent: z.number().int(),
  failed: z.number().int(),
  lastSentAt: Instant.nullable(),
  remindedAt: Instant.nullable(),
  /** How many more reminders WeCom takes within 24 hours. */
  remindersLeft: z.number().int(),
  open: z.boolean(),
})
export type MemberProgress = z.infer<typeof MemberProgress>

/** A task nobody can tell of whether WeCom has it. */
export const UnclearChunk = z.object({
  number: z.number().int(),
  staffName: z.string(),
  people: z.number().int(),
  sendingAt: Instant,
  text: z.string(),
})
export const RunView = RunCard.extend({
  broadcastId: Id,
  name: z.string(),
  topic: z.string(),
  windowDays: z.number().int(),
  variants: z.array(
    z.object({
      text: z.string(),
      weight: z.number().int(),
      attachments: z.array(z.object({ materialId: Id, kind: z.string(), title: z.string() })),
      people: z.number().int(),
    }),
  ),
  progress: z.array(MemberProgress),
  unclear: z.array(UnclearChunk),
})
export type RunView = z.infer<typeof RunView>

export const RecipientQuery = z.object({
  fate: FateWord.optional(),
  q: Text.trim().max(40).optional(),
  after: Id.optional(),
})
export type RecipientQuery = z.infer<typeof RecipientQuery>
export const Recipient = Someone.extend({
  fate: FateWord,
  staffName: z.string().nullable(),
  variant: z.number().int().nullable(),
  /** What he bought within the window. */
  orders: z.number().int(),
  amountFen: z.number().int(),
})
export type Recipient = z.infer<typeof Recipient>
export const RecipientPage = z.object({ items: z.array(Recipient), nextCursor: Id.nullable() })

const Interval = z.object({ from: z.number(), to: z.number() })
const Arm = z.object({
  people: z.number().int(),
  sent: z.number().int(),
  buyers: z.number().int(),
  orders: z.number().int(),
  amountFen: z.number().int(),
  left: z.number().int(),
  refused: z.number().int(),
})
export type Arm = z.infer<typeof Arm>
export const Results = z.object({
  from: Instant,
  to: Instant,
  /** Its window has not closed yet. */
  open: z.boolean(),
  all: Arm,
  variants: z.array(Arm.extend({ weight: z.number().int(), text: z.string() })),
  /** Null: there is but one. */
  split: z.object({ p: z.number(), skewed: z.boolean() }).nullable(),
  verdict: z
    .object({
      state: z.enum(['unknown', 'winner', 'same', 'skewed']),
      best: z.number().int().nullable(),
      overFirst: z.array(Interval.nullable()),
    })
    .nullable(),
  /** Against those held out by chance; null: nobody was. */
  lift: z
    .object({
      treated: z.object({ of: z.number().int(), yes: z.number().int(), amountFen: z.number().int() }),
      heldOut: z.object({ of: z.number().int(), yes: z.number().int(), amountFen: z.number().int() }),
      /** Of the share who bought, as a difference. */
      difference: Interval,
      sure: z.boolean(),
      /** Money beyond what as many left alone would have spent; null: too few to say. */
      extraFen: z.number().int().nullable(),
    })
    .nullable(),
})
export type Results = z.infer<typeof Results>

/** Customers by external_userid, or our own id; one a line. */
export const NewList = z.object({
  name: Text.trim().min(1).max(60),
  lines: z.array(Text.trim().max(64)).min(1).max(LIST_MAX),
})
export const ListView = z.object({
  broadcastListId: Id,
  name: z.string(),
  people: z.number().int(),
  unknown: z.number().int(),
  madeBy: z.string(),
  madeAt: Instant,
})
export type ListView = z.infer<typeof ListView>

export const BroadcastSetting = z.object({ approvalAbove: z.number().int().min(0).max(1_000_000) })
