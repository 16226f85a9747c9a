import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { enqueueAll } from '../../platform/jobs.ts'
import { LostReasonTaken } from './errors.ts'
import { rescheduleStage } from './jobs.ts'
import { readStages } from './read-book.ts'
import type { Calendar, LostReasons } from './schema.ts'

/** Puts the list in the place of the one that stands. What is left out is offered no more; what was said with it stays. */
export async function saveLostReasons(tx: Tx, corpId: string, { reasons }: LostReasons, now: Date): Promise<void> {
  const names = reasons.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new LostReasonTaken({ name: twice })
  const { rows } = await sql<{ lostReasonId: string }>`
    select lost_reason_id from lost_reason where corp_id = ${corpId}::bigint and removed_at is null for update`.execute(
    tx,
  )
  const standing = new Set(rows.map((row) => row.lostReasonId))
  const kept = reasons.flatMap((reason) => reason.lostReasonId ?? [])
  if (kept.some((id) => !standing.has(id))) throw new NotFound({ what: '流失原因' })
  // Removed first, so that two may change names with each other.
  await sql`update lost_reason set removed_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and removed_at is null`.execute(
    tx,
  )
  await sql`
    update lost_reason r set name = g.name, sort_order = g.place, removed_at = null
    from unnest(${reasons.map((r) => r.lostReasonId ?? null)}::bigint[], ${names}::text[]) with ordinality as g(lost_reason_id, name, place)
    where r.corp_id = ${corpId}::bigint and r.lost_reason_id = g.lost_reason_id`.execute(tx)
  await sql`
    insert into lost_reason (corp_id, name, sort_order) select ${corpId}::bigint, g.name, g.place
    from unnest(${reasons.map((r) => r.lostReasonId ?? null)}::bigint[], ${names}::text[]) with ordinality as g(lost_reason_id, name, place)
    where g.lost_reason_id is null`.execute(tx)
}

/** Other working hours: whatever is still to be told is told by them. */
export async function saveCalendar(tx: Tx, corpId: string, calendar: Calendar): Promise<void> {
  await sql`insert into stage_calendar (corp_id, calendar) values (${corpId}::bigint, ${JSON.stringify(calendar)}::jsonb)
    on conflict (corp_id) do update set calendar = excluded.calendar`.execute(tx)
  const stages = await readStages(tx, corpId)
  const reminding = stages.filter((stage) => stage.remindDays !== null)
  if (reminding.length > 0)
    await enqueueAll(
      tx,
      rescheduleStage,
      reminding.map(({ stageId }) => ({ corpId, stageId })),
    )
}
