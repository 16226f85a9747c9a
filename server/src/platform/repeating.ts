import type { Log } from './log.ts'

export interface Repeating {
  /** Has the work done now, or once more after the run under way. */
  wake(): void
  /** Waits for the run under way; no other begins. */
  stop(): Promise<void>
}

/** Runs `work` whenever woken, never twice at once; a wake during a run makes one more run. */
export function repeating(log: Log, failure: string, work: () => Promise<void>): Repeating {
  let current: Promise<void> | undefined
  let again = false
  let stopped = false
  const wake = () => {
    if (stopped) return
    if (current !== undefined) {
      again = true
      return
    }
    again = false
    current = work()
      .catch((error) => log.error({ err: error }, failure))
      .finally(() => {
        current = undefined
        if (again) wake()
      })
  }
  return {
    wake,
    async stop() {
      stopped = true
      await current
    },
  }
}
