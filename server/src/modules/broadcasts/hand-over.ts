import { WecomError } from '@siyu/wecom/errors'
import type { Attachment, MassMessageReceipt } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { settleTouch } from '../touches/send.ts'
import { attachmentsOf } from './attachments.ts'
import { beginDue, type Claimed, claim, findDue } from './claim.ts'
import { stopTaskJob } from './stop-tasks.ts'

/** No call and its upload last longer; a row still `sending` past it belongs to a dead process. */
const LEASE_SECONDS = 90
/** WeCom wants to be left alone, or is not there: how long the run waits, at most. */
const PAUSE_MS = 60_000
const TRIES_MAX = 8
/** WeCom: system busy, path/90313, 2026-11. */
const SYSTEM_BUSY = -1

export type Handed = 'idle' | 'again'

/** The next step of a corp: a run that begins, or one task handed over. `again`: there may be more. */
export async function handOverNext(context: WorkContext, corpId: string): Promise<Handed> {
  const { db, clock } = context
  const now = clock.now()
  const began = await inCorp(db, corpId, (tx) => beginDue(tx, corpId, now))
  if (began > 0) return 'again'
  const looked = await inCorp(db, corpId, (tx) => findDue(tx, corpId, now))
  if (!looked) return (await closeHanded(db, corpId)) ? 'again' : 'idle'
  // What may take long comes first, uncommitted to anything: between the mark and the call there is nothing but the call.
  let attachments: Attachment[]
  try {
    await context.wecom(corpId)
    attachments = await attachmentsOf(
      context,
      corpId,
      looked.content.variants[looked.variant]?.attachments ?? [],
      looked.staffId,
    )
  } catch (error) {
    await pause(context, corpId, looked.runId, error)
    return 'idle'
  }
  const claimed = await inCorp(db, corpId, async (tx) => {
    const due = await findDue(tx, corpId, now)
    if (!due) return 'dropped' as const
    if (due.runId !== looked.runId || due.number !== looked.number) return 'dropped' as const
    return claim(tx, corpId, due, now, LEASE_SECONDS)
  })
  if (claimed === 'wait') return 'again'
  if (claimed === 'dropped') return 'again'
  await send(context, corpId, claimed, attachments)
  return 'again'
}

/** The one call, and what came of it. */
async function send(context: WorkContext, corpId: string, chunk: Claimed, attachments: Attachment[]): Promise<void> {
  const wecom = await context.wecom(corpId)
  let receipt: MassMessageReceipt
  try {
    receipt = await wecom.massMessage.add({
      chat_type: 'single',
      external_userid: chunk.externalUserids,
      sender: chunk.userid,
      ...(chunk.text.trim() ? { text: { content: chunk.text } } : {}),
      ...(attachments.length > 0 ? { attachments } : {}),
    })
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    // Busy (-1) may have come after the task was made: nobody knows.
    if (error.outcome === 'unknown' || error.errcode === SYSTEM_BUSY)
      return markUnknown(context, corpId, chunk, String(error.errcode))
    if (error.outcome === 'retryable') return putBack(context, corpId, chunk, error)
    return inCorp(context.db, corpId, (tx) => refuse(tx, corpId, chunk, `wecom.${error.errcode}`, context.clock.now()))
  }
  await inCorp(context.db, corpId, (tx) => accept(tx, corpId, chunk, receipt, context.clock.now()))
}

const whichChunk = (corpId: string, { runId, number }: Pick<Claimed, 'runId' | 'number'>) =>
  sql`c.corp_id = ${corpId}::bigint and c.run_id = ${runId}::bigint and c.number = ${number}`

type Handing = Pick<Claimed, 'runId' | 'number'>

interface InHand {
  touchId: string
  runState: string
  contactIds: string[]
}

/** The task as it stands, locked, if it still is in the states given. */
export async function lockChunk(
  tx: Tx,
  corpId: string,
  chunk: Handing,
  states: readonly string[],
): Promise<InHand | undefined> {
  const { rows } = await sql<InHand>`
    select r.touch_id, r.state as run_state, coalesce(c.confirmed, c.contact_ids) as contact_ids from broadcast_chunk c
    join broadcast_run r on r.corp_id = ${corpId}::bigint and r.run_id = c.run_id where ${whichChunk(corpId, chunk)} and c.state = any(${[...states]}::text[]) for update of c for share of r`.execute(
    tx,
  )
  return rows[0]
}

/** WeCom has the task. Whoever is on its list of those nobody can send to has failed. */
export async function accept(
  tx: Tx,
  corpId: string,
  chunk: Handing,
  { msgid, fail_list }: Pick<MassMessageReceipt, 'msgid' | 'fail_list'>,
  now: Date,
): Promise<boolean> {
  const held = await lockChunk(tx, corpId, chunk, ['sending', 'unknown'])
  if (!held) return false
  const { rows } = await sql<{ contactId: string }>`
    select distinct contact_id from contact_identity where corp_id = ${corpId}::bigint and kind = 'external_userid' and value = any(${fail_list}::text[])`.execute(
    tx,
  )
  const failed = new Set(rows.map((row) => row.contactId))
  await settleTouch(
    tx,
    corpId,
    held.touchId,
    [
      { fate: 'asked', contactIds: held.contactIds.filter((id) => !failed.has(id)) },
      { fate: 'failed', contactIds: held.contactIds.filter((id) => failed.has(id)) },
    ],
    now,
  )
  await sql`
    update broadcast_chunk c set state = 'accepted', msgid = ${msgid}, task = 'open', look_at = ${now}::timestamptz + interval '2 minutes', failed = ${held.contactIds.filter((id) => failed.has(id)).length},
      lease_until = null, unknown_since = null, unclear = false, cause = null, stop_asked = ${held.runState === 'stopped'}
    where ${whichChunk(corpId, chunk)}`.execute(tx)
  // Stopped while it was being handed over: the member shall not be asked either.
  if (held.runState === 'stopped') await enqueue(tx, stopTaskJob, { corpId, ...chunk })
  return true
}

