import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { WireEntry, WireEvent } from '../../src/wire.ts'
import { topicsOf } from './live-topics.ts'

export type LiveStatus = 'connecting' | 'open' | 'lost'
type OnEntry = (entry: WireEntry, isNew: boolean) => void
type OnTopics = (topics: readonly string[]) => void

const RETRY_MS = 2000

/** One stream for the whole page. It comes back by itself; whoever listens then reads everything anew (`resync`). */
class Live {
  status: LiveStatus = 'connecting'
  #source: EventSource | undefined
  #wasLost = false
  readonly #onStatus = new Set<() => void>()
  readonly #onTopics = new Set<OnTopics>()
  readonly #onEntry = new Set<OnEntry>()

  start(): void {
    const source = new EventSource('/control/wire/stream')
    this.#source = source
    source.addEventListener('open', () => {
      this.#setStatus('open')
      if (this.#wasLost) this.#tell(['resync'])
      this.#wasLost = false
    })
    source.addEventListener('error', () => {
      this.#wasLost = true
      this.#setStatus('lost')
      // The browser reconnects after a cut, but gives up for good when a proxy answers with an error.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.start(), RETRY_MS)
    })
    for (const type of ['entry', 'update', 'message', 'world', 'clock']) {
      source.addEventListener(type, (message) => this.#receive(JSON.parse((message as MessageEvent<string>).data)))
    }
  }

  stop(): void {
    this.#source?.close()
  }

  #receive(event: WireEvent): void {
    if (event.type === 'entry' || event.type === 'update') {
      for (const listener of this.#onEntry) listener(event.entry, event.type === 'entry')
    }
    const topics = topicsOf(event)
    if (topics.length > 0) this.#tell(topics)
  }

  #tell(topics: readonly string[]): void {
    for (const listener of this.#onTopics) listener(topics)
  }

  #setStatus(status: LiveStatus): void {
    this.status = status
    for (const listener of this.#onStatus) listener()
  }

  watchStatus = (listener: () => void) => subscribe(this.#onStatus, listener)
  watchTopics = (listener: OnTopics) => subscribe(this.#onTopics, listener)
  watchEntries = (listener: OnEntry) => subscribe(this.#onEntry, listener)
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const live = new Live()

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(live.watchStatus, () => live.status)
}

export function useEntries(onEntry: OnEntry): void {
  const latest = useRef(onEntry)
  useEffect(() => {
    latest.current = onEntry
  })
  useEffect(() => live.watchEntries((entry, isNew) => latest.current(entry, isNew)), [])
}
