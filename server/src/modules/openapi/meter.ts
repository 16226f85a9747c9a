/** Counts requests by a name within windows of one length; the count begins anew with each. Of one process. */
export interface Meter {
  /** Seconds until the name may go on; 0 while it may. */
  wait(name: string, nowMs: number): number
}

/** Names kept at once: past it the window ends early, so that made-up names cannot fill the memory. */
const NAMES_MAX = 50_000

export function createMeter({ most, windowMs }: { most: number; windowMs: number }): Meter {
  const counts = new Map<string, number>()
  let endsAt = 0
  return {
    wait(name, nowMs) {
      if (nowMs >= endsAt || nowMs < endsAt - windowMs || counts.size > NAMES_MAX) {
        counts.clear()
        endsAt = nowMs + windowMs
      }
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      return count <= most ? 0 : Math.max(1, Math.ceil((endsAt - nowMs) / 1000))
    },
  }
}
