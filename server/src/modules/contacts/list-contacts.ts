import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { ContactListQuery, ContactPage, ContactRow } from './schema.ts'

/** Counting stops here: past it a page says "more than", and a million rows are not walked for a number. */
const COUNT_MAX = 10_000
const FOLLOWERS_SHOWN = 3

type Keyed = { contactId: string; at: Date }

/** One page of customers, newest friends first, by keyset: the page after a million is as quick as the first. */
export async function listContacts(
  tx: Tx,
  corpId: string,
  query: ContactListQuery,
  scope: string | undefined,
): Promise<ContactPage> {
  const cursor = query.cursor ? parseCursor(query.cursor) : undefined
  const { total, found } = await findPage(tx, corpId, query, scope, cursor)
  const back = cursor?.back ?? false
  const more = found.length > query.limit
  const page = found.slice(0, query.limit)
  if (back) page.reverse()
  const [first, last] = [page[0], page.at(-1)]
  return {
    items: await readRows(
      tx,
      corpId,
      page.map((row) => row.contactId),
      scope,
    ),
    nextCursor: last && (more || back) ? `n_${last.at.toISOString()}_${last.contactId}` : null,
    prevCursor: first && cursor && (!back || more) ? `p_${first.at.toISOString()}_${first.contactId}` : null,
    total: Math.min(total, COUNT_MAX),
    totalIsFloor: total > COUNT_MAX,
  }
}

/**
 * Few matches are counted, put in order and cut in the one statement that found them. Many are not gathered: the index in
 * the list's own order is walked until the page is full, which many matches make soon. Searching by a word that few or
 * none carry reads all names and remarks once: a second at a million customers.
 */
async function findPage(
  tx: Tx,
  corpId: string,
  query: ContactListQuery,
  scope: string | undefined,
  cursor: Cursor | undefined,
): Promise<{ total: number; found: Keyed[] }> {
  const key = query.state === 'lost' ? sql.ref('c.lost_at') : sql.ref('c.last_added_at')
  const where = sql`${conditions(corpId, query, scope)} and ${key} is not null`
  const way = cursor?.back ? sql`asc` : sql`desc`
  const past = (at: RawBuilder<unknown>, id: RawBuilder<unknown>) =>
    cursor
      ? sql`(${at}, ${id}) ${cursor.back ? sql`>` : sql`<`} (${cursor.at}::timestamptz, ${cursor.id}::bigint)`
      : sql`true`
  const { rows } = await sql<{ total: number; contactId: string | null; at: Date }>`
    with hit as materialized (select c.contact_id, ${key} as at from contact c where ${where} limit ${COUNT_MAX + 1}),
    page as (select contact_id, at from hit where ${past(sql`at`, sql`contact_id`)} order by at ${way}, contact_id ${way} limit ${query.limit + 1})
    select counted.total, page.contact_id, page.at from (select count(*)::int as total from hit) counted left join page on true
    order by page.at ${way}, page.contact_id ${way}`.execute(tx)
  const total = rows[0]!.total
  if (total <= COUNT_MAX)
    return { total, found: rows.flatMap(({ contactId, at }) => (contactId ? [{ contactId, at }] : [])) }
  const { rows: found } = await sql<Keyed>`
    select c.contact_id, ${key} as at from contact c where ${where} and ${past(key, sql`c.contact_id`)}
    order by ${key} ${way}, c.contact_id ${way} limit ${query.limit + 1}`.execute(tx)
  return { total, found }
}

/** An external_userid as WeCom gives it, to WeChat users (wm) and other companies' members (wo): 32 characters. */
const WHOLE_ID = /^w[mo][\w-]{30}$/

