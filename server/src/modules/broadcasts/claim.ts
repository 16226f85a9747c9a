import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { confirmTouch, settleTouch } from '../touches/send.ts'
import { chunkHash, type FrozenContent, type FrozenVariant, runHash } from './frozen.ts'
import { giveBack } from './give-back.ts'

export interface Claimed {
  runId: string
  number: number
  staffId: string
  userid: string
  variant: number
  text: string
  materials: FrozenVariant['attachments']
  /** Who still may be written to. */
  contactIds: string[]
  externalUserids: string[]
}

interface Due {
  runId: string
  broadcastId: string
  number: number
  touchId: string
  staffId: string
  userid: string
  variant: number
  text: string
  contactIds: string[]
  hash: Buffer
  attempts: number
  content: FrozenContent
}

/** The next task that is due of a corp, locked; runs in order of their time. */
export async function findDue(tx: Tx, corpId: string, now: Date): Promise<Due | undefined> {
  const { rows } = await sql<Due>`
    select c.run_id, r.broadcast_id, c.number, r.touch_id, c.staff_id, s.userid, c.variant, c.text, c.contact_ids, c.hash, c.attempts, r.content
    from broadcast_run r join broadcast_chunk c on c.corp_id = ${corpId}::bigint and c.run_id = r.run_id and c.state = 'planned'
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = c.staff_id
    where r.corp_id = ${corpId}::bigint and r.state = 'sending' and (r.not_before is null or r.not_before <= ${now}::timestamptz)
    order by r.at, r.run_id, c.number limit 1 for update of c skip locked for share of r`.execute(tx)
  return rows[0]
}

/**
 * Marks the task as being sent, with whoever still may be written to, in one transaction: from its commit on it is handed
 * over or it is unknown. `wait`: nothing may be sent now. `dropped`: there is nobody left to send it to, or what stands here is
 * not what was agreed to.
 */
export async function claim(
  tx: Tx,
  corpId: string,
  due: Due,
  now: Date,
  leaseSeconds: number,
): Promise<Claimed | 'wait' | 'dropped'> {
  const { runId, number, touchId, contactIds, content } = due
  const variant = content.variants[due.variant]
  const drop = async (state: 'refused' | 'cancelled', cause: string) => {
    await sql`update broadcast_chunk set state = ${state}, cause = ${cause} where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and number = ${number}`.execute(
      tx,
    )
    return 'dropped' as const
  }
  if (!variant || !chunkHash(due, variant).equals(due.hash)) {
    await sql`update broadcast_run set state = 'stopped', cause = 'broadcasts.snapshot_differs', ended_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint`.execute(
      tx,
    )
    await drop('refused', 'broadcasts.snapshot_differs')
    await giveBack(tx, corpId, due, now)
    return 'dropped'
  }
  const confirmed = await confirmTouch(tx, corpId, touchId, contactIds, now, { again: due.attempts > 0 })
  if (confirmed.waitUntil) {
    await sql`update broadcast_run set not_before = ${confirmed.waitUntil}::timestamptz where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint`.execute(
      tx,
    )
    return 'wait'
  }
  if (confirmed.contactIds.length === 0) return drop('cancelled', 'nobody')
  const { rows } = await sql<{ contactId: string; externalUserid: string }>`
    select f.contact_id, min(i.value) as external_userid from follow f
    join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = f.contact_id and i.kind = 'external_userid'
    where f.corp_id = ${corpId}::bigint and f.contact_id = any(${confirmed.contactIds}::bigint[]) and f.staff_id = ${due.staffId}::bigint and f.lost_at is null group by f.contact_id order by f.contact_id`.execute(
    tx,
  )
  const friends = rows.map((row) => row.contactId)
  const known = new Set(friends)
  const others = confirmed.contactIds.filter((id) => !known.has(id))
  if (others.length > 0) await settleTouch(tx, corpId, touchId, [{ fate: 'notFriend', contactIds: others }], now)
  if (friends.length === 0) return drop('cancelled', 'nobody')
  await sql`
    update broadcast_chunk set state = 'sending', confirmed = ${friends}::bigint[], attempts = attempts + 1, sending_at = ${now}::timestamptz,
      lease_until = clock_timestamp() + ${leaseSeconds} * interval '1 second', cause = null
    where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and number = ${number}`.execute(tx)
  return {
    ...{ runId, number, staffId: due.staffId, userid: due.userid, variant: due.variant, text: due.text },
    materials: variant.attachments,
    contactIds: friends,
    externalUserids: rows.map((row) => row.externalUserid),
  }
}

/**
 * Lets ready runs begin whose time has come. All that stands there is hashed once more: a run that is not what was frozen,
 * and agreed to, is stopped before its first task.
 */
export async function beginDue(tx: Tx, corpId: string, now: Date): Promise<number> {
  const { rows } = await sql<{
    runId: string
    broadcastId: string
    touchId: string
    content: FrozenContent
    hash: Buffer
  }>`
    select run_id, broadcast_id, touch_id, content, hash from broadcast_run where corp_id = ${corpId}::bigint and state = 'ready' and at <= ${now}::timestamptz order by at, run_id limit 1 for update skip locked`.execute(
    tx,
  )
  const run = rows[0]
  if (!run) return 0
  const { rows: chunks } = await sql<{
    number: number
    staffId: string
    variant: number
    text: string
    contactIds: string[]
  }>`select number, staff_id, variant, text, contact_ids from broadcast_chunk where corp_id = ${corpId}::bigint and run_id = ${run.runId}::bigint order by number`.execute(
    tx,
  )
  const hashes = chunks.map((chunk) => chunkHash(chunk, run.content.variants[chunk.variant]!))
  const same = runHash(run.content, hashes).equals(run.hash)
  await sql`
    update broadcast_run set state = ${same ? 'sending' : 'stopped'}, cause = ${same ? null : 'broadcasts.snapshot_differs'}, began_at = ${now}::timestamptz, ended_at = ${same ? null : now}::timestamptz
    where corp_id = ${corpId}::bigint and run_id = ${run.runId}::bigint`.execute(tx)
  if (!same) await giveBack(tx, corpId, run, now)
  return 1
}
