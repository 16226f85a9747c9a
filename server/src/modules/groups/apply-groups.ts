import type { GroupChat } from '@siyu/wecom/types'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { EventSource } from '../events/schema.ts'
import { ensureStaff } from '../staff/service.ts'
import { tellJoined, tellLeft } from './tell.ts'

/** WeCom answers as it was up to two seconds ago; clocks may differ by some more. */
export const LAG_SECONDS = 10
/** A callback's time and WeCom's own word of when somebody came lie so far apart at most. */
const ROUGH_SECONDS = 60
const VERSIONS_KEPT = 8

/** One group as WeCom tells it. */
export interface GroupTold {
  chat: GroupChat
  /** When WeCom was asked. What we learnt from a later question stays. */
  askedAt: Date
}

export interface Word {
  source: EventSource
  now: Date
}

/** A stay that ended, or began. */
export interface Stay {
  groupChatId: string
  stayId: string
  userid: string
}

/**
 * Makes groups and who sits in them what WeCom says, for callbacks and syncs alike: one set of statements however many
 * groups. An answer older than what stands, or one that lags behind what callbacks have told, changes nothing. Returns
 * the chat ids that were believed; a repeat changes nothing.
 */
export async function applyGroups(
  tx: Tx,
  corpId: string,
  told: readonly GroupTold[],
  word: Word,
): Promise<Set<string>> {
  if (told.length === 0) return new Set()
  const newest = [...Map.groupBy(told, ({ chat }) => chat.chat_id).values()].map(
    (same) => same.toSorted((a, b) => b.askedAt.getTime() - a.askedAt.getTime())[0]!,
  )
  const staffIds = await ensureStaff(tx, corpId, newest.flatMap(staffNamed), word.now)
  const held = await saveGroups(tx, corpId, newest, staffIds, word.now)
  const believed = newest.filter(({ chat }) => held.has(chat.chat_id))
  if (believed.length === 0) return new Set()
  const given = membersOf(believed, held, staffIds)
  const ids = [...held.values()]
  const left = await endStays(tx, corpId, { ids, askedAt: believed.map((one) => one.askedAt) }, given)
  await saveMembers(tx, corpId, given)
  await countMembers(tx, corpId, ids)
  await tellJoined(tx, corpId, { groupChatIds: ids }, word)
  await tellLeft(tx, corpId, left, word)
  return new Set(held.keys())
}

const staffNamed = ({ chat }: GroupTold): string[] => [
  chat.owner,
  ...(chat.admin_list ?? []).map((admin) => admin.userid),
  ...chat.member_list.flatMap((member) => [
    ...(member.type === 1 ? [member.userid] : []),
    ...(member.invitor ? [member.invitor.userid] : []),
  ]),
]

/** Our ids by chat id, of those told that are news or at least no older than what stands. Their rows are locked. */
async function saveGroups(
  tx: Tx,
  corpId: string,
  told: readonly GroupTold[],
  staffIds: ReadonlyMap<string, string>,
  now: Date,
): Promise<Map<string, string>> {
  const rows = told
    .toSorted((a, b) => (a.chat.chat_id < b.chat.chat_id ? -1 : 1)) // writers of one set must not deadlock
    .map(({ chat, askedAt }) => ({
      chat_id: chat.chat_id,
      name: clean(chat.name),
      owner_id: staffIds.get(chat.owner.toLowerCase()),
      admin_ids: (chat.admin_list ?? []).flatMap((admin) => staffIds.get(admin.userid.toLowerCase()) ?? []),
      notice: clean(chat.notice ?? ''),
      created_at: new Date(chat.create_time * 1000).toISOString(),
      member_version: chat.member_version ?? '',
      asked_at: askedAt.toISOString(),
    }))
  const { rows: saved } = await sql<{ groupChatId: string; chatId: string }>`
    insert into group_chat as g (corp_id, chat_id, name, owner_id, admin_ids, notice, created_at, member_version, turned_at, asked_at)
    select ${corpId}::bigint, t.chat_id, t.name, t.owner_id, t.admin_ids, t.notice, t.created_at, t.member_version, ${now}::timestamptz, t.asked_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t(chat_id text, name text, owner_id bigint, admin_ids bigint[], notice text, created_at timestamptz, member_version text, asked_at timestamptz)
    order by t.chat_id
    on conflict (corp_id, chat_id) do update set name = excluded.name, owner_id = excluded.owner_id, admin_ids = excluded.admin_ids, notice = excluded.notice, asked_at = excluded.asked_at,
      past_versions = ${turned(sql`g.past_versions`, sql.ref('excluded.member_version'))}, member_version = excluded.member_version,
      turned_at = case when g.member_version = excluded.member_version then g.turned_at else excluded.turned_at end, is_orphaned = false, gone_at = null, gone_by = null
    where g.asked_at <= excluded.asked_at and not ((g.gone_at is not null or excluded.member_version = any(g.past_versions)) and excluded.asked_at < g.turned_at + ${LAG_SECONDS} * interval '1 second')
    returning g.group_chat_id, g.chat_id`.execute(tx)
  return new Map(saved.map((row) => [row.chatId, row.groupChatId]))
}

