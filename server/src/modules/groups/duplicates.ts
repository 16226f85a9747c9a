import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { requireContact } from '../contacts/read-profile.ts'
import type { Scope } from '../corps/context.ts'
import type { ContactGroups, DuplicatePage, DuplicateQuery } from './schema.ts'
import { followersSql, instantSql, isOurs, isSeen, joinContact, personSql, sceneSql, tagsSql } from './seen.ts'

/** Whoever from outside sits in several of the groups one may see, those in most first, by keyset. */
export async function listDuplicates(
  tx: Tx,
  corpId: string,
  query: DuplicateQuery,
  scope: Scope,
): Promise<DuplicatePage> {
  const [, number, after] = CURSOR.exec(query.cursor ?? '') ?? []
  const wanted = {
    all: sql`true`,
    customers: sql`c.last_added_at is not null and c.lost_at is null`,
    strangers: sql`(c.last_added_at is null or c.lost_at is not null)`,
  }[query.who]
  const { rows } = await sql<DuplicatePage['items'][number] & { number: number }>`
    with sat as materialized (
      select m.userid, null::bigint as staff_id, count(*)::int as number from group_chat g
      join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = g.group_chat_id and m.left_at is null and m.staff_id is null
      where g.corp_id = ${corpId}::bigint and g.gone_at is null and ${isSeen(scope)} group by m.userid having count(*) >= ${query.atLeast}
    ), m as materialized (
      select m.userid, m.number, m.staff_id from sat m ${joinContact(corpId)}
      where ${wanted} and (${number ?? null}::int is null or (-m.number, m.userid collate "C") > (-${number ?? null}::int, ${after ?? null}::text))
      order by m.number desc, m.userid collate "C" limit ${query.limit + 1}
    )
    select m.userid, m.number, coalesce(nullif(c.name, ''), s.name) as name, c.avatar, ${personSql} as "is", case when ${isOurs(scope)} then c.contact_id end as contact_id,
      case when ${isOurs(scope)} then ${followersSql(corpId, scope)} else '[]' end as followers, case when ${isOurs(scope)} then ${tagsSql(corpId, scope)} else '[]' end as tags, s.groups
    from m ${joinContact(corpId)}
    cross join lateral (
      select max(o.name) as name, jsonb_agg(jsonb_build_object('groupChatId', g.group_chat_id::text, 'name', g.name, 'joinedAt', ${instantSql('o.joined_at')}) order by o.joined_at, g.group_chat_id) as groups
      from group_member o join group_chat g on g.corp_id = ${corpId}::bigint and g.group_chat_id = o.group_chat_id and g.gone_at is null and ${isSeen(scope)}
      where o.corp_id = ${corpId}::bigint and o.userid = m.userid and o.left_at is null
    ) s order by m.number desc, m.userid collate "C"`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: page.map(({ number: _, ...row }) => row),
    nextCursor: rows.length > query.limit && last ? `${last.number}_${last.userid}` : null,
  }
}

const CURSOR = /^([1-9]\d{0,5})_([\w-]{1,64})$/

/** The groups of one customer, of those one may see: those he sits in first, the newest first. */
export async function readContactGroups(tx: Tx, corpId: string, askedId: string, scope: Scope): Promise<ContactGroups> {
  const contactId = await requireContact(tx, corpId, askedId, scope)
  const { rows } = await sql<ContactGroups['items'][number]>`
    select m.stay_id, m.group_chat_id, g.name, s.name as owner, m.nickname, ${instantSql('m.joined_at')} as joined_at, ${sceneSql} as scene, by.name as invitor, ${instantSql('m.left_at')} as left_at, m.left_by
    from contact_identity i join group_member m on m.corp_id = ${corpId}::bigint and m.userid = i.value and m.staff_id is null
    join group_chat g on g.corp_id = ${corpId}::bigint and g.group_chat_id = m.group_chat_id and ${isSeen(scope)}
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = g.owner_id
    left join staff by on by.corp_id = ${corpId}::bigint and by.staff_id = m.invitor_id
    where i.corp_id = ${corpId}::bigint and i.contact_id = ${contactId}::bigint and i.kind = 'external_userid'
    order by m.left_at is not null, coalesce(m.left_at, m.joined_at) desc, m.stay_id desc limit 200`.execute(tx)
  return { items: rows }
}
