import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { addDays, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import { likeOf } from '../contacts/list-contacts.ts'
import type { Scope } from '../corps/context.ts'
import type {
  GroupDay,
  GroupFilter,
  GroupListQuery,
  GroupNames,
  GroupOverview,
  GroupPage,
  GroupRow,
  GroupView,
} from './schema.ts'
import { instantSql, isSeen, levelSql } from './seen.ts'

const NAMES_MAX = 500

/** One page of groups, by keyset. What stands beside each is read for the page as one set. */
export async function listGroups(
  tx: Tx,
  corpId: string,
  query: GroupListQuery,
  scope: Scope,
  now: Date,
): Promise<GroupPage> {
  const by = {
    newest: sql`date_part('epoch', g.created_at)`,
    members: sql`g.members`,
    score: sql`coalesce(g.score, -1)`,
  }[query.sort]
  const cursor = query.cursor ? parseCursor(query.cursor) : undefined
  const past = cursor
    ? sql`(${by}::float8, g.group_chat_id) < (${cursor.value}::float8, ${cursor.id}::bigint)`
    : sql`true`
  const { rows } = await sql<{ id: string; value: number }>`
    select g.group_chat_id as id, ${by}::float8 as value from group_chat g where ${conditions(corpId, query, scope)} and ${past}
    order by ${by} desc, g.group_chat_id desc limit ${query.limit + 1}`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  const ids = page.map((row) => row.id)
  return {
    items: (await readRows(tx, corpId, ids, now)).map(({ more: _, ...row }) => row),
    nextCursor: rows.length > query.limit && last ? `${last.value}_${last.id}` : null,
  }
}

function conditions(corpId: string, query: GroupFilter, scope: Scope): RawBuilder<unknown> {
  const all = [sql`g.corp_id = ${corpId}::bigint`, isSeen(scope)]
  if (query.state === 'open') all.push(sql`g.gone_at is null`)
  if (query.state === 'gone') all.push(sql`g.gone_at is not null`)
  if (query.level) all.push(sql`${levelSql} = ${query.level}`)
  if (query.ownerIds) all.push(sql`g.owner_id = any(${query.ownerIds}::bigint[])`)
  if (query.orphaned) all.push(sql`g.is_orphaned`)
  if (query.q) all.push(sql`(g.name ilike ${likeOf(query.q)} or g.chat_id = ${query.q})`)
  return sql.join(all, sql` and `)
}

type Row = GroupRow & {
  more: Pick<GroupView, 'chatId' | 'notice' | 'orphaned' | 'goneBy' | 'admins' | 'scoredAt' | 'askedAt'>
}

/** As the list shows them, in the order of the ids. */
export async function readRows(tx: Tx, corpId: string, ids: readonly string[], now: Date): Promise<Row[]> {
  if (ids.length === 0) return []
  const since = (days: number) => sql`${now}::timestamptz - ${days} * interval '1 day'`
  const { rows } = await sql<Row>`
    select g.group_chat_id, g.name, jsonb_build_object('staffId', s.staff_id::text, 'name', s.name, 'left', s.left_at is not null) as owner, ${instantSql('g.created_at')} as created_at, ${instantSql('g.gone_at')} as gone_at,
      g.members, g.outsiders, n.customers, n.joined7, n.left7, n.joined30, n.left30, g.score, ${levelSql} as level, g.score_parts as parts,
      jsonb_build_object('chatId', g.chat_id, 'notice', g.notice, 'orphaned', g.is_orphaned, 'goneBy', g.gone_by, 'scoredAt', ${instantSql('g.scored_at')}, 'askedAt', ${instantSql('g.asked_at')}, 'admins', coalesce((
        select jsonb_agg(jsonb_build_object('staffId', a.staff_id::text, 'name', a.name) order by a.staff_id) from staff a where a.corp_id = ${corpId}::bigint and a.staff_id = any(g.admin_ids)), '[]')) as more
    from unnest(${[...ids]}::bigint[]) with ordinality as p(group_chat_id, place)
    join group_chat g on g.corp_id = ${corpId}::bigint and g.group_chat_id = p.group_chat_id
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = g.owner_id
    cross join lateral (
      select (count(*) filter (where m.left_at is null and c.contact_id is not null))::int as customers,
        (count(*) filter (where m.joined_at > ${since(7)}))::int as joined7, (count(*) filter (where m.left_at > ${since(7)}))::int as left7,
        (count(*) filter (where m.joined_at > ${since(30)}))::int as joined30, (count(*) filter (where m.left_at > ${since(30)}))::int as left30
      from group_member m
      left join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = m.userid and m.left_at is null
      left join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = i.contact_id and c.last_added_at is not null and c.lost_at is null
      where m.corp_id = ${corpId}::bigint and m.group_chat_id = g.group_chat_id and m.staff_id is null and (m.left_at is null or m.left_at > ${since(30)})
    ) n order by p.place`.execute(tx)
  return rows
}

/** One group with its last days. */
export async function readGroup(
  tx: Tx,
  corpId: string,
  groupChatId: string,
  days: number,
  scope: Scope,
  now: Date,
): Promise<GroupView> {
  const { rows } = await sql<{ id: string }>`
    select g.group_chat_id as id from group_chat g where g.corp_id = ${corpId}::bigint and g.group_chat_id = ${groupChatId}::bigint and ${isSeen(scope)}`.execute(
    tx,
  )
  const [row] = await readRows(
    tx,
    corpId,
    rows.map(({ id }) => id),
    now,
  )
  if (!row) throw new NotFound({ what: '客户群' })
  const { more, ...group } = row
  const which = sql`g.group_chat_id = ${groupChatId}::bigint`
  return { ...group, ...more, days: await readDays(tx, corpId, which, days, now) }
}

/** All groups one may see, in numbers. */
export async function readOverview(
  tx: Tx,
  corpId: string,
  days: number,
  scope: Scope,
  now: Date,
): Promise<GroupOverview> {
  const seen = sql`g.corp_id = ${corpId}::bigint and g.gone_at is null and ${isSeen(scope)}`
  const { rows } = await sql<Omit<GroupOverview, 'days'>>`
    select (select count(*)::int from group_chat g where ${seen}) as groups,
      (select count(*)::int from group_chat g where ${seen} and ${levelSql} = 'alive') as alive,
      (select count(*)::int from group_chat g where ${seen} and ${levelSql} = 'quiet') as quiet,
      (select count(*)::int from group_chat g where ${seen} and ${levelSql} = 'dead') as dead,
      count(*)::int as people, (count(*) filter (where c.contact_id is not null))::int as customers, (count(*) filter (where sat.number > 1))::int as in_several
    from (
      select m.userid, count(*) as number from group_chat g join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = g.group_chat_id and m.left_at is null and m.staff_id is null
      where ${seen} group by m.userid
    ) sat
    left join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = sat.userid
    left join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = i.contact_id and c.last_added_at is not null and c.lost_at is null`.execute(
    tx,
  )
  return { ...rows[0]!, days: await readDays(tx, corpId, isSeen(scope), days, now) }
}

/** Day by day, from the stays themselves: back from who sits in the groups now. */
async function readDays(
  tx: Tx,
  corpId: string,
  which: RawBuilder<unknown>,
  days: number,
  now: Date,
): Promise<GroupDay[]> {
  const today = shanghaiDay(now)
  const first = addDays(today, 1 - days)
  const dayOf = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`
  const turns = (column: string, joined: number) => sql`
    select ${dayOf(column)} as day, ${joined}::int as joined, ${1 - joined}::int as gone from group_member m join group_chat g on g.corp_id = ${corpId}::bigint and g.group_chat_id = m.group_chat_id
    where m.corp_id = ${corpId}::bigint and m.staff_id is null and ${sql.ref(column)} >= ${dayStart(first)}::timestamptz and ${sql.ref(column)} <= ${now}::timestamptz and ${which}`
  const { rows } = await sql<{ day: string; joined: number; left: number }>`
    select day, sum(joined)::int as joined, sum(gone)::int as "left" from (${turns('m.joined_at', 1)} union all ${turns('m.left_at', 0)}) turn group by day`.execute(
    tx,
  )
  const { rows: sums } = await sql<{ now: number }>`
    select coalesce(sum(g.outsiders), 0)::int as now from group_chat g where g.corp_id = ${corpId}::bigint and ${which}`.execute(
    tx,
  )
  const of = new Map(rows.map((row) => [row.day, row]))
  const found: GroupDay[] = []
  let members = sums[0]?.now ?? 0
  for (let day = today; day >= first; day = addDays(day, -1)) {
    const { joined = 0, left = 0 } = of.get(day) ?? {}
    found.unshift({ day, members, joined, left })
    members -= joined - left
  }
  return found
}

/** Groups by name for whoever chooses: those that are, then those that were. */
export async function readGroupNames(
  tx: Tx,
  corpId: string,
  { q, ids }: { q?: string | undefined; ids?: readonly string[] | undefined },
  scope: Scope,
): Promise<GroupNames> {
  const { rows } = await sql<GroupNames['items'][number]>`
    select g.group_chat_id, g.name, s.name as owner, g.gone_at is not null as gone from group_chat g join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = g.owner_id
    where g.corp_id = ${corpId}::bigint and ${isSeen(scope)} and ${ids ? sql`g.group_chat_id = any(${[...ids]}::bigint[])` : sql`true`} and ${q ? sql`g.name ilike ${likeOf(q)}` : sql`true`}
    order by g.gone_at is not null, g.outsiders desc, g.group_chat_id limit ${NAMES_MAX}`.execute(tx)
  return { items: rows }
}

const CURSOR = /^(-?\d{1,15}(?:\.\d{1,9})?)_([1-9]\d{0,17})$/

/** Undefined for anything we did not make: the list starts from the top. */
function parseCursor(cursor: string): { value: string; id: string } | undefined {
  const [, value, id] = CURSOR.exec(cursor) ?? []
  return value && id ? { value, id } : undefined
}
