import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueueAll } from '../../platform/jobs.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import type { WorkContext } from '../corps/context.ts'
import { NobodyToRemind, NoReminderLeft } from './errors.ts'
import { REMINDERS_MAX } from './schema.ts'

/**
 * Has members who have not pressed send reminded by WeCom, each task at most as often as WeCom takes it. A reminder is counted
 * before it is sent: one too few is better than one refused. Returns how many tasks.
 */
export async function remindMembers(
  tx: Tx,
  corpId: string,
  runId: string,
  staffId: string | undefined,
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ number: number; lately: number; msgid: string }>`
    select number, msgid, (select count(*)::int from unnest(reminded) t where t > ${new Date(now.getTime() - DAY_MS)}::timestamptz) as lately
    from broadcast_chunk where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and task = 'open' and not stop_asked and msgid is not null
      and (${staffId ?? null}::bigint is null or staff_id = ${staffId ?? null}::bigint) order by number for update`.execute(
    tx,
  )
  if (rows.length === 0) throw new NobodyToRemind()
  const due = rows.filter(({ lately }) => lately < REMINDERS_MAX)
  if (due.length === 0) throw new NoReminderLeft({ most: REMINDERS_MAX })
  await sql`
    update broadcast_chunk set reminded = reminded || ${now}::timestamptz where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and number = any(${due.map(({ number }) => number)}::int[])`.execute(
    tx,
  )
  await enqueueAll(
    tx,
    remindJob,
    due.map(({ msgid }) => ({ corpId, msgid })),
  )
  return due.length
}

export const remindJob = defineJob<WorkContext, { corpId: string; msgid: string }>({
  name: 'broadcasts.remind',
  payload: z.object({ corpId: Id, msgid: z.string() }),
  async run(context, { corpId, msgid }) {
    const open = await inCorp(context.db, corpId, async (tx) => {
      const { rows } = await sql`
        select from broadcast_chunk where corp_id = ${corpId}::bigint and msgid = ${msgid} and task = 'open' and not stop_asked`.execute(
        tx,
      )
      return rows.length > 0
    })
    if (!open) return
    try {
      await (await context.wecom(corpId)).massMessage.remind(msgid)
    } catch (error) {
      // Refused, or nobody knows: not again, for what may have been said once must not be said twice.
      if (!(error instanceof WecomError) || error.outcome === 'retryable') throw error
      context.log.warn({ err: error, corpId }, 'a member could not be reminded of a broadcast')
    }
  },
})
