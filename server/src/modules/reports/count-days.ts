import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { LearntLoss } from '../contacts/lose-follows.ts'
import type { AppendedEvent } from '../events/journal.ts'

type Fact = Pick<AppendedEvent, 'contactId' | 'staffId' | 'kind' | 'at' | 'props'>

const dayOf = (at: string) => sql`(${sql.ref(at)} at time zone 'Asia/Shanghai')::date`

/**
 * Counts new facts into the days of their members. To be called in the transaction of the journal append, with the events
 * that were really new. An early end is also noted on the day its friendship began.
 */
export async function countStaffDays(tx: Tx, corpId: string, facts: Fact[]): Promise<void> {
  const told = facts.filter(({ staffId, kind }) => staffId && (kind === 'contact.added' || kind === 'contact.lost'))
  if (told.length === 0) return
  await sql`
    with fact as (
      select e.kind = 'contact.lost' as lost, e.staff_id, e.at, e.by, case when e.kind = 'contact.lost' then f.added_at end as added_at
      from unnest(${told.map((f) => f.kind)}::text[], ${told.map((f) => f.contactId)}::bigint[], ${told.map((f) => f.staffId!)}::bigint[],
        ${told.map((f) => f.at.toISOString())}::timestamptz[], ${told.map((f) => String(f.props.by ?? 'unknown'))}::text[]) as e(kind, contact_id, staff_id, at, by)
      left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = e.contact_id and f.staff_id = e.staff_id and f.added_at <= e.at
    ), mark as (
      select ${dayOf('at')} as on_day, staff_id, not lost as added, lost and by = 'customer' as by_customer, lost and by = 'staff' as by_staff,
        lost and by not in ('customer', 'staff') as otherwise, false as gone_7, false as gone_30 from fact
      union all
      select ${dayOf('added_at')}, staff_id, false, false, false, false, at < added_at + interval '7 days', at < added_at + interval '30 days'
      from fact where added_at is not null and at < added_at + interval '30 days'
    )
    insert into staff_day (corp_id, on_day, staff_id, added, lost_by_customer, lost_by_staff, lost_otherwise, gone_7, gone_30)
    select ${corpId}::bigint, on_day, staff_id, count(*) filter (where added), count(*) filter (where by_customer), count(*) filter (where by_staff),
      count(*) filter (where otherwise), count(*) filter (where gone_7), count(*) filter (where gone_30)
    from mark group by on_day, staff_id order by on_day, staff_id
    on conflict (corp_id, on_day, staff_id) do update set added = staff_day.added + excluded.added,
      lost_by_customer = staff_day.lost_by_customer + excluded.lost_by_customer, lost_by_staff = staff_day.lost_by_staff + excluded.lost_by_staff,
      lost_otherwise = staff_day.lost_otherwise + excluded.lost_otherwise, gone_7 = staff_day.gone_7 + excluded.gone_7, gone_30 = staff_day.gone_30 + excluded.gone_30`.execute(
    tx,
  )
}

/** Who ended a friendship was learnt after its end had been counted: the same loss, under another name. */
export async function recountLosses(tx: Tx, corpId: string, learnt: LearntLoss[]): Promise<void> {
  const told = learnt.filter(({ was, by }) => columnOf(was) !== columnOf(by))
  if (told.length === 0) return
  const moved = (column: string) =>
    sql`count(*) filter (where l.by = ${column}) - count(*) filter (where l.was = ${column})`
  await sql`
    with moved as (
      select (e.at at time zone 'Asia/Shanghai')::date as on_day, l.staff_id, ${moved('customer')} as by_customer, ${moved('staff')} as by_staff, ${moved('otherwise')} as otherwise
      from unnest(${told.map((l) => l.contactId)}::bigint[], ${told.map((l) => l.staffId)}::bigint[], ${told.map((l) => l.addedAt.toISOString())}::timestamptz[],
        ${told.map((l) => columnOf(l.was))}::text[], ${told.map((l) => columnOf(l.by))}::text[]) as l(contact_id, staff_id, added_at, was, by)
      join lateral (select min(e.at) as at from event e where e.corp_id = ${corpId}::bigint and e.contact_id = l.contact_id and e.staff_id = l.staff_id
        and e.kind = 'contact.lost' and e.at >= l.added_at) e on e.at is not null
      group by 1, 2
    )
    update staff_day d set lost_by_customer = d.lost_by_customer + m.by_customer, lost_by_staff = d.lost_by_staff + m.by_staff, lost_otherwise = d.lost_otherwise + m.otherwise
    from moved m where d.corp_id = ${corpId}::bigint and d.on_day = m.on_day and d.staff_id = m.staff_id`.execute(tx)
}

const columnOf = (by: string) => (by === 'customer' || by === 'staff' ? by : 'otherwise')
