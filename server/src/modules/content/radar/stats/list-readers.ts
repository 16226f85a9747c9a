import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import type { Scope } from '../../../corps/context.ts'
import { addUp } from '../count.ts'
import type { Reader, ReaderPage, ReaderQuery } from '../schema.ts'

type Sort = ReaderQuery['sort']
const CURSOR = /^(last|opens|seconds)_([\dT:.Z-]{1,30})_([1-9]\d{0,17})$/
const COLUMN = { last: 'last_at', opens: 'opens', seconds: 'seconds' } as const
const TYPE = { last: 'timestamptz', opens: 'integer', seconds: 'bigint' } as const

interface Row extends Omit<Reader, 'firstAt' | 'lastAt' | 'pages'> {
  /** Of him and of whoever was merged into him. */
  paged: number[][] | null
  rowId: string
  key: string
  firstAt: Date
  lastAt: Date
}

/**
 * Who has read a material, a page at a time, from the sums kept by person: the views are not looked at. What somebody read
 * before he was known is told with the rest of what he read, in the place of whichever row stands first.
 */
export async function listReaders(
  tx: Tx,
  corpId: string,
  materialId: string,
  query: ReaderQuery,
  scope: Scope,
): Promise<ReaderPage> {
  const [, sort, key, contactId] = CURSOR.exec(query.before ?? '') ?? []
  const after =
    sort === query.sort
      ? sql`and (r.${col(query.sort)}, r.contact_id) < (${key}::${sql.raw(TYPE[query.sort])}, ${contactId}::bigint)`
      : sql``
  const { rows } = await sql<Row>`
    select p.contact_id as row_id, p.key, root.contact_id, root.name, root.avatar, sums.known, root.followers > 0 as customer, sums.opens::int as opens, sums.seconds::int as seconds, sums.depth::int as depth, sums.paged, sums.first_at, sums.last_at
    from (
      select r.contact_id, coalesce(c.merged_into, c.contact_id) as root_id, ${keyOf(query.sort)} as key
      from radar_reader r join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = r.contact_id
      where r.corp_id = ${corpId}::bigint and r.material_id = ${materialId}::bigint ${after} and ${seenBy(corpId, scope)} and ${standsFirst(corpId, materialId, query.sort)}
      order by r.${col(query.sort)} desc, r.contact_id desc limit ${query.limit + 1}
    ) p join contact root on root.corp_id = ${corpId}::bigint and root.contact_id = p.root_id
    cross join lateral (
      select bool_or(o.known) as known, sum(o.opens) as opens, sum(o.seconds) as seconds, max(o.depth) as depth, jsonb_agg(to_jsonb(o.pages)) filter (where o.pages <> '{}') as paged, min(o.first_at) as first_at, max(o.last_at) as last_at
      from radar_reader o where o.corp_id = ${corpId}::bigint and o.material_id = ${materialId}::bigint and o.contact_id = ${partsOf(corpId, sql`p.root_id`)}
    ) sums
    order by ${query.sort === 'last' ? sql`p.key` : sql`p.key::bigint`} desc, p.contact_id desc`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: page.map(({ rowId: _, key: __, paged, firstAt, lastAt, ...row }) => ({
      ...row,
      pages: (paged ?? []).reduce(addUp, []),
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
    })),
    nextCursor: rows.length > query.limit && last ? `${query.sort}_${last.key}_${last.rowId}` : null,
  }
}

const col = (sort: Sort) => sql.ref(COLUMN[sort])
/** As the cursor carries it; times so that they sort as they are. */
const keyOf = (sort: Sort): RawBuilder<unknown> =>
  sort === 'last'
    ? sql`to_char(r.last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : sql`r.${col(sort)}::text`

/** The person and whoever was merged into him. */
const partsOf = (corpId: string, root: RawBuilder<unknown>) =>
  sql`any(array(select ${root} union all select x.contact_id from contact x where x.corp_id = ${corpId}::bigint and x.merged_into = ${root}))`

/** Of several rows of one person the first in this order; the rest are told with it. */
const standsFirst = (corpId: string, materialId: string, sort: Sort) => sql`not exists (
  select from radar_reader o where o.corp_id = ${corpId}::bigint and o.material_id = ${materialId}::bigint and o.contact_id <> r.contact_id
    and o.contact_id = ${partsOf(corpId, sql`coalesce(c.merged_into, c.contact_id)`)} and (o.${col(sort)}, o.contact_id) > (r.${col(sort)}, r.contact_id))`

/** Customers of these members alone; whoever is nobody's customer is seen by those who see all. */
const seenBy = (corpId: string, scope: Scope) =>
  scope
    ? // Said as one condition of a row: the newest are walked until a page is full.
      sql`case when c.merged_into is null then c.staff_ids && ${[...scope]}::bigint[] else exists (
        select from contact o where o.corp_id = ${corpId}::bigint and o.contact_id = c.merged_into and o.staff_ids && ${[...scope]}::bigint[]) end`
    : sql`true`
