import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { requireContact } from '../contacts/read-profile.ts'
import type { Actor } from '../corps/context.ts'
import { appendEvents } from '../events/journal.ts'
import {
  AssigneeUnknown,
  NoMemberOfYourOwn,
  NotHisCustomer,
  TaskDuePast,
  TaskEnded,
  TaskNotReopenable,
  TaskNotYours,
} from './errors.ts'
import { firstTold, type Moved, moveTasks } from './move.ts'
import type { NewTask, TaskEdit, TaskEnd } from './schema.ts'
import { askToTell } from './tell.ts'

export const REOPEN_HOURS = 24
/** A page’s clock may be a little behind ours. */
const SLACK_MS = 60_000

export type Doer = Pick<Actor, 'accountId' | 'name' | 'staffId' | 'scope' | 'permissions'>
const mayAssign = (doer: Doer) => doer.permissions.includes('tasks.assign')

/** Writes down something to be done. For another member only with the permission; he must follow the customer. */
export async function addTask(
  tx: Tx,
  corpId: string,
  { contactId: askedId, staffId: asked, title, note, dueAt, remindMinutes }: NewTask,
  doer: Doer,
  now: Date,
): Promise<string> {
  const contactId = askedId ? await requireContact(tx, corpId, askedId, doer.scope) : null
  const staffId = asked ?? doer.staffId
  if (!staffId) throw new NoMemberOfYourOwn()
  await requireDoer(tx, corpId, staffId, contactId, doer)
  const due = dueOf(dueAt, now)
  const byOther = staffId !== doer.staffId
  const { rows } = await sql<{ taskId: string }>`
    insert into task (corp_id, staff_id, contact_id, title, note, due_at, remind_minutes, state, account_id, actor, by_other, created_at, tell_at)
    select ${corpId}::bigint, ${staffId}::bigint, ${contactId}::bigint, ${title}, ${note}, due_at, remind_minutes, 'open', ${doer.accountId}::bigint, ${doer.name}, by_other, ${now}::timestamptz, ${firstTold(now)}
    from (select ${due}::timestamptz as due_at, ${remindMinutes}::integer as remind_minutes, ${byOther}::boolean as by_other) given returning task_id`.execute(
    tx,
  )
  const taskId = rows[0]!.taskId
  if (byOther) await askToTell(tx, corpId, [{ taskId, staffId }], 'new', now)
  await journal(tx, corpId, 'task.added', [{ taskId, staffId, contactId, workCardId: null, title }], {}, doer, now)
  return taskId
}

/** Changes an open task: its own member what and when; to whom it goes only whoever may assign. */
export async function editTask(
  tx: Tx,
  corpId: string,
  taskId: string,
  edit: TaskEdit,
  doer: Doer,
  now: Date,
): Promise<void> {
  const task = await requireTask(tx, corpId, taskId, doer)
  if (task.state !== 'open') throw new TaskEnded()
  const staffId = edit.staffId ?? task.staffId
  const passed = staffId !== task.staffId
  // A card counts by member; what it asks is changed by withdrawing it and making another.
  if (passed && (!mayAssign(doer) || task.workCardId)) throw new TaskNotYours()
  if (passed) await requireDoer(tx, corpId, staffId, task.contactId, doer)
  const due = edit.dueAt === undefined ? null : dueOf(edit.dueAt, now)
  const remind = edit.remindMinutes === undefined ? sql`remind_minutes` : sql`${edit.remindMinutes}::integer`
  await sql`
    update task t set title = coalesce(${edit.title ?? null}::text, t.title), note = coalesce(${edit.note ?? null}::text, t.note), staff_id = ${staffId}::bigint,
      by_other = n.by_other, due_at = n.due_at, remind_minutes = n.remind_minutes,
      tell_at = case when n.anew then n.tell_at else t.tell_at end, told = case when n.anew then 0 else t.told end
    from (select *, ${firstTold(now)} as tell_at from (
      select task_id, coalesce(${due}::timestamptz, due_at) as due_at, ${remind} as remind_minutes, by_other or ${passed && staffId !== doer.staffId} as by_other,
        ${passed || due !== null || edit.remindMinutes !== undefined}::boolean as anew
      from task where corp_id = ${corpId}::bigint and task_id = ${taskId}::bigint) given) n
    where t.corp_id = ${corpId}::bigint and t.task_id = n.task_id`.execute(tx)
  if (passed && staffId !== doer.staffId) await askToTell(tx, corpId, [{ taskId, staffId }], 'new', now)
}