/** The version that is given up joins the newest before it, unless it stays; the one that comes is none of them any more. */
export const turned = (past: RawBuilder<unknown>, next: RawBuilder<unknown>) => sql`
  case when g.member_version = ${next} then ${past} else (array_remove(g.member_version || ${past}, ${next}))[1:${sql.lit(VERSIONS_KEPT)}] end`

interface GivenMember {
  group_chat_id: string
  userid: string
  staff_id: string | null
  unionid: string | null
  name: string
  nickname: string
  joined_at: string
  scene: number
  invitor_id: string | null
  state: string | null
}

function membersOf(
  told: readonly GroupTold[],
  held: ReadonlyMap<string, string>,
  staffIds: ReadonlyMap<string, string>,
): GivenMember[] {
  return told.flatMap(({ chat }) => {
    const members = chat.member_list.map((member): GivenMember => {
      const own = member.type === 1 ? staffIds.get(member.userid.toLowerCase()) : undefined
      return {
        group_chat_id: held.get(chat.chat_id)!,
        userid: own === undefined ? member.userid : member.userid.toLowerCase(),
        staff_id: own ?? null,
        unionid: member.unionid || null,
        name: clean(member.name ?? ''),
        nickname: clean(member.group_nickname ?? ''),
        joined_at: new Date(member.join_time * 1000).toISOString(),
        scene: member.join_scene ?? 0,
        invitor_id: (member.invitor && staffIds.get(member.invitor.userid.toLowerCase())) ?? null,
        state: member.state || null,
      }
    })
    return [...new Map(members.map((member) => [member.userid, member])).values()]
  })
}

const asMembers = (given: readonly GivenMember[]) => sql`
  jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(group_chat_id bigint, userid text, staff_id bigint, unionid text, name text, nickname text, joined_at timestamptz, scene smallint, invitor_id bigint, state text)`

/** Ends the stays of whoever is not among those told, or came anew since. */
async function endStays(
  tx: Tx,
  corpId: string,
  { ids, askedAt }: { ids: readonly string[]; askedAt: readonly Date[] },
  given: readonly GivenMember[],
): Promise<Stay[]> {
  const { rows } = await sql<Stay>`
    update group_member m set left_at = e.left_at, left_by = 'unknown' from (
      select m.group_chat_id, m.stay_id, greatest(m.joined_at, coalesce(g.joined_at, t.asked_at)) as left_at
      from unnest(${[...ids]}::bigint[], ${askedAt.map((at) => at.toISOString())}::timestamptz[]) as t(group_chat_id, asked_at)
      join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = t.group_chat_id and m.left_at is null
      left join ${asMembers(given)} on g.group_chat_id = m.group_chat_id and g.userid = m.userid
      where g.userid is null or g.joined_at > m.joined_at + case when m.is_rough then ${ROUGH_SECONDS} * interval '1 second' else interval '0' end
    ) e where m.corp_id = ${corpId}::bigint and m.group_chat_id = e.group_chat_id and m.stay_id = e.stay_id
    returning m.group_chat_id, m.stay_id, m.userid`.execute(tx)
  return rows
}

async function saveMembers(tx: Tx, corpId: string, given: readonly GivenMember[]): Promise<void> {
  const told = ['staff_id', 'unionid', 'name', 'nickname', 'joined_at', 'is_rough', 'scene', 'invitor_id', 'state']
  const columns = (table: string) => sql.join(told.map((name) => sql.ref(`${table}.${name}`)))
  await sql`
    insert into group_member as m (corp_id, group_chat_id, userid, staff_id, unionid, name, nickname, joined_at, is_rough, scene, invitor_id, state)
    select ${corpId}::bigint, g.group_chat_id, g.userid, g.staff_id, g.unionid, g.name, g.nickname, g.joined_at, false, g.scene, g.invitor_id, g.state
    from ${asMembers(given)} order by g.group_chat_id, g.userid
    on conflict (corp_id, group_chat_id, userid) where left_at is null do update set (staff_id, unionid, name, nickname, joined_at, is_rough, scene, invitor_id, state) = row(${columns('excluded')})
    where (${columns('m')}) is distinct from (${columns('excluded')})`.execute(tx)
}

/** Brings what stands on the groups in line with who sits in them. */
export async function countMembers(tx: Tx, corpId: string, groupChatIds: readonly string[]): Promise<void> {
  await sql`
    update group_chat g set members = n.members, outsiders = n.outsiders from (
      select t.group_chat_id, count(m.stay_id)::int as members, (count(m.stay_id) filter (where m.staff_id is null))::int as outsiders
      from unnest(${[...groupChatIds]}::bigint[]) as t(group_chat_id)
      left join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = t.group_chat_id and m.left_at is null group by 1
    ) n where g.corp_id = ${corpId}::bigint and g.group_chat_id = n.group_chat_id and (g.members, g.outsiders) is distinct from (n.members, n.outsiders)`.execute(
    tx,
  )
}

/** PostgreSQL's text holds no NUL, and a lone surrogate is no UTF-8. */
const clean = (text: string) => text.replaceAll('\u0000', '').toWellFormed()
