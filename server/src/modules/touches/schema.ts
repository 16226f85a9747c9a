import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { FATE_NAMES } from './fates.ts'

/** WeCom's ways to a customer: 群发 (a task its member presses send on), a member writing by our hint, 朋友圈. */
export const Channel = z.enum(['mass', 'chat', 'moment'])
export type Channel = z.infer<typeof Channel>

export const SourceKind = z.enum(['broadcast', 'journey', 'moment'])
export type SourceKind = z.infer<typeof SourceKind>

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
/** Within one day: from inclusive, to exclusive. */
const Hours = z.object({ from: Clock, to: Clock }).refine(({ from, to }) => from < to, { path: ['to'] })
export type Hours = z.infer<typeof Hours>
const Topic = Text.trim().min(1).max(20)

export const Cap = z.object({
  /** Empty: all of them. */
  channels: z.array(Channel).max(3).default([]),
  /** Empty: all that are not exempt. */
  topics: z.array(Topic).max(20).default([]),
  window: z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['day', 'week', 'month']) }),
    /** Any so many days in a row. */
    z.object({ kind: z.literal('days'), days: z.number().int().min(2).max(60) }),
  ]),
  limit: z.number().int().min(1).max(60),
})
export type Cap = z.infer<typeof Cap>

/** What WeCom allows a customer: as many a month as it has days, or what the corp's admin has chosen. */
export const Platform = z.enum(['month_days', 'week_7', 'day_1', 'month_4'])
export type Platform = z.infer<typeof Platform>

export const AgreementKind = z.enum(['member', 'subscribe', 'advisor'])
export type AgreementKind = z.infer<typeof AgreementKind>

export const Policy = z.object({
  topics: z
    .array(z.object({ name: Topic, /** Told whatever the caps say: what somebody waits for. */ exempt: z.boolean() }))
    .min(1)
    .max(20)
    .refine((topics) => new Set(topics.map(({ name }) => name)).size === topics.length),
  caps: z.array(Cap).max(20),
  /** When people may be written to; null: not on such days at all. Days as the corp's calendar has them. */
  hours: z.object({ workday: Hours.nullable(), restday: Hours.nullable() }).refine((h) => h.workday ?? h.restday),
  platform: Platform,
  /** Of a thousand customers, how many get nothing that is not exempt. */
  holdout: z.number().int().min(0).max(500),
  /** Whoever has one of these tags is left alone. */
  forbiddenTagIds: z.array(Id).max(50),
  /** A topic is only for who has agreed to be told of it. */
  agreements: z.array(z.object({ topic: Topic, kind: AgreementKind })).max(20),
  /** How many customers one member is asked to write to a day; null: as many as there are. */
  memberDaily: z.number().int().min(1).max(100_000).nullable(),
})
export type Policy = z.infer<typeof Policy>

/** Until a corp says otherwise. */
export const USUAL: Policy = {
  topics: [
    { name: '营销', exempt: false },
    { name: '关怀', exempt: false },
    { name: '服务', exempt: true },
  ],
  caps: [
    { channels: [], topics: [], window: { kind: 'days', days: 7 }, limit: 2 },
    { channels: [], topics: [], window: { kind: 'month' }, limit: 6 },
  ],
  hours: { workday: { from: '09:00', to: '21:00' }, restday: { from: '10:00', to: '20:00' } },
  platform: 'month_days',
  holdout: 0,
  forbiddenTagIds: [],
  agreements: [],
  memberDaily: null,
}

export const PolicyView = Policy.extend({
  /** 0: nobody has saved one yet. */
  version: z.number().int(),
  savedBy: z.string().nullable(),
  savedAt: Instant.nullable(),
})

/** What became of somebody in a touch; see fates.ts. */
export const FateWord = z.enum(FATE_NAMES)
const FateCounts = z.partialRecord(FateWord, z.number().int())

