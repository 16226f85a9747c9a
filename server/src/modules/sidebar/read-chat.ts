import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Actor } from '../corps/context.ts'
import { readRows } from '../groups/list-groups.ts'
import { rankSeated } from '../groups/value.ts'
import type { ChatView } from './schema.ts'

type Looker = Pick<Actor, 'staffId' | 'scope' | 'permissions'>

/** The whole answer is to stay under 12 kB, whatever people wrote. */
const [PEOPLE, NOTICE_MAX] = [30, 200]

/** Our id of the chat, for whoever sees its owner's groups or sits in it himself. */
export async function requireChat(tx: Tx, corpId: string, chatId: string, { scope, staffId }: Looker): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select g.group_chat_id as id from group_chat g where g.corp_id = ${corpId}::bigint and g.chat_id = ${chatId}
      and (${scope ?? null}::bigint[] is null or g.owner_id = any(${scope ?? null}::bigint[]) or exists (
        select from group_member m where m.corp_id = ${corpId}::bigint and m.group_chat_id = g.group_chat_id and m.staff_id = ${staffId}::bigint and m.left_at is null))`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '客户群' })
  return rows[0].id
}

/** What the page beside a group shows. */
export async function readChat(tx: Tx, corpId: string, chatId: string, looker: Looker, now: Date): Promise<ChatView> {
  const groupChatId = await requireChat(tx, corpId, chatId, looker)
  const [group] = await readRows(tx, corpId, [groupChatId], now)
  if (!group) throw new NotFound({ what: '客户群' })
  const maySum = looker.permissions.includes('orders.read')
  const by = maySum ? 'spent' : 'opens'
  const { items } = await rankSeated(tx, corpId, groupChatId, { by, limit: PEOPLE }, looker.scope, { whole: true })
  const { name, owner, members, outsiders, customers, joined7, left7, level, score, more } = group
  return {
    groupChatId,
    name,
    owner: owner.name,
    notice: more.notice.length > NOTICE_MAX ? `${more.notice.slice(0, NOTICE_MAX)}…` : more.notice,
    ...{ members, outsiders, customers, joined7, left7, level, score },
    people: items.map(({ externalUserid, avatar, stage, opens, ...one }) => ({
      ...{ externalUserid, avatar, stage, opens, name: one.name },
      mine: one.followers.some(({ staffId }) => staffId === looker.staffId),
      spentFen: maySum ? one.spentFen : null,
      orders: maySum ? one.orders : null,
    })),
  }
}
