import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { likeOf } from '../contacts/list-contacts.ts'
import { readCounts } from '../touches/calendar.ts'
import type { FateName } from '../touches/fates.ts'
import { askedBy } from './act.ts'
import { findProblems } from './check.ts'
import type {
  Changes,
  Draft,
  JourneyPage,
  JourneyQuery,
  JourneyRow,
  JourneyView,
  Place,
  Stats,
  Step,
} from './schema.ts'
import type { HeldJourney } from './service.ts'

const SHOWN = 30
const MEMBERS_SHOWN = 500
const PLACES_SHOWN = 20

interface Row extends Omit<JourneyRow, 'updatedAt' | 'goals'> {
  updatedAt: Date
  goals: number
  hasGoal: boolean
}

/** Sums of people are kept as they go, so that a list reads no people. `j` is the journey. */
const COLUMNS = sql`j.journey_id, j.name, j.state, j.actor, j.updated_at, coalesce(v.graph, j.draft) -> 'trigger' as trigger, coalesce(v.graph, j.draft) -> 'goal' <> 'null'::jsonb as has_goal,
  j.version is null or v.graph <> j.draft as has_draft, n.entered, n.entered - n.ended as under_way, n.done, n.goals`
const FROM = (corpId: string) => sql`
  journey j left join journey_version v on v.corp_id = ${corpId}::bigint and v.journey_id = j.journey_id and v.version = j.version
  cross join lateral (select coalesce(sum(t.people) filter (where t.port = 'in'), 0)::int as entered, coalesce(sum(t.people) filter (where t.port <> 'in'), 0)::int as ended,
    coalesce(sum(t.people) filter (where t.port in ('done', 'goal')), 0)::int as done, coalesce(sum(t.people) filter (where t.port = 'goal'), 0)::int as goals
    from journey_tally t where t.corp_id = ${corpId}::bigint and t.journey_id = j.journey_id and t.step = '') n`

const shown = ({ updatedAt, goals, hasGoal, ...row }: Row): JourneyRow => ({
  ...row,
  goals: hasGoal ? goals : null,
  updatedAt: updatedAt.toISOString(),
})

