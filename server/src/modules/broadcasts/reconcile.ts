import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import type { MassMessageRow } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'
import type { FrozenContent } from './frozen.ts'
import { accept, dropUnsent, lockChunk, toUnknown } from './hand-over.ts'

/** WeCom's list may be this late, and its clock this far from ours. */
const SLACK_MS = 120_000
/** WeCom is still making the task: path/93338, 2026-11. */
const BEING_MADE = 41063
/** So long after the call a task that is not in WeCom's list was not made. */
const SETTLED_MS = 180_000
/** Who cannot be told for so long is shown to a person. */
const GIVE_UP_MS = 30 * 60_000

interface Lost {
  runId: string
  number: number
  userid: string
  text: string
  variant: number
  content: FrozenContent
  sendingAt: Date
  runState: string
}

/** What a crash, or a call without an answer, has left: marked as such before anything else happens to it. */
export async function markLost(db: Db, corpId: string, now: Date): Promise<number> {
  return inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<{ runId: string; number: number }>`
      select run_id, number from broadcast_chunk where corp_id = ${corpId}::bigint and state = 'sending' and lease_until < clock_timestamp() order by run_id, number limit 20 for update skip locked`.execute(
      tx,
    )
    for (const chunk of rows) await toUnknown(tx, corpId, chunk, 'broadcasts.cut_off', now) // twenty at most, each its own people
    return rows.length
  })
}

/** Two texts of a task are one when what is said and the kinds and titles of what goes along are the same. */
function fingerprint(text: string, attachments: readonly { kind: string; title: string }[]): string {
  return JSON.stringify([
    text.trim().replaceAll('\r\n', '\n'),
    attachments.map(({ kind, title }) => `${kind} ${title}`),
  ])
}

const KIND: Record<string, string> = {
  image: 'image',
  video: 'video',
  file: 'file',
  pdf: 'file',
  link: 'link',
  article: 'link',
  product: 'link',
  mini_program: 'miniprogram',
}
const printOf = ({ content, variant, text }: Lost): string =>
  fingerprint(
    text,
    content.variants[variant]!.attachments.map(({ kind, title }) => ({
      kind: KIND[kind] ?? kind,
      title: KIND[kind] === 'link' || KIND[kind] === 'miniprogram' ? title : '',
    })),
  )
const printOfRow = ({ text, attachments = [] }: MassMessageRow): string =>
  fingerprint(
    text?.content ?? '',
    attachments.map((one) => ({
      kind: one.msgtype,
      title: one.msgtype === 'link' ? one.link.title : one.msgtype === 'miniprogram' ? one.miniprogram.title : '',
    })),
  )

/**
 * Finds out what became of tasks nobody knows of: among what WeCom was asked for in that time, with the same words, for the
 * same member, and not known as another. Found: accepted. Not found after WeCom's list has had time: safe to hand over again.
 * Returns how many were settled.
 */
