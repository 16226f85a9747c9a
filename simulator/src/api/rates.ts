import { ApiFailure } from './errors.ts'

/** developer.work.weixin.qq.com/document/path/90312, 2026-11: calls of one corp to one API, and from one IP to one API. */
const CORP_LIMITS = { minute: 10_000, hour: 150_000 }
const IP_LIMITS = { minute: 20_000, hour: 600_000 }
const WINDOW_MS = { minute: 60_000, hour: 3_600_000 }
type Window = keyof typeof WINDOW_MS

interface Count {
  windows: Record<Window, { startMs: number; calls: number }>
  blockedUntilMs: number
}

/** Counts calls in wire time. Whoever goes over a window is refused for that window's length. */
export class Rates {
  readonly #counts = new Map<string, Count>()
  readonly #wireMs: () => number

  constructor(wireMs: () => number) {
    this.#wireMs = wireMs
  }

  check(corpid: string, ip: string, path: string): void {
    this.take(`corp ${corpid} ${path}`, CORP_LIMITS)
    this.take(`ip ${ip} ${path}`, IP_LIMITS)
  }

  /** Counts one call against limits of its own, such as 400 tickets an hour. */
  take(key: string, limits: Partial<Record<Window, number>>): void {
    const now = this.#wireMs()
    const count = this.#countOf(key)
    if (now < count.blockedUntilMs) throw new ApiFailure(45009, '还在限频时间里')
    for (const name of ['minute', 'hour'] as const) {
      const window = count.windows[name]
      if (now - window.startMs >= WINDOW_MS[name]) Object.assign(window, { startMs: now, calls: 0 })
      const limit = limits[name]
      if (limit !== undefined && ++window.calls > limit) {
        count.blockedUntilMs = now + WINDOW_MS[name]
        throw new ApiFailure(45009, `超过每${name === 'minute' ? '分钟' : '小时'} ${limit} 次`)
      }
    }
  }

  /** Counts without a limit reached yet: true when the next one would be refused. */
  blocked(key: string): boolean {
    return this.#wireMs() < (this.#counts.get(key)?.blockedUntilMs ?? 0)
  }

  /** An injected 45009 blocks for as long as a real one. */
  block(corpid: string, path: string, window: Window): void {
    this.#countOf(`corp ${corpid} ${path}`).blockedUntilMs = this.#wireMs() + WINDOW_MS[window]
  }

  clear(): void {
    this.#counts.clear()
  }

  #countOf(key: string): Count {
    let count = this.#counts.get(key)
    if (!count) {
      const startMs = this.#wireMs()
      count = { windows: { minute: { startMs, calls: 0 }, hour: { startMs, calls: 0 } }, blockedUntilMs: 0 }
      this.#counts.set(key, count)
    }
    return count
  }
}
