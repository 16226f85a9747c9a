import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { idArray } from '../../platform/id.ts'
import { spanMs } from '../segments/evaluate.ts'
import { releaseContacts } from '../touches/send.ts'
import type { Running } from './running.ts'
import type { Left } from './schema.ts'

/** People of one packet: arrays this long are read and written in milliseconds. */
export const PACKET_MAX = 20_000

export interface Standing {
  step: string
  contactIds: string[]
}

const inOrder = (ids: Iterable<string>): string[] => [...ids].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))

/**
 * Lets people in who are customers and may: each as often as the journey says, and only one journey at a time. Whoever is
 * under way in one as important stays there; a less important one is left. Returns who came in.
 */
export async function enter(
  tx: Tx,
  corpId: string,
  { journeyId, version, graph }: Running,
  contactIds: readonly string[],
  at: Date,
): Promise<string[]> {
  const before = graph.again.kind === 'after' ? new Date(at.getTime() - spanMs(graph.again.span)) : null
  const { rows } = await sql<{ contactId: string }>`
    with asked as (
      select c.contact_id from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = any(${[...contactIds]}::bigint[])
        and c.last_added_at is not null and c.merged_into is null and c.followers > 0 order by c.contact_id for no key update
    ), mine as (
      select e.contact_id, max(e.run) as run, bool_or(e.ended_at is null) as open, max(e.ended_at) as ended_at from journey_enrolment e
      where e.corp_id = ${corpId}::bigint and e.journey_id = ${journeyId}::bigint and e.contact_id = any(select contact_id from asked) group by 1
    ), held as (
      select distinct e.contact_id from journey_enrolment e join journey j on j.corp_id = ${corpId}::bigint and j.journey_id = e.journey_id
      where e.corp_id = ${corpId}::bigint and e.contact_id = any(select contact_id from asked) and e.ended_at is null and e.journey_id <> ${journeyId}::bigint and j.priority >= ${graph.priority}
    )
    insert into journey_enrolment (corp_id, journey_id, contact_id, run, version, entered_at)
    select ${corpId}::bigint, ${journeyId}::bigint, a.contact_id, coalesce(m.run, 0) + 1, ${version}, ${at}::timestamptz
    from asked a left join mine m using (contact_id)
    where (m.run is null or (not m.open and m.ended_at <= ${before}::timestamptz)) and not exists (select from held h where h.contact_id = a.contact_id)
    order by a.contact_id returning contact_id`.execute(tx)
  const entered = rows.map((row) => row.contactId)
  if (entered.length > 0) await displace(tx, corpId, journeyId, entered, at)
  return entered
}

/** Takes people out of the other journeys they are under way in. */
async function displace(tx: Tx, corpId: string, journeyId: string, contactIds: string[], at: Date): Promise<void> {
  const { rows } = await sql<{ journeyId: string; version: number; contactIds: string[] }>`
    select journey_id, version, array_agg(contact_id order by contact_id) as contact_ids from journey_enrolment
    where corp_id = ${corpId}::bigint and contact_id = any(${contactIds}::bigint[]) and ended_at is null and journey_id <> ${journeyId}::bigint group by 1, 2`.execute(
    tx,
  )
  for (const of of rows) await leave(tx, corpId, of, of.contactIds, 'displaced', at) // journeys, not people
}

/** Ends people's way at once: they stand nowhere any more. Who came in after that instant is not meant. Returns who was under way. */
export async function leave(
  tx: Tx,
  corpId: string,
  of: Pick<Running, 'journeyId' | 'version'>,
  contactIds: readonly string[],
  why: Left,
  at: Date,
): Promise<string[]> {
  const left = await end(tx, corpId, of, contactIds, why, at)
  if (left.length === 0) return left
  await takeOut(tx, corpId, of, left)
  await takeBack(tx, corpId, of, left)
  return left
}

/** What has a place with the touch gate for them and is not handed over is not sent to them. */
async function takeBack(
  tx: Tx,
  corpId: string,
  { journeyId }: Pick<Running, 'journeyId'>,
  contactIds: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ touchId: string }>`
    select r.touch_id from journey_ask a join broadcast_run r on r.corp_id = ${corpId}::bigint and r.run_id = a.run_id
    where a.corp_id = ${corpId}::bigint and a.journey_id = ${journeyId}::bigint and r.touch_id is not null and r.state in ('waiting', 'ready', 'sending') order by r.touch_id`.execute(
    tx,
  )
  for (const { touchId } of rows) await releaseContacts(tx, corpId, touchId, contactIds) // runs not sent yet, few
}

