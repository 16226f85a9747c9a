import pg from 'pg'
import { listReaders } from '../../server/src/modules/content/radar/stats/list-readers.ts'
import { readRadar } from '../../server/src/modules/content/radar/stats/read-radar.ts'
import { type Db, inCorp, openPools } from '../../server/src/platform/db.ts'
import { type Bench, median, percentile, round } from './bench.ts'
import { openReadings, type Readings } from './radar-data.ts'

const LIMIT = 50
const STAFF_IN_SCOPE = 20

interface Person {
  contactId: string
  opens: number
  seconds: number
  customer: boolean
}
interface Page {
  people: number
  first: Person[]
  trend: { day: string; opens: number; people: number }[]
}

/**
 * `radar`: who read a material, how often, how long, and whether he is a customer, a page of it with the number of all and
 * the trend of thirty days; as the API reads it under the serving role, against a peer's shape Q12 (grouping the views of
 * the material) over one covering index. Materials are asked for as often as they are read. Everything is compared first.
 */
export const bench: Bench = async ({ quick, say }) => {
  await using readings = await openReadings(quick ? 100_000 : 5_000_000, say)
  const pools = openPools(readings.databaseUrl, { api: 2, intake: 1, work: 1 })
  const client = new pg.Client({ connectionString: readings.databaseUrl })
  client.on('error', () => {}) // the database is stopped under it when something else went wrong
  await client.connect()
  await client.query(
    "set timezone = 'Asia/Shanghai'; set work_mem = '256MB'; create extension if not exists pg_prewarm",
  )
  await client.query(
    `select pg_prewarm(c.oid) from pg_class t join pg_class c on c.oid = t.oid or c.oid in (select indexrelid from pg_index where indrelid = t.oid)
     where t.oid in ('radar_reader'::regclass, 'radar_sum'::regclass, 'radar_day'::regclass, 'contact'::regclass) or c.relname = 'peer_view_material'`,
  )
  const asked = await drawMaterials(client, quick ? 10 : 60)
  const different = [...new Set(asked)]
  for (const materialId of different)
    compare(await ours(pools.api, readings, materialId), await peers(client, readings, materialId), materialId)
  say(`${different.length} materials compared: equal`)

  const [mine, theirs, scoped]: [number[], number[], number[]] = [[], [], []]
  for (const materialId of [...asked.slice(0, 5), ...asked]) {
    mine.push(await timed(() => ours(pools.api, readings, materialId)))
    scoped.push(await timed(() => ours(pools.api, readings, materialId, scopeOf(materialId))))
  }
  for (const materialId of asked) theirs.push(await timed(() => peers(client, readings, materialId)))
  await client.end()
  await pools.stop()

  const p95 = (values: number[], n = asked.length) =>
    percentile(
      values.slice(-n).sort((a, b) => a - b),
      0.95,
    )
  const [ourP95, peerP95] = [p95(mine), p95(theirs)]
  return {
    bench: 'radar',
    ours: round(ourP95),
    baseline: round(peerP95),
    ratio: round(peerP95 / ourP95, 1),
    unit: 'ms p95',
    detail: {
      views: readings.views,
      materials: different.length,
      p50: round(median(mine.slice(-asked.length))),
      peerP50: round(median(theirs)),
      ratioP50: round(median(theirs) / median(mine.slice(-asked.length)), 1),
      scopedP95: round(p95(scoped)),
    },
  }
}

const scopeOf = (materialId: string) =>
  Array.from({ length: STAFF_IN_SCOPE }, (_, i) => String(1 + ((Number(materialId) * 7 + i * 13) % 500)))

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** As often as each is read. */
async function drawMaterials(client: pg.Client, count: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string; opens: number }>(
    "select material_id::text as id, opens from radar_sum where facet = '' order by material_id",
  )
  const whole = rows.reduce((n, { opens }) => n + opens, 0)
  let state = 7
  return Array.from({ length: count }, () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    let left = (state / 2 ** 32) * whole
    for (const { id, opens } of rows) {
      left -= opens
      if (left < 0) return id
    }
    return rows[0]!.id
  })
}

async function ours(db: Db, { corpId, now }: Readings, materialId: string, scope?: string[]): Promise<Page> {
  return inCorp(db, corpId, async (tx) => {
    const { people, trend } = await readRadar(tx, corpId, materialId, scope, now)
    const { items } = await listReaders(tx, corpId, materialId, { sort: 'last', limit: LIMIT }, scope)
    const first = items.map(({ contactId, opens, seconds, customer }) => ({ contactId, opens, seconds, customer }))
    return { people, first, trend }
  })
}

/** Two statements, each reading the material's views once; who is a customer is asked of the fifty shown alone. */
async function peers(client: pg.Client, { corpId, now }: Readings, materialId: string): Promise<Page> {
  const { rows } = await client.query<Person & { people: number }>(
    `with person as materialized (
      select contact_id, count(*)::int as opens, sum(seconds)::int as seconds, max(opened_at) as last_at from peer_view where material_id = $1 group by contact_id
    ), page as (select * from person order by last_at desc, contact_id desc limit ${LIMIT})
    select p.contact_id::text as "contactId", p.opens, p.seconds, coalesce(c.followers > 0, false) as customer, (select count(*)::int from person) as people
    from page p left join contact c on c.corp_id = $2 and c.contact_id = p.contact_id order by p.last_at desc, p.contact_id desc`,
    [materialId, corpId],
  )
  const { rows: trend } = await client.query<Page['trend'][number]>(
    `select to_char(d, 'YYYY-MM-DD') as day, coalesce(v.opens, 0)::int as opens, coalesce(v.people, 0)::int as people
    from generate_series($2::timestamptz::date - 29, $2::timestamptz::date, interval '1 day') d left join (
      select opened_at::date as day, count(*) as opens, count(distinct contact_id) as people from peer_view where material_id = $1 and opened_at >= $2::timestamptz::date - 29 group by 1
    ) v on v.day = d::date order by d`,
    [materialId, now],
  )
  return { people: rows[0]?.people ?? 0, first: rows.map(({ people: _, ...person }) => person), trend }
}

function compare(mine: Page, theirs: Page, materialId: string): void {
  const [a, b] = [JSON.stringify(mine), JSON.stringify(theirs)]
  if (a !== b) throw new Error(`material ${materialId}: ${a.slice(0, 600)} is not ${b.slice(0, 600)}`)
}
