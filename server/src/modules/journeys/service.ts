import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { sha256 } from '../../platform/secrets.ts'
import type { Actor } from '../corps/context.ts'
import { requireWholeCorp } from '../segments/service.ts'
import { findProblems } from './check.ts'
import { JourneyChanged, JourneyElsewhere, JourneyNotReady, JourneyRunning } from './errors.ts'
import { end, leave, stand } from './people.ts'
import { hearForRunning } from './running.ts'
import type { Draft, JourneyState, Left, OfPeople, Problems, Step } from './schema.ts'
import { follow, portsOf } from './when.ts'

type Asker = Pick<Actor, 'accountId' | 'name' | 'scope'>

export interface HeldJourney {
  journeyId: string
  state: JourneyState
  draft: Draft
  revision: number
  version: number | null
}

/** One turn of the corp's clock at a time, and whatever changes what runs between two of them. */
const holdClock = (tx: Tx, corpId: string) =>
  sql`select pg_advisory_xact_lock(hashtext(${`journeys ${corpId}`}))`.execute(tx)

export async function holdJourney(tx: Tx, corpId: string, journeyId: string): Promise<HeldJourney> {
  const { rows } = await sql<HeldJourney>`
    select journey_id, state, draft, revision, version from journey where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and removed_at is null for update`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '旅程' })
  return rows[0]
}

/** Keeps a draft. The same page asking twice made one. */
export async function createJourney(
  tx: Tx,
  corpId: string,
  { requestKey, draft }: { requestKey: string; draft: Draft },
  actor: Asker,
  now: Date,
): Promise<{ journeyId: string; made: boolean }> {
  requireWholeCorp(actor)
  const { rows } = await sql<{ journeyId: string; made: boolean }>`
    insert into journey (corp_id, request_key, name, state, draft, priority, account_id, actor, created_at, updated_at)
    values (${corpId}::bigint, ${requestKey}, ${draft.name}, 'draft', ${JSON.stringify(draft)}::jsonb, ${draft.priority}, ${actor.accountId}::bigint, ${actor.name}, ${now}::timestamptz, ${now}::timestamptz)
    on conflict (corp_id, request_key) do update set request_key = excluded.request_key returning journey_id, (xmax = 0) as made`.execute(
    tx,
  )
  return rows[0]!
}

export async function saveDraft(
  tx: Tx,
  corpId: string,
  journeyId: string,
  { draft, revision }: { draft: Draft; revision: number },
  actor: Asker,
  now: Date,
): Promise<{ revision: number; problems: Problems }> {
  requireWholeCorp(actor)
  const held = await holdJourney(tx, corpId, journeyId)
  if (held.state === 'ended') throw new JourneyElsewhere()
  if (held.revision !== revision) throw new JourneyChanged()
  await sql`update journey set draft = ${JSON.stringify(draft)}::jsonb, revision = revision + 1, name = case when version is null then ${draft.name} else name end,
      account_id = ${actor.accountId}::bigint, actor = ${actor.name}, updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint`.execute(tx)
  return { revision: revision + 1, problems: await findProblems(tx, corpId, draft, now) }
}

/** Has what is written run from now on, and says what becomes of those under way. */
export async function publish(
  tx: Tx,
  corpId: string,
  journeyId: string,
  { revision, people }: { revision: number; people: OfPeople },
  actor: Asker,
  now: Date,
): Promise<number> {
  requireWholeCorp(actor)
  await holdClock(tx, corpId)
  const held = await holdJourney(tx, corpId, journeyId)
  if (held.state === 'ended') throw new JourneyElsewhere()
  if (held.revision !== revision) throw new JourneyChanged()
  const count = Object.values(await findProblems(tx, corpId, held.draft, now)).flat().length
  if (count > 0) throw new JourneyNotReady({ count })
  const version = (held.version ?? 0) + 1
  const graph = JSON.stringify(held.draft)
  await sql`insert into journey_version (corp_id, journey_id, version, graph, hash, account_id, actor, published_at)
    values (${corpId}::bigint, ${journeyId}::bigint, ${version}, ${graph}::jsonb, ${sha256(graph)}, ${actor.accountId}::bigint, ${actor.name}, ${now}::timestamptz)`.execute(
    tx,
  )
  await sql`update journey set version = ${version}, name = ${held.draft.name}, priority = ${held.draft.priority}, state = case when state = 'draft' then 'live' else state end, updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint`.execute(tx)
  if (people === 'move') await moveOver(tx, corpId, journeyId, version, held.draft, now)
  if (people === 'drain') await endAll(tx, corpId, journeyId, 'drained', now)
  await hearForRunning(tx, corpId)
  return version
}

