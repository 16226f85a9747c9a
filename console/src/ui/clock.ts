import { useSyncExternalStore } from 'react'

// Beside the simulated WeCom the server's clock can be wound. Relative times are told by the server's clock, which
// every health answer brings along; between two answers it runs on with ours.
const TICK_MS = 15_000
let aheadMs = 0
let now = new Date()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function tick(): void {
  now = new Date(Date.now() + aheadMs)
  for (const listener of listeners) listener()
}

export function setServerTime(iso: string): void {
  const ahead = new Date(iso).getTime() - Date.now()
  if (Math.abs(ahead - aheadMs) < 2_000) return
  aheadMs = ahead
  tick()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The server's time, moving on every 15 seconds. */
export const useNow = (): Date => useSyncExternalStore(subscribe, () => now)
