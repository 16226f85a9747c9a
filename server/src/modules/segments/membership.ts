import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { idArray } from '../../platform/id.ts'
import { evaluate } from './evaluate.ts'
import { endingAfter, type Intervals } from './intervals.ts'
import { needsOf, readPersons } from './persons.ts'
import type { Board, Version } from './versions.ts'

/** Members a flip names at most: what follows them works through arrays of this size. */
const FLIP_MAX = 5_000

/**
 * The clock of a corp's segments, held until commit: whoever evaluates or announces does so alone. Returns an instant
 * later than all that has been announced. Undefined where there has never been a segment.
 */
export async function holdClock(tx: Tx, corpId: string, now: Date): Promise<{ sweptAt: Date; now: Date } | undefined> {
  const { rows } = await sql<{
    sweptAt: Date
  }>`select swept_at from segment_clock where corp_id = ${corpId}::bigint for update`.execute(tx)
  const sweptAt = rows[0]?.sweptAt
  return sweptAt && { sweptAt, now: sweptAt > now ? sweptAt : now }
}

interface Row {
  segmentId: string
  version: number
  contactId: string
  since: number
  until: number
  inBy: 'event' | 'time'
  outBy: 'event' | 'time'
}

/** Whom a rule is asked of. */
export type Asked = ReadonlyMap<Version, ReadonlySet<string>>

/**
 * Asks rules of customers and writes what differs: one set of statements for all. Who is in by now and was not, or is out
 * and was not, is announced at once; what time will change stands in the rows and is announced by `sweep`.
 */
export async function evaluateContacts(tx: Tx, corpId: string, board: Board, asked: Asked, now: Date): Promise<void> {
  const versions = [...asked.keys()]
  const contactIds = [...new Set([...asked.values()].flatMap((ids) => [...ids]))]
  if (contactIds.length === 0) return
  const needs = needsOf(
    versions.map((one) => one.rule),
    board.refs,
  )
  const persons = await readPersons(tx, corpId, contactIds, needs, board.factIds, now)
  const standing = Map.groupBy(await readStanding(tx, corpId, versions, contactIds, now), keyOf)
  const writes: Writes = { put: [], gone: [] }
  const flips = new Map<Version, { entered: string[]; exited: string[] }>(
    versions.map((one) => [one, { entered: [], exited: [] }]),
  )
  for (const [version, ids] of asked)
    for (const contactId of ids) {
      const person = persons.get(contactId)
      const wanted = person ? endingAfter(evaluate(version.rule, person, board.refs, now.getTime()), now.getTime()) : []
      const key = { segmentId: version.segmentId, version: version.version, contactId }
      const turned = compare(standing.get(keyOf(key)) ?? [], wanted, key, now.getTime(), writes)
      if (turned) flips.get(version)![turned].push(contactId)
    }
  await write(tx, corpId, writes)
  await announce(
    tx,
    corpId,
    [...flips].flatMap(([{ segmentId, version, state }, turned]) =>
      state === 'live' ? [{ segmentId, version, ...turned }] : [],
    ),
    'event',
    now,
  )
  const edges = writes.put
    .flatMap((row) => [row.since, row.until])
    .filter((edge) => edge > now.getTime() && edge < Infinity)
  if (edges.length > 0)
    await comeBack(
      tx,
      corpId,
      edges.reduce((a, b) => Math.min(a, b)),
    )
}

const keyOf = (of: Pick<Row, 'segmentId' | 'version' | 'contactId'>) => `${of.segmentId} ${of.version} ${of.contactId}`

interface Writes {
  put: Row[]
  gone: Row[]
}

