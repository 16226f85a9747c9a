import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { ContactFilter } from '../contacts/schema.ts'
import { Rule } from '../segments/schema.ts'

const Name = Text.trim().min(1).max(20)
/** Why somebody was moved, in the words of whoever did. */
const Reason = Text.trim().max(200).default('')
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const DAYS_MAX = 400

/** When the corp works. Holidays are days off, `workdays` days worked that their weekday would have off. */
export const Calendar = z
  .object({
    /** 1 is Monday. */
    weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
    from: Clock,
    to: Clock,
    holidays: z.array(Day).max(DAYS_MAX),
    workdays: z.array(Day).max(DAYS_MAX),
  })
  .refine(({ from, to }) => from < to, '下班时间要晚于上班时间。')
  .transform((calendar) => ({
    ...calendar,
    weekdays: [...new Set(calendar.weekdays)].sort(),
    holidays: [...new Set(calendar.holidays)].sort(),
    workdays: [...new Set(calendar.workdays)].sort(),
  }))
export type Calendar = z.infer<typeof Calendar>

export const StageKind = z.enum(['open', 'won', 'lost'])
export const StageColor = z.enum(['grey', 'teal', 'indigo', 'amber', 'green', 'rose'])

/** So many working days in the stage, or there without a note, and whoever follows him is told; then his head. */
const Remind = z.object({
  days: z.number().int().min(1).max(365),
  of: z.enum(['stage', 'silence']),
  headDays: z.number().int().min(1).max(365).nullable(),
})
export type Remind = z.infer<typeof Remind>

/** What must be so before a person moves somebody here: all these fields filled in, one of the tags, a note of this stage. */
export const Gate = z.object({
  fieldIds: z.array(Id).max(10),
  tagIds: z.array(Id).max(20),
  note: z.boolean(),
})
export type Gate = z.infer<typeof Gate>

export const NewFlow = z.object({ name: Name })
export const FlowEdit = z.object({ name: Name.optional(), takesNew: z.boolean().optional() })
export type FlowEdit = z.infer<typeof FlowEdit>

export const NewStage = z.object({ name: Name, color: StageColor.default('grey'), kind: StageKind.default('open') })
export type NewStage = z.infer<typeof NewStage>
export const StageEdit = z.object({
  name: Name.optional(),
  color: StageColor.optional(),
  kind: StageKind.optional(),
  remind: Remind.nullable().optional(),
  gate: Gate.optional(),
  /** Whoever comes to fit it is moved here by itself; null: nobody is. */
  rule: Rule.nullable().optional(),
  back: z.boolean().optional(),
})
export type StageEdit = z.infer<typeof StageEdit>

/** All stages of a flow, in their new order. */
export const StageOrder = z.object({ stageIds: z.array(Id).min(1).max(30) })
/** Where its people go; null: out of the flow. */
export const StageRemoval = z.object({ moveTo: Id.nullable() })

/** All there shall be, in their order; those left out are not offered any more. */
export const LostReasons = z.object({
  reasons: z.array(z.object({ lostReasonId: Id.optional(), name: Name })).max(30),
})
export type LostReasons = z.infer<typeof LostReasons>

export const StageView = z.object({
  stageId: Id,
  name: z.string(),
  color: StageColor,
  kind: StageKind,
  remind: Remind.nullable(),
  gate: Gate,
  rule: Rule.nullable(),
  back: z.boolean(),
})
export type StageView = z.infer<typeof StageView>

export const FlowView = z.object({
  flowId: Id,
  name: z.string(),
  takesNew: z.boolean(),
  stages: z.array(StageView),
})
export type FlowView = z.infer<typeof FlowView>

export const StageBook = z.object({
  flows: z.array(FlowView),
  lostReasons: z.array(z.object({ lostReasonId: Id, name: z.string() })),
  calendar: z.object({
    weekdays: z.array(z.number().int()),
    from: z.string(),
    to: z.string(),
    holidays: z.array(z.string()),
    workdays: z.array(z.string()),
  }),
})
export type StageBook = z.infer<typeof StageBook>

export const NewMove = z.object({ stageId: Id, reason: Reason, lostReasonId: Id.optional() })
export type NewMove = z.infer<typeof NewMove>

const PICKED_MAX = 1_000
export const NewBulkMove = NewMove.extend({
  contactIds: z.array(Id).min(1).max(PICKED_MAX).optional(),
  filter: ContactFilter.optional(),
}).refine((bulk) => (bulk.contactIds === undefined) !== (bulk.filter === undefined), '请勾选客户，或按筛选条件选。')
export type NewBulkMove = z.infer<typeof NewBulkMove>

export const StayWay = z.enum(['added', 'hand', 'bulk', 'rule', 'removed'])
export type StayWay = z.infer<typeof StayWay>

/** One stay of a customer in a stage; the open one is where he stands. */
export const Stay = z.object({
  stayId: Id,
  flowId: Id,
  stageId: Id,
  stage: z.string(),
  color: StageColor,
  kind: StageKind,
  since: Instant,
  until: Instant.nullable(),
  /** Of it, in working days as the calendar has them. */
  workedDays: z.number(),
  way: StayWay,
  actor: z.string().nullable(),
  reason: z.string(),
  lostReason: z.string().nullable(),
  /** When whoever follows him is told, if nothing happens. */
  dueAt: Instant.nullable(),
  toldAt: Instant.nullable(),
})
export type Stay = z.infer<typeof Stay>

export const FunnelQuery = z.object({
  /** Days in Shanghai, both of them in it: stays that began on them. Not given: the last thirty. */
  from: Day.optional(),
  to: Day.optional(),
  staffIds: ContactFilter.shape.staffIds,
  departmentId: Id.optional(),
})
export type FunnelQuery = z.infer<typeof FunnelQuery>

/** Of the customers who came into a stage in a period, where they went by now. */
export const Funnel = z.object({
  stages: z.array(
    z.object({
      stageId: Id,
      entered: z.number().int(),
      /** Into a later stage, or one that is won. */
      onward: z.number().int(),
      lost: z.number().int(),
      /** Back, or out of the flow. */
      back: z.number().int(),
      still: z.number().int(),
      /** Half of those who went on had gone after so many working days; null where nobody has. */
      medianDays: z.number().nullable(),
    }),
  ),
  lostReasons: z.array(
    z.object({ lostReasonId: Id.nullable(), name: z.string().nullable(), customers: z.number().int() }),
  ),
})
export type Funnel = z.infer<typeof Funnel>

export const BoardCounts = z.object({
  stages: z.array(z.object({ stageId: Id, total: z.number().int(), isFloor: z.boolean() })),
  /** Customers in none of its stages. */
  none: z.object({ total: z.number().int(), isFloor: z.boolean() }),
})