export async function listJourneys(
  tx: Tx,
  corpId: string,
  { view, q, before }: JourneyQuery,
): Promise<z.infer<typeof JourneyPage>> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from ${FROM(corpId)} where j.corp_id = ${corpId}::bigint and j.removed_at is null
      and (${view} = 'all' or j.state = ${view}) and (${q ?? null}::text is null or j.name ilike ${q ? likeOf(q) : ''})
      and (${before ?? null}::bigint is null or j.journey_id < ${before ?? null}::bigint) order by j.journey_id desc limit ${SHOWN + 1}`.execute(
    tx,
  )
  const page = rows.slice(0, SHOWN)
  return { items: page.map(shown), nextCursor: rows.length > SHOWN ? (page.at(-1)?.journeyId ?? null) : null }
}

export async function viewJourney(
  tx: Tx,
  corpId: string,
  journeyId: string,
  now: Date,
): Promise<z.infer<typeof JourneyView>> {
  const { rows } = await sql<Row & Pick<HeldJourney, 'draft' | 'revision' | 'version'> & { running: Draft | null }>`
    select ${COLUMNS}, j.draft, j.revision, j.version, v.graph as running from ${FROM(corpId)} where j.corp_id = ${corpId}::bigint and j.journey_id = ${journeyId}::bigint and j.removed_at is null`.execute(
    tx,
  )
  const row = rows[0]
  if (!row) throw new NotFound({ what: '旅程' })
  const { draft, revision, version, running, ...rest } = row
  const problems = await findProblems(tx, corpId, draft, now)
  return { ...shown(rest), draft, revision, version, running, problems }
}

/** What publishing would change against what runs; nothing runs: null. */
export async function readChanges(tx: Tx, corpId: string, journeyId: string): Promise<z.infer<typeof Changes> | null> {
  const { rows } = await sql<{ draft: Draft; version: number | null; graph: Draft | null }>`
    select j.draft, v.version, v.graph from journey j left join journey_version v on v.corp_id = ${corpId}::bigint and v.journey_id = j.journey_id and v.version = j.version
    where j.corp_id = ${corpId}::bigint and j.journey_id = ${journeyId}::bigint and j.removed_at is null`.execute(tx)
  if (!rows[0]) throw new NotFound({ what: '旅程' })
  const { draft, version, graph } = rows[0]
  if (version === null || graph === null) return null
  const here = await readHere(tx, corpId, journeyId)
  const [was, is] = [byKey(graph.steps), byKey(draft.steps)]
  const same = (a: Step, b: Step) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
  return {
    version,
    underWay: [...here.values()].reduce((sum, n) => sum + n, 0),
    added: [...is.keys()].filter((key) => !was.has(key)),
    changed: [...is].filter(([key, step]) => was.has(key) && !same(was.get(key)!, step)).map(([key]) => key),
    removed: [...was].filter(([key]) => !is.has(key)).map(([key, step]) => ({ key, step, people: here.get(key) ?? 0 })),
  }
}

const byKey = (steps: readonly Step[]) => new Map(steps.map((step) => [step.key, step]))

/** With the fields of every object in one order, as jsonb has them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, of]) => [key, sorted(of)]),
  )
}

/** How many stand at each step: packets say so without their people being looked at. */
async function readHere(tx: Tx, corpId: string, journeyId: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ step: string; people: number }>`
    select step, sum(cardinality(contact_ids))::int as people from journey_packet where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint group by 1`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.step, row.people]))
}

/** Fates of mass messages, as a step's work: sent, still to be sent, or left out and why. */
const SENT: readonly FateName[] = ['sent']
const OPEN: readonly FateName[] = ['reserved', 'sending', 'asked', 'unknown']

export async function readStats(tx: Tx, corpId: string, journeyId: string, now: Date): Promise<Stats> {
  const view = await viewSums(tx, corpId, journeyId)
  const here = await readHere(tx, corpId, journeyId)
  const { rows: tallies } = await sql<{ step: string; port: string; people: number }>`
    select step, port, people::int from journey_tally where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and step <> ''`.execute(
    tx,
  )
  const messages = await readMessages(tx, corpId, journeyId)
  const tasks = await readTasks(tx, corpId, journeyId, now)
  const members = new Map<string, Stats['members'][number]>()
  for (const { staffId, name, due, done, late, skipped } of [...messages.members, ...tasks.members]) {
    const of = members.get(staffId) ?? { staffId, name, due: 0, done: 0, late: 0, skipped: 0 }
    members.set(staffId, {
      ...of,
      due: of.due + due,
      done: of.done + done,
      late: of.late + late,
      skipped: of.skipped + skipped,
    })
  }
  const keys = [...new Set([...tallies.map(({ step }) => step), ...here.keys()])]
  const steps = keys.map((key) => {
    const of = tallies.filter(({ step }) => step === key)
    const work = messages.steps.get(key) ?? tasks.steps.get(key) ?? { done: 0, late: 0, skipped: 0, reasons: [] }
    const failed = of.find(({ port }) => port === 'failed')?.people ?? 0
    return {
      key,
      here: here.get(key) ?? 0,
      came: of.find(({ port }) => port === 'in')?.people ?? 0,
      done: work.done,
      late: work.late,
      skipped: work.skipped + failed,
      reasons: [...work.reasons, ...(failed > 0 ? [{ reason: 'failed', people: failed }] : [])],
      ways: of.flatMap(({ port, people }) => (port === 'in' || port === 'failed' ? [] : [{ port, people }])),
    }
  })
  return { ...view, steps, members: [...members.values()].sort((a, b) => b.due - a.due).slice(0, MEMBERS_SHOWN) }
}

async function viewSums(tx: Tx, corpId: string, journeyId: string) {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from ${FROM(corpId)} where j.corp_id = ${corpId}::bigint and j.journey_id = ${journeyId}::bigint and j.removed_at is null`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '旅程' })
  const { entered, underWay, done, goals } = shown(rows[0])
  return { entered, underWay, done, goals }
}

interface Work {
  done: number
  late: number
  skipped: number
  reasons: { reason: string; people: number }[]
}
type OfMember = Stats['members'][number]

