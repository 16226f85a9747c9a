import { useCallback, useEffect, useRef, useState } from 'react'
import { ControlError, getControl } from './control-api.ts'
import { live } from './live.ts'

/** At ×3600 a topic comes dozens of times a second; the screen needs a few. */
const REFRESH_GAP_MS = 350
/** For what only counts: heads of a company, of a store. */
export const SLOW_GAP_MS = 4000

export interface Resource<T> {
  data?: T
  error?: ControlError
  refresh(): void
}

/** Reads a control path, and again whenever one of the topics is heard. Null reads nothing. The old answer stays until the new one. */
export function useResource<T>(path: string | null, topics: readonly string[], gapMs = REFRESH_GAP_MS): Resource<T> {
  const [state, setState] = useState<{ path: string | null; data?: T; error?: ControlError }>({ path })
  const load = useRef(() => {})
  const wanted = topics.join('|')

  useEffect(() => {
    if (path === null) return
    const halt = new AbortController()
    let timer: number | undefined
    let lastAt = 0
    const read = () => {
      timer = undefined
      lastAt = performance.now()
      getControl<T>(path, halt.signal).then(
        (data) => !halt.signal.aborted && setState({ path, data }),
        (error: unknown) => {
          if (halt.signal.aborted) return
          if (!(error instanceof ControlError)) throw error
          setState((was) => ({ path, data: was.path === path ? was.data : undefined, error }))
        },
      )
    }
    const readSoon = () => {
      timer ??= window.setTimeout(read, Math.max(0, lastAt + gapMs - performance.now()))
    }
    load.current = readSoon
    const names = new Set([...wanted.split('|'), 'resync'])
    const stop = live.watchTopics((heard) => heard.some((topic) => names.has(topic)) && readSoon())
    read()
    return () => {
      halt.abort()
      window.clearTimeout(timer)
      stop()
    }
  }, [path, wanted, gapMs])

  const refresh = useCallback(() => load.current(), [])
  const isCurrent = state.path === path
  return { data: isCurrent ? state.data : undefined, error: isCurrent ? state.error : undefined, refresh }
}
