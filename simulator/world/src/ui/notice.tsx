import { useEffect } from 'react'

const SHOWN_MS = 5000

/** What the world refused, in its own words. Goes by itself, or at a tap. */
export function Notice({ text, onDone }: { text?: string; onDone(): void }) {
  useEffect(() => {
    if (text === undefined) return
    const timer = setTimeout(onDone, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [text, onDone])
  if (text === undefined) return null
  return (
    <div className="notice" role="alert">
      <button type="button" onClick={onDone}>
        {text}
      </button>
    </div>
  )
}
