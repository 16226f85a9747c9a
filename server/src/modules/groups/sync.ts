import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import { chunks } from '@siyu/wecom/paging'
import type { GroupChat } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id, Instant } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { applyGroups, type GroupTold } from './apply-groups.ts'
import { endGroups, NO_GROUP, OWNER_GONE, orphanGroups } from './end-groups.ts'
import { scoreGroups } from './score.ts'
import { countValue } from './value.ts'

/** Groups read and written as one piece. */
const GROUPS_AT_ONCE = 24
/** Asked at the same time: WeCom lets an app ask so often, and others ask too. */
const ASKED_AT_ONCE = 6
const OWNERS_AT_ONCE = 100
/** From so many groups on statistics are refreshed. */
const ANALYZE_FROM = 10
/** More than a thousand members are visible: groups are listed owner by owner. */
const TOO_MANY_MEMBERS = 81017
/** Groups, or customers at all, are not this app's to read. */
const NOT_ALLOWED = new Set([48002, 48009])

const SyncPayload = z.object({
  corpId: Id,
  /** What was read since then need not be read again: an attempt goes on where the one before broke off. */
  since: Instant,
})

/** Reads every group of a corp: what callbacks told and what they did not. */
export const syncGroups = defineJob<WorkContext, z.infer<typeof SyncPayload>>({
  name: 'groups.sync',
  payload: SyncPayload,
  maxAttempts: 6,
  async run(context, payload, { signal }) {
    const { corpId } = payload
    try {
      if ((await readGroups(context, corpId, new Date(payload.since), signal)) >= ANALYZE_FROM)
        await inCorp(context.db, corpId, (tx) => sql`select analyze_groups()`.execute(tx))
      await countValue(context, corpId, signal)
      await inCorp(context.db, corpId, (tx) => scoreGroups(tx, corpId, context.clock.now()))
      await context.health.resolve(corpId, 'groups')
      context.health.success(corpId, 'groups')
    } catch (error) {
      if (signal.aborted || !(error instanceof WecomError)) throw error
      const { api, errcode, errmsg } = error
      const detail = { api, errcode, reason: errmsg.slice(0, 300) }
      const replay = { job: 'groups.sync', payload }
      await context.health.failure(corpId, 'groups', { cause: `wecom.${errcode}`, subject: 'sync', detail, replay })
      if (!NOT_ALLOWED.has(errcode)) throw error
    }
  },
})

/** Has a corp's groups read, once however often it is asked for. */
export const askForGroups = ({ db, clock }: WorkContext, corpId: string): Promise<void> =>
  inCorp(db, corpId, (tx) => {
    const lane = `groups.sync.${corpId}`
    return enqueue(tx, syncGroups, { corpId, since: clock.now().toISOString() }, { key: lane, lane })
  })

/** Returns how many were read. */
async function readGroups(context: WorkContext, corpId: string, since: Date, signal: AbortSignal): Promise<number> {
  const { db, clock } = context
  const wecom = await context.wecom(corpId)
  const listedAt = clock.now()
  const held = await inCorp(db, corpId, (tx) => readHeld(tx, corpId))
  const listed = await listGroups(wecom, await inCorp(db, corpId, (tx) => readOwners(tx, corpId)), signal)
  let read = 0
  const isRead = new Set(held.filter((group) => group.askedAt >= since).map((group) => group.chatId))
  for (const some of chunks(
    [...listed].filter((chatId) => !isRead.has(chatId)),
    GROUPS_AT_ONCE,
  )) {
    signal.throwIfAborted()
    const answers = await askAll(context, wecom, some)
    read += answers.length
    const told = answers.filter((one): one is GroupTold => 'chat' in one)
    const refused = (codes: ReadonlySet<number>) =>
      answers.flatMap((one) => ('errcode' in one && codes.has(one.errcode) ? [one.chatId] : []))
    const word = { source: 'sync' as const, now: clock.now() }
    await inCorp(db, corpId, async (tx) => {
      await applyGroups(tx, corpId, told, word)
      await orphanGroups(tx, corpId, refused(OWNER_GONE))
      await endGroups(tx, corpId, refused(NO_GROUP), { by: 'dismissed', at: word.now }, word)
    })
  }
  // What was learnt of since the listing began may simply be younger than it.
  const unlisted = held.filter((group) => !listed.has(group.chatId)).map((group) => group.chatId)
  await inCorp(db, corpId, async (tx) => {
    const gone = await keepOlder(tx, corpId, unlisted, listedAt)
    const now = clock.now()
    await endGroups(tx, corpId, gone, { by: 'unlisted', at: now }, { source: 'sync', now })
  })
  return read
}

