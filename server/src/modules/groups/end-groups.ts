import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { countMembers, type Stay, type Word } from './apply-groups.ts'
import { tellLeft } from './tell.ts'

/** What WeCom says of a chat id that is no group, or none any more. */
export const NO_GROUP: ReadonlySet<number> = new Set([40058, 90501, 90509])
/** The owner is no member any more, or not one we may see: of his groups WeCom says nothing. */
export const OWNER_GONE: ReadonlySet<number> = new Set([60011, 60111])

/** Groups that are over, with the stays of whoever sat in them. */
export async function endGroups(
  tx: Tx,
  corpId: string,
  chatIds: readonly string[],
  { by, at }: { by: 'dismissed' | 'unlisted'; at: Date },
  word: Word,
): Promise<void> {
  const { rows } = await sql<{ groupChatId: string }>`
    update group_chat set gone_at = greatest(created_at, ${at}::timestamptz), gone_by = ${by}, turned_at = ${word.now}::timestamptz, asked_at = greatest(asked_at, ${at}::timestamptz) where (corp_id, group_chat_id) in (
      select corp_id, group_chat_id from group_chat where corp_id = ${corpId}::bigint and chat_id = any(${[...chatIds]}::text[]) and gone_at is null order by chat_id for update)
    returning group_chat_id`.execute(tx)
  if (rows.length === 0) return
  const ids = rows.map((row) => row.groupChatId)
  const { rows: left } = await sql<Stay>`
    update group_member set left_at = greatest(joined_at, ${at}::timestamptz), left_by = 'dismissed'
    where corp_id = ${corpId}::bigint and group_chat_id = any(${ids}::bigint[]) and left_at is null returning group_chat_id, stay_id, userid`.execute(
    tx,
  )
  await countMembers(tx, corpId, ids)
  await tellLeft(tx, corpId, left, word)
}

/** They stand as they were last told, until somebody takes them over. */
export async function orphanGroups(tx: Tx, corpId: string, chatIds: readonly string[]): Promise<void> {
  await sql`
    update group_chat set is_orphaned = true where corp_id = ${corpId}::bigint and chat_id = any(${[...chatIds]}::text[]) and gone_at is null and not is_orphaned`.execute(
    tx,
  )
}
