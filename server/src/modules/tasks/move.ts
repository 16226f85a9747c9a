import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'

export type TaskState = 'open' | 'done' | 'skipped' | 'cancelled'

/** How long after it was due the head is told of what was asked by another and is not done. */
const HEAD_AFTER = sql`interval '1 day'`

/** When the head is to be told of an open task; null where nobody else asked for it. */
export const headTold = (now: Date) =>
  sql`case when by_other then greatest(due_at + ${HEAD_AFTER}, ${now}::timestamptz) end`
/** When somebody is to be told first: who is to do it, where a reminder was asked for, else the head. */
export const firstTold = (now: Date) =>
  sql`case when remind_minutes is not null then greatest(due_at - remind_minutes * interval '1 minute', ${now}::timestamptz) else ${headTold(now)} end`

export interface Moved {
  taskId: string
  staffId: string
  contactId: string | null
  workCardId: string | null
  title: string
}

/**
 * Ends tasks, or opens them again, with what their cards count, in one statement. `which` names rows of `t`; only those
 * in one of the states `from` move. Returns which did.
 */
export async function moveTasks(
  tx: Tx,
  corpId: string,
  which: RawBuilder<unknown>,
  { from, to, outcome = '', by }: { from: TaskState[]; to: TaskState; outcome?: string; by: string },
  now: Date,
): Promise<Moved[]> {
  const ended = to !== 'open'
  const { rows } = await sql<Moved>`
    with was as (
      select t.task_id, t.state from task t where t.corp_id = ${corpId}::bigint and ${which} and t.state = any(${from}::text[]) order by t.task_id for update
    ), moved as (
      update task t set state = ${to}, outcome = ${outcome}, ended_at = ${ended ? now : null}::timestamptz, ended_by = ${ended ? by : null}::text,
        tell_at = case when ${ended} then null else ${firstTold(now)} end, told = 0
      from was where t.corp_id = ${corpId}::bigint and t.task_id = was.task_id
      returning t.task_id, t.staff_id, t.contact_id, t.work_card_id, t.title, was.state as was
    ), shifted as (
      select work_card_id, staff_id, was, count(*)::int as n from moved where work_card_id is not null group by 1, 2, 3
    ), counted as (
      update work_card_staff w set
        open = w.open + ${gain('open', to)}, done = w.done + ${gain('done', to)}, skipped = w.skipped + ${gain('skipped', to)}, cancelled = w.cancelled + ${gain('cancelled', to)}
      from (select work_card_id, staff_id, sum(n) as n, sum(n) filter (where was = 'open') as open, sum(n) filter (where was = 'done') as done,
          sum(n) filter (where was = 'skipped') as skipped, sum(n) filter (where was = 'cancelled') as cancelled from shifted group by 1, 2) s
      where w.corp_id = ${corpId}::bigint and w.work_card_id = s.work_card_id and w.staff_id = s.staff_id
    ), untold as (
      delete from task_alert a using moved where ${ended} and a.corp_id = ${corpId}::bigint and a.task_id = moved.task_id and a.batch is null
    ) select task_id, staff_id, contact_id, work_card_id, title from moved order by task_id`.execute(tx)
  return rows
}

const gain = (column: TaskState, to: TaskState) =>
  sql`${column === to ? sql`s.n` : sql`0`} - coalesce(s.${sql.ref(column)}, 0)`
