import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { ContactFilter } from '../contacts/schema.ts'

const Title = Text.trim().min(1).max(40)
const Note = Text.trim().max(500)
/** Minutes before it is due; a week at most. */
const RemindMinutes = z.number().int().min(0).max(10_080).nullable()

/** Something one member is to do, for a customer or not. Without a member: whoever asks for it. */
export const NewTask = z.object({
  contactId: Id.optional(),
  staffId: Id.optional(),
  title: Title,
  note: Note.default(''),
  dueAt: Instant,
  remindMinutes: RemindMinutes.default(0),
})
export type NewTask = z.infer<typeof NewTask>

export const TaskEdit = z
  .object({ title: Title, note: Note, dueAt: Instant, remindMinutes: RemindMinutes, staffId: Id })
  .partial()
export type TaskEdit = z.infer<typeof TaskEdit>

export const TaskEnd = z.object({
  as: z.enum(['done', 'skipped', 'cancelled']),
  /** What came of it, or why not. */
  outcome: Text.trim().max(200).default(''),
})
export type TaskEnd = z.infer<typeof TaskEnd>

export const TaskState = z.enum(['open', 'done', 'skipped', 'cancelled'])

export const TaskView = z.object({
  taskId: Id,
  title: z.string(),
  note: z.string(),
  /** Of its card: what to say, and what may be given. */
  say: z.string(),
  coupon: z.string(),
  contact: z.object({ contactId: Id, name: z.string(), avatar: z.string().nullable() }).nullable(),
  staffId: Id,
  staffName: z.string(),
  dueAt: Instant,
  remindMinutes: z.number().int().nullable(),
  state: TaskState,
  /** Open, and past its time. */
  late: z.boolean(),
  outcome: z.string(),
  endedAt: Instant.nullable(),
  endedBy: z.string().nullable(),
  actor: z.string(),
  createdAt: Instant,
  card: z.object({ workCardId: Id, title: z.string() }).nullable(),
  /** Until when its end can be taken back; null when it cannot. */
  reopenUntil: Instant.nullable(),
})
export type TaskView = z.infer<typeof TaskView>

export const TaskQuery = z.object({
  /** Open ones by when they are due, or ended ones, the newest first. */
  view: z.enum(['open', 'late', 'today', 'ended']).default('open'),
  staffId: Id.optional(),
  contactId: Id.optional(),
  workCardId: Id.optional(),
  q: Text.trim().min(1).max(40).optional(),
  /** Where the page before ended. */
  after: Text.max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type TaskQuery = z.infer<typeof TaskQuery>

/** `most`: counts stop there. */
export const TaskCounts = z.object({
  open: z.number().int(),
  late: z.number().int(),
  today: z.number().int(),
  most: z.number().int(),
})
export type TaskCounts = z.infer<typeof TaskCounts>
export const TaskPage = z.object({ items: z.array(TaskView), nextCursor: z.string().nullable() })
export type TaskPage = z.infer<typeof TaskPage>

/** One thing asked of the members of many customers. */
export const NewWorkCard = z
  .object({
    title: Title,
    note: Note.default(''),
    say: Note.default(''),
    coupon: Text.trim().max(60).default(''),
    dueAt: Instant,
    remindMinutes: RemindMinutes.default(0),
    choice: z.enum(['longest', 'each']).default('longest'),
    staffId: Id.optional(),
    contactIds: z.array(Id).min(1).max(10_000).optional(),
    filter: ContactFilter.optional(),
  })
  .refine((given) => (given.contactIds === undefined) !== (given.filter === undefined), '请选择客户，或按条件选')
export type NewWorkCard = z.infer<typeof NewWorkCard>

const Progress = {
  open: z.number().int(),
  done: z.number().int(),
  skipped: z.number().int(),
  cancelled: z.number().int(),
}
export const WorkCard = z.object({
  workCardId: Id,
  title: z.string(),
  note: z.string(),
  say: z.string(),
  coupon: z.string(),
  dueAt: Instant,
  actor: z.string(),
  createdAt: Instant,
  withdrawnAt: Instant.nullable(),
  /** The run that hands it out. */
  run: z.object({ bulkRunId: Id, state: z.string(), total: z.number().int(), done: z.number().int() }).nullable(),
  members: z.number().int(),
  ...Progress,
})
export type WorkCard = z.infer<typeof WorkCard>
export const WorkCardPage = z.object({ items: z.array(WorkCard), nextCursor: Id.nullable() })
export type WorkCardPage = z.infer<typeof WorkCardPage>

export const WorkCardView = z.object({
  card: WorkCard,
  /** Those with the most still to do first, five hundred at most. */
  staff: z.array(z.object({ staffId: Id, name: z.string(), ...Progress })),
})
export type WorkCardView = z.infer<typeof WorkCardView>
