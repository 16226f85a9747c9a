import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { likeOf } from '../contacts/list-contacts.ts'
import type { Actor } from '../corps/context.ts'
import { readCounts } from '../touches/calendar.ts'
import type { FrozenContent } from './frozen.ts'
import {
  type BroadcastPage,
  type BroadcastQuery,
  type BroadcastRow,
  type BroadcastView,
  type MemberProgress,
  REMINDERS_MAX,
  type RunCard,
  type RunView,
} from './schema.ts'
import { isSeen, readBroadcast } from './service.ts'

type Looker = Pick<Actor, 'accountId' | 'scope'>
const SHOWN = 20
const RUNS_SHOWN = 50
const MEMBERS_SHOWN = 500
const DAY_MS = 86_400_000

interface RunRow
  extends Omit<RunCard, 'at' | 'askedAt' | 'approvedAt' | 'notBefore' | 'beganAt' | 'endedAt' | 'counts'> {
  broadcastId: string
  touchId: string | null
  at: Date
  askedAt: Date
  approvedAt: Date | null
  notBefore: Date | null
  beganAt: Date | null
  endedAt: Date | null
}

/** Runs with how far their tasks and members are; two statements for any number of them. `r` is the run. */
async function readRuns(
  tx: Tx,
  corpId: string,
  where: RawBuilder<unknown>,
  { accountId }: Looker,
  limit = RUNS_SHOWN,
): Promise<(RunCard & { broadcastId: string })[]> {
  const { rows } = await sql<RunRow>`
    select r.run_id, r.broadcast_id, r.touch_id, r.at, r.state, r.cause, r.people, r.picked, r.unsendable, encode(r.hash, 'hex') as hash, r.needs_word, r.asked_name, r.asked_by = ${accountId}::bigint as own, r.asked_at,
      r.approved_name, r.approved_at, r.note, r.not_before, r.began_at, r.ended_at, n.chunks, n.members
    from broadcast_run r cross join lateral (
      select jsonb_build_object('planned', count(*) filter (where c.state = 'planned'), 'sending', count(*) filter (where c.state = 'sending'), 'accepted', count(*) filter (where c.state = 'accepted'),
          'unknown', count(*) filter (where c.state = 'unknown'), 'unclear', count(*) filter (where c.unclear), 'refused', count(*) filter (where c.state = 'refused'), 'cancelled', count(*) filter (where c.state = 'cancelled')) as chunks,
        jsonb_build_object('asked', count(distinct c.staff_id) filter (where c.state = 'accepted'), 'sent', count(distinct c.staff_id) filter (where c.task = 'sent')) as members
      from broadcast_chunk c where c.corp_id = ${corpId}::bigint and c.run_id = r.run_id) n
    where r.corp_id = ${corpId}::bigint and ${where} order by r.at desc, r.run_id desc limit ${limit}`.execute(tx)
  const counts = await readCounts(
    tx,
    corpId,
    rows.flatMap(({ touchId }) => touchId ?? []),
  )
  return rows.map(({ touchId, ...row }) => ({
    ...row,
    at: row.at.toISOString(),
    askedAt: row.askedAt.toISOString(),
    approvedAt: row.approvedAt?.toISOString() ?? null,
    notBefore: row.notBefore?.toISOString() ?? null,
    beganAt: row.beganAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    counts: (touchId && counts.get(touchId)) || {},
  }))
}

export async function listBroadcasts(
  tx: Tx,
  corpId: string,
  { view, q, before }: BroadcastQuery,
  actor: Looker,
): Promise<BroadcastPage> {
  const latest = (states: readonly string[]) =>
    sql`exists (select from broadcast_run r where r.corp_id = ${corpId}::bigint and r.broadcast_id = b.broadcast_id and r.state = any(${[...states]}::text[]))`
  const views: Record<BroadcastQuery['view'], RawBuilder<unknown>> = {
    all: sql`true`,
    draft: sql`b.state = 'draft'`,
    waiting: latest(['waiting']),
    open: latest(['planning', 'waiting', 'ready', 'sending', 'asked']),
    ended: sql`b.state = 'ended'`,
  }
  const { rows } = await sql<Omit<BroadcastRow, 'run' | 'updatedAt'> & { updatedAt: Date; runId: string | null }>`
    select b.broadcast_id, b.name, b.topic, b.state, b.schedule, jsonb_array_length(b.variants) as variants, left(b.variants -> 0 ->> 'text', 120) as text, b.actor, b.updated_at,
      (select count(*)::int from broadcast_run r where r.corp_id = ${corpId}::bigint and r.broadcast_id = b.broadcast_id) as runs,
      (select r.run_id from broadcast_run r where r.corp_id = ${corpId}::bigint and r.broadcast_id = b.broadcast_id order by r.at desc, r.run_id desc limit 1) as run_id
    from broadcast b where b.corp_id = ${corpId}::bigint and b.removed_at is null and ${isSeen(actor)} and ${views[view]}
      and (${q ?? null}::text is null or b.name ilike ${likeOf(q ?? '')}) and (${before ?? null}::bigint is null or b.broadcast_id < ${before ?? null}::bigint)
    order by b.broadcast_id desc limit ${SHOWN + 1}`.execute(tx)
  const page = rows.slice(0, SHOWN)
  const ids = page.flatMap(({ runId }) => runId ?? [])
  const runs = new Map(
    (await readRuns(tx, corpId, sql`r.run_id = any(${ids}::bigint[])`, actor)).map((run) => [run.runId, run]),
  )
  return {
    items: page.map(({ runId, updatedAt, ...row }) => ({
      ...row,
      updatedAt: updatedAt.toISOString(),
      run: (runId && runs.get(runId)) || null,
    })),
    nextCursor: rows.length > SHOWN ? page.at(-1)!.broadcastId : null,
  }
}

