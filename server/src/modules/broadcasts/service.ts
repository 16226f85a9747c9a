import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'
import type { Actor } from '../corps/context.ts'
import { requireWholeCorp } from '../segments/service.ts'
import { TopicUnknown } from '../touches/errors.ts'
import { nextOpen } from '../touches/plan.ts'
import { readPolicy } from '../touches/policy.ts'
import { requireParts } from './audience.ts'
import { BroadcastChanged, BroadcastNotDraft, OwnBroadcast, RunElsewhere, SnapshotDiffers, TimePast } from './errors.ts'
import type { FrozenContent } from './frozen.ts'
import { giveBack } from './give-back.ts'
import { askForRun, freezeVariants } from './plan-run.ts'
import { nextOccurrence, occurrenceOf } from './rhythm.ts'
import type { Decision, Definition, NewBroadcast } from './schema.ts'
import { askToStop } from './stop-tasks.ts'

type Asker = Pick<Actor, 'accountId' | 'name' | 'scope'>

export interface HeldBroadcast extends Definition {
  broadcastId: string
  version: number
  state: 'draft' | 'live' | 'ended'
  accountId: string
  actor: string
  scope: string[] | null
  createdAt: Date
  updatedAt: Date
}

export const BROADCAST = sql`b.broadcast_id, b.name, b.topic, b.priority, b.holdout, b.audience, b.variants, b.senders, b.schedule, b.window_days, b.version, b.state, b.account_id, b.actor, b.scope, b.created_at, b.updated_at`

/**
 * What somebody who sees part of the corp may look at: what he asked for himself, or what is sent from members he sees
 * alone. `b` is the broadcast.
 */
export const isSeen = ({ accountId, scope }: Pick<Actor, 'accountId' | 'scope'>) =>
  sql`(${scope ?? null}::bigint[] is null or b.account_id = ${accountId}::bigint or b.scope <@ ${scope ?? null}::bigint[])`

export async function readBroadcast(
  tx: Tx,
  corpId: string,
  broadcastId: string,
  actor: Pick<Actor, 'accountId' | 'scope'>,
  lock = false,
): Promise<HeldBroadcast> {
  const { rows } = await sql<HeldBroadcast>`
    select ${BROADCAST} from broadcast b where b.corp_id = ${corpId}::bigint and b.broadcast_id = ${broadcastId}::bigint and b.removed_at is null and ${isSeen(actor)} ${lock ? sql`for update` : sql``}`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '群发' })
  return rows[0]
}

/** Keeps a draft. The same page asking twice, or fifty times at once, made one. */
export async function createBroadcast(
  tx: Tx,
  corpId: string,
  { requestKey, ...given }: NewBroadcast,
  actor: Asker,
  now: Date,
): Promise<{ broadcastId: string; made: boolean }> {
  await check(tx, corpId, given, actor, now)
  const { rows } = await sql<{ broadcastId: string }>`
    insert into broadcast (corp_id, request_key, name, topic, priority, holdout, audience, variants, senders, schedule, window_days, state, account_id, actor, scope, created_at, updated_at)
    values (${corpId}::bigint, ${requestKey}, ${given.name}, ${given.topic}, ${given.priority}, ${given.holdout}, ${JSON.stringify(given.audience)}::jsonb, ${JSON.stringify(given.variants)}::jsonb,
      ${JSON.stringify(given.senders)}::jsonb, ${JSON.stringify(given.schedule)}::jsonb, ${given.windowDays}, 'draft', ${actor.accountId}::bigint, ${actor.name}, ${actor.scope ?? null}::bigint[], ${now}::timestamptz, ${now}::timestamptz)
    on conflict (corp_id, request_key) do nothing returning broadcast_id`.execute(tx)
  if (rows[0]) return { ...rows[0], made: true }
  const held = await tx
    .selectFrom('broadcast')
    .select('broadcastId')
    .where('corpId', '=', corpId)
    .where('requestKey', '=', requestKey)
    .where('accountId', '=', actor.accountId)
    .executeTakeFirst()
  if (!held) throw new NotFound({ what: '群发' })
  return { ...held, made: false }
}

