import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { addDays, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import { contactIdsOf, rootsOf } from '../contacts/merge-contacts.ts'
import type { Scope } from '../corps/context.ts'
import type { TaskCounts, TaskPage, TaskQuery, TaskView } from './schema.ts'
import { REOPEN_HOURS } from './service.ts'

/** Counts stop there: ten thousand open tasks are as many as any more. */
const COUNTED_MAX = 10_000
const CURSOR = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([1-9]\d{0,17})$/

type Row = Omit<TaskView, 'dueAt' | 'endedAt' | 'createdAt' | 'late' | 'reopenUntil'> & {
  dueAt: Date
  endedAt: Date | null
  createdAt: Date
}

const of = (corpId: string, scope: Scope) =>
  sql`t.corp_id = ${corpId}::bigint and (${scope ?? null}::bigint[] is null or t.staff_id = any(${scope ?? null}::bigint[]))`
const endOfToday = (now: Date) => dayStart(addDays(shanghaiDay(now), 1))

/** Tasks of the members in scope: open ones by when they are due, ended ones newest first. */
export async function listTasks(tx: Tx, corpId: string, query: TaskQuery, scope: Scope, now: Date): Promise<TaskPage> {
  const [, at, taskId] = CURSOR.exec(query.after ?? '') ?? []
  const ended = query.view === 'ended'
  const root = query.contactId ? (await rootsOf(tx, corpId, [query.contactId])).get(query.contactId) : undefined
  const contactIds = query.contactId ? await contactIdsOf(tx, corpId, root ?? query.contactId) : null
  const time = ended ? sql.ref('t.ended_at') : sql.ref('t.due_at')
  const when = {
    open: sql`t.state = 'open'`,
    late: sql`t.state = 'open' and t.due_at < ${now}::timestamptz`,
    today: sql`t.state = 'open' and t.due_at < ${endOfToday(now)}::timestamptz`,
    ended: sql`t.ended_at is not null`,
  }[query.view]
  const { rows } = await sql<Row>`
    with page as (
      select t.* from task t where ${of(corpId, scope)} and ${when}
        and (${query.staffId ?? null}::bigint is null or t.staff_id = ${query.staffId ?? null}::bigint)
        and (${contactIds}::bigint[] is null or t.contact_id = any(${contactIds}::bigint[]))
        and (${query.workCardId ?? null}::bigint is null or t.work_card_id = ${query.workCardId ?? null}::bigint)
        and (${query.q ?? null}::text is null or strpos(lower(t.title), lower(${query.q ?? null}::text)) > 0)
        and (${at ?? null}::timestamptz is null or (${time}, t.task_id) ${ended ? sql`<` : sql`>`} (${at ?? null}::timestamptz, ${taskId ?? null}::bigint))
      order by ${time} ${ended ? sql`desc` : sql`asc`}, t.task_id ${ended ? sql`desc` : sql`asc`} limit ${query.limit + 1}
    )
    select t.task_id, t.title, t.note, coalesce(w.say, '') as say, coalesce(w.coupon, '') as coupon,
      case when c.contact_id is not null then jsonb_build_object('contactId', coalesce(p.contact_id, c.contact_id)::text, 'name', coalesce(nullif(f.remark, ''), p.name, c.name), 'avatar', coalesce(p.avatar, c.avatar)) end as contact,
      t.staff_id, s.name as staff_name, t.due_at, t.remind_minutes, t.state, t.outcome, t.ended_at, t.ended_by, t.actor, t.created_at,
      case when w.work_card_id is not null then jsonb_build_object('workCardId', w.work_card_id::text, 'title', w.title) end as card
    from page t join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = t.staff_id
    left join work_card w on w.corp_id = ${corpId}::bigint and w.work_card_id = t.work_card_id
    left join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = t.contact_id
    left join contact p on p.corp_id = ${corpId}::bigint and p.contact_id = c.merged_into
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = coalesce(c.merged_into, c.contact_id) and f.staff_id = t.staff_id
    order by ${time} ${ended ? sql`desc` : sql`asc`}, t.task_id ${ended ? sql`desc` : sql`asc`}`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  const lastAt = ended ? last?.endedAt : last?.dueAt
  return {
    items: page.map((row) => view(row, now)),
    nextCursor: rows.length > query.limit && last && lastAt ? `${lastAt.toISOString()}_${last.taskId}` : null,
  }
}

function view({ dueAt, endedAt, createdAt, ...row }: Row, now: Date): TaskView {
  const until = endedAt && new Date(endedAt.getTime() + REOPEN_HOURS * 3_600_000)
  return {
    ...row,
    dueAt: dueAt.toISOString(),
    late: row.state === 'open' && dueAt < now,
    endedAt: endedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    reopenUntil: until && until > now ? until.toISOString() : null,
  }
}

/** How many are open, past their time, and due by the end of today. */
export async function countTasks(
  tx: Tx,
  corpId: string,
  scope: Scope,
  now: Date,
  staffId?: string,
): Promise<TaskCounts> {
  const { rows } = await sql<Omit<TaskCounts, 'most'>>`
    select count(*)::int as open, count(*) filter (where due_at < ${now}::timestamptz)::int as late, count(*) filter (where due_at < ${endOfToday(now)}::timestamptz)::int as today
    from (select t.due_at from task t where ${of(corpId, scope)} and t.state = 'open' and (${staffId ?? null}::bigint is null or t.staff_id = ${staffId ?? null}::bigint)
      order by t.due_at limit ${COUNTED_MAX}) counted`.execute(tx)
  return { ...rows[0]!, most: COUNTED_MAX }
}