export async function viewBroadcast(
  tx: Tx,
  corpId: string,
  broadcastId: string,
  actor: Looker,
): Promise<BroadcastView> {
  const { accountId, scope: _, createdAt, updatedAt, ...held } = await readBroadcast(tx, corpId, broadcastId, actor)
  const runs = await readRuns(tx, corpId, sql`r.broadcast_id = ${broadcastId}::bigint`, actor)
  return {
    ...held,
    own: accountId === actor.accountId,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    runs,
  }
}

export interface HeldRun {
  runId: string
  broadcastId: string
  touchId: string | null
  content: FrozenContent
  state: string
  beganAt: Date | null
  at: Date
}

/** A run whoever looks may see. */
export async function readRun(tx: Tx, corpId: string, runId: string, actor: Looker): Promise<HeldRun> {
  const { rows } = await sql<HeldRun>`
    select r.run_id, r.broadcast_id, r.touch_id, r.content, r.state, r.began_at, r.at from broadcast_run r
    join broadcast b on b.corp_id = ${corpId}::bigint and b.broadcast_id = r.broadcast_id and b.removed_at is null and ${isSeen(actor)}
    where r.corp_id = ${corpId}::bigint and r.run_id = ${runId}::bigint`.execute(tx)
  if (!rows[0]) throw new NotFound({ what: '群发' })
  return rows[0]
}

export async function viewRun(tx: Tx, corpId: string, runId: string, actor: Looker, now: Date): Promise<RunView> {
  const held = await readRun(tx, corpId, runId, actor)
  const [card] = await readRuns(tx, corpId, sql`r.run_id = ${runId}::bigint`, actor)
  const { rows: by } = await sql<{ variant: number; people: number }>`
    select variant, sum(cardinality(contact_ids))::int as people from broadcast_chunk where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint group by variant`.execute(
    tx,
  )
  const { rows: unclear } = await sql<Omit<RunView['unclear'][number], 'sendingAt'> & { sendingAt: Date }>`
    select c.number, s.name as staff_name, cardinality(coalesce(c.confirmed, c.contact_ids)) as people, c.sending_at, left(c.text, 120) as text from broadcast_chunk c
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = c.staff_id where c.corp_id = ${corpId}::bigint and c.run_id = ${runId}::bigint and c.unclear order by c.number limit 100`.execute(
    tx,
  )
  const { content } = held
  return {
    ...card!,
    name: content.name,
    topic: content.topic,
    windowDays: content.windowDays,
    variants: content.variants.map(({ text, weight, attachments }, nr) => ({
      ...{ text, weight, people: by.find(({ variant }) => variant === nr)?.people ?? 0 },
      attachments: attachments.map(({ materialId, kind, title }) => ({ materialId, kind, title })),
    })),
    progress: await readProgress(tx, corpId, runId, now),
    unclear: unclear.map((one) => ({ ...one, sendingAt: one.sendingAt.toISOString() })),
  }
}

/** How far each member is; those who have most left to send first. */
async function readProgress(
  tx: Tx,
  corpId: string,
  runId: string,
  now: Date,
): Promise<z.infer<typeof MemberProgress>[]> {
  const { rows } = await sql<
    Omit<MemberProgress, 'lastSentAt' | 'remindedAt'> & {
      lastSentAt: Date | null
      remindedAt: Date | null
      lately: number
    }
  >`
    select c.staff_id, s.name, s.avatar, count(*)::int as tasks, count(*) filter (where c.task = 'sent')::int as tasks_sent, sum(cardinality(coalesce(c.confirmed, c.contact_ids)))::int as people,
      sum(c.sent)::int as sent, sum(c.failed)::int as failed, max(c.sent_at) as last_sent_at, max((select max(t) from unnest(c.reminded) t)) as reminded_at,
      coalesce(max((select count(*) from unnest(c.reminded) t where t > ${new Date(now.getTime() - DAY_MS)}::timestamptz)) filter (where c.task = 'open'), 0)::int as lately,
      bool_or(coalesce(c.task = 'open', false) and not c.stop_asked) as open
    from broadcast_chunk c join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = c.staff_id
    where c.corp_id = ${corpId}::bigint and c.run_id = ${runId}::bigint group by c.staff_id, s.name, s.avatar
    order by sum(cardinality(c.contact_ids)) - sum(c.sent) desc, c.staff_id limit ${MEMBERS_SHOWN}`.execute(tx)
  return rows.map(({ lately, ...row }) => ({
    ...row,
    lastSentAt: row.lastSentAt?.toISOString() ?? null,
    remindedAt: row.remindedAt?.toISOString() ?? null,
    remindersLeft: row.open ? Math.max(0, REMINDERS_MAX - lately) : 0,
  }))
}

/** How many runs wait for somebody else's word. */
export async function countWaitingRuns(tx: Tx, corpId: string, { accountId, scope }: Looker): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from broadcast_run r join broadcast b on b.corp_id = ${corpId}::bigint and b.broadcast_id = r.broadcast_id and b.removed_at is null and ${isSeen({ accountId, scope })}
    where r.corp_id = ${corpId}::bigint and r.state = 'waiting' and r.asked_by <> ${accountId}::bigint`.execute(tx)
  return rows[0]?.n ?? 0
}
