import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { likeOf } from '../contacts/list-contacts.ts'
import type { Scope } from '../corps/context.ts'
import type { GroupOverlaps, MemberFilter, MemberListQuery, MemberPage, MemberRow } from './schema.ts'
import {
  followersSql,
  instantSql,
  isOurs,
  isSeen,
  joinContact,
  personSql,
  requireGroup,
  sceneSql,
  tagsSql,
} from './seen.ts'

const OVERLAPS = 20

/** Who sits in a group, or who has left it, the newest first. Of customers of others one sees that they are, and no more. */
export async function listMembers(
  tx: Tx,
  corpId: string,
  groupChatId: string,
  query: MemberListQuery,
  scope: Scope,
): Promise<MemberPage> {
  await requireGroup(tx, corpId, groupChatId, scope)
  const [, at, id] = CURSOR.exec(query.cursor ?? '') ?? []
  const key = query.gone ? sql.ref('m.left_at') : sql.ref('m.joined_at')
  const past = at && id ? sql`(${key}, m.stay_id) < (to_timestamp(${at}::float8 / 1000), ${id}::bigint)` : sql`true`
  const { rows } = await sql<{ stayId: string; at: Date }>`
    select m.stay_id, ${key} as at from group_member m ${joinContact(corpId)}
    where m.corp_id = ${corpId}::bigint and m.group_chat_id = ${groupChatId}::bigint and m.left_at is ${query.gone ? sql`not null` : sql`null`} and ${whichMembers(query, scope)} and ${past}
    order by at desc, m.stay_id desc limit ${query.limit + 1}`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: await readMembers(
      tx,
      corpId,
      groupChatId,
      page.map((row) => row.stayId),
      scope,
    ),
    nextCursor: rows.length > query.limit && last ? `${last.at.getTime()}_${last.stayId}` : null,
  }
}

/** The name of whoever is a customer of others is the group's to show; what others remarked of him is not. */
function whichMembers({ who, q }: MemberFilter, scope: Scope) {
  const all = [sql`true`]
  if (who === 'staff') all.push(sql`m.staff_id is not null`)
  if (who === 'customers') all.push(sql`m.staff_id is null and c.last_added_at is not null and c.lost_at is null`)
  if (who === 'strangers') all.push(sql`m.staff_id is null and (c.last_added_at is null or c.lost_at is not null)`)
  if (q) {
    const like = likeOf(q)
    const remarked = scope ? sql`false` : sql`c.words ilike ${like}`
    all.push(sql`(m.name ilike ${like} or m.nickname ilike ${like} or coalesce(c.name ilike ${like} or ${remarked}, false)
      or exists (select from staff s where s.corp_id = m.corp_id and s.staff_id = m.staff_id and s.name ilike ${like}))`)
  }
  return sql.join(all, sql` and `)
}

async function readMembers(
  tx: Tx,
  corpId: string,
  groupChatId: string,
  stayIds: readonly string[],
  scope: Scope,
): Promise<MemberRow[]> {
  if (stayIds.length === 0) return []
  const { rows } = await sql<MemberRow>`
    select m.stay_id, coalesce(own.name, nullif(c.name, ''), m.name) as name, case when own.staff_id is null then c.avatar end as avatar, ${personSql} as "is", case when ${isOurs(scope)} then c.contact_id end as contact_id,
      case when ${isOurs(scope)} then ${followersSql(corpId, scope)} else '[]' end as followers, case when ${isOurs(scope)} then ${tagsSql(corpId, scope)} else '[]' end as tags,
      m.nickname, ${instantSql('m.joined_at')} as joined_at, ${sceneSql} as scene, by.name as invitor, m.state, ${instantSql('m.left_at')} as left_at, m.left_by,
      (select count(*)::int from group_member o join group_chat g on g.corp_id = ${corpId}::bigint and g.group_chat_id = o.group_chat_id and ${isSeen(scope)}
        where o.corp_id = ${corpId}::bigint and o.userid = m.userid and o.left_at is null and o.group_chat_id <> m.group_chat_id) as others
    from unnest(${[...stayIds]}::bigint[]) with ordinality as p(stay_id, place)
    join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = ${groupChatId}::bigint and m.stay_id = p.stay_id
    left join staff own on own.corp_id = ${corpId}::bigint and own.staff_id = m.staff_id
    left join staff by on by.corp_id = ${corpId}::bigint and by.staff_id = m.invitor_id
    ${joinContact(corpId)} order by p.place`.execute(tx)
  return rows
}

/** Other groups that people from outside who sit in this one sit in too, the most of them first. */
export async function readOverlaps(tx: Tx, corpId: string, groupChatId: string, scope: Scope): Promise<GroupOverlaps> {
  await requireGroup(tx, corpId, groupChatId, scope)
  const { rows } = await sql<GroupOverlaps['items'][number]>`
    select g.group_chat_id, g.name, s.name as owner, g.outsiders, count(*)::int as "both" from group_member m
    join group_member o on o.corp_id = ${corpId}::bigint and o.userid = m.userid and o.left_at is null and o.group_chat_id <> m.group_chat_id
    join group_chat g on g.corp_id = ${corpId}::bigint and g.group_chat_id = o.group_chat_id and ${isSeen(scope)}
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = g.owner_id
    where m.corp_id = ${corpId}::bigint and m.group_chat_id = ${groupChatId}::bigint and m.left_at is null and m.staff_id is null
    group by g.group_chat_id, g.name, s.name, g.outsiders order by count(*) desc, g.group_chat_id limit ${OVERLAPS}`.execute(
    tx,
  )
  return { items: rows }
}

const CURSOR = /^(\d{1,15})_([1-9]\d{0,17})$/
