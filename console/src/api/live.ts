import { useEffect, useEffectEvent, useState } from 'react'

export type LiveState = 'connecting' | 'live' | 'lost'

/**
 * Follows a stream of server-sent events while the page shows it. `onEvent` gets each named event's data; `onGap` is told
 * when something may have been missed (the stream came back, or too much happened to name): read again.
 */
export function useLive(
  url: string,
  onEvent: (name: 'event' | 'health', data: unknown) => void,
  onGap: () => void,
): LiveState {
  const [state, setState] = useState<LiveState>('connecting')
  const hear = useEffectEvent(onEvent)
  const gap = useEffectEvent(onGap)
  useEffect(() => {
    let source: EventSource
    let wasLost = false
    let again: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      source = new EventSource(url)
      source.onopen = () => {
        setState('live')
        if (wasLost) gap()
        wasLost = false
      }
      source.onerror = () => {
        wasLost = true
        setState('lost')
        // The browser gives up on an answer that is not 200 (a busy server); we do not.
        if (source.readyState === EventSource.CLOSED) again = setTimeout(open, 10_000)
      }
      for (const name of ['event', 'health'] as const) {
        source.addEventListener(name, (message) => hear(name, JSON.parse(message.data)))
      }
      source.addEventListener('bulk', () => gap())
    }
    open()
    return () => {
      clearTimeout(again)
      source.close()
    }
  }, [url])
  return state
}
