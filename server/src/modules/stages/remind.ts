import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Cron } from '../corps/context.ts'
import { eachCorp } from '../corps/each-corp.ts'
import { askToTellNews, headsOf } from '../staff/letters.ts'
import { addWorked, dayMs } from './calendar.ts'
import { readCalendar, type StageRow } from './read-book.ts'
import type { Calendar } from './schema.ts'
import { STAY_NEWS } from './tell.ts'

/** Customers of one transaction. */
const STEP = 500
/** What a member does for a customer that counts as following up. */
const FOLLOWED_UP = ['note.added', 'note.edited', 'task.done']

interface Due extends Pick<StageRow, 'remindDays' | 'remindOf' | 'headDays'> {
  contactId: string
  stayId: string
  since: Date
  toldAt: Date | null
  followedAt: Date | null
  /** Who follows him: the one who moved him if he still does, else whoever has for the longest. */
  staffId: string | null
}

export interface Step {
  tell: 'member' | 'head' | null
  toldAt: Date | null
  dueAt: Date | null
}

/** What is to be done about a stay that has fallen due. A note made since begins the count of silence anew. */
export function nextStep(
  { remindDays, remindOf, headDays, since, toldAt, followedAt }: Omit<Due, 'contactId' | 'stayId' | 'staffId'>,
  calendar: Calendar,
  now: Date,
): Step {
  if (remindDays === null) return { tell: null, toldAt, dueAt: null }
  const after = (from: Date, days: number) => addWorked(calendar, from, days * dayMs(calendar))
  const silent = remindOf === 'silence'
  if (toldAt && !(silent && followedAt && followedAt > toldAt))
    return { tell: headDays === null ? null : 'head', toldAt, dueAt: null }
  const dueAt = after(silent && followedAt && followedAt > since ? followedAt : since, remindDays)
  if (dueAt > now) return { tell: null, toldAt: null, dueAt }
  const comeBack = headDays ?? (silent ? remindDays : null)
  return { tell: 'member', toldAt: now, dueAt: comeBack === null ? null : after(now, comeBack) }
}

/** Finds whom to tell, by the index of what is due: a look costs nothing where nothing is. */
export const remindCron: Cron = {
  name: 'stages.remind',
  everyMinutes: 1,
  run: (context) =>
    eachCorp(context, 'stays could not be reminded of', (tx, corpId) => remindStep(tx, corpId, context.clock.now())),
}

/** Up to so many stays that have fallen due: what they are due for next, and who is told, in one transaction. */
export async function remindStep(tx: Tx, corpId: string, now: Date): Promise<boolean> {
  const due = await readDue(tx, corpId, now)
  if (due.length === 0) return false
  const calendar = await readCalendar(tx, corpId)
  const steps = due.map((stay) => ({ ...stay, ...nextStep(stay, calendar, now) }))
  await sql`
    update stage_stay s set due_at = n.due_at, told_at = n.told_at
    from unnest(${steps.map((s) => s.contactId)}::bigint[], ${steps.map((s) => s.stayId)}::bigint[], ${steps.map((s) => s.dueAt)}::timestamptz[], ${steps.map((s) => s.toldAt)}::timestamptz[]) as n(contact_id, stay_id, due_at, told_at)
    where s.corp_id = ${corpId}::bigint and s.contact_id = n.contact_id and s.stay_id = n.stay_id`.execute(tx)
  const telling = steps.filter((step) => step.tell && step.staffId)
  if (telling.length > 0) await noteAlerts(tx, corpId, telling, now)
  return due.length === STEP
}

async function readDue(tx: Tx, corpId: string, now: Date): Promise<Due[]> {
  const { rows } = await sql<Due>`
    with due as materialized (
      select * from stage_stay where corp_id = ${corpId}::bigint and due_at <= ${now}::timestamptz order by due_at limit ${STEP} for update skip locked
    )
    select d.contact_id, d.stay_id, d.since, d.told_at, st.remind_days, st.remind_of, st.head_days,
      (select max(e.at) from event e where e.corp_id = ${corpId}::bigint and e.contact_id = d.contact_id and e.at > d.since and st.remind_of = 'silence'
        and e.kind = any(${FOLLOWED_UP}::text[]) and e.staff_id is not null) as followed_at,
      (select f.staff_id from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = d.contact_id and f.lost_at is null
        order by (f.staff_id = d.staff_id) is true desc, f.added_at, f.staff_id limit 1) as staff_id
    from due d join stage st on st.corp_id = ${corpId}::bigint and st.stage_id = d.stage_id order by d.contact_id`.execute(
    tx,
  )
  return rows
}

async function noteAlerts(tx: Tx, corpId: string, telling: readonly (Due & Step)[], now: Date): Promise<void> {
  await sql`
    insert into stage_alert (corp_id, contact_id, stay_id, staff_id, about_id, created_at)
    select ${corpId}::bigint, t.contact_id, t.stay_id, told.staff_id, t.staff_id, ${now}::timestamptz
    from unnest(${telling.map((t) => t.contactId)}::bigint[], ${telling.map((t) => t.stayId)}::bigint[], ${telling.map((t) => t.staffId)}::bigint[], ${telling.map((t) => t.tell === 'head')}::boolean[]) as t(contact_id, stay_id, staff_id, to_head)
    cross join lateral (
      select t.staff_id where not t.to_head
      union select boss.staff_id ${headsOf(corpId, sql.ref('t.staff_id'))} and t.to_head
    ) told(staff_id) on conflict do nothing`.execute(tx)
  await askToTellNews(tx, corpId, STAY_NEWS)
}
