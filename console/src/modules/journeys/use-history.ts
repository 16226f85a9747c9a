import { useCallback, useState } from 'react'

const KEPT = 100

interface Past<T> {
  before: T[]
  now: T
  after: T[]
}

/** A value with its past: one change at a time can be taken back and made again. */
export function useHistory<T>(first: T) {
  const [past, setPast] = useState<Past<T>>({ before: [], now: first, after: [] })
  /** Changes under one name in a row (typing in one field) are one step back. */
  const [last, setLast] = useState<string>()
  const change = useCallback(
    (next: T, name?: string) => {
      setPast(({ before, now }) => ({
        before: name !== undefined && name === last ? before : [...before, now].slice(-KEPT),
        now: next,
        after: [],
      }))
      setLast(name)
    },
    [last],
  )
  const undo = useCallback(() => {
    setLast(undefined)
    setPast((old) => {
      const back = old.before.at(-1)
      return back === undefined ? old : { before: old.before.slice(0, -1), now: back, after: [old.now, ...old.after] }
    })
  }, [])
  const redo = useCallback(() => {
    setLast(undefined)
    setPast((old) => {
      const [ahead, ...rest] = old.after
      return ahead === undefined ? old : { before: [...old.before, old.now], now: ahead, after: rest }
    })
  }, [])
  const reset = useCallback((value: T) => {
    setLast(undefined)
    setPast({ before: [], now: value, after: [] })
  }, [])
  return { value: past.now, change, undo, redo, reset, canUndo: past.before.length > 0, canRedo: past.after.length > 0 }
}