/** With a `scope` every condition is about that member's own follow, remark and tags: others' cannot be guessed at by filtering. */
function conditions(corpId: string, query: ContactListQuery, scope: string | undefined): RawBuilder<unknown> {
  const all = [sql`c.corp_id = ${corpId}::bigint`]
  const own = scope ? sql`f.staff_id = ${scope}::bigint and` : sql``
  const followed = (condition: RawBuilder<unknown>) =>
    sql`exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and ${own} ${condition})`
  const held = query.state === 'following' ? sql`f.lost_at is null` : sql`true`
  if (query.state === 'following') all.push(sql`c.lost_at is null`)
  if (query.state === 'lost') all.push(sql`c.lost_at is not null`)
  if (scope) all.push(followed(held))
  if (query.staffId) all.push(followed(sql`f.staff_id = ${query.staffId}::bigint and ${held}`))
  if (query.channelState) all.push(followed(sql`f.state = ${query.channelState}`))
  if (query.addedFrom)
    all.push(sql`c.last_added_at >= ${query.addedFrom}::date::timestamp at time zone 'Asia/Shanghai'`)
  if (query.addedTo)
    all.push(sql`c.last_added_at < (${query.addedTo}::date + 1)::timestamp at time zone 'Asia/Shanghai'`)
  if (query.tagId) {
    all.push(sql`exists (select from follow_tag t where t.corp_id = ${corpId}::bigint and t.contact_id = c.contact_id and t.tag_id = ${query.tagId}::bigint
      and ${scope ? sql`t.staff_id = ${scope}::bigint` : sql`true`})`)
  }
  if (query.q) {
    const like = `%${query.q.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`
    const known = sql`c.contact_id = (select i.contact_id from contact_identity i
      where i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = ${query.q})`
    // A whole id is looked up; nobody searches names for one.
    all.push(
      WHOLE_ID.test(query.q)
        ? known
        : sql`(c.name ilike ${like} or ${followed(sql`f.remark ilike ${like}`)} or ${known})`,
    )
  }
  return sql.join(all, sql` and `)
}

/** The rows of a page, in its order, with what stands beside each name: three statements, whatever the page's length. */
async function readRows(
  tx: Tx,
  corpId: string,
  contactIds: string[],
  scope: string | undefined,
): Promise<ContactRow[]> {
  if (contactIds.length === 0) return []
  const ids = sql`${contactIds}::bigint[]`
  const { rows } = await sql<
    Omit<ContactRow, 'lastAddedAt' | 'lostAt'> & { lastAddedAt: Date | null; lostAt: Date | null }
  >`
    select c.contact_id, c.name, c.avatar, c.gender, c.kind, c.corp_name, c.last_added_at, c.lost_at, c.followers as follower_count,
      coalesce(f.remark, '') as remark, f.state, coalesce(f.followers, '[]') as followers, coalesce(t.tags, '[]') as tags, e.last_event
    from unnest(${ids}) with ordinality as page(contact_id, place)
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = page.contact_id
    left join lateral (
      select (array_agg(f.remark order by f.added_at desc) filter (where f.remark <> ''))[1] as remark, (array_agg(f.state order by f.added_at desc) filter (where f.state is not null))[1] as state,
        jsonb_path_query_array(jsonb_agg(jsonb_build_object('staffId', f.staff_id::text, 'name', s.name, 'addedAt', to_char(f.added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by f.lost_at is not null, f.added_at desc),
          ${`$[0 to ${FOLLOWERS_SHOWN - 1}]`}::jsonpath) as followers
      from follow f join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
      where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and (f.lost_at is null or c.lost_at is not null) and (${scope ?? null}::bigint is null or f.staff_id = ${scope ?? null}::bigint)
    ) f on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('tagId', t.tag_id::text, 'name', t.name, 'groupName', g.name, 'source', d.source) order by d.added_at) as tags
      from (select distinct on (ft.tag_id) ft.tag_id, ft.source, ft.added_at from follow_tag ft
        where ft.corp_id = ${corpId}::bigint and ft.contact_id = c.contact_id and (${scope ?? null}::bigint is null or ft.staff_id = ${scope ?? null}::bigint) order by ft.tag_id, ft.added_at) d
      join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = d.tag_id and t.deleted_at is null join tag_group g on g.corp_id = ${corpId}::bigint and g.tag_group_id = t.tag_group_id
    ) t on true
    left join lateral (
      select jsonb_build_object('kind', e.kind, 'at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as last_event
      from event e where e.corp_id = ${corpId}::bigint and e.contact_id = c.contact_id order by e.at desc, e.event_id desc limit 1
    ) e on true
    order by page.place`.execute(tx)
  return rows.map((row) => ({
    ...row,
    lastAddedAt: row.lastAddedAt?.toISOString() ?? null,
    lostAt: row.lostAt?.toISOString() ?? null,
  }))
}

const BIGINT_MAX = 2n ** 63n - 1n
const CURSOR = /^([np])_(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([1-9]\d{0,18})$/

interface Cursor {
  back: boolean
  at: Date
  id: string
}

/** Undefined for anything we did not make: the list starts from the top. */
function parseCursor(cursor: string): Cursor | undefined {
  const [, way, at, id] = CURSOR.exec(cursor) ?? []
  const date = new Date(at ?? '')
  return way && id && !Number.isNaN(date.getTime()) && BigInt(id) <= BIGINT_MAX
    ? { back: way === 'p', at: date, id }
    : undefined
}
