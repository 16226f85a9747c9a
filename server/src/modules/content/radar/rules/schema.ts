import { z } from 'zod'
import { Id, Instant } from '../../../../platform/id.ts'
import { Text } from '../../../../platform/text.ts'

/** What is asked of somebody's readings. */
export const ASKS = ['opens', 'seconds', 'depth', 'page', 'forwarded'] as const
const Asks = z.enum(ASKS)
export type Asks = z.infer<typeof Asks>

/** As far as each goes: times, seconds, of a hundred, a page, friends. */
const MOST: Readonly<Record<Asks, number>> = { opens: 100, seconds: 14_400, depth: 100, page: 300, forwarded: 100 }
const POINTS_MAX = 100
const HOURS_MAX = 720

const Task = z.object({
  title: Text.trim().min(1).max(40),
  note: Text.trim().max(500).default(''),
  /** Until when it is to be done, counted from when he met the rule. */
  hours: z.number().int().min(1).max(HOURS_MAX),
})

export const NewReadingRule = z
  .object({
    /** Null: whatever he reads of what was sent. */
    materialId: Id.nullable(),
    asks: Asks,
    atLeast: z.number().int().min(1),
    points: z.number().int().min(-POINTS_MAX).max(POINTS_MAX).default(0),
    task: Task.nullable().default(null),
  })
  .refine(({ asks, atLeast }) => atLeast <= MOST[asks], { path: ['atLeast'], message: '这个数太大了' })
  .refine(({ points, task }) => points !== 0 || task !== null, { path: ['points'], message: '加分和任务至少选一样' })
export type NewReadingRule = z.infer<typeof NewReadingRule>

export const ReadingRule = z.object({
  ruleId: Id,
  materialId: Id.nullable(),
  asks: Asks,
  atLeast: z.number().int(),
  points: z.number().int(),
  task: Task.nullable(),
  /** Customers who met it so far. */
  met: z.number().int(),
  /** It is heard from the moment its first reading of everybody is done. */
  isReady: z.boolean(),
  createdBy: z.string(),
  createdAt: Instant,
})
export type ReadingRule = z.infer<typeof ReadingRule>
