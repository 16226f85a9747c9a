import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { appendEvents } from '../events/journal.ts'
import { markChanged } from '../facts/changes.ts'
import { addWorked, dayMs, workedBetween } from './calendar.ts'
import { readCalendar, type StageRow } from './read-book.ts'
import type { Calendar, StayWay } from './schema.ts'

export interface Why {
  way: StayWay
  /** Who, by name and as a member; nobody: a rule. */
  actor: string | null
  staffId: string | null
  reason: string
  lostReasonId: string | null
  bulkRunId: string | null
}

export const BY_RULE: Why = {
  way: 'rule',
  actor: null,
  staffId: null,
  reason: '',
  lostReasonId: null,
  bulkRunId: null,
}

interface Standing {
  contactId: string
  stayId: string
  stageId: string
  name: string
  kind: StageRow['kind']
  sortOrder: number
  since: Date
}

/**
 * Whether a rule may move somebody on: further along among the open stages, from an open one to a lost one, from any to
 * one that is won. Each such move leads higher, so rules alone never go round in a circle.
 */
export function advances(
  from: Pick<Standing, 'kind' | 'sortOrder'>,
  to: Pick<StageRow, 'kind' | 'sortOrder'>,
): boolean {
  if (to.kind === 'lost') return from.kind === 'open'
  if (from.kind === to.kind) return from.sortOrder < to.sortOrder
  return to.kind === 'won'
}

/** When whoever follows somebody is to be told, who came into a stage then. */
export const dueOf = ({ remindDays }: Pick<StageRow, 'remindDays'>, calendar: Calendar, since: Date): Date | null =>
  remindDays === null ? null : addWorked(calendar, since, remindDays * dayMs(calendar))

/**
 * Moves customers to a stage, one set of statements for all. Who is there already, is nobody's customer, or would be
 * pushed back by a rule that may not, stays where he is. Returns who moved.
 */
export async function moveContacts(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  to: StageRow,
  why: Why,
  now: Date,
): Promise<string[]> {
  const standing = await lockStanding(tx, corpId, contactIds, to.flowId)
  const movers = standing.filter(
    ({ from }) => !from || (from.stageId !== to.stageId && (why.way !== 'rule' || to.back || advances(from, to))),
  )
  if (movers.length === 0) return []
  const calendar = await readCalendar(tx, corpId)
  await endStays(tx, corpId, leaving(movers), to.stageId, calendar, now)
  const since = (from: Standing | undefined) => (from && from.since > now ? from.since : now)
  const { rows } = await sql<{ contactId: string; stayId: string }>`
    insert into stage_stay (corp_id, contact_id, flow_id, stage_id, since, way, actor, staff_id, reason, lost_reason_id, bulk_run_id, due_at)
    select ${corpId}::bigint, m.contact_id, ${to.flowId}::bigint, ${to.stageId}::bigint, m.since, ${why.way}, ${why.actor}, ${why.staffId}::bigint, ${why.reason},
      ${why.lostReasonId}::bigint, ${why.bulkRunId}::bigint, ${dueOf(to, calendar, now)}::timestamptz
    from unnest(${movers.map((m) => m.contactId)}::bigint[], ${movers.map((m) => since(m.from))}::timestamptz[]) as m(contact_id, since) order by m.contact_id
    returning contact_id, stay_id`.execute(tx)
  const stays = new Map(rows.map((row) => [row.contactId, row.stayId]))
  await tell(
    tx,
    corpId,
    movers.map(({ contactId, from }) => ({ contactId, from, to, key: `stage ${stays.get(contactId)}` })),
    why,
    now,
  )
  return movers.map(({ contactId }) => contactId)
}

/** Takes customers out of a flow. Returns who was in it. */
export async function leaveFlow(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  flowId: string,
  why: Why,
  now: Date,
): Promise<string[]> {
  const movers = (await lockStanding(tx, corpId, contactIds, flowId)).filter(({ from }) => from)
  await endStays(tx, corpId, leaving(movers), null, await readCalendar(tx, corpId), now)
  await tell(
    tx,
    corpId,
    movers.map(({ contactId, from }) => ({ contactId, from, to: null, key: `stage left ${from?.stayId}` })),
    why,
    now,
  )
  return movers.map(({ contactId }) => contactId)
}