/** The same of people who stand nowhere already. */
export async function end(
  tx: Tx,
  corpId: string,
  { journeyId, version }: Pick<Running, 'journeyId' | 'version'>,
  contactIds: readonly string[],
  why: Left,
  at: Date,
): Promise<string[]> {
  const { rows } = await sql<{ contactId: string }>`
    update journey_enrolment set ended_at = ${at}::timestamptz, ended = ${why}, goal_at = case when ${why} = 'goal' then coalesce(goal_at, ${at}::timestamptz) else goal_at end
    where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and version = ${version} and contact_id = any(${[...contactIds]}::bigint[]) and ended_at is null and entered_at <= ${at}::timestamptz
    returning contact_id`.execute(tx)
  const left = rows.map((row) => row.contactId)
  if (left.length > 0) await tally(tx, corpId, journeyId, [{ step: '', port: why, people: left.length }])
  return left
}

/** Takes people out of where they stand, or of one step if they came to it in time; returns who stood where. */
export async function takeOut(
  tx: Tx,
  corpId: string,
  { journeyId, version }: Pick<Running, 'journeyId' | 'version'>,
  contactIds: readonly string[],
  /** Waits of that step that end after the one instant, and by the other. */
  only?: { step: string; after: Date; by: Date },
): Promise<Standing[]> {
  const ids = idArray(contactIds)
  const { rows } = await sql<Standing & { packetId: string; left: number }>`
    select p.packet_id, p.step, found.ids as contact_ids, cardinality(p.contact_ids) - cardinality(found.ids) as left
    from journey_packet p cross join lateral (select array(select unnest(p.contact_ids) intersect select unnest(${ids}::bigint[])) as ids) found
    where p.corp_id = ${corpId}::bigint and p.journey_id = ${journeyId}::bigint and p.version = ${version} and ${only ? sql`p.step = ${only.step} and p.due_at > ${only.after}::timestamptz and p.due_at <= ${only.by}::timestamptz` : sql`true`}
      and p.contact_ids && ${ids}::bigint[] order by p.packet_id for update of p`.execute(tx)
  const [emptied, thinned] = [rows.filter(({ left }) => left === 0), rows.filter(({ left }) => left > 0)]
  if (emptied.length > 0)
    await sql`delete from journey_packet where corp_id = ${corpId}::bigint and packet_id = any(${emptied.map((row) => row.packetId)}::bigint[])`.execute(
      tx,
    )
  if (thinned.length > 0)
    await sql`update journey_packet set contact_ids = array(select id from (select unnest(contact_ids) as id except select unnest(${ids}::bigint[])) kept order by id)
      where corp_id = ${corpId}::bigint and packet_id = any(${thinned.map((row) => row.packetId)}::bigint[])`.execute(
      tx,
    )
  return rows.map((row) => ({ step: row.step, contactIds: row.contactIds }))
}

/** Has people stand at a step until an instant, together with whoever stands there until then already. */
export async function stand(
  tx: Tx,
  corpId: string,
  { journeyId, version }: Pick<Running, 'journeyId' | 'version'>,
  { step, dueAt, contactIds }: { step: string; dueAt: Date; contactIds: readonly string[] },
): Promise<void> {
  const ids = inOrder(contactIds)
  const { rows } = await sql`
    update journey_packet set contact_ids = array(select unnest(contact_ids) union select unnest(${idArray(ids)}::bigint[]) order by 1)
    where corp_id = ${corpId}::bigint and packet_id = (
      select packet_id from journey_packet where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and version = ${version} and step = ${step} and due_at = ${dueAt}::timestamptz
        and cardinality(contact_ids) <= ${PACKET_MAX - ids.length} limit 1 for update) returning packet_id`.execute(tx)
  if (rows.length > 0) return
  const packets = Array.from({ length: Math.ceil(ids.length / PACKET_MAX) }, (_, n) =>
    idArray(ids.slice(n * PACKET_MAX, (n + 1) * PACKET_MAX)),
  )
  await sql`
    insert into journey_packet (corp_id, journey_id, version, step, due_at, contact_ids)
    select ${corpId}::bigint, ${journeyId}::bigint, ${version}, ${step}, ${dueAt}::timestamptz, ids::bigint[] from unnest(${packets}::text[]) as ids`.execute(
    tx,
  )
}

/** Counts people at steps; `step` '' counts ends by why. */
export async function tally(
  tx: Tx,
  corpId: string,
  journeyId: string,
  counts: readonly { step: string; port: string; people: number }[],
): Promise<void> {
  const sums = Map.groupBy(counts, ({ step, port }) => `${step} ${port}`)
  const rows = [...sums.values()].map((of) => ({ ...of[0]!, people: of.reduce((sum, one) => sum + one.people, 0) }))
  if (rows.length === 0) return
  await sql`
    insert into journey_tally as t (corp_id, journey_id, step, port, people)
    select ${corpId}::bigint, ${journeyId}::bigint, step, port, people from unnest(${rows.map((r) => r.step)}::text[], ${rows.map((r) => r.port)}::text[], ${rows.map((r) => r.people)}::bigint[]) as r(step, port, people) order by 3, 4
    on conflict (corp_id, journey_id, step, port) do update set people = t.people + excluded.people`.execute(tx)
}
