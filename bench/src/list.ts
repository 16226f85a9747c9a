import pg from 'pg'
import { countContacts, listContacts } from '../../server/src/modules/contacts/list-contacts.ts'
import { ContactListQuery } from '../../server/src/modules/contacts/schema.ts'
import type { Scope } from '../../server/src/modules/corps/context.ts'
import { type Db, inCorp, openPools } from '../../server/src/platform/db.ts'
import { type Bench, percentile, round } from './bench.ts'
import { type Million, openMillion } from './list-data.ts'

/** Rows of a page; page 500 begins after 24 950 of them. */
const LIMIT = 50
const DEEP = 499 * LIMIT
const PEER_QUERIES = 5
/** Pages of each kind compared; each comparison reads the whole table. */
const COMPARED = 2

/**
 * `list`: a page of customers by tags and scope, rows and all, as the API reads it under the serving role, against two
 * peers' query shapes over the same rows (peers' page, its rows left bare, and the count they take with every page).
 * Two pages of each kind are compared with what a query over the tag rows themselves finds.
 */
export const bench: Bench = async ({ quick, say }) => {
  await using million = await openMillion(quick ? 20_000 : 1_000_000, say)
  const pools = openPools(million.databaseUrl, { api: 2, intake: 1, work: 1 })
  const client = new pg.Client({ connectionString: million.databaseUrl })
  await client.connect()
  await warmUp(client, OURS)
  const each = quick ? 3 : 15
  const random = makeRandom(7)
  const cases = makeCases(million, random, each)

  const ours: { kind: string; ms: number }[] = []
  const counts: number[] = []
  const seen = new Map<string, number>()
  const ask = ({ query, scope }: Case) => ({ asked: ContactListQuery.parse({ ...query, limit: LIMIT }), scope })
  // Once through untimed: the first touch of a page by a connection is the machine's work, not the query's.
  for (const one of cases) {
    const { asked, scope } = ask(one)
    const page = await read(pools.api, million.corpId, asked, scope)
    const compared = seen.get(one.kind) ?? 0
    seen.set(one.kind, compared + 1)
    if (compared < COMPARED) await compare(client, million, asked, scope, page)
  }
  for (const one of cases) {
    const { asked, scope } = ask(one)
    const first = await timed(() => read(pools.api, million.corpId, asked, scope))
    const cursor = await deepCursor(client, million, asked, scope)
    const deep = cursor ? await timed(() => read(pools.api, million.corpId, { ...asked, cursor }, scope)) : undefined
    ours.push({ kind: `${one.kind} page 1`, ms: first.ms })
    if (deep) ours.push({ kind: `${one.kind} page 500 or last`, ms: deep.ms })
    counts.push(
      (await timed(() => inCorp(pools.api, million.corpId, (tx) => countContacts(tx, million.corpId, asked, scope))))
        .ms,
    )
  }
  await warmUp(client, PEERS)
  const peers = await timePeers(client, million, random)
  await client.end()
  await pools.stop()

  const all = sorted(ours.map((o) => o.ms))
  const byKind = Object.fromEntries(
    [...Map.groupBy(ours, (o) => o.kind)].map(([kind, of]) => [kind, spread(of.map((o) => o.ms))]),
  )
  const slowest = percentile(all, 0.95)
  return {
    bench: 'list',
    ours: round(slowest),
    baseline: round(percentile(sorted(peers.q1), 0.95)),
    ratio: round(percentile(sorted(peers.q1), 0.95) / slowest, 1),
    unit: 'ms p95',
    detail: {
      queries: ours.length,
      p50: round(percentile(all, 0.5)),
      worstKindP95: Math.max(...Object.values(byKind).map(([, p95]) => p95)),
      byKind,
      count: spread(counts),
      peerQ1: spread(peers.q1),
      peerQ3: spread(peers.q3),
      ratioQ3: round(percentile(sorted(peers.q3), 0.95) / slowest, 1),
    },
  }
}

const sorted = (values: number[]) => [...values].sort((a, b) => a - b)
const spread = (values: number[]): [number, number] => [
  round(percentile(sorted(values), 0.5)),
  round(percentile(sorted(values), 0.95)),
]

interface Case {
  kind: string
  query: Record<string, string>
  scope: Scope
}

const OURS = ['follow_tag', 'follow', 'contact']
const PEERS = ['peer_tag', 'peer_relation']

/**
 * As on a server that has been up for a while: pages of a side's tables and indexes in PostgreSQL's own cache. Each side
 * just before it is timed, for both together are more than the cache holds and no server has both.
 */
async function warmUp(client: pg.Client, tables: readonly string[]): Promise<void> {
  await client.query('create extension if not exists pg_prewarm')
  await client.query(
    `select pg_prewarm(c.oid) from pg_class t join pg_class c on c.oid = t.oid or c.oid in (select indexrelid from pg_index where indrelid = t.oid)
    where t.oid = any($1::regclass[]) order by array_position($1::text[], t.relname::text)`,
    [tables],
  )
}

