import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import type { MassMessageResult } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'
import { type Outcome, settleTouch } from '../touches/send.ts'

/** What WeCom says of a task: whether its member has sent it, and what became of whom. */
export interface Look {
  sentAt: Date | null
  results: MassMessageResult[]
}

export interface OpenTask {
  runId: string
  number: number
  touchId: string
  staffId: string
  userid: string
  msgid: string
}

const whichTask = (corpId: string, { runId, number }: Pick<OpenTask, 'runId' | 'number'>) =>
  sql`corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and number = ${number}`

export async function lookAt(wecom: Wecom, { msgid, userid }: Pick<OpenTask, 'msgid' | 'userid'>): Promise<Look> {
  let sentAt: Date | null = null
  for await (const page of wecom.massMessage.taskPages(msgid))
    for (const task of page.task_list)
      if (task.userid.toLowerCase() === userid.toLowerCase() && task.status === 2)
        sentAt = new Date((task.send_time ?? 0) * 1000)
  if (sentAt === null) return { sentAt, results: [] }
  const results: MassMessageResult[] = []
  for await (const page of wecom.massMessage.resultPages(msgid, userid)) results.push(...page.send_list)
  return { sentAt, results }
}

const FATE_OF = { 1: 'sent', 2: 'notFriend', 3: 'overPlatform' } as const

/**
 * Puts what WeCom says into the ledger. `closing`: it is asked for the last time, because the task was stopped or has had
 * its days; whoever was not sent to by now was not.
 */
export async function settleLook(
  tx: Tx,
  corpId: string,
  task: OpenTask,
  look: Look,
  now: Date,
  closing?: 'stopped' | 'lapsed',
): Promise<void> {
  const { rows: held } = await sql<{ contactIds: string[]; sendingAt: Date }>`
    select coalesce(confirmed, contact_ids) as contact_ids, sending_at from broadcast_chunk where ${whichTask(corpId, task)} and state = 'accepted' for update`.execute(
    tx,
  )
  if (!held[0]) return
  const told = look.results.filter(({ status, external_userid }) => status !== 0 && external_userid)
  const { rows: ids } = await sql<{ value: string; contactId: string }>`
    select value, contact_id from contact_identity where corp_id = ${corpId}::bigint and kind = 'external_userid' and value = any(${told.map((one) => one.external_userid!)}::text[])`.execute(
    tx,
  )
  const contactOf = new Map(ids.map((row) => [row.value, row.contactId]))
  const asked = new Set(held[0].contactIds)
  const outcomes: Outcome[] = []
  for (const [status, some] of Map.groupBy(told, (one) => one.status as 1 | 2 | 3))
    outcomes.push({
      fate: FATE_OF[status],
      contactIds: some.flatMap((one) => contactOf.get(one.external_userid!) ?? []).filter((id) => asked.has(id)),
      staffId: task.staffId,
      ...(look.sentAt ? { at: look.sentAt } : {}),
    })
  if (closing) {
    const known = new Set(outcomes.flatMap(({ contactIds }) => contactIds))
    outcomes.unshift({ fate: 'notSent', contactIds: held[0].contactIds.filter((id) => !known.has(id)) })
  }
  await settleTouch(tx, corpId, task.touchId, outcomes, now)
  const of = (status: number) =>
    outcomes.filter(({ fate }) => fate === FATE_OF[status as 1]).flatMap((o) => o.contactIds)
  const [sent, failed] = [of(1).length, of(2).length + of(3).length]
  const whole = look.sentAt !== null && sent + failed >= held[0].contactIds.length
  const state = closing ?? (look.sentAt ? 'sent' : 'open')
  await sql`
    update broadcast_chunk set task = ${look.sentAt ? 'sent' : state}, sent_at = ${look.sentAt}::timestamptz, sent = greatest(sent, ${sent}), failed = greatest(failed, ${failed}),
      look_at = ${closing || whole ? null : nextLook(held[0].sendingAt, now)}::timestamptz
    where ${whichTask(corpId, task)}`.execute(tx)
}

const MINUTE_MS = 60_000
/** How often WeCom is asked about a task, by the task's age: [up to, every], in minutes. */
const CADENCE: readonly [number, number][] = [
  [60, 2],
  [24 * 60, 15],
  [3 * 24 * 60, 60],
]
const SLOWEST_MINUTES = 360

export function nextLook(since: Date, now: Date): Date {
  const age = (now.getTime() - since.getTime()) / MINUTE_MS
  const minutes = CADENCE.find(([upTo]) => age < upTo)?.[1] ?? SLOWEST_MINUTES
  return new Date(now.getTime() + minutes * MINUTE_MS)
}

/** Tasks looked at in one turn of a corp: a call or more for each. */
const LOOKED_MAX = 20

/** Asks WeCom about the tasks that are due, oldest first; returns how many. */
export async function lookAtDue(context: WorkContext, corpId: string): Promise<number> {
  const now = context.clock.now()
  const due = await inCorp(context.db, corpId, async (tx) => {
    // Put off by whoever takes them: another that looks at the same moment takes others.
    const { rows } = await sql<OpenTask & { windowDays: number; sendingAt: Date }>`
      with due as (select c.run_id, c.number from broadcast_chunk c where c.corp_id = ${corpId}::bigint and c.look_at <= ${now}::timestamptz order by c.look_at limit ${LOOKED_MAX} for update skip locked)
      update broadcast_chunk c set look_at = ${new Date(now.getTime() + MINUTE_MS)}::timestamptz from due, broadcast_run r, staff s
      where c.corp_id = ${corpId}::bigint and c.run_id = due.run_id and c.number = due.number and r.corp_id = ${corpId}::bigint and r.run_id = c.run_id and s.corp_id = ${corpId}::bigint and s.staff_id = c.staff_id
      returning c.run_id, c.number, r.touch_id, c.staff_id, s.userid, c.msgid, c.sending_at, (r.content ->> 'windowDays')::int as window_days`.execute(
      tx,
    )
    return rows
  })
  if (due.length === 0) return 0
  const wecom = await context.wecom(corpId)
  for (const task of due) {
    // A call or more each, and each settled by itself: trouble with one holds up no other.
    const look = await lookAt(wecom, task).catch((error: unknown) => {
      if (!(error instanceof WecomError)) throw error
      context.log.warn({ err: error, corpId }, 'WeCom could not be asked about a mass message')
    })
    if (!look) continue
    const over = now.getTime() >= task.sendingAt.getTime() + Math.max(task.windowDays, OPEN_DAYS) * 24 * 60 * MINUTE_MS
    await inCorp(context.db, corpId, (tx) => settleLook(tx, corpId, task, look, now, over ? 'lapsed' : undefined))
  }
  return due.length
}

/** Days a member may still press send, as far as we ask. */
const OPEN_DAYS = 7
