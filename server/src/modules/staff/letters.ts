import { WecomError } from '@siyu/wecom/errors'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueueNamed, type Job } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'

/** Seconds in which WeCom drops a repeat of the same words: developer.work.weixin.qq.com/document/path/90236, 2026-11. */
const REPEAT_SECONDS = 14_400

/** What one batch of news comes to: one message or two, to members of the corp. */
export interface Letter {
  batch: string
  messages: { touser: string; content: string }[]
}

/**
 * News that waits to be told: a table of `staff_id`, who is told, and `batch`, null until it is settled into a letter. Its
 * name is also how trouble with it is called on the health page.
 */
export interface News {
  table: 'loss_alert' | 'stage_alert' | 'task_alert' | 'form_alert' | 'radar_notice' | 'note_mention' | 'journey_notice'
  /** What was told stays, with `told_at`; otherwise it is forgotten. */
  stays?: true
  job: string
  /** What comes within so long is told together. */
  gatherMs: number
}
const MAX_ATTEMPTS = 5
const untold = ({ stays }: News) => (stays ? sql`n.told_at is null` : sql`true`)

/** Has what was noted told, once the transaction commits. */
export const askToTellNews = (tx: Tx, corpId: string, { job, gatherMs }: News): Promise<void> =>
  enqueueNamed(
    tx,
    job,
    { corpId },
    { key: `${job}:${corpId}`, runAt: new Date(Date.now() + gatherMs), maxAttempts: MAX_ATTEMPTS },
  )

/** The job that tells it: `settle` gives what is due its batches and writes the letter of every batch there is. */
export const tellNews = (
  news: News,
  settle: (tx: Tx, corpId: string, context: WorkContext) => Promise<Letter[]>,
): Job<WorkContext, { corpId: string }> =>
  defineJob<WorkContext, { corpId: string }>({
    name: news.job,
    payload: z.object({ corpId: Id }),
    maxAttempts: MAX_ATTEMPTS,
    async run(context, { corpId }, { last }) {
      const { table, job, stays } = news
      const letters = await inCorp(context.db, corpId, (tx) => settle(tx, corpId, context))
      await sendLetters(context, corpId, letters, {
        subject: table,
        job,
        last,
        async forget(tx, batch) {
          const of = sql`corp_id = ${corpId}::bigint and batch = ${batch}::uuid`
          await (stays
            ? sql`update ${sql.table(table)} set told_at = ${context.clock.now()}::timestamptz where ${of}`
            : sql`delete from ${sql.table(table)} where ${of}`
          ).execute(tx)
        },
      })
    },
  })

/** Whoever has left is told nothing. */
export const dropLeft = (tx: Tx, corpId: string, news: News) =>
  sql`delete from ${sql.table(news.table)} n using staff s where n.corp_id = ${corpId}::bigint and ${untold(news)} and s.corp_id = ${corpId}::bigint and s.staff_id = n.staff_id and s.left_at is not null`.execute(
    tx,
  )

/** Gives what is untold its batch, a batch a member. */
export async function batchNews(tx: Tx, corpId: string, news: News): Promise<void> {
  await dropLeft(tx, corpId, news)
  const table = sql.table(news.table)
  await sql`
    with waiting as (select distinct n.staff_id from ${table} n where n.corp_id = ${corpId}::bigint and n.batch is null and ${untold(news)}),
    settled as (select staff_id, gen_random_uuid() as batch from waiting)
    update ${table} n set batch = s.batch from settled s
    where n.corp_id = ${corpId}::bigint and n.staff_id = s.staff_id and n.batch is null and ${untold(news)}`.execute(tx)
}

/** One message a member of all that stands in his batch. */
export const letterEach = <Line extends { batch: string; userid: string }>(
  lines: readonly Line[],
  say: (lines: readonly Line[]) => string,
): Letter[] =>
  [...Map.groupBy(lines, (line) => line.batch)].map(([batch, of]) => ({
    batch,
    messages: [{ touser: of[0]!.userid, content: say(of) }],
  }))

interface Post {
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
async function sendLetters(
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