/** One tag, three together, any of three, none of three; as seen by one, by two hundred and by all. */
function makeCases(million: Million, random: () => number, each: number): Case[] {
  const tag = () => million.tagIds[Math.floor(random() ** 3 * million.tagIds.length)]!
  const three = () => [...new Set([tag(), tag(), tag()])].join()
  const some = (n: number) => {
    const from = Math.floor(random() * (million.staffIds.length - n))
    return million.staffIds.slice(from, from + n)
  }
  const filters: [string, () => Record<string, string>][] = [
    ['no filter', () => ({})],
    ['1 tag', () => ({ tagsAll: tag() })],
    ['3 tags', () => ({ tagsAll: three() })],
    ['any of 3', () => ({ tagsAny: three() })],
    ['none of 3', () => ({ tagsNone: three() })],
    ['2 characters', () => ({ q: '林晚' })],
  ]
  const scopes: [string, () => Scope][] = [
    ['1 staff', () => some(1)],
    ['200 staff', () => some(200)],
    ['all', () => undefined],
  ]
  return filters.flatMap(([filter, query]) =>
    scopes.flatMap(([seen, scope]) =>
      Array.from({ length: each }, () => ({ kind: `${filter}, ${seen}`, query: query(), scope: scope() })),
    ),
  )
}

const read = (db: Db, corpId: string, query: ContactListQuery, scope: Scope) =>
  inCorp(db, corpId, (tx) => listContacts(tx, corpId, query, scope))

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now()
  const value = await work()
  return { ms: performance.now() - start, value }
}

/** The condition over the arrays, for a row to begin a deep page at. */
function overArrays({ corpId }: Million, query: ContactListQuery, scope: Scope): string {
  const array = (ids: readonly string[]) => `'{${ids.join()}}'::bigint[]`
  return [
    `c.corp_id = ${corpId} and c.lost_at is null`,
    ...(scope ? [`c.staff_ids && ${array(scope)}`] : []),
    ...(query.tagsAll ? [`c.tag_ids @> ${array(query.tagsAll)}`] : []),
    ...(query.tagsAny ?? []).map((group) => `c.tag_ids && ${array(group)}`),
    ...(query.tagsNone ? [`not c.tag_ids && ${array(query.tagsNone)}`] : []),
    ...(query.q ? [`c.grams @> text_grams('${query.q}')`] : []),
  ].join(' and ')
}

/** The condition once more, written over follows and tag rows. */
function plainly({ corpId }: Million, query: ContactListQuery, scope: Scope): string {
  const staff = scope ? `and staff_id = any('{${scope.join()}}'::bigint[])` : ''
  const held = (ids: string[], least: number) =>
    `(select contact_id from follow_tag where corp_id = ${corpId} and tag_id in (${ids.join()}) ${staff} group by 1 having count(distinct tag_id) >= ${least})`
  return [
    `c.corp_id = ${corpId} and c.lost_at is null`,
    ...(scope
      ? [`c.contact_id in (select contact_id from follow where corp_id = ${corpId} and lost_at is null ${staff})`]
      : []),
    ...(query.tagsAll ? [`c.contact_id in ${held(query.tagsAll, query.tagsAll.length)}`] : []),
    ...(query.tagsAny ?? []).map((group) => `c.contact_id in ${held(group, 1)}`),
    ...(query.tagsNone ? [`c.contact_id not in ${held(query.tagsNone, 1)}`] : []),
    ...(query.q ? [`position('${query.q}' in c.name) > 0`] : []),
  ].join(' and ')
}

async function deepCursor(
  client: pg.Client,
  million: Million,
  query: ContactListQuery,
  scope: Scope,
): Promise<string | undefined> {
  const { rows } = await client.query<{ at: Date; id: string }>(
    `select date_trunc('milliseconds', c.last_added_at) as at, contact_id as id from contact c where ${overArrays(million, query, scope)} order by last_added_at desc, contact_id desc offset ${DEEP} limit 1`,
  )
  return rows[0] && `n_${rows[0].at.toISOString()}_${rows[0].id}`
}

async function compare(
  client: pg.Client,
  million: Million,
  query: ContactListQuery,
  scope: Scope,
  page: { items: { contactId: string }[] },
): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select contact_id as id from contact c where ${plainly(million, query, scope)} order by last_added_at desc, contact_id desc limit ${LIMIT}`,
  )
  const [got, expected] = [page.items.map((row) => row.contactId).join(), rows.map((row) => row.id).join()]
  if (got !== expected) throw new Error(`wrong page for ${JSON.stringify(query)}: ${got} is not ${expected}`)
}

/**
 * Q1: tags as a text with commas, one search in it per tag, then the same again for the total. Q3: the whole corp's tag
 * rows gathered by relation, joined and searched, with its count. Both for three tags, page 500 by offset.
 */
async function timePeers(client: pg.Client, million: Million, random: () => number) {
  const times: { q1: number[]; q3: number[] } = { q1: [], q3: [] }
  for (let i = 0; i <= PEER_QUERIES; i++) {
    const tags = [0, 1, 2].map(() => million.tagIds[Math.floor(random() ** 3 * 30)]!)
    const inText = (column: string) =>
      tags.map((id) => `position(',${id},' in ',' || ${column} || ',') > 0`).join(' and ')
    const q1 = `from peer_relation where not lost and ${inText('tag_ids')}`
    const q3 = `from peer_relation r left join (select relation_id, string_agg(tag_id::text, ',') as tags from peer_tag group by relation_id) t on t.relation_id = r.id where not r.lost and ${inText("coalesce(t.tags, '')")}`
    times.q1.push(
      (await timed(() => client.query(`select count(*) ${q1}`))).ms +
        (await timed(() => client.query(`select id ${q1} order by added_at desc offset ${DEEP} limit ${LIMIT}`))).ms,
    )
    times.q3.push(
      (await timed(() => client.query(`select count(*) ${q3}`))).ms +
        (await timed(() => client.query(`select r.id ${q3} order by r.added_at desc offset ${DEEP} limit ${LIMIT}`)))
          .ms,
    )
  }
  // The first of each is theirs to grow warm by, as ours had its own.
  return { q1: times.q1.slice(1), q3: times.q3.slice(1) }
}

function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
