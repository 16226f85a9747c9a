import { WecomError } from '@siyu/wecom/errors'
import type { Attachment } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { type Db, inCorp } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Actor, WorkContext } from '../corps/context.ts'
import { attachmentsOf } from './attachments.ts'
import { TryNotSent } from './errors.ts'
import { freezeVariants } from './plan-run.ts'
import type { Variant } from './schema.ts'
import { readWords } from './words.ts'

/** A customer to read it as, when one is named: the words show what somebody would see. */
const SOMEBODY = '林女士'

/** Sends a variant to members themselves, as messages of the app: they see what their customers would. */
export async function sendToMembers(
  context: WorkContext,
  db: Db,
  { corpId, scope }: Pick<Actor, 'corpId' | 'scope'>,
  variant: Variant,
  staffIds: readonly string[],
): Promise<number> {
  const now = context.clock.now()
  const { members, frozen, words } = await inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<{ staffId: string; userid: string }>`
      select staff_id, userid from staff where corp_id = ${corpId}::bigint and staff_id = any(${[...staffIds]}::bigint[]) and left_at is null
        and (${scope ?? null}::bigint[] is null or staff_id = any(${scope ?? null}::bigint[]))`.execute(tx)
    if (rows.length < new Set(staffIds).size) throw new NotFound({ what: '成员' })
    const [one] = await freezeVariants(tx, corpId, [variant], now)
    return {
      members: rows,
      frozen: one!,
      words: await readWords(
        tx,
        corpId,
        rows.map(({ staffId }) => staffId),
        [],
      ),
    }
  })
  try {
    const wecom = await context.wecom(corpId)
    // A member or a few, each with his own words.
    for (const { staffId, userid: touser } of members) {
      const text = words.fill(frozen.text.replaceAll(/\{客户(称呼|昵称)\}/g, SOMEBODY), staffId, '0')
      const attachments = await attachmentsOf(context, corpId, frozen.attachments, staffId)
      if (text.trim()) await wecom.message.send({ touser, msgtype: 'text', text: { content: `【群发预览】\n${text}` } })
      for (const attachment of attachments) await wecom.message.send({ touser, ...asMessage(attachment) })
    }
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    context.log.warn({ err: error, corpId }, 'a broadcast could not be tried on members')
    throw new TryNotSent()
  }
  return members.length
}

function asMessage(attachment: Attachment) {
  switch (attachment.msgtype) {
    case 'image':
      return { msgtype: 'image' as const, image: { media_id: attachment.image.media_id ?? '' } }
    case 'video':
      return attachment
    case 'file':
      return attachment
    case 'link': {
      const { title, desc = '', url, picurl } = attachment.link
      const article = { title, description: desc, url, ...(picurl ? { picurl } : {}) }
      return { msgtype: 'news' as const, news: { articles: [article] } }
    }
    case 'miniprogram':
      return {
        msgtype: 'text' as const,
        text: { content: `小程序：${attachment.miniprogram.title}\n${attachment.miniprogram.page}` },
      }
  }
}
