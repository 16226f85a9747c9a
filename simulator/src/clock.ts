/** What is stored, so that a restart goes on where the world stopped. */
export interface ClockState {
  realMs: number
  virtualMs: number
  wireMs: number
  speed: number
  paused: boolean
}

export const CLOCK_SPEEDS = [1, 60, 3600]

/**
 * Two times run side by side.
 *
 * **Virtual time** is the world's calendar: base + elapsed × speed. Long rules read it (media 3 days, history, `CreateTime`).
 * **Wire time** is real elapsed time plus jumps, never multiplied by speed. Short deadlines between two programs read it
 * (welcome code 20 s, OAuth code 5 min, token 2 h), so that ×3600 does not make every welcome late, while +1 hour expires them.
 * A paused clock stops both.
 */
export class Clock {
  #state: ClockState
  readonly #real: () => number
  #listeners: ((state: ClockState) => void)[] = []

  constructor(stored?: ClockState, options: { startAtMs?: number; real?: () => number } = {}) {
    this.#real = options.real ?? Date.now
    const realMs = this.#real()
    if (stored) {
      // The time we were off counts as ordinary time: ×3600 must not turn a night off into years.
      const offMs = stored.paused ? 0 : Math.max(0, realMs - stored.realMs)
      this.#state = { ...stored, realMs, virtualMs: stored.virtualMs + offMs, wireMs: stored.wireMs + offMs }
    } else {
      this.#state = { realMs, virtualMs: options.startAtMs ?? realMs, wireMs: 0, speed: 1, paused: false }
    }
  }

  get speed(): number {
    return this.#state.speed
  }

  get paused(): boolean {
    return this.#state.paused
  }

  #elapsedMs(): number {
    return this.#state.paused ? 0 : this.#real() - this.#state.realMs
  }

  virtualMs(): number {
    return this.#state.virtualMs + this.#elapsedMs() * this.#state.speed
  }

  /** Unix seconds of the world, as WeCom writes them. */
  seconds(): number {
    return Math.floor(this.virtualMs() / 1000)
  }

  wireMs(): number {
    return this.#state.wireMs + this.#elapsedMs()
  }

  set(change: { speed?: number; paused?: boolean; jumpSeconds?: number }): void {
    const jumpMs = (change.jumpSeconds ?? 0) * 1000
    this.#state = {
      realMs: this.#real(),
      virtualMs: this.virtualMs() + jumpMs,
      wireMs: this.wireMs() + jumpMs,
      speed: change.speed ?? this.#state.speed,
      paused: change.paused ?? this.#state.paused,
    }
    for (const listener of this.#listeners) listener(this.#state)
  }

  /** Anchored at this instant, so that what is stored is never older than the last flush. */
  snapshot(): ClockState {
    return { ...this.#state, realMs: this.#real(), virtualMs: this.virtualMs(), wireMs: this.wireMs() }
  }

  onChange(listener: (state: ClockState) => void): void {
    this.#listeners.push(listener)
  }
}
