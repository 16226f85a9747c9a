/** The time of the world we serve. With a real WeCom it is this machine's; beside the simulator it follows the simulator's clock. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock for tests: stands still until moved. */
export function standingClock(at: Date): Clock & { move(ms: number): void } {
  let ms = at.getTime()
  return {
    now: () => new Date(ms),
    move(by) {
      ms += by
    },
  }
}
