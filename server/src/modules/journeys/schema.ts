import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { TEXT_BYTES_MAX } from '../broadcasts/schema.ts'
import { Deed } from '../facts/schema.ts'
import { Rule, Span } from '../segments/schema.ts'

export const STEPS_MAX = 60
export const ARMS_MAX = 8

const Key = z.string().regex(/^n\d{1,6}$/)
const Next = Key.nullable()
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
/** An id, or none yet: a draft may be half written. */
const MaybeId = z.union([Id, z.literal('')])
const Ids = z.array(Id).max(200)
const Words = (most: number) => Text.trim().max(most)
const Weekdays = z.array(z.number().int().min(1).max(7)).max(7)

const step = { key: Key, next: Next }
const said = {
  /** The corp's word for what it is about; the policy's topics. */
  topic: Words(20),
  text: Text.refine((text) => Buffer.byteLength(text) <= TEXT_BYTES_MAX, '文字最多 4000 字节（约 1300 个汉字）'),
  materialIds: z.array(Id).max(9),
}
const Arm = { name: Words(20), next: Next }

export const Step = z.discriminatedUnion('kind', [
  /** So long; then, where a time of day is asked for, until it is that late. Working days alone, if asked. */
  z.object({ kind: z.literal('wait'), ...step, span: Span, at: Clock.nullable(), workdays: z.boolean() }),
  /** Until the next of these weekdays (1 Monday to 7 Sunday; none: any) at that time. */
  z.object({ kind: z.literal('until'), ...step, weekdays: Weekdays, at: Clock }),
  /** Until he does it (`next`), else for so long (`otherwise`). */
  z.object({ kind: z.literal('event'), ...step, deed: Deed, within: Span, otherwise: Next }),
  /** A member is asked to write at once; what nobody sent within the span is taken back. */
  z.object({ kind: z.literal('message'), ...step, ...said, within: Span }),
  /** Sent together with everybody else who comes by until that time of day. */
  z.object({ kind: z.literal('broadcast'), ...step, ...said, at: Clock }),
  /** Words to the member; the customer sees nothing of it. */
  z.object({ kind: z.literal('notice'), ...step, title: Words(40), text: Words(400) }),
  z.object({ kind: z.literal('task'), ...step, title: Words(60), note: Words(400), due: Span }),
  z.object({ kind: z.literal('tag'), ...step, add: Ids, remove: Ids }),
  z.object({ kind: z.literal('stage'), ...step, stageId: MaybeId }),
  z.object({ kind: z.literal('field'), ...step, fieldId: MaybeId, value: Words(200) }),
  z.object({
    kind: z.literal('split'),
    key: Key,
    arms: z
      .array(z.object({ ...Arm, rule: Rule }))
      .min(1)
      .max(ARMS_MAX),
    otherwise: Next,
  }),
  z.object({
    kind: z.literal('random'),
    key: Key,
    arms: z
      .array(z.object({ ...Arm, weight: z.number().int().min(1).max(100) }))
      .min(2)
      .max(ARMS_MAX),
  }),
  /** Whoever comes by has reached something. */
  z.object({ kind: z.literal('goal'), ...step, name: Words(30) }),
  z.object({ kind: z.literal('exit'), key: Key }),
])
export type Step = z.infer<typeof Step>
export type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export const Trigger = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('friend'), staffIds: Ids, channelCodeIds: Ids }),
  z.object({ kind: z.literal('event'), deed: Deed }),
  z.object({ kind: z.literal('segment'), segmentId: MaybeId }),
  z.object({ kind: z.literal('tag'), tagIds: Ids }),
  z.object({ kind: z.literal('stage'), stageIds: Ids }),
  /** So many days before (negative) or after the day in a field, every year. */
  z.object({ kind: z.literal('date'), fieldId: MaybeId, days: z.number().int().min(-180).max(180), at: Clock }),
  z.object({ kind: z.literal('group'), groupChatIds: Ids }),
  z.object({ kind: z.literal('calendar'), on: Day, at: Clock, segmentId: MaybeId }),
])
export type Trigger = z.infer<typeof Trigger>

export const Draft = z.object({
  name: Words(40),
  trigger: Trigger,
  first: Next,
  steps: z.array(Step).max(STEPS_MAX),
  /** 1 yields to all, 9 to none: one journey at a time. */
  priority: z.number().int().min(1).max(9),
  again: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('never') }),
    z.object({ kind: z.literal('after'), span: Span }),
  ]),
  leaveOn: z.object({ reply: z.boolean(), order: z.boolean(), segmentId: Id.nullable() }),
  goal: z.object({ deed: Deed, within: Span }).nullable(),
  /** Members are asked for things on working days alone. */
  workdays: z.boolean(),
})
export type Draft = z.infer<typeof Draft>