/** Writes over a draft. Whoever edits it becomes who asks for it: he cannot approve his own words later. */
export async function editBroadcast(
  tx: Tx,
  corpId: string,
  broadcastId: string,
  { version, ...given }: Definition & { version: number },
  actor: Asker,
  now: Date,
): Promise<number> {
  const held = await readBroadcast(tx, corpId, broadcastId, actor, true)
  if (held.state !== 'draft') throw new BroadcastNotDraft()
  if (held.version !== version) throw new BroadcastChanged()
  await check(tx, corpId, given, actor, now)
  await sql`
    update broadcast set name = ${given.name}, topic = ${given.topic}, priority = ${given.priority}, holdout = ${given.holdout}, audience = ${JSON.stringify(given.audience)}::jsonb,
      variants = ${JSON.stringify(given.variants)}::jsonb, senders = ${JSON.stringify(given.senders)}::jsonb, schedule = ${JSON.stringify(given.schedule)}::jsonb, window_days = ${given.windowDays},
      version = version + 1, account_id = ${actor.accountId}::bigint, actor = ${actor.name}, scope = ${actor.scope ?? null}::bigint[], updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and broadcast_id = ${broadcastId}::bigint`.execute(tx)
  return version + 1
}

async function check(tx: Tx, corpId: string, given: Definition, { scope }: Asker, now: Date): Promise<void> {
  const { topics } = await readPolicy(tx, corpId)
  if (!topics.some(({ name }) => name === given.topic)) throw new TopicUnknown({ topic: given.topic })
  await requireParts(tx, corpId, given.audience)
  await freezeVariants(tx, corpId, given.variants, now)
  if (given.senders.kind !== 'one') return
  const { staffId } = given.senders
  const { rows } = await sql`
    select from staff where corp_id = ${corpId}::bigint and staff_id = ${staffId}::bigint and left_at is null and (${scope ?? null}::bigint[] is null or staff_id = any(${scope ?? null}::bigint[]))`.execute(
    tx,
  )
  if (rows.length === 0) throw new NotFound({ what: '成员' })
}

export const contentOf = async (tx: Tx, corpId: string, held: HeldBroadcast, now: Date): Promise<FrozenContent> => ({
  name: held.name,
  topic: held.topic,
  priority: held.priority,
  holdout: held.holdout,
  windowDays: held.windowDays,
  audience: held.audience,
  senders: held.senders,
  variants: await freezeVariants(tx, corpId, held.variants, now),
  scope: held.scope,
})

