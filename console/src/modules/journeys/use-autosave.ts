import { useCallback, useEffect, useRef, useState } from 'react'
import { toProblem } from '../../api/problem.ts'
import { useKept } from '../segments/use-kept.ts'

const PAUSE_MS = 700
const AGAIN_MS = 5_000

export type SaveState =
  | { is: 'saved'; at: Date | null }
  | { is: 'waiting' }
  | { is: 'saving' }
  /** Somebody else has saved meanwhile: nothing is written until a person says which of the two holds. */
  | { is: 'conflict' }
  | { is: 'failed'; error: unknown }

/**
 * Writes a value when its typing pauses. Saves follow one another, each on the revision the one before brought; one that
 * fails is tried again with what stands then.
 */
export function useAutosave<T>(value: T, revision: number, save: (value: T, revision: number) => Promise<number>) {
  const [state, setState] = useState<SaveState>({ is: 'saved', at: null })
  const known = useRef({
    value,
    revision,
    saved: value,
    busy: undefined as Promise<void> | undefined,
    blocked: false,
    save,
  })
  known.current.value = value
  known.current.save = save
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current)
    const { current } = known
    await current.busy
    if (current.value === current.saved) return true
    if (current.blocked) return false
    const going = current.value
    setState({ is: 'saving' })
    let ok = false
    current.busy = (async () => {
      try {
        current.revision = await current.save(going, current.revision)
        current.saved = going
        ok = true
        setState({ is: 'saved', at: new Date() })
      } catch (error) {
        const { code } = toProblem(error)
        if (code.endsWith('changed')) {
          current.blocked = true
          setState({ is: 'conflict' })
        } else {
          setState({ is: 'failed', error })
          timer.current = setTimeout(() => void flush(), AGAIN_MS)
        }
      }
    })()
    await current.busy
    current.busy = undefined
    return ok && (current.value === current.saved || (await flush()))
  }, [])

  useEffect(() => {
    if (value === known.current.saved) return
    if (known.current.blocked) return
    setState({ is: 'waiting' })
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void flush(), PAUSE_MS)
  }, [value, flush])
  // Leaving for another page of ours takes along what was typed last.
  useEffect(() => () => void flush(), [flush])
  useKept(state.is !== 'saved')

  /** Takes what the server has for the truth, or ours against it. */
  const accept = useCallback((saved: T, at: number) => {
    Object.assign(known.current, { saved, revision: at, blocked: false })
    setState({ is: 'saved', at: null })
  }, [])
  const overwrite = useCallback(
    (at: number) => {
      Object.assign(known.current, { revision: at, blocked: false })
      setState({ is: 'waiting' })
      void flush()
    },
    [flush],
  )
  return { state, flush, accept, overwrite }
}
