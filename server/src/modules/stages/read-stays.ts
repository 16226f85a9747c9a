import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { requireContact } from '../contacts/read-profile.ts'
import type { Scope } from '../corps/context.ts'
import { dayMs, workedBetween } from './calendar.ts'
import { readCalendar } from './read-book.ts'
import type { Stay } from './schema.ts'

const SHOWN = 60

/** Where a customer stands in every flow, and where he stood before, the newest first. */
export async function readStays(tx: Tx, corpId: string, askedId: string, scope: Scope, now: Date): Promise<Stay[]> {
  const contactId = await requireContact(tx, corpId, askedId, scope)
  const calendar = await readCalendar(tx, corpId)
  const { rows } = await sql<
    Omit<Stay, 'since' | 'until' | 'dueAt' | 'toldAt' | 'workedDays'> & {
      since: Date
      until: Date | null
      dueAt: Date | null
      toldAt: Date | null
      workedMs: string | null
    }
  >`
    select y.stay_id, y.flow_id, y.stage_id, s.name as stage, s.color, s.kind, y.since, y.until, y.worked_ms, y.way, y.actor, y.reason, r.name as lost_reason, y.due_at, y.told_at
    from stage_stay y join stage s on s.corp_id = ${corpId}::bigint and s.stage_id = y.stage_id
    join stage_flow f on f.corp_id = ${corpId}::bigint and f.flow_id = y.flow_id and f.archived_at is null
    left join lost_reason r on r.corp_id = ${corpId}::bigint and r.lost_reason_id = y.lost_reason_id
    where y.corp_id = ${corpId}::bigint and y.contact_id = ${contactId}::bigint order by y.until is not null, y.since desc, y.stay_id desc limit ${SHOWN}`.execute(
    tx,
  )
  return rows.map(({ workedMs, ...row }) => ({
    ...row,
    since: row.since.toISOString(),
    until: row.until?.toISOString() ?? null,
    dueAt: row.dueAt?.toISOString() ?? null,
    toldAt: row.toldAt?.toISOString() ?? null,
    workedDays:
      Math.round(
        ((workedMs === null ? workedBetween(calendar, row.since, now) : Number(workedMs)) / dayMs(calendar)) * 10,
      ) / 10,
  }))
}
