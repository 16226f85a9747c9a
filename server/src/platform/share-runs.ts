/** Runs of shared work. */
export interface SharedRuns<T, R> {
  /** Settles once the run that took it has: with its result, or with the error of its own or of the whole run. */
  add(one: T): Promise<R>
  /** Waits for what is under way and waiting. */
  stop(): Promise<void>
}

interface Waiting<T, R> {
  one: T
  done: (result: R) => void
  failed: (error: unknown) => void
}

/**
 * Everything that arrives while runs are under way shares the next: one transaction and one fsync for all of it. `run` gives
 * a result for each in its order, or an Error for one that failed alone. A run takes at most `weightMax`, or one that weighs
 * more; `inFlightMax` runs at once keep the disk busy.
 *
 *     const stored = shareRuns(storeAll, { weightMax: 500, inFlightMax: 3 })
 *     await stored.add(row)
 */
export function shareRuns<T, R>(
  run: (batch: T[]) => Promise<readonly (R | Error)[]>,
  { weightMax, inFlightMax, weigh = () => 1 }: { weightMax: number; inFlightMax: number; weigh?: (one: T) => number },
): SharedRuns<T, R> {
  let waiting: Waiting<T, R>[] = []
  const inFlight = new Set<Promise<void>>()

  const next = (): Waiting<T, R>[] => {
    let [count, weight] = [0, 0]
    while (count < waiting.length && (count === 0 || weight + weigh(waiting[count]!.one) <= weightMax))
      weight += weigh(waiting[count++]!.one)
    const batch = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return batch
  }
  const fly = async (batch: Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await run(batch.map(({ one }) => one))
      batch.forEach(({ done, failed }, i) => {
        const result = results[i]
        if (result instanceof Error) failed(result)
        else done(result as R)
      })
    } catch (error) {
      for (const { failed } of batch) failed(error)
    }
  }
  const pump = () => {
    while (waiting.length > 0 && inFlight.size < inFlightMax) {
      const flight = fly(next())
      inFlight.add(flight)
      void flight.finally(() => {
        inFlight.delete(flight)
        pump()
      })
    }
  }
  return {
    add: (one) =>
      new Promise((done, failed) => {
        waiting.push({ one, done, failed })
        if (waiting.length === 1) setImmediate(pump) // lets the requests of this turn share the statement
      }),
    async stop() {
      while (waiting.length > 0 || inFlight.size > 0)
        await Promise.all([...inFlight, new Promise((done) => setImmediate(done))])
    },
  }
}
