import { sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import { NotFound } from '../../../../platform/errors.ts'
import { addDays, shanghaiDay } from '../../../../platform/shanghai.ts'
import type { Scope } from '../../../corps/context.ts'
import { readMaterials } from '../../materials/read-material.ts'
import { isSeen, type Viewer } from '../../materials/visible.ts'
import { addUp } from '../count.ts'
import type { MaterialRadar, RadarChannel, RadarSummary } from '../schema.ts'

const TREND_DAYS = 30
const STAFF_SHOWN = 50

/** Of whom numbers are seen: all, or what went through the links of some members. */
const facetsOf = (scope: Scope): string[] => (scope ? scope.map((staffId) => `staff:${staffId}`) : [''])

interface Sum {
  facet: string
  opens: number
  people: number
  readings: number
  seconds: number
  depths: number[]
  pages: number[]
  pageEnds: number[]
  forwards: number
}

/** A material's figures, from sums that are kept as it is read. Whoever sees some members sees what went through their links. */
export async function readRadar(
  tx: Tx,
  corpId: string,
  materialId: string,
  scope: Scope,
  now: Date,
): Promise<MaterialRadar> {
  const material = (await readMaterials(tx, corpId, [materialId], now)).get(materialId)
  if (!material) throw new NotFound({ what: '素材' })
  const { rows: sums } = await sql<Sum>`
    select facet, opens, people, readings, seconds::float8 as seconds, depths, pages, page_ends, forwards from radar_sum
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint`.execute(tx)
  const seen = facetsOf(scope)
  const whole = sums.filter(({ facet }) => seen.includes(facet))
  const total = (read: (sum: Sum) => number) => whole.reduce((n, sum) => n + read(sum), 0)
  const readings = total((s) => s.readings)
  const depths = Array.from({ length: 11 }, (_, tenth) => total((s) => s.depths[tenth] ?? 0))
  return {
    materialId,
    title: material.title,
    kind: material.kind,
    links: await countLinks(tx, corpId, materialId, scope),
    opens: total((s) => s.opens),
    people: scope ? await countPeople(tx, corpId, materialId, seen) : total((s) => s.people),
    seconds: total((s) => s.seconds),
    readings,
    forwards: total((s) => s.forwards),
    reached: depths.slice(1).map((_, i) =>
      share(
        depths.slice(i + 1).reduce((n, one) => n + one, 0),
        readings,
      ),
    ),
    pages: byPage(whole),
    trend: await readTrend(tx, corpId, materialId, seen, now),
    staff: await nameStaff(tx, corpId, ofFacet(sums, 'staff', scope)),
    channels: scope
      ? []
      : ofFacet(sums, 'channel', undefined).map(({ id, ...facet }) => ({ ...facet, channel: id as RadarChannel })),
  }
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10)
const meanOf = ({ seconds, readings }: Pick<Sum, 'seconds' | 'readings'>): number | null =>
  readings === 0 ? null : Math.round(seconds / readings)

function ofFacet(sums: readonly Sum[], facet: 'staff' | 'channel', scope: Scope) {
  return sums
    .filter((sum) => sum.facet.startsWith(`${facet}:`))
    .map((sum) => ({
      id: sum.facet.slice(facet.length + 1),
      opens: sum.opens,
      people: sum.people,
      secondsMean: meanOf(sum),
    }))
    .filter(({ id }) => facet !== 'staff' || !scope || scope.includes(id))
    .sort((a, b) => b.opens - a.opens || Number(a.id) - Number(b.id))
}

async function nameStaff(tx: Tx, corpId: string, facets: ReturnType<typeof ofFacet>): Promise<MaterialRadar['staff']> {
  const shown = facets.slice(0, STAFF_SHOWN)
  if (shown.length === 0) return []
  const rows = await tx
    .selectFrom('staff')
    .select(['staffId', 'name'])
    .where('corpId', '=', corpId)
    .where(
      'staffId',
      'in',
      shown.map(({ id }) => id),
    )
    .execute()
  const names = new Map(rows.map((row) => [row.staffId, row.name]))
  return shown.map(({ id, ...facet }) => ({ staffId: id, name: names.get(id) ?? '', ...facet }))
}

async function countLinks(tx: Tx, corpId: string, materialId: string, scope: Scope): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from radar_link where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and parent_link_id is null
      and (${scope ?? null}::bigint[] is null or staff_id = any(${scope ?? null}::bigint[]))`.execute(tx)
  return rows[0]!.n
}

/** Who came by several of these ways is one person. */
/** Of a PDF: who came to a page came to those before it. */
function byPage(sums: readonly Sum[]): MaterialRadar['pages'] {
  const seconds = sums.map((s) => s.pages).reduce(addUp, [])
  const ends = sums.map((s) => s.pageEnds).reduce(addUp, [])
  const came = (from: number) => ends.slice(from).reduce((n, one) => n + one, 0)
  return seconds.map((spent, i) => ({ seconds: spent, reached: share(came(i), came(0)) }))
}

async function countPeople(tx: Tx, corpId: string, materialId: string, facets: readonly string[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct contact_id)::int as n from radar_seen where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and facet = any(${[...facets]}::text[])`.execute(
    tx,
  )
  return rows[0]!.n
}

