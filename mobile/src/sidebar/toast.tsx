import { useEffect } from 'react'
import { say } from './words.ts'

export interface Told {
  text: string
  bad?: boolean
  stays?: boolean
  undo?(): void
}

const SHOWN_MS = 6_000

/** What was just done, above the lower edge, with the way back as long as it stands there. */
export function Toast({ told, onGone }: { told?: Told; onGone(): void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: its time begins with what is told
  useEffect(() => {
    if (!told || told.stays) return
    const timer = setTimeout(onGone, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [told])
  return (
    <div className="toasts" role="status">
      {told && (
        <p className={told.bad ? 'toast bad' : 'toast'}>
          <span>{told.text}</span>
          {told.undo && (
            <button
              type="button"
              onClick={() => {
                told.undo?.()
                onGone()
              }}
            >
              {say('undo')}
            </button>
          )}
        </p>
      )}
    </div>
  )
}
