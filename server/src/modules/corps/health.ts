import { sql } from 'kysely'
import type { Clock } from '../../platform/clock.ts'
import { type Db, inCorp } from '../../platform/db.ts'
import type { Log } from '../../platform/log.ts'
import type { Lane } from './schema.ts'

export interface Failure {
  /** A stable code: `wecom.60020`, `callback.unreadable`, `welcome.too_late` … its words are in `explain.ts`. */
  cause: string
  /** What it happened to, as few as possible words or an id: one open failure per lane, cause and subject. */
  subject: string
  detail: Record<string, string | number | boolean | null>
  /** The job that tries it again; without it there is nothing to replay. */
  replay?: { job: string; payload: { corpId: string } & Record<string, unknown> }
}

/** Keeps the state of every lane by which data travels, so that nothing fails in silence. */
export interface Health {
  /** Counted in memory and written once a second: free to call on hot paths. `lagMs`: from the fact to our having it. */
  success(corpId: string, lane: Lane, lagMs?: number): void
  /** Opens a failure, or counts one more of an open one. */
  failure(corpId: string, lane: Lane, failure: Failure): Promise<void>
  /** Closes open failures of the lane (narrowed by cause and subject), because it works again. */
  resolve(corpId: string, lane: Lane, match?: { cause?: string; subject?: string }): Promise<void>
  flush(): Promise<void>
  stop(): Promise<void>
}

const FLUSH_MS = 1_000
/** Slower than this counts as slow on the 24-hour strip. */
const SLOW_MS = 5_000

interface Tally {
  succeeded: number
  slow: number
  lagMs: number | null
}

export function createHealth({ db, clock, log }: { db: Db; clock: Clock; log: Log }): Health {
  let tallies = new Map<string, Tally>()
  const flush = async () => {
    const due = tallies
    tallies = new Map()
    for (const [key, tally] of due) {
      const [corpId, lane] = key.split(' ') as [string, Lane]
      try {
        await inCorp(db, corpId, async (tx) => {
          await countTick(tx, corpId, lane, clock.now(), { ...tally, failed: 0 })
          await tx
            .insertInto('laneState')
            .values({ corpId, lane, lastSuccessAt: clock.now(), lagMs: tally.lagMs })
            .onConflict((c) =>
              c.columns(['corpId', 'lane']).doUpdateSet({ lastSuccessAt: clock.now(), lagMs: tally.lagMs }),
            )
            .execute()
        })
      } catch (error) {
        log.warn({ err: error, lane }, 'health could not be written')
      }
    }
  }
  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()

  return {
    success(corpId, lane, lagMs) {
      const tally = tallies.get(`${corpId} ${lane}`) ?? { succeeded: 0, slow: 0, lagMs: null }
      tally.succeeded++
      if (lagMs !== undefined) {
        tally.lagMs = Math.round(lagMs)
        if (lagMs > SLOW_MS) tally.slow++
      }
      tallies.set(`${corpId} ${lane}`, tally)
    },
    async failure(corpId, lane, failure) {
      const now = clock.now()
      await inCorp(db, corpId, async (tx) => {
        await countTick(tx, corpId, lane, now, { succeeded: 0, slow: 0, failed: 1 })
        await tx
          .insertInto('laneState')
          .values({ corpId, lane, lastFailureAt: now })
          .onConflict((c) => c.columns(['corpId', 'lane']).doUpdateSet({ lastFailureAt: now }))
          .execute()
        await tx
          .insertInto('laneFailure')
          .values({
            corpId,
            lane,
            cause: failure.cause,
            subject: failure.subject,
            detail: JSON.stringify(failure.detail),
            replay: failure.replay ? JSON.stringify(failure.replay) : null,
            firstAt: now,
            lastAt: now,
          })
          .onConflict((c) =>
            c
              .columns(['corpId', 'lane', 'cause', 'subject'])
              .where('resolvedAt', 'is', null)
              .doUpdateSet((eb) => ({
                lastAt: now,
                times: eb('laneFailure.times', '+', 1),
                detail: eb.ref('excluded.detail'),
                replay: eb.ref('excluded.replay'),
              })),
          )
          .execute()
      })
      log.warn(
        { corpId, lane, cause: failure.cause, subject: failure.subject, detail: failure.detail },
        'integration failure',
      )
    },
    async resolve(corpId, lane, match = {}) {
      await inCorp(db, corpId, (tx) => {
        let open = tx
          .updateTable('laneFailure')
          .set({ resolvedAt: clock.now() })
          .where('corpId', '=', corpId)
          .where('lane', '=', lane)
          .where('resolvedAt', 'is', null)
        if (match.cause !== undefined) open = open.where('cause', '=', match.cause)
        if (match.subject !== undefined) open = open.where('subject', '=', match.subject)
        return open.execute()
      })
    },
    flush,
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}

async function countTick(
  tx: Parameters<Parameters<typeof inCorp>[2]>[0],
  corpId: string,
  lane: Lane,
  at: Date,
  add: { succeeded: number; slow: number; failed: number },
) {
  const startsAt = new Date(Math.floor(at.getTime() / 1_800_000) * 1_800_000)
  await tx
    .insertInto('laneTick')
    .values({ corpId, lane, startsAt, succeeded: add.succeeded, slow: add.slow, failed: add.failed })
    .onConflict((c) =>
      c.columns(['corpId', 'lane', 'startsAt']).doUpdateSet({
        succeeded: sql`lane_tick.succeeded + excluded.succeeded`,
        slow: sql`lane_tick.slow + excluded.slow`,
        failed: sql`lane_tick.failed + excluded.failed`,
      }),
    )
    .execute()
}
