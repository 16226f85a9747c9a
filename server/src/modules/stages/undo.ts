import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { dueOf, tell, type Why } from './move.ts'
import { readCalendar, readStages } from './read-book.ts'

const UNDO_HOURS = 24

export interface StayKey {
  contactId: string
  stayId: string
}

/** Whether a stay is still the open one, made by hand, and fresh. */
export async function readUndoable(
  tx: Tx,
  corpId: string,
  { contactId, stayId }: StayKey,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ stayId: string }>`
    select stay_id from stage_stay where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint and stay_id = ${stayId}::bigint
      and until is null and way = 'hand' and since > ${now}::timestamptz - ${UNDO_HOURS} * interval '1 hour'`.execute(
    tx,
  )
  return rows.length > 0
}

interface Undone extends StayKey {
  stageId: string
  name: string
  flow: string
  beforeId: string | null
  beforeStageId: string | null
  beforeSince: Date | null
  beforeTold: boolean
}

/**
 * Takes stays back that are still open: the stay before them is the open one again, with its beginning and its reminder.
 * Whoever has moved on since, or whose stage before is gone, stays. Returns whose were taken back.
 */
export async function undoStays(
  tx: Tx,
  corpId: string,
  stays: readonly StayKey[],
  why: Why,
  now: Date,
): Promise<string[]> {
  await sql`select from contact where corp_id = ${corpId}::bigint and contact_id = any(${stays.map((s) => s.contactId)}::bigint[]) order by contact_id for no key update`.execute(
    tx,
  )
  const { rows } = await sql<Undone>`
    select s.contact_id, s.stay_id, s.stage_id, st.name, f.name as flow, b.stay_id as before_id, b.stage_id as before_stage_id, b.since as before_since, b.told_at is not null as before_told
    from unnest(${stays.map((s) => s.contactId)}::bigint[], ${stays.map((s) => s.stayId)}::bigint[]) as g(contact_id, stay_id)
    join stage_stay s on s.corp_id = ${corpId}::bigint and s.contact_id = g.contact_id and s.stay_id = g.stay_id and s.until is null
    join stage st on st.corp_id = ${corpId}::bigint and st.stage_id = s.stage_id
    join stage_flow f on f.corp_id = ${corpId}::bigint and f.flow_id = s.flow_id
    left join lateral (
      select * from stage_stay b where b.corp_id = ${corpId}::bigint and b.contact_id = s.contact_id and b.flow_id = s.flow_id and b.until = s.since and b.next_stage_id = s.stage_id
      order by b.stay_id desc limit 1
    ) b on true`.execute(tx)
  const before = new Map(
    (await readStages(tx, corpId, { stageIds: rows.flatMap((row) => row.beforeStageId ?? []) })).map((stage) => [
      stage.stageId,
      stage,
    ]),
  )
  const undone = rows.filter((row) => row.beforeStageId === null || before.has(row.beforeStageId))
  if (undone.length === 0) return []
  await sql`delete from stage_stay s using unnest(${undone.map((u) => u.contactId)}::bigint[], ${undone.map((u) => u.stayId)}::bigint[]) as u(contact_id, stay_id)
    where s.corp_id = ${corpId}::bigint and s.contact_id = u.contact_id and s.stay_id = u.stay_id`.execute(tx)
  const calendar = await readCalendar(tx, corpId)
  const reopened = undone.filter((row) => row.beforeId !== null)
  const dueAt = (row: Undone) =>
    row.beforeTold ? null : dueOf(before.get(row.beforeStageId ?? '')!, calendar, row.beforeSince ?? now)
  await sql`
    update stage_stay s set until = null, worked_ms = null, next_stage_id = null, due_at = r.due_at
    from unnest(${reopened.map((r) => r.contactId)}::bigint[], ${reopened.map((r) => r.beforeId)}::bigint[], ${reopened.map(dueAt)}::timestamptz[]) as r(contact_id, stay_id, due_at)
    where s.corp_id = ${corpId}::bigint and s.contact_id = r.contact_id and s.stay_id = r.stay_id`.execute(tx)
  await tell(
    tx,
    corpId,
    undone.map((row) => ({
      contactId: row.contactId,
      from: row,
      to: before.get(row.beforeStageId ?? '') ?? null,
      key: `unstage ${row.stayId}`,
    })),
    { ...why, undo: true },
    now,
  )
  return undone.map((row) => row.contactId)
}
