import { useCallback, useEffect, useRef, useState } from 'react'
import { isOffline, Refused } from '../api/ask.ts'
import { type About, about, type View } from '../api/sidebar.ts'
import { forgetSeen, keepSeen, type Seen, seenBefore } from './seen.ts'

export interface Customer {
  /** What the server says; until then what was seen before, if it was. */
  view?: View
  seen?: Seen
  error?: Refused
  offline: boolean
  /** Milliseconds the server's clock is ahead of the phone's. */
  skewMs: number
  about: About
  refresh(): Promise<void>
}

const SETTLE_MS = 150
const RETRY_UNKNOWN_MS = 2_000

/** One customer, read at once, kept fresh by what the journal tells, and read again when the network is back. */
export function useCustomer(externalUserid: string): Customer {
  const [state, setState] = useState<Pick<Customer, 'view' | 'error' | 'offline' | 'skewMs'>>({
    offline: false,
    skewMs: 0,
  })
  const [seen] = useState(() => seenBefore(externalUserid))
  const [asks] = useState(() => about(externalUserid))
  const asked = useRef(0)

  const refresh = useCallback(async () => {
    const turn = ++asked.current
    try {
      const view = await asks.read()
      if (turn !== asked.current) return
      const skewMs = view.is === 'mine' ? new Date(view.now).getTime() - Date.now() : 0
      setState({ view, offline: false, skewMs })
      if (view.is === 'mine') keepSeen(externalUserid, view)
      else forgetSeen(externalUserid)
      performance.mark('siyu-usable')
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (turn !== asked.current) return
      setState((was) => ({ ...was, ...(isOffline(error) ? { offline: true } : { error, offline: false }) }))
    }
  }, [asks, externalUserid])

  useEffect(() => {
    void refresh()
    const again = () => void refresh()
    addEventListener('online', again)
    return () => removeEventListener('online', again)
  }, [refresh])

  const isMine = state.view?.is === 'mine'
  useEffect(() => {
    if (!isMine) return
    const source = new EventSource(asks.live)
    let timer: ReturnType<typeof setTimeout> | undefined
    const hear = () => {
      clearTimeout(timer)
      timer = setTimeout(() => void refresh(), SETTLE_MS)
    }
    source.addEventListener('event', hear)
    source.addEventListener('bulk', hear)
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [asks, isMine, refresh])

  // Somebody added a moment ago is known here a moment later.
  const isUnknown = state.error?.status === 404
  useEffect(() => {
    if (!isUnknown) return
    const timer = setInterval(() => void refresh(), RETRY_UNKNOWN_MS)
    return () => clearInterval(timer)
  }, [isUnknown, refresh])

  return { ...state, seen, about: asks, refresh }
}
