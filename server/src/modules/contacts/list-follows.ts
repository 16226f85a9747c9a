import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import { readStaffOf } from '../staff/scope.ts'
import {
  activeConditions,
  COUNT_MAX,
  estimate,
  fieldConditions,
  GATHERED_MAX,
  groupConditions,
  inSegment,
  likeOf,
  readState,
  stageConditions,
} from './list-contacts.ts'
import type { ContactCount, ContactFilter, ContactListQuery, FollowPage, FollowRow } from './schema.ts'

/**
 * One row a relation, newest first: who is followed by three members stands here three times. A filter asks of each what
 * it asks of a customer, of this member's remark, tags and times alone; lost is who lost this member.
 */
export async function listFollows(tx: Tx, corpId: string, query: ContactListQuery, scope: Scope): Promise<FollowPage> {
  const cursor = query.cursor ? parseCursor(query.cursor) : undefined
  const { from, gather } = await findFollows(tx, corpId, query, scope)
  const past = (table: string) =>
    cursor
      ? sql`(${sql.ref(`${table}.added_at`)}, ${sql.ref(`${table}.contact_id`)}, ${sql.ref(`${table}.staff_id`)}) < (${cursor.at}::timestamptz, ${cursor.contactId}::bigint, ${cursor.staffId}::bigint)`
      : sql`true`
  const ordered = sql`order by added_at desc, contact_id desc, staff_id desc limit ${query.limit + 1}`
  const { rows } = await (gather
    ? sql<Key>`with hit as materialized (select f.added_at, f.contact_id, f.staff_id ${from}) select * from hit where ${past('hit')} ${ordered}`
    : sql<Key>`select f.added_at, f.contact_id, f.staff_id ${from} and ${past('f')} ${ordered}`
  ).execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: await readFollows(tx, corpId, page),
    nextCursor:
      last && rows.length > query.limit ? `${last.addedAt.toISOString()}_${last.contactId}_${last.staffId}` : null,
  }
}

