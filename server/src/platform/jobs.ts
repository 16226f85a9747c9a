import { EventEmitter } from 'node:events'
import { Logger, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { sql } from 'kysely'
import pg from 'pg'
import type { z } from 'zod'
import type { Db, Tx } from './db.ts'
import type { Log } from './log.ts'
import { metrics } from './metrics.ts'

/** One kind of later work. `run` may be repeated after a crash at any line, so it must be safe to repeat. */
export interface Job<Context, Payload extends { corpId: string }> {
  name: string
  payload: z.ZodType<Payload>
  /** Attempts before it is given up and shown as a failure; back-off grows exponentially. */
  maxAttempts?: number
  run(
    context: Context,
    payload: Payload,
    attempt: { number: number; last: boolean; signal: AbortSignal },
  ): Promise<void>
}

/** Names a job and checks what it is given. The payload always carries the tenant: a job without one fails closed. */
export function defineJob<Context, Payload extends { corpId: string }>(
  job: Job<Context, Payload>,
): Job<Context, Payload> {
  return job
}

export interface EnqueueOptions {
  /** At most one waiting job with this key; a second call replaces its payload. */
  key?: string
  runAt?: Date
  /** Jobs of one lane run one after another. */
  lane?: string
}

/** Enqueues once the transaction commits. */
export async function enqueue<Context, Payload extends { corpId: string }>(
  tx: Tx,
  job: Job<Context, Payload>,
  payload: Payload,
  options: EnqueueOptions = {},
): Promise<void> {
  await enqueueNamed(tx, job.name, job.payload.parse(payload), {
    ...options,
    maxAttempts: job.maxAttempts ?? DEFAULT_ATTEMPTS,
  })
}

/** One job for each payload, in one statement. */
export async function enqueueAll<Context, Payload extends { corpId: string }>(
  tx: Tx,
  job: Job<Context, Payload>,
  payloads: Payload[],
  { runAt, lane }: Omit<EnqueueOptions, 'key'> = {},
): Promise<void> {
  await sql`select enqueue_job(${job.name}, given.payload, null, ${runAt ?? null}::timestamptz, ${lane ?? null}, ${job.maxAttempts ?? DEFAULT_ATTEMPTS}::int)
    from unnest(${payloads.map((payload) => JSON.stringify(job.payload.parse(payload)))}::json[]) as given(payload)`.execute(
    tx,
  )
}

/** For replays, where the name and payload were stored earlier. */
export async function enqueueNamed(
  tx: Tx,
  name: string,
  payload: unknown,
  options: EnqueueOptions & { maxAttempts?: number } = {},
): Promise<void> {
  await sql`select enqueue_job(${name}, ${JSON.stringify(payload)}::json, ${options.key ?? null}, ${options.runAt ?? null}::timestamptz,
    ${options.lane ?? null}, ${options.maxAttempts ?? DEFAULT_ATTEMPTS}::int)`.execute(tx)
}

const DEFAULT_ATTEMPTS = 8

export interface JobRunner {
  /** Finishes what is under way. */
  stop(): Promise<void>
}

/** Runs jobs until stopped. Connects as the owner: the queue's own tables refuse the serving role. */
export async function startJobs<Context>(
  databaseUrl: string,
  jobs: Job<Context, { corpId: string }>[],
  context: Context,
  log: Log,
): Promise<JobRunner> {
  const taskList: TaskList = {}
  for (const job of jobs) {
    taskList[job.name] = async (raw, helpers) => {
      const { attempts, max_attempts: most } = helpers.job
      const attempt = { number: attempts, last: attempts >= most, signal: helpers.abortSignal ?? NEVER }
      try {
        await job.run(context, job.payload.parse(raw), attempt)
        metrics.jobs.inc({ name: job.name, outcome: 'done' })
      } catch (error) {
        metrics.jobs.inc({ name: job.name, outcome: attempt.last ? 'gave_up' : 'failed' })
        throw error
      }
    }
  }
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONCURRENCY + 2, application_name: 'siyu-jobs' })
  pool.on('error', () => {}) // an idle connection was cut; the pool opens another when asked
  pool.on('connect', (client) => void client.on('error', () => {})) // one in use was cut: its query fails and says so
  const events = new EventEmitter() as WorkerEvents
  const alive = keepAlive(pool, events, log)
  const runner = await run({
    pgPool: pool,
    taskList,
    events,
    concurrency: CONCURRENCY,
    noHandleSignals: true,
    pollInterval: 1_000,
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.error({ jobs: true }, message)
      else if (level === 'warning') log.warn({ jobs: true }, message)
      else log.debug({ jobs: true }, message)
    }),
  })
  return {
    async stop() {
      await runner.stop()
      await alive.stop()
      await pool.end()
    },
  }
}

const CONCURRENCY = 8
const NEVER = new AbortController().signal
const BEAT_MS = 3_000
const DEAD_AFTER_SECONDS = 12

/** Throws unless some process, this one or another, is doing jobs. */
export async function checkWorkers(db: Db): Promise<void> {
  const { rows } = await sql<{ alive: boolean }>`select exists (
    select from job_worker where beat_at >= clock_timestamp() - ${DEAD_AFTER_SECONDS} * interval '1 second') as alive`.execute(
    db,
  )
  if (!rows[0]?.alive) throw new Error(`no job worker has given a sign of life for ${DEAD_AFTER_SECONDS} s`)
}

/**
 * A killed process leaves its jobs locked, and the queue itself waits four hours before it gives them to another. Every
 * process says which of its workers are alive; what others have locked is freed a few beats after they fell silent.
 */
function keepAlive(pool: pg.Pool, events: WorkerEvents, log: Log): { stop(): Promise<void> } {
  const own = new Set<string>()
  events.on('pool:create', ({ workerPool }) => void own.add(workerPool.id)) // jobs are locked in its name
  events.on('worker:create', ({ worker }) => void own.add(worker.workerId))
  const beat = async () => {
    await pool.query(
      `insert into job_worker (worker_id, beat_at) select unnest($1::text[]), clock_timestamp()
       on conflict (worker_id) do update set beat_at = excluded.beat_at`,
      [[...own]],
    )
    await pool.query(
      `with dead as (delete from job_worker where beat_at < clock_timestamp() - $1 * interval '1 second')
       select graphile_worker.force_unlock_workers(array(
         select locked_by from (
           select locked_by from graphile_worker._private_jobs where locked_by is not null
           union select locked_by from graphile_worker._private_job_queues where locked_by is not null) locks
         where locked_by not in (select worker_id from job_worker where beat_at >= clock_timestamp() - $1 * interval '1 second')))`,
      [DEAD_AFTER_SECONDS],
    )
  }
  const attempt = () =>
    void beat().catch((error) => log.warn({ err: error }, 'job workers could not say they are alive'))
  const timer = setInterval(attempt, BEAT_MS)
  timer.unref()
  setTimeout(attempt, 100).unref() // once the workers have their names
  return {
    async stop() {
      clearInterval(timer)
      await pool.query('delete from job_worker where worker_id = any($1)', [[...own]]).catch(() => undefined)
    },
  }
}
