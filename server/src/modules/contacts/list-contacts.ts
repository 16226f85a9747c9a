import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import { readStaffOf } from '../staff/scope.ts'
import { readRows } from './read-rows.ts'
import type { ContactCount, ContactFilter, ContactListQuery, ContactPage, Neighbours } from './schema.ts'

/** Counting stops here: past it a page says "more than", and a million rows are not walked for a number. */
export const COUNT_MAX = 10_000
/** Up to so many matches are gathered; 51 of five thousand in a million are met within ten thousand rows of a walk. */
export const GATHERED_MAX = 5_000
/** More staff than this are checked row by row: looking up hundreds of keys in the index takes longer (50 ms for 200). */
const STAFF_LOOKED_UP_MAX = 40

/** One page of customers, newest friends first, by keyset: the page after a million is as quick as the first. */
export async function listContacts(
  tx: Tx,
  corpId: string,
  query: ContactListQuery,
  scope: Scope,
): Promise<ContactPage> {
  const cursor = query.cursor ? parseCursor(query.cursor) : undefined
  const found = await findPage(tx, corpId, query, scope, cursor)
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
  }
}

/** Who stands before and after a customer in a list, wherever in it he is; nobody when he is not in it. */
export async function readNeighbours(
  tx: Tx,
  corpId: string,
  contactId: string,
  filter: ContactFilter,
  scope: Scope,
): Promise<Neighbours> {
  const where = await conditions(tx, corpId, filter, scope)
  const { rows } = await sql<{ at: Date }>`
    select ${keyOf(filter)} as at from contact c where ${where} and c.contact_id = ${contactId}::bigint`.execute(tx)
  const at = rows[0]?.at
  if (!at) return { previousId: null, nextId: null }
  const beside = async (back: boolean) => {
    const found = await findPage(tx, corpId, { ...filter, limit: 1 }, scope, { back, at, id: contactId })
    return found[0]?.contactId ?? null
  }
  return { previousId: await beside(true), nextId: await beside(false) }
}