/** The last thirty days, those without anybody too. Of several members, whoever came to two of them on a day is counted at both. */
async function readTrend(
  tx: Tx,
  corpId: string,
  materialId: string,
  facets: readonly string[],
  now: Date,
): Promise<MaterialRadar['trend']> {
  const today = shanghaiDay(now)
  const from = addDays(today, 1 - TREND_DAYS)
  const { rows } = await sql<MaterialRadar['trend'][number]>`
    select to_char(on_day, 'YYYY-MM-DD') as day, sum(opens)::int as opens, sum(people)::int as people from radar_day
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and facet = any(${[...facets]}::text[]) and on_day between ${from}::date and ${today}::date
    group by on_day`.execute(tx)
  const found = new Map(rows.map((row) => [row.day, row]))
  return Array.from({ length: TREND_DAYS }, (_, i) => {
    const day = addDays(from, i)
    return found.get(day) ?? { day, opens: 0, people: 0 }
  })
}

/** Refuses what the viewer may not look at in the library, in the words of what is not there. */
export async function requireSeen(tx: Tx, corpId: string, materialId: string, viewer: Viewer): Promise<void> {
  const { rows } =
    await sql`select m.material_id from material m where m.corp_id = ${corpId}::bigint and m.material_id = ${materialId}::bigint and ${isSeen(corpId, viewer)}`.execute(
      tx,
    )
  if (rows.length === 0) throw new NotFound({ what: '素材' })
}

/** Every material anybody has opened, the one opened last first. */
export async function listRadar(tx: Tx, corpId: string, viewer: Viewer, scope: Scope): Promise<RadarSummary[]> {
  const { rows } = await sql<Omit<RadarSummary, 'lastAt'> & { lastAt: Date | null }>`
    with summed as (
      select material_id, sum(opens)::int as opens, sum(people)::int as people, sum(readings) as readings, sum(seconds) as seconds, sum(forwards)::int as forwards,
        sum((select sum(n * (tenth - 1) * 10) from unnest(depths) with ordinality as d(n, tenth))) as depth
      from radar_sum where corp_id = ${corpId}::bigint and facet = any(${facetsOf(scope)}::text[]) group by material_id
    )
    select s.material_id, m.title, m.kind, s.opens, s.people, s.forwards, round(s.seconds / nullif(s.readings, 0))::int as seconds_mean, round(s.depth / nullif(s.readings, 0))::int as depth_mean,
      (select r.last_at from radar_reader r where r.corp_id = ${corpId}::bigint and r.material_id = s.material_id order by r.last_at desc limit 1) as last_at
    from summed s join material m on m.corp_id = ${corpId}::bigint and m.material_id = s.material_id
    where ${isSeen(corpId, viewer)} order by last_at desc nulls last, s.material_id desc limit ${MATERIALS_SHOWN}`.execute(
    tx,
  )
  return rows.map((row) => ({ ...row, lastAt: row.lastAt?.toISOString() ?? null }))
}
const MATERIALS_SHOWN = 500
