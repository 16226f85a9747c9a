import { useEffect, useState, useSyncExternalStore } from 'react'
import { type ClockView, getControl, sendControl } from './control-api.ts'
import { live } from './live.ts'

export interface ClockChange {
  speed?: number
  paused?: boolean
  jumpSeconds?: number
}

/** Anchors drift with the browser's timers; asking now and then costs nothing. */
const RESYNC_MS = 30_000

/** The world's clock as last heard, run on here so that seconds tick without asking. */
class WorldClock {
  view: ClockView = { virtualMs: Date.now(), wireMs: 0, speed: 1, paused: true }
  known = false
  #heardAt = performance.now()
  readonly #listeners = new Set<() => void>()

  start(): void {
    const read = () => void getControl<ClockView>('/clock').then(this.hear, () => undefined)
    live.watchTopics((topics) => (topics.includes('clock') || topics.includes('resync')) && read())
    setInterval(read, RESYNC_MS)
    read()
  }

  hear = (view: ClockView): void => {
    this.view = view
    this.known = true
    this.#heardAt = performance.now()
    for (const listener of this.#listeners) listener()
  }

  async change(change: ClockChange): Promise<void> {
    this.hear(await sendControl<ClockView>('POST', '/clock', change))
  }

  #elapsedMs(): number {
    return this.view.paused ? 0 : performance.now() - this.#heardAt
  }

  nowMs(): number {
    return this.view.virtualMs + this.#elapsedMs() * this.view.speed
  }

  wireMs(): number {
    return this.view.wireMs + this.#elapsedMs()
  }

  watch = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

export const clock = new WorldClock()

export function useClock(): ClockView {
  return useSyncExternalStore(clock.watch, () => clock.view)
}

/** The world's time, drawn anew every `everyMs`. Small components only: each tick renders them. */
export function useNow(everyMs: number): number {
  const view = useClock()
  const [now, setNow] = useState(() => clock.nowMs())
  useEffect(() => {
    setNow(clock.nowMs())
    if (view.paused) return
    const timer = setInterval(() => setNow(clock.nowMs()), everyMs)
    return () => clearInterval(timer)
  }, [view, everyMs])
  return now
}