/** Asks for it: its first run is planned, frozen, and goes out once its time has come and whoever must has agreed. */
export async function submitBroadcast(
  tx: Tx,
  corpId: string,
  broadcastId: string,
  version: number,
  actor: Asker,
  now: Date,
): Promise<string> {
  const held = await readBroadcast(tx, corpId, broadcastId, actor, true)
  if (held.state !== 'draft') throw new BroadcastNotDraft()
  if (held.version !== version) throw new BroadcastChanged()
  const { schedule } = held
  if (schedule.kind === 'at' && new Date(schedule.at) <= now) throw new TimePast()
  const due =
    schedule.kind === 'now' ? now : schedule.kind === 'at' ? new Date(schedule.at) : nextOccurrence(schedule, now)
  if (!due) throw new TimePast()
  const at = await nextOpen(tx, corpId, due)
  // The asker's sight as it is now, and he himself: who wrote the draft may have been somebody else.
  const asked = { ...held, scope: actor.scope ? [...actor.scope] : null }
  const content = await contentOf(tx, corpId, asked, now)
  await sql`
    update broadcast set state = 'live', account_id = ${actor.accountId}::bigint, actor = ${actor.name}, scope = ${asked.scope}::bigint[], updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and broadcast_id = ${broadcastId}::bigint`.execute(tx)
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from broadcast_run where corp_id = ${corpId}::bigint and broadcast_id = ${broadcastId}::bigint`.execute(
    tx,
  )
  const occurrence = schedule.kind === 'every' ? occurrenceOf(due) : `asked ${rows[0]!.n + 1}`
  const run = { broadcastId, occurrence, at, content, accountId: actor.accountId, actor: actor.name }
  const runId = await askForRun(tx, corpId, run, now)
  if (!runId) throw new RunElsewhere()
  return runId
}

export interface LockedRun {
  runId: string
  broadcastId: string
  state: string
  at: Date
  touchId: string | null
  hash: Buffer | null
  askedBy: string
  content: FrozenContent
}

export async function lockRun(
  tx: Tx,
  corpId: string,
  runId: string,
  actor: Pick<Actor, 'accountId' | 'scope'>,
): Promise<LockedRun> {
  const { rows } = await sql<LockedRun>`
    select r.run_id, r.broadcast_id, r.state, r.at, r.touch_id, r.hash, r.asked_by, r.content from broadcast_run r
    join broadcast b on b.corp_id = ${corpId}::bigint and b.broadcast_id = r.broadcast_id and b.removed_at is null and ${isSeen(actor)}
    where r.corp_id = ${corpId}::bigint and r.run_id = ${runId}::bigint for update of r`.execute(tx)
  if (!rows[0]) throw new NotFound({ what: '群发' })
  return rows[0]
}

/** Another person's word on exactly what he has seen. */
export async function decideRun(
  tx: Tx,
  corpId: string,
  runId: string,
  { hash, approve, note }: Decision,
  actor: Asker,
  now: Date,
): Promise<void> {
  const run = await lockRun(tx, corpId, runId, actor)
  requireWholeCorp(actor)
  if (run.state !== 'waiting') throw new RunElsewhere()
  if (run.askedBy === actor.accountId) throw new OwnBroadcast()
  if (run.hash?.toString('hex') !== hash) throw new SnapshotDiffers()
  const lapsed = approve && shanghaiDay(run.at) < shanghaiDay(now)
  const state = lapsed ? 'lapsed' : approve ? 'ready' : 'refused'
  await sql`
    update broadcast_run set state = ${state}, approved_by = ${actor.accountId}::bigint, approved_name = ${actor.name}, approved_at = ${now}::timestamptz, note = ${note},
      ended_at = case when ${state} <> 'ready' then ${now}::timestamptz end
    where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint`.execute(tx)
  if (state === 'ready') await sql`select pg_notify('siyu_broadcast', ${corpId})`.execute(tx)
  else await giveBack(tx, corpId, run, now)
}

/** Ends what is not sent: places are given back, planned tasks are dropped, members who have not pressed send are told no more. */
export async function stopRun(tx: Tx, corpId: string, runId: string, actor: Asker, now: Date): Promise<void> {
  const run = await lockRun(tx, corpId, runId, actor)
  if (!['planning', 'waiting', 'ready', 'sending', 'asked'].includes(run.state)) throw new RunElsewhere()
  await sql`
    update broadcast_run set state = 'stopped', cause = ${actor.name}, ended_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint`.execute(
    tx,
  )
  await giveBack(tx, corpId, run, now)
  await askToStop(tx, corpId, runId)
}

/** No further runs of a rhythm; what is under way goes on. */
export async function endBroadcast(
  tx: Tx,
  corpId: string,
  broadcastId: string,
  actor: Asker,
  now: Date,
): Promise<void> {
  const held = await readBroadcast(tx, corpId, broadcastId, actor, true)
  if (held.state !== 'live') throw new RunElsewhere()
  await sql`update broadcast set state = 'ended', updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and broadcast_id = ${broadcastId}::bigint`.execute(
    tx,
  )
}

/** Throws a draft away; what was ever sent stays. */
export async function removeBroadcast(
  tx: Tx,
  corpId: string,
  broadcastId: string,
  actor: Asker,
  now: Date,
): Promise<void> {
  const held = await readBroadcast(tx, corpId, broadcastId, actor, true)
  if (held.state !== 'draft') throw new BroadcastNotDraft()
  await sql`update broadcast set removed_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and broadcast_id = ${broadcastId}::bigint`.execute(
    tx,
  )
}
