import { useEffect, useState } from 'react'
import { useEntries } from '../live.ts'

const COUNT_MAX = 999

/** Rows that came while the drawer was shut, for the counter on its button. */
export function useUnseen(corpid: string, isShown: boolean): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    if (isShown) setCount(0)
  }, [isShown])
  useEntries((entry, isNew) => {
    if (isNew && !isShown && entry.corpid === corpid) setCount((was) => Math.min(COUNT_MAX, was + 1))
  })
  return count
}
