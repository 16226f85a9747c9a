import { WecomError } from '@siyu/wecom/errors'
import { type RawBuilder, sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'

/** Seconds in which WeCom drops a repeat of the same words: developer.work.weixin.qq.com/document/path/90236, 2026-11. */
const REPEAT_SECONDS = 14_400

/** What one batch of news comes to: one message or two, to members of the corp. */
export interface Letter {
  batch: string
  messages: { touser: string; content: string }[]
}

export interface Post {
  /** Names the trouble on the health page. */
  subject: string
  job: string
  /** Whether the queue will not try again. */
  last: boolean
  /** Forgets what a batch told, once it was sent. */
  forget(tx: Tx, batch: string): Promise<void>
}

/**
 * Sends members messages of our app. What is told is settled in batches before, and forgotten once it was sent: cut off
 * between the two, the same words go out again, which WeCom drops.
 */
export async function sendLetters(
  context: WorkContext,
  corpId: string,
  letters: readonly Letter[],
  { subject, job, last, forget }: Post,
): Promise<void> {
  const wecom = letters.length > 0 ? await context.wecom(corpId) : undefined
  for (const { batch, messages } of letters) {
    try {
      // one call a member: each is told of his own customers alone
      for (const { touser, content } of messages)
        await wecom?.message.send({
          touser,
          enable_duplicate_check: 1,
          duplicate_check_interval: REPEAT_SECONDS,
          msgtype: 'text',
          text: { content },
        })
    } catch (error) {
      if (!(error instanceof WecomError)) throw error
      const failure = {
        cause: `wecom.${error.errcode}`,
        subject,
        detail: { api: error.api, errcode: error.errcode },
      }
      await context.health.failure(corpId, 'customers', { ...failure, replay: { job, payload: { corpId } } })
      if (!last) throw error
      return
    }
    await inCorp(context.db, corpId, (tx) => forget(tx, batch))
  }
  await context.health.resolve(corpId, 'customers', { subject })
}

/** The heads of a member's departments who are still there, without himself: rows of `boss`, to be selected from. */
export const headsOf = (corpId: string, staffId: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  from staff_department own join staff_department head on head.corp_id = ${corpId}::bigint and head.department_id = own.department_id and head.is_leader
  join staff boss on boss.corp_id = ${corpId}::bigint and boss.staff_id = head.staff_id and boss.left_at is null
  where own.corp_id = ${corpId}::bigint and own.staff_id = ${staffId} and boss.staff_id <> ${staffId}`

/** Names of customers within a sentence: a few, and how many in all. */
export function sayNames(names: readonly string[], total: number): string {
  const said = names.map((name) => name.replaceAll(/[\r\n<>]/g, ' ')).join('、')
  return total > names.length ? `${said}等 ${total} 位客户` : said
}
