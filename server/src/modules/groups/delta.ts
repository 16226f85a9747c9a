import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { findStaffIds } from '../staff/service.ts'
import { countMembers, type Stay, turned, type Word } from './apply-groups.ts'
import { tellJoined, tellLeft } from './tell.ts'

/** What one callback says changed: from one version of who sits in a group to the next. */
export interface Delta {
  chatId: string
  kind: 'add' | 'remove'
  userids: readonly string[]
  from: string
  to: string
  at: Date
  /** WeCom: 0 invited, 3 by the code. */
  joinScene: number | undefined
  /** WeCom: 0 he left himself, 1 he was removed. */
  quitScene: number | undefined
}

/** Which version of a group stands; undefined where we do not know it, or it is gone. */
export async function readVersion(tx: Tx, corpId: string, chatId: string): Promise<string | undefined> {
  const { rows } = await sql<{ version: string }>`
    select member_version as version from group_chat where corp_id = ${corpId}::bigint and chat_id = ${chatId} and gone_at is null`.execute(
    tx,
  )
  return rows[0]?.version
}

/**
 * Does what a callback says to a group that stands at the version it starts from, without asking WeCom. False: the group
 * stands elsewhere by now, and nothing was done.
 */
export async function applyDelta(tx: Tx, corpId: string, delta: Delta, word: Word): Promise<boolean> {
  const { rows } = await sql<{ groupChatId: string }>`
    update group_chat g set member_version = ${delta.to}, past_versions = ${turned(sql`g.past_versions`, sql`${delta.to}::text`)}, turned_at = ${word.now}::timestamptz, asked_at = greatest(g.asked_at, ${delta.at}::timestamptz)
    where g.corp_id = ${corpId}::bigint and g.chat_id = ${delta.chatId} and g.gone_at is null and g.member_version = ${delta.from} returning g.group_chat_id`.execute(
    tx,
  )
  const groupChatId = rows[0]?.groupChatId
  if (!groupChatId) return false
  if (delta.kind === 'add') await add(tx, corpId, groupChatId, delta)
  const left = delta.kind === 'remove' ? await remove(tx, corpId, groupChatId, delta) : []
  await countMembers(tx, corpId, [groupChatId])
  await tellJoined(tx, corpId, { groupChatIds: [groupChatId] }, word)
  await tellLeft(tx, corpId, left, word)
  return true
}

/** Of names, of who invited them and of when exactly they came a callback says nothing: WeCom is asked a little later. */
async function add(tx: Tx, corpId: string, groupChatId: string, { userids, joinScene, at }: Delta): Promise<void> {
  const staffIds = await findStaffIds(tx, corpId, userids)
  const given = userids.map((userid) => {
    const staffId = staffIds.get(userid.toLowerCase()) ?? null
    return { userid: staffId ? userid.toLowerCase() : userid, staff_id: staffId }
  })
  await sql`
    insert into group_member (corp_id, group_chat_id, userid, staff_id, name, nickname, joined_at, is_rough, scene)
    select ${corpId}::bigint, ${groupChatId}::bigint, g.userid, g.staff_id, '', '', ${at}::timestamptz, true, ${joinScene === 3 ? 3 : joinScene === 0 ? 1 : 0}
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(userid text, staff_id bigint) order by g.userid
    on conflict do nothing`.execute(tx)
}

async function remove(tx: Tx, corpId: string, groupChatId: string, delta: Delta): Promise<Stay[]> {
  const { rows } = await sql<Stay>`
    update group_member set left_at = greatest(joined_at, ${delta.at}::timestamptz), left_by = ${leftBy(delta)}
    where corp_id = ${corpId}::bigint and group_chat_id = ${groupChatId}::bigint and left_at is null and userid = any(${spellings(delta.userids)}::text[])
    returning group_chat_id, stay_id, userid`.execute(tx)
  return rows
}

/** Staff stand in lower case; ids of others are as they are. */
const spellings = (userids: readonly string[]) => [...new Set(userids.flatMap((id) => [id, id.toLowerCase()]))]

const leftBy = ({ quitScene }: Delta) => (quitScene === 1 ? 'removed' : quitScene === 0 ? 'self' : 'unknown')

/** A stay that was found to be over learns when it ended and by whom, from the callback that came late. */
export async function learnLeaving(tx: Tx, corpId: string, delta: Delta): Promise<void> {
  if (delta.kind !== 'remove' || leftBy(delta) === 'unknown') return
  await sql`
    update group_member m set left_at = ${delta.at}::timestamptz, left_by = ${leftBy(delta)} from (
      select distinct on (m.userid) m.group_chat_id, m.stay_id from group_chat g
      join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = g.group_chat_id and m.userid = any(${spellings(delta.userids)}::text[])
      where g.corp_id = ${corpId}::bigint and g.chat_id = ${delta.chatId} and m.joined_at <= ${delta.at}::timestamptz order by m.userid, m.joined_at desc, m.stay_id desc
    ) l where m.corp_id = ${corpId}::bigint and m.group_chat_id = l.group_chat_id and m.stay_id = l.stay_id and m.left_by = 'unknown' and m.left_at >= ${delta.at}::timestamptz`.execute(
    tx,
  )
}