interface Mover {
  contactId: string
  from: Standing | undefined
}

const leaving = (movers: readonly Mover[]): Standing[] => movers.flatMap(({ from }) => from ?? [])

/** The customers among these, each held until commit, and where in a flow they stand. */
export async function lockStanding(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  flowId: string,
): Promise<Mover[]> {
  const ids = [...new Set(contactIds)]
  const { rows: customers } = await sql<{ contactId: string }>`
    select contact_id from contact where corp_id = ${corpId}::bigint and contact_id = any(${ids}::bigint[]) and last_added_at is not null and merged_into is null
    order by contact_id for no key update`.execute(tx)
  const { rows } = await sql<Standing>`
    select s.contact_id, s.stay_id, s.stage_id, st.name, st.kind, st.sort_order, s.since
    from stage_stay s join stage st on st.corp_id = ${corpId}::bigint and st.stage_id = s.stage_id
    where s.corp_id = ${corpId}::bigint and s.contact_id = any(${ids}::bigint[]) and s.flow_id = ${flowId}::bigint and s.until is null`.execute(
    tx,
  )
  const standing = new Map(rows.map((row) => [row.contactId, row]))
  return customers.map(({ contactId }) => ({ contactId, from: standing.get(contactId) }))
}

async function endStays(
  tx: Tx,
  corpId: string,
  stays: readonly Standing[],
  nextStageId: string | null,
  calendar: Calendar,
  now: Date,
): Promise<void> {
  if (stays.length === 0) return
  await sql`
    update stage_stay s set until = greatest(s.since, ${now}::timestamptz), worked_ms = e.worked_ms, next_stage_id = ${nextStageId}::bigint, due_at = null
    from unnest(${stays.map((s) => s.contactId)}::bigint[], ${stays.map((s) => s.stayId)}::bigint[], ${stays.map((s) => workedBetween(calendar, s.since, now))}::bigint[]) as e(contact_id, stay_id, worked_ms)
    where s.corp_id = ${corpId}::bigint and s.contact_id = e.contact_id and s.stay_id = e.stay_id`.execute(tx)
}

export interface Told {
  contactId: string
  from: Pick<Standing, 'stageId' | 'name'> | undefined
  to: Pick<StageRow, 'stageId' | 'name' | 'flow'> | null
  key: string
}

/** Writes the moves into the journal, and has rules that ask for stages asked anew. */
export async function tell(
  tx: Tx,
  corpId: string,
  moves: readonly Told[],
  why: Why & { undo?: true },
  now: Date,
): Promise<void> {
  const lostReason = why.lostReasonId && (await nameOfReason(tx, corpId, why.lostReasonId))
  await appendEvents(
    tx,
    corpId,
    moves.map(({ contactId, from, to, key }) => ({
      contactId,
      at: now,
      kind: 'stage.moved' as const,
      staffId: why.staffId,
      source: why.way === 'rule' ? ('system' as const) : ('console' as const),
      props: {
        ...(from ? { fromId: from.stageId, from: from.name } : {}),
        ...(to ? { toId: to.stageId, to: to.name } : {}),
        way: why.way,
        ...(why.actor ? { by: why.actor } : {}),
        ...(why.reason ? { reason: why.reason } : {}),
        ...(lostReason ? { lostReason } : {}),
        ...(why.bulkRunId ? { bulkRunId: why.bulkRunId } : {}),
        ...(why.undo ? { undo: true } : {}),
      },
      key,
    })),
    now,
  )
  await markChanged(
    tx,
    corpId,
    moves.map(({ contactId }) => contactId),
    ['stage'],
  )
}

async function nameOfReason(tx: Tx, corpId: string, lostReasonId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('lostReason')
    .select('name')
    .where('corpId', '=', corpId)
    .where('lostReasonId', '=', lostReasonId)
    .executeTakeFirst()
  return row?.name
}
