import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { LOCKS_BY } from './guide.ts'

const DAYS_MAX = 3_650

export const GuideRuleBody = z.object({
  lockDays: z.number().int().min(0).max(DAYS_MAX),
  lockBy: z.enum(LOCKS_BY),
})

/** Orders that would count for somebody else, among so many customers; not `isWhole`: at least so many. */
export const GuidePreview = z.object({
  customers: z.number().int(),
  orders: z.number().int(),
  isWhole: z.boolean(),
})
export type GuidePreview = z.infer<typeof GuidePreview>

export const RecountView = GuideRuleBody.extend({
  guideRecountId: Id,
  state: z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']),
  actor: z.string(),
  total: z.number().int(),
  done: z.number().int(),
  changed: z.number().int(),
  createdAt: Instant,
  endedAt: Instant.nullable(),
})
export type RecountView = z.infer<typeof RecountView>

export const GuideRuleView = z.object({ rule: GuideRuleBody, recount: RecountView.nullable() })