/** Why people leave before the end. */
export const LEFT = [
  'done',
  'goal',
  'reply',
  'order',
  'segment',
  'lost',
  'displaced',
  'taken_out',
  'drained',
  'ended',
] as const
export type Left = (typeof LEFT)[number]

export const JourneyState = z.enum(['draft', 'live', 'paused', 'ended'])
export type JourneyState = z.infer<typeof JourneyState>

export const JourneyRow = z.object({
  journeyId: Id,
  name: z.string(),
  state: JourneyState,
  /** More has been written since than runs. */
  hasDraft: z.boolean(),
  trigger: Trigger,
  entered: z.number().int(),
  underWay: z.number().int(),
  done: z.number().int(),
  /** Who reached the goal; null: none is set. */
  goals: z.number().int().nullable(),
  actor: z.string(),
  updatedAt: Instant,
})
export type JourneyRow = z.infer<typeof JourneyRow>
export const JourneyQuery = z.object({
  view: z.enum(['all', 'live', 'draft', 'paused', 'ended']).default('all'),
  q: Words(40).optional(),
  before: Id.optional(),
})
export type JourneyQuery = z.infer<typeof JourneyQuery>
export const JourneyPage = z.object({ items: z.array(JourneyRow), nextCursor: Id.nullable() })

/** What stands in the way of publishing, by the key of the step it is to be mended in; `start`: the trigger or the whole. */
export const Problems = z.record(z.string(), z.array(z.string()))
export type Problems = z.infer<typeof Problems>

export const JourneyView = JourneyRow.extend({
  draft: Draft,
  revision: z.number().int(),
  problems: Problems,
  version: z.number().int().nullable(),
  /** What runs now. */
  running: Draft.nullable(),
})
export const NewJourney = z.object({ requestKey: Text.min(8).max(64), draft: Draft })
export const SavedDraft = z.object({ draft: Draft, revision: z.number().int() })
export const Saved = z.object({ revision: z.number().int(), problems: Problems })
export const OfPeople = z.enum(['stay', 'move', 'drain'])
export type OfPeople = z.infer<typeof OfPeople>

export const Changes = z.object({
  version: z.number().int(),
  underWay: z.number().int(),
  added: z.array(Key),
  changed: z.array(Key),
  removed: z.array(z.object({ key: Key, step: Step, people: z.number().int() })),
})

const Tally = { done: z.number().int(), late: z.number().int(), skipped: z.number().int() }
export const Stats = z.object({
  entered: z.number().int(),
  underWay: z.number().int(),
  done: z.number().int(),
  goals: z.number().int().nullable(),
  steps: z.array(
    z.object({
      key: Key,
      here: z.number().int(),
      came: z.number().int(),
      ...Tally,
      /** Words of touch fates, or `failed`. */
      reasons: z.array(z.object({ reason: z.string(), people: z.number().int() })),
      ways: z.array(z.object({ port: z.string(), people: z.number().int() })),
    }),
  ),
  members: z.array(z.object({ staffId: Id, name: z.string(), due: z.number().int(), ...Tally })),
})
export type Stats = z.infer<typeof Stats>

export const DryRunAsked = z.object({
  draft: Draft,
  contactId: Id,
  days: z.number().int().min(1).max(365),
  happenings: z
    .array(
      z.object({
        kind: z.enum(['reply', 'order', 'lost', 'event']),
        event: Text.max(81).optional(),
        afterMinutes: z.number().int().min(0).max(525_600),
      }),
    )
    .max(20)
    .default([]),
})
export type DryRunAsked = z.infer<typeof DryRunAsked>
export const DryRun = z.object({
  stops: z.array(z.object({ key: Key, at: Instant, port: z.string().nullable() })),
  /** Where he stands when the clock stops; null: he is through. */
  standsAt: Key.nullable(),
  /** Why he would leave early. */
  left: z.enum(LEFT).nullable(),
})
export type DryRun = z.infer<typeof DryRun>

export const Place = z.object({
  enrolmentId: z.string(),
  journeyId: Id,
  name: z.string(),
  step: Step.nullable(),
  since: Instant,
  nextAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  ended: z.enum(LEFT).nullable(),
})
export type Place = z.infer<typeof Place>
