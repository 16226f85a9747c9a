import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import { addDays, clockOn, shanghaiDay } from '../../platform/shanghai.ts'
import { askToStop } from '../broadcasts/stop-tasks.ts'
import type { WorkContext } from '../corps/context.ts'
import { takeHeard } from '../events/ears.ts'
import { anniversaryDays } from '../segments/evaluate.ts'
import { readCalendar } from '../stages/read-book.ts'
import { hear } from './hear.ts'
import { enter, tally } from './people.ts'
import { EAR, type Running, readRunning } from './running.ts'
import { goOn, goOnFrom, type Turn } from './step.ts'

/** What one transaction takes: a second of work, and all that is done again after a crash. */
const HEARD_MAX = 2_000
const PACKETS_MAX = 10

/**
 * One step of a corp's clock: whatever is next, of what was heard and what has been waited for, in the order of time. One
 * transaction; returns whether there may be more. Two at once: the second leaves it to the first.
 */
export function tick(context: Pick<WorkContext, 'db' | 'clock'>, corpId: string): Promise<boolean> {
  return inCorp(context.db, corpId, async (tx) => {
    const { rows } = await sql<{
      held: boolean
    }>`select pg_try_advisory_xact_lock(hashtext(${`journeys ${corpId}`})) as held`.execute(tx)
    if (!rows[0]!.held) return false
    const runnings = await readRunning(tx, corpId)
    if (runnings.length === 0) return false
    const now = context.clock.now()
    const turn: Turn = { tx, corpId, now, calendar: await readCalendar(tx, corpId) }
    await stopStale(turn)
    const fired = await fire(turn, runnings)
    const due = await nextDue(turn)
    const heard = await takeHeard(tx, corpId, EAR, HEARD_MAX, due)
    if (heard.length > 0) {
      await hear(turn, runnings, heard)
      return true
    }
    if (due) await advance(turn, runnings, due)
    return fired || due !== null
  })
}

/** The earliest instant anybody has waited for that has come. */
async function nextDue({ tx, corpId, now }: Turn): Promise<Date | null> {
  const { rows } = await sql<{ dueAt: Date }>`
    select p.due_at from journey_packet p join journey j on j.corp_id = ${corpId}::bigint and j.journey_id = p.journey_id and j.state = 'live'
    where p.corp_id = ${corpId}::bigint and p.due_at <= ${now}::timestamptz order by p.due_at limit 1`.execute(tx)
  return rows[0]?.dueAt ?? null
}

/** Everybody who has waited until that instant goes on. */
async function advance(turn: Turn, runnings: readonly Running[], due: Date): Promise<void> {
  const { tx, corpId } = turn
  const { rows } = await sql<{ journeyId: string; version: number; step: string; contactIds: string[] }>`
    delete from journey_packet where corp_id = ${corpId}::bigint and packet_id in (
      select p.packet_id from journey_packet p join journey j on j.corp_id = ${corpId}::bigint and j.journey_id = p.journey_id and j.state = 'live'
      where p.corp_id = ${corpId}::bigint and p.due_at = ${due}::timestamptz order by p.packet_id limit ${PACKETS_MAX})
    returning journey_id, version, step, contact_ids`.execute(tx)
  const byVersion = new Map(runnings.map((one) => [`${one.journeyId} ${one.version}`, one]))
  // Ten packets at most, each of up to twenty thousand people.
  for (const { journeyId, version, step: key, contactIds } of rows) {
    const running = byVersion.get(`${journeyId} ${version}`)
    const step = running?.steps.get(key)
    if (running && step) await goOnFrom(turn, running, step, contactIds, due)
    else if (running) await goOn(turn, running, [{ key: null, contactIds, at: due }])
  }
}

/** Starts what a calendar or a date in a field starts; each day once. */
async function fire(turn: Turn, runnings: readonly Running[]): Promise<boolean> {
  let any = false
  for (const running of runnings) {
    const at = firesAt(running, turn.now)
    if (!at || !running.isCurrent || running.isPaused || at < running.publishedAt) continue
    const { tx, corpId } = turn
    const { rows } =
      await sql`insert into journey_fired (corp_id, journey_id, day) values (${corpId}::bigint, ${running.journeyId}::bigint, ${shanghaiDay(at)}::date) on conflict do nothing returning day`.execute(
        tx,
      )
    if (rows.length === 0) continue
    const entered = await enter(tx, corpId, running, await whoseDay(tx, corpId, running, at), at)
    if (entered.length === 0) continue
    any = true
    await tally(tx, corpId, running.journeyId, [{ step: '', port: 'in', people: entered.length }])
    await goOn(turn, running, [{ key: running.graph.first, contactIds: entered, at }])
  }
  return any
}

/** The instant of today, or of the day asked for, that has come. A day missed by more than one is missed. */
function firesAt({ graph: { trigger } }: Running, now: Date): Date | undefined {
  if (trigger.kind !== 'calendar' && trigger.kind !== 'date') return undefined
  const today = shanghaiDay(now)
  const day = trigger.kind === 'calendar' ? trigger.on : today
  const at = clockOn(day, trigger.at)
  return at <= now && day >= addDays(today, -1) ? at : undefined
}

async function whoseDay(tx: Tx, corpId: string, { graph: { trigger } }: Running, at: Date): Promise<string[]> {
  if (trigger.kind === 'calendar') {
    const { rows } = await sql<{ contactId: string }>`
      select m.contact_id from segment s join segment_member m on m.corp_id = ${corpId}::bigint and m.segment_id = s.segment_id and m.version = s.version
      where s.corp_id = ${corpId}::bigint and s.segment_id = ${trigger.segmentId}::bigint and m.since <= ${at}::timestamptz and m.until > ${at}::timestamptz`.execute(
      tx,
    )
    return rows.map((row) => row.contactId)
  }
  if (trigger.kind !== 'date') return []
  const then = new Date(at.getTime() - trigger.days * 86_400_000)
  const { rows } = await sql<{ contactId: string }>`
    select distinct coalesce(c.merged_into, c.contact_id) as contact_id from contact_field_value v join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = v.contact_id
    where v.corp_id = ${corpId}::bigint and v.contact_field_id = ${trigger.fieldId}::bigint and jsonb_typeof(v.value) = 'string' and substr(v.value #>> '{}', 6) = any(${anniversaryDays({ from: 0, to: 0 }, then)}::text[])`.execute(
    tx,
  )
  return rows.map((row) => row.contactId)
}

/** Takes back what members have not sent within the time a step gave them. */
async function stopStale({ tx, corpId, now }: Turn): Promise<void> {
  const { rows } = await sql<{ runId: string }>`
    update journey_ask set stop_at = null where corp_id = ${corpId}::bigint and stop_at <= ${now}::timestamptz returning run_id`.execute(
    tx,
  )
  for (const { runId } of rows) await askToStop(tx, corpId, runId) // runs, not people
}
