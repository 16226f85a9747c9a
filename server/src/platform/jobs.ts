import { Logger, type Runner, run, type TaskList } from 'graphile-worker'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from './db.ts'
import type { Log } from './log.ts'

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

/** Runs jobs until stopped. Connects as the owner: the queue's own tables refuse the serving role. */
export async function startJobs<Context>(
  databaseUrl: string,
  jobs: Job<Context, { corpId: string }>[],
  context: Context,
  log: Log,
): Promise<Runner> {
  const taskList: TaskList = {}
  for (const job of jobs) {
    taskList[job.name] = async (raw, helpers) => {
      const payload = job.payload.parse(raw)
      const { attempts, max_attempts: most } = helpers.job
      await job.run(context, payload, {
        number: attempts,
        last: attempts >= most,
        signal: helpers.abortSignal ?? new AbortController().signal,
      })
    }
  }
  return run({
    connectionString: databaseUrl,
    taskList,
    concurrency: 8,
    noHandleSignals: true,
    pollInterval: 1_000,
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.error({ jobs: true }, message)
      else if (level === 'warning') log.warn({ jobs: true }, message)
      else log.debug({ jobs: true }, message)
    }),
  })
}
