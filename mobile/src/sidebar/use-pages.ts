import { useEffect, useState } from 'react'
import { Refused } from '../api/ask.ts'

export interface Pages<T> {
  items: readonly T[]
  isBusy: boolean
  /** There is more to read. */
  hasMore: boolean
  error?: Refused
  more(): void
}

/** A list that is read page by page, the first at once. */
export function usePages<T>(read: (before?: string) => Promise<{ items: T[]; nextCursor: string | null }>): Pages<T> {
  const [items, setItems] = useState<readonly T[]>([])
  const [cursor, setCursor] = useState<string | null>()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<Refused>()
  const more = () => {
    setBusy(true)
    setError(undefined)
    void read(cursor ?? undefined)
      .then(
        (page) => {
          setItems((was) => [...was, ...page.items])
          setCursor(page.nextCursor)
        },
        (problem: unknown) => {
          if (!(problem instanceof Refused)) throw problem
          setError(problem)
        },
      )
      .finally(() => setBusy(false))
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first page, once
  useEffect(more, [])
  return { items, isBusy, hasMore: cursor !== null && cursor !== undefined, error, more }
}