export async function reconcile(context: WorkContext, corpId: string): Promise<number> {
  const { db, clock } = context
  const now = clock.now()
  await markLost(db, corpId, now)
  const lost = await inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<Lost>`
      select c.run_id, c.number, s.userid, c.text, c.variant, r.content, c.sending_at, r.state as run_state from broadcast_chunk c
      join broadcast_run r on r.corp_id = ${corpId}::bigint and r.run_id = c.run_id join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = c.staff_id
      where c.corp_id = ${corpId}::bigint and c.state = 'unknown' and not c.unclear order by c.sending_at, c.run_id, c.number limit 100`.execute(
      tx,
    )
    return rows
  })
  if (lost.length === 0) return 0
  const wecom = await context.wecom(corpId)
  const from = new Date(lost[0]!.sendingAt.getTime() - SLACK_MS)
  const rows: MassMessageRow[] = []
  const span = { start_time: seconds(from), end_time: seconds(new Date(now.getTime() + SLACK_MS)) }
  for await (const page of wecom.massMessage.pages({ chat_type: 'single', filter_type: 0, ...span }))
    rows.push(...page.group_msg_list)
  const known = await knownOf(
    db,
    corpId,
    rows.map(({ msgid }) => msgid),
  )
  const free = rows.filter(({ msgid }) => !known.has(msgid))
  const membersOf = new Map<string, string[]>()
  let settled = 0
  for (const chunk of lost) {
    const alike = free.filter(
      (row) => printOfRow(row) === printOf(chunk) && row.create_time * 1000 >= chunk.sendingAt.getTime() - SLACK_MS,
    )
    // One call for each task that has the same words; those of others are not looked at.
    for (const row of alike)
      if (!membersOf.has(row.msgid)) membersOf.set(row.msgid, await readMembers(wecom, row.msgid))
    const mine = alike.filter(
      ({ msgid }) => membersOf.get(msgid)?.includes(chunk.userid.toLowerCase()) && !known.has(msgid),
    )
    const found = mine.sort((a, b) => a.create_time - b.create_time)[0]
    if (found) {
      known.add(found.msgid)
      if (
        await inCorp(db, corpId, (tx) => accept(tx, corpId, chunk, { msgid: found.msgid, fail_list: [] }, clock.now()))
      )
        settled++
    } else if (now.getTime() - chunk.sendingAt.getTime() >= SETTLED_MS) {
      // A task with our words whose members WeCom does not tell yet may be ours.
      const unsure = alike.some(({ msgid }) => membersOf.get(msgid)?.length === 0)
      if (!unsure) await inCorp(db, corpId, (tx) => handAgain(tx, corpId, chunk, clock.now()))
      else if (now.getTime() - chunk.sendingAt.getTime() >= GIVE_UP_MS) await markUnclear(db, corpId, chunk)
      if (!unsure) settled++
    }
  }
  return settled
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** Nobody while WeCom is still making the task. */
async function readMembers(wecom: Wecom, msgid: string): Promise<string[]> {
  const members: string[] = []
  try {
    for await (const page of wecom.massMessage.taskPages(msgid))
      members.push(...page.task_list.map(({ userid }) => userid.toLowerCase()))
  } catch (error) {
    if (!(error instanceof WecomError) || error.errcode !== BEING_MADE) throw error
  }
  return members
}

async function knownOf(db: Db, corpId: string, msgids: readonly string[]): Promise<Set<string>> {
  return inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<{ msgid: string }>`
      select msgid from broadcast_chunk where corp_id = ${corpId}::bigint and msgid = any(${[...msgids]}::text[])`.execute(
      tx,
    )
    return new Set(rows.map(({ msgid }) => msgid))
  })
}

/** WeCom has not got it: back in line; or dropped, where the run was stopped meanwhile. */
export async function handAgain(
  tx: Tx,
  corpId: string,
  chunk: { runId: string; number: number },
  now: Date,
): Promise<boolean> {
  const held = await lockChunk(tx, corpId, chunk, ['unknown'])
  if (!held) return false
  if (held.runState === 'stopped') await dropUnsent(tx, corpId, chunk, held, now)
  else
    await sql`
      update broadcast_chunk set state = 'planned', unknown_since = null, unclear = false, lease_until = null
      where corp_id = ${corpId}::bigint and run_id = ${chunk.runId}::bigint and number = ${chunk.number}`.execute(tx)
  return true
}

const markUnclear = (db: Db, corpId: string, { runId, number }: Lost) =>
  inCorp(db, corpId, (tx) =>
    sql`update broadcast_chunk set unclear = true where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and number = ${number} and state = 'unknown'`.execute(
      tx,
    ),
  )

/** Who cannot be asked (WeCom gives no list) is shown to a person as well, after the same time. */
export const showOld = (db: Db, corpId: string, now: Date) =>
  inCorp(db, corpId, (tx) =>
    sql`update broadcast_chunk set unclear = true where corp_id = ${corpId}::bigint and state = 'unknown' and not unclear and sending_at < ${new Date(now.getTime() - GIVE_UP_MS)}::timestamptz`.execute(
      tx,
    ),
  )