async function refuse(tx: Tx, corpId: string, chunk: Handing, cause: string, now: Date): Promise<void> {
  const held = await lockChunk(tx, corpId, chunk, ['sending'])
  if (!held) return
  await settleTouch(tx, corpId, held.touchId, [{ fate: 'failed', contactIds: held.contactIds }], now)
  await sql`update broadcast_chunk c set state = 'refused', cause = ${cause}, failed = cardinality(coalesce(c.confirmed, c.contact_ids)), lease_until = null where ${whichChunk(corpId, chunk)}`.execute(
    tx,
  )
}

/** WeCom made nothing of it and may later: back in line, under the same number, after a pause. */
async function putBack(context: WorkContext, corpId: string, chunk: Handing, error: WecomError): Promise<void> {
  const now = context.clock.now()
  const until = new Date(now.getTime() + Math.max(error.retryAfterMs ?? 0, PAUSE_MS))
  await inCorp(context.db, corpId, async (tx) => {
    const held = await lockChunk(tx, corpId, chunk, ['sending'])
    if (!held) return
    if (held.runState === 'stopped') return dropUnsent(tx, corpId, chunk, held, now)
    const { rows } = await sql<{ attempts: number }>`
      update broadcast_chunk c set state = 'planned', lease_until = null, cause = ${`wecom.${error.errcode}`} where ${whichChunk(corpId, chunk)} returning attempts`.execute(
      tx,
    )
    if (rows[0]!.attempts >= TRIES_MAX) {
      await sql`update broadcast_chunk c set state = 'sending' where ${whichChunk(corpId, chunk)}`.execute(tx)
      return refuse(tx, corpId, chunk, `wecom.${error.errcode}`, now)
    }
    await sql`update broadcast_run set not_before = ${until}::timestamptz where corp_id = ${corpId}::bigint and run_id = ${chunk.runId}::bigint`.execute(
      tx,
    )
  })
}

/** It is certain that WeCom has not got it, and it shall not go out any more. */
export async function dropUnsent(tx: Tx, corpId: string, chunk: Handing, held: InHand, now: Date): Promise<void> {
  await settleTouch(tx, corpId, held.touchId, [{ fate: 'released', contactIds: held.contactIds }], now)
  await sql`update broadcast_chunk c set state = 'cancelled', lease_until = null, unknown_since = null, unclear = false where ${whichChunk(corpId, chunk)}`.execute(
    tx,
  )
}

async function markUnknown(context: WorkContext, corpId: string, chunk: Handing, cause: string): Promise<void> {
  const now = context.clock.now()
  await inCorp(context.db, corpId, (tx) => toUnknown(tx, corpId, chunk, `wecom.${cause}`, now))
}

export async function toUnknown(tx: Tx, corpId: string, chunk: Handing, cause: string, now: Date): Promise<void> {
  const held = await lockChunk(tx, corpId, chunk, ['sending'])
  if (!held) return
  await settleTouch(tx, corpId, held.touchId, [{ fate: 'unknown', contactIds: held.contactIds }], now)
  await sql`update broadcast_chunk c set state = 'unknown', unknown_since = ${now}::timestamptz, cause = ${cause}, lease_until = null where ${whichChunk(corpId, chunk)}`.execute(
    tx,
  )
}

async function pause(context: WorkContext, corpId: string, runId: string, error: unknown): Promise<void> {
  context.log.warn({ err: error, corpId }, 'what goes along with a broadcast could not be made ready')
  const until = new Date(context.clock.now().getTime() + PAUSE_MS)
  await inCorp(context.db, corpId, (tx) =>
    sql`update broadcast_run set not_before = ${until}::timestamptz, cause = ${error instanceof WecomError ? `wecom.${error.errcode}` : 'broadcasts.not_ready'} where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint`.execute(
      tx,
    ),
  )
}

/** A run with nothing left to hand over waits for its members. */
async function closeHanded(db: Db, corpId: string): Promise<boolean> {
  return inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<{ runId: string }>`
      select r.run_id from broadcast_run r where r.corp_id = ${corpId}::bigint and r.state = 'sending'
        and not exists (select from broadcast_chunk c where c.corp_id = ${corpId}::bigint and c.run_id = r.run_id and c.state in ('planned', 'sending', 'unknown'))
      order by r.run_id limit 1 for update of r skip locked`.execute(tx)
    const run = rows[0]
    if (!run) return false
    await sql`update broadcast_run set state = 'asked', cause = null, not_before = null where corp_id = ${corpId}::bigint and run_id = ${run.runId}::bigint`.execute(
      tx,
    )
    return true
  })
}