async function readMessages(tx: Tx, corpId: string, journeyId: string) {
  const { rows: asks } = await sql<{
    step: string
    touchId: string | null
    people: number
    state: string
    asked: number
  }>`
    select a.step, r.touch_id, coalesce(r.people, 0) as people, r.state, cardinality(l.contact_ids) as asked from journey_ask a
    join broadcast_run r on r.corp_id = ${corpId}::bigint and r.run_id = a.run_id
    join broadcast_list l on l.corp_id = ${corpId}::bigint and l.broadcast_list_id = (r.content #>> '{audience,include,0,broadcastListId}')::bigint
    where a.corp_id = ${corpId}::bigint and a.journey_id = ${journeyId}::bigint`.execute(tx)
  const counts = await readCounts(
    tx,
    corpId,
    asks.flatMap(({ touchId }) => touchId ?? []),
  )
  const steps = new Map<string, Work>()
  for (const [step, of] of Map.groupBy(asks, (one) => one.step)) {
    const fates = new Map<FateName, number>()
    for (const { touchId } of of)
      for (const [fate, n] of Object.entries((touchId && counts.get(touchId)) || {}) as [FateName, number][])
        fates.set(fate, (fates.get(fate) ?? 0) + n)
    const ended = of
      .filter(({ touchId, state }) => !touchId && state !== 'planning')
      .reduce((sum, { asked }) => sum + asked, 0)
    const reasons = [...fates].filter(([fate]) => !SENT.includes(fate) && !OPEN.includes(fate))
    const skipped = reasons.reduce((sum, [, n]) => sum + n, 0) + ended
    steps.set(step, {
      done: SENT.reduce((sum, fate) => sum + (fates.get(fate) ?? 0), 0),
      late: 0,
      skipped,
      reasons: [
        ...reasons.map(([reason, people]) => ({ reason: reason as string, people })),
        ...(ended > 0 ? [{ reason: 'none', people: ended }] : []),
      ].sort((a, b) => b.people - a.people),
    })
  }
  const { rows: members } = await sql<OfMember>`
    select c.staff_id, s.name, sum(cardinality(c.contact_ids))::int as due, sum(c.sent)::int as done, 0 as late, sum(case when c.task in ('stopped', 'lapsed') then cardinality(c.contact_ids) - c.sent else c.failed end)::int as skipped
    from journey_ask a join broadcast_chunk c on c.corp_id = ${corpId}::bigint and c.run_id = a.run_id join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = c.staff_id
    where a.corp_id = ${corpId}::bigint and a.journey_id = ${journeyId}::bigint group by 1, 2`.execute(tx)
  return { steps, members }
}

async function readTasks(tx: Tx, corpId: string, journeyId: string, now: Date) {
  const prefix = askedBy({ journeyId }, '')
  const { rows } = await sql<OfMember & { step: string }>`
    select substr(t.asked_by, ${prefix.length + 1}) as step, t.staff_id, s.name, count(*)::int as due, count(*) filter (where t.state = 'done')::int as done,
      count(*) filter (where t.state = 'open' and t.due_at < ${now}::timestamptz)::int as late, count(*) filter (where t.state in ('skipped', 'cancelled'))::int as skipped
    from task t join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = t.staff_id
    where t.corp_id = ${corpId}::bigint and t.asked_by >= ${prefix} and t.asked_by < ${`${prefix}~`} group by 1, 2, 3`.execute(
    tx,
  )
  const steps = new Map<string, Work>()
  for (const [step, of] of Map.groupBy(rows, (one) => one.step)) {
    const sum = (which: 'done' | 'late' | 'skipped') => of.reduce((all, one) => all + one[which], 0)
    steps.set(step, { done: sum('done'), late: sum('late'), skipped: sum('skipped'), reasons: [] })
  }
  return { steps, members: rows }
}

/** Where a customer is in journeys, or was; those he is under way in first. */
export async function readPlaces(tx: Tx, corpId: string, contactId: string): Promise<Place[]> {
  const { rows } = await sql<
    Omit<Place, 'since' | 'nextAt' | 'endedAt' | 'step' | 'enrolmentId'> & {
      run: number
      graph: Draft
      key: string | null
      enteredAt: Date
      dueAt: Date | null
      endedAt: Date | null
    }
  >`
    select e.journey_id, e.run, v.graph ->> 'name' as name, v.graph, e.entered_at, e.ended_at, e.ended, p.step as key, p.due_at
    from journey_enrolment e join journey j on j.corp_id = ${corpId}::bigint and j.journey_id = e.journey_id
    join journey_version v on v.corp_id = ${corpId}::bigint and v.journey_id = e.journey_id and v.version = e.version
    left join lateral (select step, due_at from journey_packet p where e.ended_at is null and p.corp_id = ${corpId}::bigint and p.journey_id = e.journey_id and p.version = e.version and p.contact_ids @> array[e.contact_id] limit 1) p on true
    where e.corp_id = ${corpId}::bigint and e.contact_id = ${contactId}::bigint and j.removed_at is null
    order by e.ended_at is not null, e.ended_at desc, e.entered_at desc limit ${PLACES_SHOWN}`.execute(tx)
  return rows.map(({ run, graph, key, enteredAt, dueAt, endedAt, ...row }) => ({
    ...row,
    enrolmentId: `${row.journeyId}-${run}`,
    step: graph.steps.find((step) => step.key === key) ?? null,
    since: enteredAt.toISOString(),
    nextAt: dueAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  }))
}