/** How many relations a list holds: exact up to ten thousand. */
export async function countFollows(tx: Tx, corpId: string, query: ContactFilter, scope: Scope): Promise<ContactCount> {
  const { from } = await findFollows(tx, corpId, query, scope)
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from (select ${from} limit ${COUNT_MAX + 1}) counted`.execute(tx)
  const total = rows[0]?.total ?? 0
  return { total: Math.min(total, COUNT_MAX), isFloor: total > COUNT_MAX }
}

interface Key {
  addedAt: Date
  contactId: string
  staffId: string
}

/** As in the list of customers: few are gathered and put in order, many are walked in their order until the page is full. */
async function findFollows(
  tx: Tx,
  corpId: string,
  query: ContactFilter,
  scope: Scope,
): Promise<{ from: RawBuilder<unknown>; gather: boolean }> {
  const where = await followConditions(tx, corpId, query, scope)
  const from = (source: RawBuilder<unknown>) =>
    sql`from ${source} join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = f.contact_id where ${where}`
  const walked = from(sql`follow f`)
  const gather = (await estimate(tx, walked)) < GATHERED_MAX
  return { from: gather ? from(taggedFollows(corpId, query, scope)) : walked, gather }
}

async function followConditions(
  tx: Tx,
  corpId: string,
  query: ContactFilter,
  scope: Scope,
): Promise<RawBuilder<unknown>> {
  const all = [sql`f.corp_id = ${corpId}::bigint`]
  if (query.state === 'following') all.push(sql`f.lost_at is null`)
  if (query.state === 'lost') all.push(sql`f.lost_at is not null`)
  const department = query.departmentId && (await readStaffOf(tx, corpId, [query.departmentId], { below: true }))
  for (const staffIds of [scope, query.staffIds, department || undefined])
    if (staffIds) all.push(sql`f.staff_id = any(${[...staffIds]}::bigint[])`)
  if (query.channelState) all.push(sql`f.state = ${query.channelState}`)
  if (query.channelCodeId) all.push(sql`f.state = ${(await readState(tx, corpId, query.channelCodeId)) ?? null}`)
  if (query.addedFrom) all.push(sql`f.added_at >= ${query.addedFrom}::date::timestamp at time zone 'Asia/Shanghai'`)
  if (query.addedTo) all.push(sql`f.added_at < (${query.addedTo}::date + 1)::timestamp at time zone 'Asia/Shanghai'`)
  all.push(...activeConditions(corpId, query))
  if (query.gender !== undefined) all.push(sql`c.gender = ${query.gender}`)
  if (query.kind !== undefined) all.push(sql`c.kind = ${query.kind}`)
  if (query.shared) all.push(sql`c.followers > 1`)
  if (query.segmentId) all.push(inSegment(corpId, query.segmentId, query.now))
  all.push(...stageConditions(corpId, query), ...(await groupConditions(tx, corpId, query, scope)))
  all.push(...fieldConditions(corpId, query), ...tagsOfPair(corpId, query))
  if (query.q) {
    const like = likeOf(query.q)
    all.push(sql`c.grams @> text_grams(${query.q}) and (c.name ilike ${like} or f.remark ilike ${like})`)
  }
  return sql.join(all, sql` and `)
}

/** Where to gather from: with one tag, or any of some, the relations that carry it, read from the tags' own index. */
function taggedFollows(
  corpId: string,
  { tagsAll = [], tagsAny = [] }: ContactFilter,
  scope: Scope,
): RawBuilder<unknown> {
  const tagIds = tagsAll.length === 1 ? tagsAll : tagsAll.length === 0 ? tagsAny[0] : undefined
  if (!tagIds) return sql`follow f`
  return sql`(select distinct t.contact_id, t.staff_id from follow_tag t where t.corp_id = ${corpId}::bigint and t.tag_id = any(${tagIds}::bigint[])
      and (${scope ?? null}::bigint[] is null or t.staff_id = any(${scope ?? null}::bigint[]))) tagged
    join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = tagged.contact_id and f.staff_id = tagged.staff_id`
}

/**
 * The arrays of the contact narrow down; whose tag it is, the relation's own rows tell. A CASE, because the planner takes
 * such a look-up for a rarity and would gather half the corp for a page of fifty; of a CASE it thinks nothing.
 */
function tagsOfPair(corpId: string, query: ContactFilter): RawBuilder<unknown>[] {
  const { tagsAll = [], tagsAny = [], tagsNone = [] } = query
  const held = (tagIds: readonly string[]) =>
    sql`from follow_tag t where t.corp_id = ${corpId}::bigint and t.contact_id = f.contact_id and t.staff_id = f.staff_id and t.tag_id = any(${[...tagIds]}::bigint[])`
  const looked = (condition: RawBuilder<unknown>) => sql`case when f.staff_id > 0 then ${condition} else false end`
  const asked: RawBuilder<unknown>[] = []
  if (tagsAll.length > 0)
    asked.push(
      sql`c.tag_ids @> ${tagsAll}::bigint[]`,
      looked(sql`(select count(*) ${held(tagsAll)}) = ${new Set(tagsAll).size}`),
    )
  for (const group of tagsAny)
    asked.push(sql`c.tag_ids && ${group}::bigint[]`, looked(sql`(select true ${held(group)} limit 1) is true`))
  if (tagsNone.length > 0) asked.push(looked(sql`(select true ${held(tagsNone)} limit 1) is null`))
  return asked
}

async function readFollows(tx: Tx, corpId: string, keys: Key[]): Promise<FollowRow[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<Omit<FollowRow, 'addedAt' | 'lostAt'> & { addedAt: Date; lostAt: Date | null }>`
    select c.contact_id, c.name, c.avatar, c.kind, c.corp_name, f.staff_id, s.name as staff_name, s.left_at is not null as staff_left, f.remark, f.add_way, f.added_at, f.lost_at, f.lost_by,
      code.name as channel, coalesce(t.tags, '[]') as tags
    from unnest(${keys.map((key) => key.contactId)}::bigint[], ${keys.map((key) => key.staffId)}::bigint[]) with ordinality as page(contact_id, staff_id, place)
    join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = page.contact_id and f.staff_id = page.staff_id
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = page.contact_id
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = page.staff_id
    left join channel_code code on code.corp_id = ${corpId}::bigint and code.state = f.state
    left join lateral (
      select jsonb_agg(jsonb_build_object('tagId', t.tag_id::text, 'name', t.name, 'groupName', g.name, 'source', ft.source) order by ft.added_at) as tags
      from follow_tag ft join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = ft.tag_id and t.deleted_at is null join tag_group g on g.corp_id = ${corpId}::bigint and g.tag_group_id = t.tag_group_id
      where ft.corp_id = ${corpId}::bigint and ft.contact_id = f.contact_id and ft.staff_id = f.staff_id
    ) t on true
    order by page.place`.execute(tx)
  return rows.map((row) => ({
    ...row,
    addedAt: row.addedAt.toISOString(),
    lostAt: row.lostAt?.toISOString() ?? null,
  }))
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([1-9]\d{0,17})_([1-9]\d{0,17})$/

/** Undefined for anything we did not make: the list starts from the top. */
function parseCursor(cursor: string): { at: Date; contactId: string; staffId: string } | undefined {
  const [, at = '', contactId, staffId] = CURSOR.exec(cursor) ?? []
  const date = new Date(at)
  return contactId && staffId && !Number.isNaN(date.getTime()) ? { at: date, contactId, staffId } : undefined
}