/** Every group WeCom shows. Those whose owner has left are listed to whoever asks for him by name. */
async function listGroups(
  wecom: Wecom,
  { all, left }: { all: string[]; left: string[] },
  signal: AbortSignal,
): Promise<Set<string>> {
  const listed = new Set<string>()
  const list = async (owners?: string[]) => {
    const filter = owners ? { owner_filter: { userid_list: owners } } : {}
    for await (const page of wecom.groupChat.pages(filter, { signal }))
      for (const { chat_id } of page.group_chat_list) listed.add(chat_id)
  }
  try {
    await list()
    for (const some of chunks(left, OWNERS_AT_ONCE)) await list(some)
  } catch (error) {
    if (!(error instanceof WecomError) || error.errcode !== TOO_MANY_MEMBERS) throw error
    for (const some of chunks(all, OWNERS_AT_ONCE)) await list(some)
  }
  return listed
}

type Answer = GroupTold | { chatId: string; errcode: number }

async function askAll({ clock }: WorkContext, wecom: Wecom, chatIds: readonly string[]): Promise<Answer[]> {
  const ask = async (chatId: string): Promise<Answer> => {
    const askedAt = clock.now()
    try {
      const chat: GroupChat = await wecom.groupChat.get(chatId)
      return { chat, askedAt }
    } catch (error) {
      if (!(error instanceof WecomError)) throw error
      const { errcode } = error
      if (!NO_GROUP.has(errcode) && !OWNER_GONE.has(errcode)) throw error
      return { chatId, errcode }
    }
  }
  const answers: Answer[] = []
  for (const some of chunks(chatIds, ASKED_AT_ONCE)) answers.push(...(await Promise.all(some.map(ask))))
  return answers
}

async function readHeld(tx: Tx, corpId: string): Promise<{ chatId: string; askedAt: Date }[]> {
  const { rows } = await sql<{ chatId: string; askedAt: Date }>`
    select chat_id, asked_at from group_chat where corp_id = ${corpId}::bigint and gone_at is null`.execute(tx)
  return rows
}

/** Userids of every member, and of those who have left and own groups we know. */
async function readOwners(tx: Tx, corpId: string): Promise<{ all: string[]; left: string[] }> {
  const { rows } = await sql<{ userid: string; isHere: boolean; owns: boolean }>`
    select s.userid, s.left_at is null as is_here, exists (select from group_chat g where g.corp_id = ${corpId}::bigint and g.owner_id = s.staff_id and g.gone_at is null) as owns
    from staff s where s.corp_id = ${corpId}::bigint order by s.staff_id`.execute(tx)
  return {
    all: rows.filter((row) => row.isHere || row.owns).map((row) => row.userid),
    left: rows.filter((row) => !row.isHere && row.owns).map((row) => row.userid),
  }
}

async function keepOlder(tx: Tx, corpId: string, chatIds: readonly string[], than: Date): Promise<string[]> {
  if (chatIds.length === 0) return []
  const { rows } = await sql<{ chatId: string }>`
    select chat_id from group_chat where corp_id = ${corpId}::bigint and chat_id = any(${[...chatIds]}::text[]) and asked_at < ${than}::timestamptz`.execute(
    tx,
  )
  return rows.map((row) => row.chatId)
}
