import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'
import { AfterScan } from '../schema.ts'

/** People of one batch. WeCom holds 500 000 ways of a corp (path/92228, 2026-11); a thousand is a night of printing. */
export const BATCH_MAX = 1_000
const DEPARTMENTS_MAX = 200
const ACTIVITY_MAX = 20

/** Whom, for what, and what their codes are called. */
const Picking = z.object({
  staffIds: z.array(Id).max(BATCH_MAX).default([]),
  /** With all below them. */
  departmentIds: z.array(Id).max(DEPARTMENTS_MAX).default([]),
  /** One person has one code of an activity. */
  activity: Text.trim().min(1).max(ACTIVITY_MAX),
  /** May hold {成员} {活动} {部门}; what becomes of it is cut at the 30 characters of a name. */
  nameTemplate: Text.trim()
    .min(1)
    .max(60)
    .refine((template) => template.includes('{成员}'), { message: '名称里要有 {成员}，不然大家的码叫同一个名字' })
    .default('{成员}·{活动}'),
})
const someone = ({ staffIds, departmentIds }: z.infer<typeof Picking>) => staffIds.length + departmentIds.length > 0
const SOMEONE = { message: '选至少一位成员或一个部门', path: ['staffIds'] }

export const BatchPicking = Picking.refine(someone, SOMEONE)
export type BatchPicking = z.infer<typeof BatchPicking>
export const NewCodeBatch = Picking.extend(AfterScan.shape).refine(someone, SOMEONE)
export type NewCodeBatch = z.infer<typeof NewCodeBatch>

/** Why somebody gets no code: has left, is disabled or not activated, may have no customers, has one of this activity. */
export const SkipReason = z.enum(['left', 'disabled', 'not_licensed', 'has_code'])
export type SkipReason = z.infer<typeof SkipReason>

export const BatchPlan = z.object({
  people: z.array(
    z.object({
      staffId: Id,
      staffName: z.string(),
      departmentName: z.string(),
      codeName: z.string(),
      /** Null: gets a code. */
      skip: SkipReason.nullable(),
    }),
  ),
})
export type BatchPlan = z.infer<typeof BatchPlan>

const Counts = {
  /** Codes begun: made, being made, refused, not made any more, taken back. */
  total: z.number().int(),
  ready: z.number().int(),
  creating: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
  removed: z.number().int(),
  skipped: z.number().int(),
  scans: z.number().int(),
  adds: z.number().int(),
}
export const CodeBatchRow = z.object({
  codeBatchId: Id,
  activity: z.string(),
  nameTemplate: z.string(),
  actor: z.string(),
  createdAt: Instant,
  cancelledAt: Instant.nullable(),
  undoneAt: Instant.nullable(),
  ...Counts,
})
export type CodeBatchRow = z.infer<typeof CodeBatchRow>

export const CodeBatchView = CodeBatchRow.extend({
  people: z.array(
    z.object({
      staffId: Id,
      staffName: z.string(),
      channelCodeId: Id,
      codeName: z.string(),
      /** cancelled: WeCom was never asked for it; removed: taken back. */
      status: z.enum(['creating', 'ready', 'failed', 'cancelled', 'removed']),
      /** Of the open failure: the health page has its words and its replay. */
      failureCause: z.string().nullable(),
      failureId: Id.nullable(),
      scans: z.number().int(),
      adds: z.number().int(),
    }),
  ),
  skippedPeople: z.array(z.object({ staffId: Id, staffName: z.string(), reason: SkipReason })),
})
export type CodeBatchView = z.infer<typeof CodeBatchView>
export type CodeBatchPerson = CodeBatchView['people'][number]
