import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { enqueueNamed } from '../../platform/jobs.ts'
import { NothingToReplay } from './errors.ts'
import { explainFailure } from './explain.ts'
import { type FailureView, type HealthView, LANES, type Lane, type LaneHealth } from './schema.ts'

const HALF_HOUR_MS = 1_800_000
const TICKS = 48
const FAILURES_SHOWN = 50
/** A lane that failed and has not succeeded since is broken; slower than this it is slow. */
const SLOW_MS = 5_000

/** The state of every lane with its last 24 hours in half-hours, and the failures that are open or recent. */
export async function readHealth(tx: Tx, corpId: string, now: Date): Promise<HealthView> {
  const from = new Date(Math.floor(now.getTime() / HALF_HOUR_MS) * HALF_HOUR_MS - (TICKS - 1) * HALF_HOUR_MS)
  const [states, ticks, failures, waiting] = [
    await tx.selectFrom('laneState').selectAll().where('corpId', '=', corpId).execute(),
    await tx.selectFrom('laneTick').selectAll().where('corpId', '=', corpId).where('startsAt', '>=', from).execute(),
    await tx
      .selectFrom('laneFailure')
      .selectAll()
      .where('corpId', '=', corpId)
      .orderBy(sql`resolved_at is null`, 'desc')
      .orderBy('lastAt', 'desc')
      .limit(FAILURES_SHOWN)
      .execute(),
    await readWaiting(tx, corpId),
  ]
  const views = failures.map(viewFailure)
  const lanes = LANES.map((lane): LaneHealth => {
    const state = states.find((s) => s.lane === lane)
    const openFailures = failures.filter((f) => f.lane === lane && f.resolvedAt === null).length
    return {
      lane,
      openFailures,
      waiting: waiting.get(lane) ?? 0,
      lagMs: state?.lagMs ?? null,
      lastSuccessAt: state?.lastSuccessAt?.toISOString() ?? null,
      state: stateOf(state, openFailures),
      ticks: Array.from({ length: TICKS }, (_, i) => {
        const startsAt = new Date(from.getTime() + i * HALF_HOUR_MS)
        const tick = ticks.find((t) => t.lane === lane && t.startsAt.getTime() === startsAt.getTime())
        return {
          startsAt: startsAt.toISOString(),
          state: !tick
            ? ('none' as const)
            : tick.failed > 0
              ? ('failed' as const)
              : tick.slow > 0
                ? ('slow' as const)
                : ('ok' as const),
        }
      }),
    }
  })
  return { checkedAt: now.toISOString(), lanes, failures: views }
}

function stateOf(
  state: { lastSuccessAt: Date | null; lastFailureAt: Date | null; lagMs: number | null } | undefined,
  openFailures: number,
): LaneHealth['state'] {
  if (!state) return 'idle'
  const failedSince =
    state.lastFailureAt !== null && (state.lastSuccessAt === null || state.lastFailureAt > state.lastSuccessAt)
  if (openFailures > 0 && failedSince) return 'broken'
  if (openFailures > 0 || (state.lagMs ?? 0) > SLOW_MS) return 'slow'
  return 'ok'
}

/** What is stored and not yet worked through, per lane. Each count stops at a bound: the page says 1 000+. */
async function readWaiting(tx: Tx, corpId: string): Promise<Map<Lane, number>> {
  const { rows } = await sql<{ lane: Lane; waiting: number }>`
    select 'callbacks' as lane, count(*)::int as waiting from (select from callback_inbox where corp_id = ${corpId}::bigint and state in ('waiting', 'running') limit 1001) c
    union all select 'welcome', count(*)::int from (select from welcome_task where corp_id = ${corpId}::bigint and state in ('waiting', 'sending') limit 1001) w
    union all select 'tags', count(*)::int from (select from follow_tag where corp_id = ${corpId}::bigint and pushed_at is null limit 1001) t
    union all select 'channel_codes', count(*)::int from (select from channel_code where corp_id = ${corpId}::bigint and config_id is null and archived_at is null and removed_at is null limit 1001) h`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.lane, row.waiting]))
}

interface FailureRow {
  failureId: string
  lane: string
  cause: string
  subject: string
  detail: unknown
  replay: unknown
  times: number
  firstAt: Date
  lastAt: Date
  resolvedAt: Date | null
}

function viewFailure(row: FailureRow): FailureView {
  const lane = row.lane as Lane
  return {
    failureId: row.failureId,
    lane,
    cause: row.cause,
    subject: row.subject,
    ...explainFailure(lane, row.cause),
    detail: row.detail as FailureView['detail'],
    replayable: row.replay !== null && row.resolvedAt === null,
    times: row.times,
    firstAt: row.firstAt.toISOString(),
    lastAt: row.lastAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  }
}

/** Tries the failed thing again, now. */
export async function replayFailure(tx: Tx, corpId: string, failureId: string, now: Date): Promise<void> {
  const known = await tx
    .selectFrom('laneFailure')
    .select('failureId')
    .where('corpId', '=', corpId)
    .where('failureId', '=', failureId)
    .executeTakeFirst()
  if (!known) throw new NotFound({ what: '故障' })
  const row = await tx
    .updateTable('laneFailure')
    .set({ resolvedAt: now })
    .where('corpId', '=', corpId)
    .where('failureId', '=', failureId)
    .where('resolvedAt', 'is', null)
    .where('replay', 'is not', null)
    .returning('replay')
    .executeTakeFirst()
  if (!row) throw new NothingToReplay()
  const { job, payload } = row.replay as { job: string; payload: Record<string, unknown> }
  await enqueueNamed(tx, job, payload, { key: `replay:${corpId}:${failureId}` })
}