/** How often a customer may still be reached. */
export const Budget = z.object({
  channel: Channel,
  topic: z.string(),
  left: z.number().int(),
  /** Why he must not be reached at all now; null: nothing is against it. */
  objection: FateWord.nullable(),
  /** Each limit with what its fullest window holds; `window` null: WeCom's own. */
  limits: z.array(z.object({ window: Cap.shape.window.nullable(), limit: z.number().int(), held: z.number().int() })),
})
export type Budget = z.infer<typeof Budget>

const Touch = z.object({
  touchId: Id,
  channel: Channel,
  topic: z.string(),
  title: z.string(),
  sourceKind: SourceKind,
  sourceId: z.string(),
  at: Instant,
})
export const TouchOfContact = Touch.extend({ fate: FateWord })
export type TouchOfContact = z.infer<typeof TouchOfContact>

export const TouchSummary = Touch.extend({
  day: Day,
  priority: z.number().int(),
  exempt: z.boolean(),
  /** Cancelled: what was only reserved has been given back. */
  released: z.boolean(),
  counts: FateCounts,
})
export type TouchSummary = z.infer<typeof TouchSummary>

export const Replay = z.object({
  touches: z.array(
    Touch.pick({ touchId: true, title: true, channel: true, topic: true, at: true }).extend({
      /** Customers it had in mind with nothing against them but limits. */
      meant: z.number().int(),
      was: z.number().int(),
      would: z.number().int(),
      capped: z.number().int(),
      heldOut: z.number().int(),
    }),
  ),
  /** How many customers had 0, 1, … touches in all, 20 standing for more: as it was, as it would have been. */
  was: z.array(z.number().int()),
  would: z.array(z.number().int()),
})
export type Replay = z.infer<typeof Replay>

export const RefusalWhy = z.enum(['customer', 'blacklist', 'platform'])

/** Somebody is not to be written to: by his own word, or by the corp's list. */
export const NewRefusal = z.object({
  channel: z.union([z.literal('*'), Channel]).default('*'),
  why: z.enum(['customer', 'blacklist']),
  note: Text.trim().max(200).default(''),
  /** Null: until it is lifted. */
  until: Instant.nullable().default(null),
})
export type NewRefusal = z.infer<typeof NewRefusal>

export const RefusalView = z.object({
  contactId: Id,
  contactName: z.string(),
  channel: z.string(),
  why: RefusalWhy,
  note: z.string(),
  since: Instant,
  until: Instant.nullable(),
  actor: z.string(),
})
export type RefusalView = z.infer<typeof RefusalView>

export const NewAgreementText = z.object({ kind: AgreementKind, body: Text.trim().min(1).max(2000) })
export const AgreementTextView = z.object({
  kind: AgreementKind,
  version: z.number().int(),
  body: z.string(),
  writtenBy: z.string(),
  writtenAt: Instant,
  /** Customers who agree by this wording now. */
  people: z.number().int(),
})
export type AgreementTextView = z.infer<typeof AgreementTextView>

export const NewAgreement = z.object({
  kind: AgreementKind,
  /** How he said so, for whoever asks later: 门店签字, 小程序勾选, … */
  how: Text.trim().min(1).max(200),
})
export type NewAgreement = z.infer<typeof NewAgreement>

export const AgreementView = z.object({
  kind: AgreementKind,
  textVersion: z.number().int(),
  givenAt: Instant,
  how: z.string(),
  by: z.string(),
  withdrawnAt: Instant.nullable(),
})
export type AgreementView = z.infer<typeof AgreementView>

/** What a customer's page says of being written to. */
export const TouchCard = z.object({
  budgets: z.array(Budget),
  refusals: z.array(RefusalView.omit({ contactId: true, contactName: true })),
  agreements: z.array(AgreementView),
})
export type TouchCard = z.infer<typeof TouchCard>

/** Whom to reach; `staffIds` are who would write to each, in the same order, where the corp limits what a member is asked. */
export interface Recipients {
  contactIds: readonly string[]
  staffIds?: readonly string[]
}
