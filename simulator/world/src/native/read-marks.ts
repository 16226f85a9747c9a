import { useSyncExternalStore } from 'react'

/** How far pages were read that were opened from cards here; forgotten with the page. */
const depths = new Map<string, number>()
const listeners = new Set<() => void>()

export function markRead(url: string, depth: number): void {
  if ((depths.get(url) ?? -1) >= depth) return
  depths.set(url, depth)
  for (const listener of listeners) listener()
}

const listen = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Of a hundred; undefined while nobody has opened it. */
export const useReadMark = (url: string | undefined): number | undefined =>
  useSyncExternalStore(listen, () => (url === undefined ? undefined : depths.get(url)))
