import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { shanghaiDay } from '../../../platform/shanghai.ts'

/** A view as it is counted. Without a contact only that it happened. */
export interface Counted {
  materialId: string
  staffId: string
  channel: string
  contactId: string | null
  known: boolean
  openedAt: Date
  seconds: number
  depth: number
  /** Of a PDF: seconds by page, through the farthest. */
  pages?: readonly number[]
}

const TENTHS = 11
/** The one beside the other, as long as the longer. */
export const addUp = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0))
/** 1 where the last page is. */
const endOf = (pages: readonly number[]): number[] => pages.map((_, i) => (i === pages.length - 1 ? 1 : 0))
const asArray = (numbers: readonly number[]): string => `{${numbers.join()}}`
/** An array that is kept, with another added to it. */
const grown = (kept: string, added: string) =>
  sql`array(select coalesce(x, 0) + coalesce(y, 0) from unnest(${sql.ref(kept)}, ${sql.ref(added)}::int[]) with ordinality as d(x, y, place) order by place)`
export const facetsOf = ({ staffId, channel }: { staffId: string; channel: string }): string[] => [
  '',
  `staff:${staffId}`,
  `channel:${channel}`,
]

/** Adds up rows of one key, and gives them in the order of their keys: whoever locks many does so in one order. */
function gather<T>(rows: readonly T[], keyOf: (row: T) => string, add: (sum: T, row: T) => T): T[] {
  const sums = new Map<string, T>()
  for (const row of rows) {
    const key = keyOf(row)
    const sum = sums.get(key)
    sums.set(key, sum ? add(sum, row) : row)
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}

/** Counts views that have just been opened, each given here once in its life: openings and people, in a constant number of statements. */
export async function countOpened(tx: Tx, corpId: string, views: readonly Counted[]): Promise<Set<string>> {
  if (views.length === 0) return new Set()
  const persons = views.flatMap(({ contactId, ...view }) => (contactId ? [{ ...view, contactId }] : []))
  const firsts = await countReaders(tx, corpId, persons)
  const { newPeople, newOnDay } = await countSeen(tx, corpId, persons)
  const sums = gather(
    views.flatMap((view) =>
      facetsOf(view).map((facet) => ({ materialId: view.materialId, facet, opens: 1, people: 0 })),
    ),
    ({ materialId, facet }) => `${materialId} ${facet}`,
    (sum, row) => ({ ...sum, opens: sum.opens + row.opens }),
  ).map((sum) => ({ ...sum, people: newPeople.get(`${sum.materialId} ${sum.facet}`) ?? 0 }))
  await sql`
    insert into radar_sum as s (corp_id, material_id, facet, opens, people)
    select ${corpId}::bigint, * from unnest(${sums.map((s) => s.materialId)}::bigint[], ${sums.map((s) => s.facet)}::text[], ${sums.map((s) => s.opens)}::int[], ${sums.map((s) => s.people)}::int[])
    on conflict (corp_id, material_id, facet) do update set opens = s.opens + excluded.opens, people = s.people + excluded.people`.execute(
    tx,
  )
  const days = gather(
    views.flatMap((view) =>
      facetsOf(view).map((facet) => ({
        materialId: view.materialId,
        facet,
        day: shanghaiDay(view.openedAt),
        opens: 1,
        people: 0,
      })),
    ),
    ({ materialId, facet, day }) => `${materialId} ${facet} ${day}`,
    (sum, row) => ({ ...sum, opens: sum.opens + row.opens }),
  ).map((day) => ({ ...day, people: newOnDay.get(`${day.materialId} ${day.facet} ${day.day}`) ?? 0 }))
  await sql`
    insert into radar_day as d (corp_id, material_id, facet, on_day, opens, people)
    select ${corpId}::bigint, * from unnest(${days.map((d) => d.materialId)}::bigint[], ${days.map((d) => d.facet)}::text[], ${days.map((d) => d.day)}::date[], ${days.map((d) => d.opens)}::int[], ${days.map((d) => d.people)}::int[])
    on conflict (corp_id, material_id, facet, on_day) do update set opens = d.opens + excluded.opens, people = d.people + excluded.people`.execute(
    tx,
  )
  return firsts
}

type OfPerson = Counted & { contactId: string }
export const readerKey = (view: { materialId: string; contactId: string }): string =>
  `${view.materialId} ${view.contactId}`

/** Openings by person. Returns whose first opening of a material this is. */
async function countReaders(tx: Tx, corpId: string, views: readonly OfPerson[]): Promise<Set<string>> {
  const rows = gather(
    views.map((view) => ({ ...view, opens: 1, firstAt: view.openedAt, lastAt: view.openedAt })),
    readerKey,
    (sum, row) => ({
      ...sum,
      opens: sum.opens + 1,
      known: sum.known || row.known,
      firstAt: row.firstAt < sum.firstAt ? row.firstAt : sum.firstAt,
      lastAt: row.lastAt > sum.lastAt ? row.lastAt : sum.lastAt,
    }),
  )
  if (rows.length === 0) return new Set()
  const { rows: counted } = await sql<{ materialId: string; contactId: string; isFirst: boolean }>`
    insert into radar_reader as r (corp_id, material_id, contact_id, opens, known, first_at, last_at)
    select ${corpId}::bigint, * from unnest(${rows.map((r) => r.materialId)}::bigint[], ${rows.map((r) => r.contactId)}::bigint[], ${rows.map((r) => r.opens)}::int[], ${rows.map((r) => r.known)}::boolean[],
      ${rows.map((r) => r.firstAt.toISOString())}::timestamptz[], ${rows.map((r) => r.lastAt.toISOString())}::timestamptz[])
    on conflict (corp_id, material_id, contact_id) do update set opens = r.opens + excluded.opens, known = r.known or excluded.known,
      first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at)
    returning material_id, contact_id, xmax = 0 as is_first`.execute(tx)
  return new Set(counted.filter(({ isFirst }) => isFirst).map(readerKey))
}

/** Who is new to a facet, and who comes to it first on this day. */
async function countSeen(
  tx: Tx,
  corpId: string,
  views: readonly OfPerson[],
): Promise<{ newPeople: Map<string, number>; newOnDay: Map<string, number> }> {
  const rows = gather(
    views.flatMap((view) =>
      facetsOf(view).map((facet) => ({
        materialId: view.materialId,
        facet,
        contactId: view.contactId,
        day: shanghaiDay(view.openedAt),
      })),
    ),
    ({ materialId, facet, contactId }) => `${materialId} ${facet} ${contactId}`,
    (sum, row) => (row.day > sum.day ? row : sum),
  )
  const [newPeople, newOnDay] = [new Map<string, number>(), new Map<string, number>()]
  if (rows.length === 0) return { newPeople, newOnDay }
  const asked = sql`unnest(${rows.map((r) => r.materialId)}::bigint[], ${rows.map((r) => r.facet)}::text[], ${rows.map((r) => r.contactId)}::bigint[], ${rows.map((r) => r.day)}::date[]) as a(material_id, facet, contact_id, day)`
  // Put down first, then read under lock: of two who count the same person at once, the second sees the first's day.
  const { rows: made } = await sql<{ materialId: string; facet: string; contactId: string }>`
    insert into radar_seen (corp_id, material_id, facet, contact_id) select ${corpId}::bigint, material_id, facet, contact_id from ${asked}
    on conflict (corp_id, material_id, facet, contact_id) do nothing returning material_id, facet, contact_id`.execute(
    tx,
  )
  for (const { materialId, facet } of made) increment(newPeople, `${materialId} ${facet}`)
  await sql`select from radar_seen s join ${asked} using (material_id, facet, contact_id) where s.corp_id = ${corpId}::bigint order by s.material_id, s.facet, s.contact_id for update of s`.execute(
    tx,
  )
  const { rows: today } = await sql<{ materialId: string; facet: string; day: string }>`
    update radar_seen s set last_on = a.day from ${asked}
    where s.corp_id = ${corpId}::bigint and s.material_id = a.material_id and s.facet = a.facet and s.contact_id = a.contact_id and (s.last_on is null or s.last_on < a.day)
    returning s.material_id, s.facet, a.day::text as day`.execute(tx)
  for (const { materialId, facet, day } of today) increment(newOnDay, `${materialId} ${facet} ${day}`)
  return { newPeople, newOnDay }
}

const increment = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

/** Adds what views that have ended came to, each given here once in its life. */
export async function countSettled(tx: Tx, corpId: string, views: readonly Counted[]): Promise<void> {
  const persons = views.flatMap(({ contactId, ...view }) => (contactId ? [{ ...view, contactId }] : []))
  if (persons.length === 0) return
  const readers = gather(persons, readerKey, (sum, row) => ({
    ...sum,
    seconds: sum.seconds + row.seconds,
    depth: Math.max(sum.depth, row.depth),
    pages: addUp(sum.pages ?? [], row.pages ?? []),
  }))
  await sql`
    update radar_reader r set seconds = r.seconds + a.seconds, depth = greatest(r.depth, a.depth), pages = ${grown('r.pages', 'a.pages')}
    from unnest(${readers.map((r) => r.materialId)}::bigint[], ${readers.map((r) => r.contactId)}::bigint[], ${readers.map((r) => r.seconds)}::bigint[], ${readers.map((r) => r.depth)}::smallint[], ${readers.map((r) => asArray(r.pages ?? []))}::text[]) as a(material_id, contact_id, seconds, depth, pages)
    where r.corp_id = ${corpId}::bigint and r.material_id = a.material_id and r.contact_id = a.contact_id`.execute(tx)
  const sums = gather(
    persons.flatMap((view) =>
      facetsOf(view).map((facet) => ({
        materialId: view.materialId,
        facet,
        readings: 1,
        seconds: view.seconds,
        depths: Array.from({ length: TENTHS }, (_, tenth): number => (Math.floor(view.depth / 10) === tenth ? 1 : 0)),
        pages: view.pages ?? [],
        ends: endOf(view.pages ?? []),
      })),
    ),
    ({ materialId, facet }) => `${materialId} ${facet}`,
    (sum, row) => ({
      ...sum,
      readings: sum.readings + 1,
      seconds: sum.seconds + row.seconds,
      depths: sum.depths.map((n, i) => n + row.depths[i]!),
      pages: addUp(sum.pages, row.pages),
      ends: addUp(sum.ends, row.ends),
    }),
  )
  await sql`
    update radar_sum s set readings = s.readings + a.readings, seconds = s.seconds + a.seconds,
      depths = array(select x + y from unnest(s.depths, a.depths::int[]) with ordinality as d(x, y, tenth) order by tenth),
      pages = ${grown('s.pages', 'a.pages')}, page_ends = ${grown('s.page_ends', 'a.ends')}
    from unnest(${sums.map((s) => s.materialId)}::bigint[], ${sums.map((s) => s.facet)}::text[], ${sums.map((s) => s.readings)}::int[], ${sums.map((s) => s.seconds)}::bigint[], ${sums.map((s) => asArray(s.depths))}::text[],
      ${sums.map((s) => asArray(s.pages))}::text[], ${sums.map((s) => asArray(s.ends))}::text[]) as a(material_id, facet, readings, seconds, depths, pages, ends)
    where s.corp_id = ${corpId}::bigint and s.material_id = a.material_id and s.facet = a.facet`.execute(tx)
  const days = gather(
    persons.flatMap((view) =>
      facetsOf(view).map((facet) => ({
        materialId: view.materialId,
        facet,
        day: shanghaiDay(view.openedAt),
        seconds: view.seconds,
      })),
    ),
    ({ materialId, facet, day }) => `${materialId} ${facet} ${day}`,
    (sum, row) => ({ ...sum, seconds: sum.seconds + row.seconds }),
  )
  await sql`
    update radar_day d set seconds = d.seconds + a.seconds
    from unnest(${days.map((d) => d.materialId)}::bigint[], ${days.map((d) => d.facet)}::text[], ${days.map((d) => d.day)}::date[], ${days.map((d) => d.seconds)}::bigint[]) as a(material_id, facet, day, seconds)
    where d.corp_id = ${corpId}::bigint and d.material_id = a.material_id and d.facet = a.facet and d.on_day = a.day`.execute(
    tx,
  )
}