/** Of one customer and one rule: what stands against what is wanted from now on. Returns which way he turned, if he did. */
function compare(
  standing: readonly Row[],
  wanted: Intervals,
  key: Pick<Row, 'segmentId' | 'version' | 'contactId'>,
  now: number,
  { put, gone }: Writes,
): 'entered' | 'exited' | undefined {
  const outBy = (until: number) => (until < Infinity ? ('time' as const) : ('event' as const))
  const current = standing.find((row) => row.since <= now)
  const within = wanted[0] && wanted[0][0] <= now ? wanted[0] : undefined
  if (current && !within) put.push({ ...current, until: now, outBy: 'event' })
  else if (current && within && current.until !== within[1])
    put.push({ ...current, until: within[1], outBy: outBy(within[1]) })
  else if (within && !current)
    put.push({ ...key, since: now, until: within[1], inBy: 'event', outBy: outBy(within[1]) })
  const coming = new Map(standing.filter((row) => row.since > now).map((row) => [row.since, row]))
  for (const [since, until] of wanted.slice(within ? 1 : 0)) {
    const row = coming.get(since)
    coming.delete(since)
    if (row?.until !== until) put.push({ ...key, since, until, inBy: 'time', outBy: outBy(until) })
  }
  gone.push(...coming.values())
  return current && !within ? 'exited' : within && !current ? 'entered' : undefined
}

async function readStanding(
  tx: Tx,
  corpId: string,
  versions: readonly Version[],
  contactIds: readonly string[],
  now: Date,
): Promise<Row[]> {
  const { rows } = await sql<Omit<Row, 'since' | 'until'> & { since: Date; until: Date | number }>`
    select m.segment_id, m.version, m.contact_id, m.since, m.until, m.in_by, m.out_by
    from segment_member m join unnest(${versions.map((v) => v.segmentId)}::bigint[], ${versions.map((v) => v.version)}::int[]) as v(segment_id, version)
      on v.segment_id = m.segment_id and v.version = m.version
    where m.corp_id = ${corpId}::bigint and m.contact_id = any(${[...contactIds]}::bigint[]) and m.until > ${now}::timestamptz`.execute(
    tx,
  )
  return rows.map((row) => ({
    ...row,
    since: row.since.getTime(),
    until: typeof row.until === 'number' ? row.until : row.until.getTime(),
  }))
}

const instant = (ms: number): string => (ms === Infinity ? 'infinity' : new Date(ms).toISOString())

async function write(tx: Tx, corpId: string, { put, gone }: Writes): Promise<void> {
  const of = <T>(rows: readonly Row[], read: (row: Row) => T): T[] => rows.map(read)
  if (gone.length > 0)
    await sql`
      delete from segment_member m using unnest(${of(gone, (r) => r.segmentId)}::bigint[], ${of(gone, (r) => r.version)}::int[], ${of(gone, (r) => r.contactId)}::bigint[], ${of(gone, (r) => instant(r.since))}::timestamptz[])
        as g(segment_id, version, contact_id, since)
      where m.corp_id = ${corpId}::bigint and m.contact_id = g.contact_id and m.segment_id = g.segment_id and m.version = g.version and m.since = g.since`.execute(
      tx,
    )
  if (put.length > 0)
    await sql`
      insert into segment_member as m (corp_id, contact_id, segment_id, version, since, until, in_by, out_by)
      select ${corpId}::bigint, contact_id, segment_id, version, since, until, in_by, out_by
      from unnest(${of(put, (r) => r.contactId)}::bigint[], ${of(put, (r) => r.segmentId)}::bigint[], ${of(put, (r) => r.version)}::int[], ${of(put, (r) => instant(r.since))}::timestamptz[],
        ${of(put, (r) => instant(r.until))}::timestamptz[], ${of(put, (r) => r.inBy)}::text[], ${of(put, (r) => r.outBy)}::text[]) as p(contact_id, segment_id, version, since, until, in_by, out_by)
      on conflict (corp_id, contact_id, segment_id, version, since) do update set until = excluded.until, out_by = excluded.out_by`.execute(
      tx,
    )
}

export interface Turned {
  segmentId: string
  version: number
  entered: string[]
  exited: string[]
}