/** Says what came of it. Done or skipped by whose it is, or by whoever may assign; cancelled by who asked for it. */
export async function endTask(
  tx: Tx,
  corpId: string,
  taskId: string,
  { as, outcome }: TaskEnd,
  doer: Doer,
  now: Date,
): Promise<void> {
  const task = await requireTask(tx, corpId, taskId, doer)
  if (as === 'cancelled' && task.accountId !== doer.accountId && !mayAssign(doer)) throw new TaskNotYours()
  const moved = await moveTasks(
    tx,
    corpId,
    sql`t.task_id = ${taskId}::bigint`,
    { from: ['open'], to: as, outcome, by: doer.name },
    now,
  )
  if (moved.length === 0) throw new TaskEnded()
  const [kind, how] = as === 'done' ? (['task.done', {}] as const) : (['task.dropped', { as }] as const)
  await journal(tx, corpId, kind, moved, { ...how, outcome }, doer, now)
}

/** Takes back that it was ended, within a day. */
export async function reopenTask(tx: Tx, corpId: string, taskId: string, doer: Doer, now: Date): Promise<void> {
  const task = await requireTask(tx, corpId, taskId, doer)
  if (task.state === 'open') return
  if (task.endedAt === null || now.getTime() - task.endedAt.getTime() > REOPEN_HOURS * 3_600_000)
    throw new TaskNotReopenable({ hours: REOPEN_HOURS })
  const moved = await moveTasks(
    tx,
    corpId,
    sql`t.task_id = ${taskId}::bigint`,
    { from: ['done', 'skipped', 'cancelled'], to: 'open', by: doer.name },
    now,
  )
  await journal(tx, corpId, 'task.reopened', moved, {}, doer, now)
}

interface Held {
  state: string
  staffId: string
  contactId: string | null
  workCardId: string | null
  accountId: string
  endedAt: Date | null
}

/** A task the doer may change, locked: his own, or of a member he sees where he may assign. Others are missing. */
async function requireTask(tx: Tx, corpId: string, taskId: string, doer: Doer): Promise<Held> {
  const scope = doer.scope ?? null
  const { rows } = await sql<Held>`
    select state, staff_id, contact_id, work_card_id, account_id, ended_at from task
    where corp_id = ${corpId}::bigint and task_id = ${taskId}::bigint and (${scope}::bigint[] is null or staff_id = any(${scope}::bigint[])) for update`.execute(
    tx,
  )
  const task = rows[0]
  if (!task) throw new NotFound({ what: '任务' })
  if (task.staffId !== doer.staffId && !mayAssign(doer)) throw new TaskNotYours()
  return task
}

async function requireDoer(tx: Tx, corpId: string, staffId: string, contactId: string | null, doer: Doer) {
  if (staffId !== doer.staffId && !mayAssign(doer)) throw new TaskNotYours()
  const scope = doer.scope ?? null
  const { rows } = await sql<{ name: string; follows: boolean }>`
    select s.name, exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = ${contactId}::bigint and f.staff_id = s.staff_id and f.lost_at is null) as follows
    from staff s where s.corp_id = ${corpId}::bigint and s.staff_id = ${staffId}::bigint and s.left_at is null
      and (${scope}::bigint[] is null or s.staff_id = any(${scope}::bigint[]))`.execute(tx)
  if (!rows[0]) throw new AssigneeUnknown()
  if (contactId && !rows[0].follows) throw new NotHisCustomer({ name: rows[0].name })
}

function dueOf(text: string, now: Date): Date {
  const due = new Date(text)
  if (due.getTime() < now.getTime() - SLACK_MS) throw new TaskDuePast()
  return due
}

/** What becomes of tasks for customers stands in their timelines. */
export async function journal(
  tx: Tx,
  corpId: string,
  kind: 'task.added' | 'task.done' | 'task.dropped' | 'task.reopened',
  moved: readonly Moved[],
  props: Record<string, string>,
  { name, staffId }: Pick<Doer, 'name' | 'staffId'>,
  now: Date,
): Promise<void> {
  const events = moved.flatMap(({ contactId, taskId, title, staffId: whose }) =>
    contactId
      ? [
          {
            contactId,
            at: now,
            kind,
            staffId: staffId ?? whose,
            source: 'console' as const,
            props: { taskId, title, by: name, ...props },
            key: kind === 'task.added' ? `${kind} ${taskId}` : `${kind} ${taskId} ${now.toISOString()}`,
          },
        ]
      : [],
  )
  if (events.length > 0) await appendEvents(tx, corpId, events, now)
}
