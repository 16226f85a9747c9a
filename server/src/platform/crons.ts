import { sql } from 'kysely'
import type { Db } from './db.ts'
import type { Log } from './log.ts'

export interface Rhythm<Context> {
  name: string
  everyMinutes: number
  run(context: Context): Promise<void>
}

const MINUTE_MS = 60_000

/**
 * Runs each piece of work on its rhythm, in one process of all: whoever takes the name's advisory lock in that minute.
 * A run that outlasts its rhythm is not joined by a second.
 */
export function startCrons<Context extends { db: Db; log: Log }>(
  crons: Rhythm<Context>[],
  context: Context,
): { stop(): void } {
  const under = new Set<string>()
  const timers = crons.map((cron) => {
    const tick = async () => {
      if (under.has(cron.name)) return
      under.add(cron.name)
      try {
        await context.db.connection().execute(async (held) => {
          const {
            rows: [lock],
          } = await sql<{ got: boolean }>`select pg_try_advisory_lock(hashtext(${cron.name})) as got`.execute(held)
          if (!lock?.got) return
          try {
            await cron.run(context)
          } finally {
            await sql`select pg_advisory_unlock(hashtext(${cron.name}))`.execute(held)
          }
        })
      } catch (error) {
        context.log.error({ err: error, cron: cron.name }, 'scheduled work failed; it comes round again')
      } finally {
        under.delete(cron.name)
      }
    }
    const timer = setInterval(() => void tick(), cron.everyMinutes * MINUTE_MS)
    timer.unref()
    return timer
  })
  return {
    stop: () => {
      for (const timer of timers) clearInterval(timer)
    },
  }
}
