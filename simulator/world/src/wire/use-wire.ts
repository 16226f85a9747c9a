import { useCallback, useEffect, useRef, useState } from 'react'
import type { WireEntry } from '../../../src/wire.ts'
import { ControlError, getControl, sendControl, type WirePage } from '../control-api.ts'
import { live, useEntries } from '../live.ts'
import { passesFilter, type WireFilter } from './wire-words.ts'

const PAGE = 60
/** Rows kept on the page; older ones are one tap away. */
const ROWS_MAX = 400
/** A fast world sends hundreds of rows a second; the eye gets a few batches. */
const BATCH_MS = 120

interface WireState {
  entries: WireEntry[]
  injected: number
  nextBefore?: number
}
const NOTHING: WireState = { entries: [], injected: 0 }

/** The wire of one company through one filter, newest first. While `isHeld`, new rows wait outside and are counted. */
export function useWire(corpid: string, filter: WireFilter, isHeld: boolean) {
  const [state, setState] = useState<WireState>(NOTHING)
  const [waiting, setWaiting] = useState(0)
  const arrived = useRef<WireEntry[]>([])
  const timer = useRef<number>(undefined)
  const held = useRef(isHeld)

  const letIn = useCallback(() => {
    const entries = arrived.current.splice(0).reverse()
    setWaiting(0)
    if (entries.length === 0) return
    setState((was) => {
      const known = new Set(was.entries.map(({ id }) => id))
      const fresh = entries.filter(({ id }) => !known.has(id))
      const all = [...fresh, ...was.entries]
      const kept = all.slice(0, ROWS_MAX)
      return { ...was, entries: kept, nextBefore: kept.length < all.length ? kept.at(-1)?.id : was.nextBefore }
    })
  }, [])

  useEffect(() => {
    held.current = isHeld
    if (!isHeld) letIn()
  }, [isHeld, letIn])

  useEffect(() => {
    const halt = new AbortController()
    const read = () => {
      arrived.current = []
      setWaiting(0)
      getControl<WirePage>(pathOf(corpid, filter), halt.signal).then((page) => {
        // What came over the stream meanwhile is newer than the page, and may be on it.
        const newest = page.entries[0]?.id ?? 0
        arrived.current = arrived.current.filter(({ id }) => id > newest)
        setState({ ...page, entries: page.entries })
        if (!held.current) letIn()
      }, ignoreAway(halt.signal))
    }
    setState(NOTHING)
    read()
    const stop = live.watchTopics((topics) => topics.includes('resync') && read())
    return () => {
      halt.abort()
      stop()
    }
  }, [corpid, filter, letIn])

  useEntries((entry, isNew) => {
    if (entry.corpid !== corpid && entry.corpid !== '') return
    if (!isNew) {
      const swap = (list: WireEntry[]) => list.map((it) => (it.id === entry.id ? entry : it))
      arrived.current = swap(arrived.current)
      setState((was) => ({ ...was, entries: swap(was.entries) }))
      return
    }
    if (entry.fault) setState((was) => ({ ...was, injected: was.injected + 1 }))
    if (!passesFilter(entry, filter)) return
    arrived.current.push(entry)
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined
      if (held.current) setWaiting(arrived.current.length)
      else letIn()
    }, BATCH_MS)
  })

  const oldest = state.entries.at(-1)?.id
  const hasMore = state.nextBefore !== undefined && state.entries.length >= PAGE
  const readOlder = useCallback(async () => {
    const page = await getControl<WirePage>(pathOf(corpid, filter, oldest)).catch(ignoreAway())
    if (!page) return
    setState((was) => {
      // Two readers of the same page add it once.
      if (was.entries.at(-1)?.id !== oldest) return was
      const nextBefore = page.entries.length < PAGE ? undefined : page.nextBefore
      return { ...was, entries: [...was.entries, ...page.entries], nextBefore }
    })
  }, [corpid, filter, oldest])
  const clear = async () => {
    await sendControl('POST', '/wire/clear', {})
    arrived.current = []
    setWaiting(0)
    setState(NOTHING)
  }
  return { ...state, waiting, letIn, readOlder: hasMore ? readOlder : undefined, clear }
}

function pathOf(corpid: string, filter: WireFilter, before?: number): string {
  const search = new URLSearchParams({ corpid, limit: String(PAGE) })
  if (filter === 'fault') search.set('fault', 'true')
  else if (filter !== 'all') search.set('direction', filter)
  if (before !== undefined) search.set('before', String(before))
  return `/wire?${search}`
}

/** An away simulator is told by the stream's state; the rows come with the resync. */
function ignoreAway(signal?: AbortSignal) {
  return (error: unknown): undefined => {
    if (!signal?.aborted && !(error instanceof ControlError)) throw error
  }
}