interface Place {
  version: number
  step: string
  dueAt: Date
  contactIds: string[]
}

/** Has those under way stand at the same step of the newest version; where that is gone, at the first after it that is there. */
async function moveOver(tx: Tx, corpId: string, journeyId: string, version: number, draft: Draft, now: Date) {
  const { rows: places } = await sql<Place>`
    delete from journey_packet where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint returning version, step, due_at, contact_ids`.execute(
    tx,
  )
  await sql`update journey_enrolment set version = ${version} where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and ended_at is null`.execute(
    tx,
  )
  const { rows: graphs } = await sql<{ version: number; graph: Draft }>`
    select version, graph from journey_version where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and version = any(${[...new Set(places.map((one) => one.version))]}::int[])`.execute(
    tx,
  )
  const old = new Map(
    graphs.map(({ version: of, graph }) => [of, new Map(graph.steps.map((step) => [step.key, step]))]),
  )
  const fresh = new Set(draft.steps.map(({ key }) => key))
  for (const { version: of, step, dueAt, contactIds } of places) {
    const to = firstKept(old.get(of)!, step, fresh)
    if (to === null) await end(tx, corpId, { journeyId, version }, contactIds, 'done', now)
    else await stand(tx, corpId, { journeyId, version }, { step: to, dueAt: to === step ? dueAt : now, contactIds })
  }
}

/** The first step from one on, by its first ways, that is still there. */
function firstKept(old: ReadonlyMap<string, Step>, from: string, fresh: ReadonlySet<string>): string | null {
  const step = old.get(from)
  if (fresh.has(from)) return from
  const port = step && portsOf(step)[0]
  const next = step && port !== undefined ? follow(step, port) : null
  return next === null ? null : firstKept(old, next, fresh)
}

/** Ends everybody's way in a journey. */
export async function endAll(tx: Tx, corpId: string, journeyId: string, why: Left, now: Date): Promise<number> {
  await sql`delete from journey_packet where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint`.execute(
    tx,
  )
  const { rows } = await sql<{ n: number }>`
    with ended as (update journey_enrolment set ended_at = greatest(entered_at, ${now}::timestamptz), ended = ${why}
      where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and ended_at is null returning 1)
    select count(*)::int as n from ended`.execute(tx)
  await sql`insert into journey_tally as t (corp_id, journey_id, step, port, people) values (${corpId}::bigint, ${journeyId}::bigint, '', ${why}, ${rows[0]!.n})
    on conflict (corp_id, journey_id, step, port) do update set people = t.people + excluded.people`.execute(tx)
  return rows[0]!.n
}

/** Pauses, resumes or ends; whoever is under way stays where he is, or leaves at once. */
export async function setState(
  tx: Tx,
  corpId: string,
  journeyId: string,
  to: 'paused' | 'live' | 'ended',
  actor: Asker,
  now: Date,
): Promise<void> {
  requireWholeCorp(actor)
  await holdClock(tx, corpId)
  const { state } = await holdJourney(tx, corpId, journeyId)
  const from: JourneyState[] = to === 'paused' ? ['live'] : to === 'live' ? ['paused'] : ['live', 'paused']
  if (!from.includes(state)) throw new JourneyElsewhere()
  await sql`update journey set state = ${to}, updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint`.execute(
    tx,
  )
  if (to === 'ended') await endAll(tx, corpId, journeyId, 'ended', now)
  await hearForRunning(tx, corpId)
}

export async function removeJourney(tx: Tx, corpId: string, journeyId: string, actor: Asker, now: Date): Promise<void> {
  requireWholeCorp(actor)
  const { state } = await holdJourney(tx, corpId, journeyId)
  if (state === 'live' || state === 'paused') throw new JourneyRunning()
  await sql`update journey set removed_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint`.execute(
    tx,
  )
}

/** Takes one customer out of a journey he is under way in. */
export async function takeOneOut(
  tx: Tx,
  corpId: string,
  journeyId: string,
  contactId: string,
  now: Date,
): Promise<void> {
  await holdClock(tx, corpId)
  const { rows } = await sql<{ version: number }>`
    select version from journey_enrolment where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and contact_id = ${contactId}::bigint and ended_at is null`.execute(
    tx,
  )
  if (!rows[0]) throw new JourneyElsewhere()
  await leave(tx, corpId, { journeyId, version: rows[0].version }, [contactId], 'taken_out', now)
}