/** How many a list holds: exact up to `most`. */
export async function countContacts(
  tx: Tx,
  corpId: string,
  query: ContactFilter,
  scope: Scope,
  most = COUNT_MAX,
): Promise<ContactCount> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from (select from contact c where ${await conditions(tx, corpId, query, scope)} limit ${most + 1}) counted`.execute(
    tx,
  )
  const total = rows[0]?.total ?? 0
  return { total: Math.min(total, most), isFloor: total > most }
}

/**
 * Two ways to a page. Where many match, the index in the list's own order is walked until the page is full, which is
 * soon. Where few do, they are gathered by the sets they are in and put in order. The planner, left to choose, sees only
 * the limit: it walked half a million rows for a page of three tags. So it is asked how many will match, and told.
 */
async function findPage(
  tx: Tx,
  corpId: string,
  query: ContactListQuery,
  scope: Scope,
  cursor: Cursor | undefined,
): Promise<{ contactId: string; at: Date }[]> {
  const key = keyOf(query)
  const where = await conditions(tx, corpId, query, scope)
  const way = cursor?.back ? sql`asc` : sql`desc`
  const past = (at: RawBuilder<unknown>, id: RawBuilder<unknown>) =>
    cursor
      ? sql`(${at}, ${id}) ${cursor.back ? sql`>` : sql`<`} (${cursor.at}::timestamptz, ${cursor.id}::bigint)`
      : sql`true`
  const ordered = sql`order by at ${way}, contact_id ${way} limit ${query.limit + 1}`
  // The planner knows nothing of the hashed look-up of many staff and takes it to hold thrice as often as it does.
  const hashed = (query.staffIds ?? scope ?? []).length > STAFF_LOOKED_UP_MAX
  const gather = (await estimate(tx, sql`from contact c where ${where}`)) < GATHERED_MAX * (hashed ? 3 : 1)
  const { rows } = await (gather
    ? sql<{ contactId: string; at: Date }>`
        with hit as materialized (select c.contact_id, ${key} as at from ${fromContacts(corpId, query, scope)} where ${where})
        select contact_id, at from hit where ${past(sql`at`, sql`contact_id`)} ${ordered}`
    : sql<{ contactId: string; at: Date }>`
        select c.contact_id, ${key} as at from contact c where ${where} and ${past(key, sql`c.contact_id`)} ${ordered}`
  ).execute(tx)
  return rows
}

/** Where to gather from: with one tag in a scope, those its staff gave it to, read from the tag's index alone. */
function fromContacts(corpId: string, { tagsAll = [] }: ContactFilter, scope: Scope): RawBuilder<unknown> {
  if (!scope || tagsAll.length !== 1) return sql`contact c`
  return sql`(select distinct t.contact_id from follow_tag t where t.corp_id = ${corpId}::bigint and t.tag_id = ${tagsAll[0]}::bigint and ${ofScope('t', scope)}) tagged
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = tagged.contact_id`
}

/** Rows the planner expects; it only plans, which takes a fraction of a millisecond. */
export async function estimate(tx: Tx, from: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<Record<string, [{ Plan: { 'Plan Rows': number } }]>>`
    explain (format json) select ${from}`.execute(tx)
  return Object.values(rows[0] ?? {})[0]?.[0].Plan['Plan Rows'] ?? 0
}

const keyOf = (query: ContactFilter) => (query.state === 'lost' ? sql.ref('c.lost_at') : sql.ref('c.last_added_at'))

/** An external_userid as WeCom gives it, to WeChat users (wm) and other companies' members (wo): 32 characters. */
const WHOLE_ID = /^w[mo][\w-]{30}$/
const NOBODY = sql`false`

/**
 * Everything a filter asks, over what stands on the contact itself (migration 0010). With a scope every condition is about
 * the follows, remarks and tags of those staff: others' cannot be guessed at by filtering. The arrays then only narrow
 * down, and what they cannot tell apart is looked up.
 */
export async function conditions(
  tx: Tx,
  corpId: string,
  query: ContactFilter,
  scope: Scope,
): Promise<RawBuilder<unknown>> {
  const all = [sql`c.corp_id = ${corpId}::bigint`, sql`${keyOf(query)} is not null`]
  if (query.state === 'following') all.push(sql`c.lost_at is null`)
  if (query.state === 'lost') all.push(sql`c.lost_at is not null`)
  for (const staffIds of [
    query.staffIds,
    query.departmentId ? await readStaffOf(tx, corpId, [query.departmentId], { below: true }) : undefined,
    scope,
  ]) {
    const seen = staffIds && scope ? staffIds.filter((id) => scope.includes(id)) : staffIds
    if (seen) all.push(seen.length > 0 ? followedBy(seen, query.state) : NOBODY)
  }
  for (const state of [
    query.channelState,
    query.channelCodeId && ((await readState(tx, corpId, query.channelCodeId)) ?? NO_STATE),
  ]) {
    if (state)
      all.push(
        sql`exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.state = ${state} and ${ofScope('f', scope)})`,
      )
  }
  if (query.addedFrom)
    all.push(sql`c.last_added_at >= ${query.addedFrom}::date::timestamp at time zone 'Asia/Shanghai'`)
  if (query.addedTo)
    all.push(sql`c.last_added_at < (${query.addedTo}::date + 1)::timestamp at time zone 'Asia/Shanghai'`)
  all.push(...activeConditions(corpId, query))
  if (query.gender !== undefined) all.push(sql`c.gender = ${query.gender}`)
  if (query.kind !== undefined) all.push(sql`c.kind = ${query.kind}`)
  all.push(...fieldConditions(corpId, query))
  if (query.shared) all.push(sql`c.followers > 1`)
  if (query.segmentId) all.push(inSegment(corpId, query.segmentId, query.now))
  all.push(...stageConditions(corpId, query), ...(await groupConditions(tx, corpId, query, scope)))
  all.push(...tagConditions(corpId, query, scope))
  if (query.q) all.push(wordCondition(corpId, query.q, scope))
  return sql.join(all, sql` and `)
}

/** In each field one of the options. */
export const fieldConditions = (corpId: string, { fields = {} }: ContactFilter): RawBuilder<unknown>[] =>
  Object.entries(fields).map(
    ([fieldId, options]) =>
      sql`exists (select from contact_field_value v where v.corp_id = ${corpId}::bigint and v.contact_field_id = ${fieldId}::bigint and v.contact_id = c.contact_id and v.value ?| ${options}::text[])`,
  )

/** By the version of the segment that is read. */
export function inSegment(corpId: string, segmentId: string, now: Date | undefined): RawBuilder<unknown> {
  if (!now) throw new Error('a segment is asked at an instant')
  return sql`c.contact_id in (select m.contact_id from segment_member m join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = m.segment_id and s.version = m.version
    where m.corp_id = ${corpId}::bigint and m.segment_id = ${segmentId}::bigint and s.archived_at is null and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz)`
}

/** What he does himself is the customer's too. */
export const activeConditions = (corpId: string, { activeFrom, activeTo }: ContactFilter): RawBuilder<unknown>[] => {
  const active = (since: RawBuilder<unknown>) =>
    sql`exists (select from contact_active v where v.corp_id = ${corpId}::bigint and v.contact_id = c.contact_id and v.last_on ${since})`
  return [
    ...(activeFrom ? [active(sql`>= ${activeFrom}::date`)] : []),
    ...(activeTo ? [sql`not ${active(sql`> ${activeTo}::date`)}`] : []),
  ]
}

/** A stage is the customer's, whoever follows him: the scope says whose customers are seen. */
export const stageConditions = (corpId: string, { stageIds, noStageOf }: ContactFilter): RawBuilder<unknown>[] => [
  ...(stageIds ? [inStages(corpId, stageIds)] : []),
  ...(noStageOf ? [outsideFlow(corpId, noStageOf)] : []),
]

export const inStages = (corpId: string, stageIds: readonly string[]): RawBuilder<unknown> =>
  sql`c.contact_id in (select y.contact_id from stage_stay y where y.corp_id = ${corpId}::bigint and y.stage_id = any(${[...stageIds]}::bigint[]) and y.until is null)`

export const outsideFlow = (corpId: string, flowId: string): RawBuilder<unknown> =>
  sql`not exists (select from stage_stay y where y.corp_id = ${corpId}::bigint and y.contact_id = c.contact_id and y.flow_id = ${flowId}::bigint and y.until is null)`

/**
 * Whoever sits in groups of those one may see: a group is its owner's, as a tag is its member's. A group holds five hundred
 * people, so who sits in those asked for is read first: of ids the planner knows how many there are, of joins it guesses.
 */
export async function groupConditions(
  tx: Tx,
  corpId: string,
  { groupsAny, groupsAll = [], groupsNone = [] }: ContactFilter,
  scope: Scope,
): Promise<RawBuilder<unknown>[]> {
  const asked = [...(groupsAny ?? []), ...groupsAll, ...groupsNone]
  if (asked.length === 0) return []
  const { rows } = await sql<{ contactId: string; groupIds: string[] }>`
    select i.contact_id, array_agg(distinct g.group_chat_id) as group_ids from group_chat g
    join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = g.group_chat_id and m.left_at is null and m.staff_id is null
    join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = m.userid
    where g.corp_id = ${corpId}::bigint and g.group_chat_id = any(${asked}::bigint[]) and (${scope ?? null}::bigint[] is null or g.owner_id = any(${scope ?? null}::bigint[]))
    group by i.contact_id`.execute(tx)
  const whose = (holds: (groupIds: readonly string[]) => boolean) =>
    sql`${rows.filter((row) => holds(row.groupIds)).map((row) => row.contactId)}::bigint[]`
  const among = (ids: readonly string[]) => (groupIds: readonly string[]) => ids.some((id) => groupIds.includes(id))
  return [
    ...(groupsAny ? [sql`c.contact_id = any(${whose(among(groupsAny))})`] : []),
    ...(groupsAll.length > 0
      ? [sql`c.contact_id = any(${whose((held) => groupsAll.every((id) => held.includes(id)))})`]
      : []),
    ...(groupsNone.length > 0 ? [sql`c.contact_id <> all(${whose(among(groupsNone))})`] : []),
  ]
}

const ofScope = (table: 'f' | 't', scope: Scope) =>
  scope ? sql`${sql.ref(`${table}.staff_id`)} = any(${[...scope]}::bigint[])` : sql`true`

/** Longer than any state: nobody came through a code that is not there. */
const NO_STATE = 'a code that this corp does not have'

/** The mark a channel code leaves on each friend it brings. */
export async function readState(tx: Tx, corpId: string, channelCodeId: string): Promise<string | undefined> {
  const { rows } = await sql<{ state: string }>`
    select state from channel_code where corp_id = ${corpId}::bigint and channel_code_id = ${channelCodeId}::bigint`.execute(
    tx,
  )
  return rows[0]?.state
}

function followedBy(staffIds: readonly string[], state: ContactFilter['state']): RawBuilder<unknown> {
  const ids = sql`${[...staffIds]}::bigint[]`
  // Of many, the first two followers are looked up in a hash made once; hardly anybody has a third.
  const among = (of: RawBuilder<unknown>) =>
    staffIds.length > STAFF_LOOKED_UP_MAX
      ? sql`(${of}[1] = any(${ids}) or ${of}[2] = any(${ids}) or cardinality(${of}) > 2 and ${of} && ${ids}) is true`
      : sql`${of} && ${ids}`
  const [now, before] = [among(sql`c.staff_ids`), among(sql`c.past_staff_ids`)]
  return state === 'following' ? now : state === 'lost' ? before : sql`(${now} or ${before})`
}

/**
 * What the arrays cannot tell apart for a scope, looked up only where somebody outside it follows him too. A CASE, also
 * because the planner takes it for a coin's toss: it took the look-up for a rarity, and gathered tens of thousands of rows
 * for a page of fifty (1 047 ms; so 5). `exists` it would answer by first reading every row with those tags.
 */
const exactly = (scope: readonly string[], within: RawBuilder<unknown>, looked: RawBuilder<unknown>) =>
  sql`case when c.staff_ids <@ ${[...scope]}::bigint[] and c.past_staff_ids <@ ${[...scope]}::bigint[] then ${within} else ${looked} end`

function tagConditions(corpId: string, query: ContactFilter, scope: Scope): RawBuilder<unknown>[] {
  const held = (tagIds: readonly string[]) =>
    sql`from follow_tag t where t.corp_id = ${corpId}::bigint and t.contact_id = c.contact_id and t.tag_id = any(${[...tagIds]}::bigint[]) and ${ofScope('t', scope)}`
  const { tagsAll = [], tagsAny = [], tagsNone = [] } = query
  const asked: RawBuilder<unknown>[] = []
  if (tagsAll.length > 0) {
    asked.push(sql`c.tag_ids @> ${tagsAll}::bigint[]`)
    if (scope)
      asked.push(exactly(scope, sql`true`, sql`(select count(distinct t.tag_id) ${held(tagsAll)}) = ${tagsAll.length}`))
  }
  for (const group of tagsAny) {
    asked.push(sql`c.tag_ids && ${group}::bigint[]`)
    if (scope) asked.push(exactly(scope, sql`true`, sql`(select true ${held(group)} limit 1) is true`))
  }
  if (tagsNone.length > 0) {
    const none = sql`not c.tag_ids && ${tagsNone}::bigint[]`
    asked.push(scope ? exactly(scope, none, sql`(select true ${held(tagsNone)} limit 1) is null`) : none)
  }
  return asked
}

/** What is asked, anywhere in a text, its own wildcards meaning themselves. */
export const likeOf = (q: string): string => `%${q.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`

function wordCondition(corpId: string, q: string, scope: Scope): RawBuilder<unknown> {
  const known = sql`c.contact_id = (select i.contact_id from contact_identity i
    where i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = ${q})`
  if (WHOLE_ID.test(q)) return known // a whole id is looked up; nobody searches names for one
  const like = likeOf(q)
  const said = scope
    ? exactly(
        scope,
        sql`c.words ilike ${like}`,
        sql`(c.name ilike ${like} or (select true from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.remark ilike ${like} and ${ofScope('f', scope)} limit 1) is true)`,
      )
    : sql`c.words ilike ${like}`
  return sql`(c.grams @> text_grams(${q}) and ${said} or ${known})`
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