/** Writes down who turned, in packets: what follows segments reads them in order, each once. */
export async function announce(
  tx: Tx,
  corpId: string,
  turned: readonly Turned[],
  why: 'event' | 'time' | 'edit',
  at: Date,
): Promise<void> {
  const packets = turned.flatMap(({ entered, exited, ...of }) =>
    Array.from({ length: Math.ceil(Math.max(entered.length, exited.length) / FLIP_MAX) }, (_, i) => {
      const [one, other] = [entered, exited].map((ids) => idArray(ids.slice(i * FLIP_MAX, (i + 1) * FLIP_MAX)))
      return { ...of, entered: one, exited: other }
    }),
  )
  if (packets.length === 0) return
  await sql`
    with announced as (
    insert into segment_flip (corp_id, segment_id, version, at, why, entered, exited)
    select ${corpId}::bigint, segment_id, version, ${at}::timestamptz, ${why}, entered::bigint[], exited::bigint[]
    from unnest(${packets.map((p) => p.segmentId)}::bigint[], ${packets.map((p) => p.version)}::int[], ${packets.map((p) => p.entered)}::text[], ${packets.map((p) => p.exited)}::text[]) as p(segment_id, version, entered, exited)
    returning flip_id)
    update segment_clock set flip_id = (select max(flip_id) from announced) where corp_id = ${corpId}::bigint`.execute(
    tx,
  )
}

/** Has the sweeper look in no later than then. */
const comeBack = (tx: Tx, corpId: string, ms: number) =>
  sql`update segment_clock set next_at = least(next_at, ${instant(ms)}::timestamptz) where corp_id = ${corpId}::bigint`.execute(
    tx,
  )

/**
 * Announces what time alone has changed since the last time, and says when it will change something next. Reads are right
 * without it. Returns who left by time: rules of anniversaries are asked again for them.
 */
export async function sweep(
  tx: Tx,
  corpId: string,
  board: Board,
  { sweptAt, now }: { sweptAt: Date; now: Date },
): Promise<Turned[]> {
  const live = board.versions.filter((one) => one.state === 'live')
  const ids = sql`unnest(${live.map((v) => v.segmentId)}::bigint[], ${live.map((v) => v.version)}::int[]) as v(segment_id, version)`
  const rowsOf = (
    name: string,
  ) => sql`segment_member ${sql.ref(name)} where ${sql.ref(`${name}.corp_id`)} = ${corpId}::bigint
    and ${sql.ref(`${name}.segment_id`)} = v.segment_id and ${sql.ref(`${name}.version`)} = v.version`
  const holdsAt = (at: Date) =>
    sql`exists (select from ${rowsOf('o')} and o.contact_id = m.contact_id and o.since <= ${at}::timestamptz and o.until > ${at}::timestamptz)`
  // Whoever went in and out again meanwhile has not turned.
  const { rows: turned } = await sql<Turned>`
    select v.segment_id, v.version,
      array(select m.contact_id from ${rowsOf('m')} and m.in_by = 'time' and m.since > ${sweptAt}::timestamptz and m.since <= ${now}::timestamptz
        and m.until > ${now}::timestamptz and not ${holdsAt(sweptAt)}) as entered,
      array(select m.contact_id from ${rowsOf('m')} and m.out_by = 'time' and m.until > ${sweptAt}::timestamptz and m.until <= ${now}::timestamptz
        and m.since <= ${sweptAt}::timestamptz and not ${holdsAt(now)}) as exited
    from ${ids}`.execute(tx)
  const flipped = turned.filter((one) => one.entered.length + one.exited.length > 0)
  await announce(tx, corpId, flipped, 'time', now)
  await sql`
    update segment_clock set swept_at = ${now}::timestamptz, next_at = coalesce((
      select min(least(
        (select m.since from segment_member m where m.corp_id = ${corpId}::bigint and m.segment_id = v.segment_id and m.version = v.version and m.in_by = 'time' and m.since > ${now}::timestamptz order by m.since limit 1),
        (select m.until from segment_member m where m.corp_id = ${corpId}::bigint and m.segment_id = v.segment_id and m.version = v.version and m.until > ${now}::timestamptz order by m.until limit 1)))
      from ${ids}), 'infinity') where corp_id = ${corpId}::bigint`.execute(tx)
  return flipped
}
