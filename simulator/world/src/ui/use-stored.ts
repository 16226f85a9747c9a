import { useCallback, useState } from 'react'

/** A piece of state this browser remembers. A broken or foreign value counts as none. */
export function useStored<T>(name: string, initial: T): [T, (value: T) => void] {
  const key = `siyu-world:${name}`
  const [entry, setEntry] = useState(() => ({ key, value: readStored(key, initial) }))
  const set = useCallback(
    (value: T) => {
      localStorage.setItem(key, JSON.stringify(value))
      setEntry({ key, value })
    },
    [key],
  )
  if (entry.key !== key) {
    const fresh = { key, value: readStored(key, initial) }
    setEntry(fresh)
    return [fresh.value, set]
  }
  return [entry.value, set]
}

function readStored<T>(key: string, initial: T): T {
  const text = localStorage.getItem(key)
  if (text === null) return initial
  try {
    return JSON.parse(text) as T
  } catch {
    return initial
  }
}
