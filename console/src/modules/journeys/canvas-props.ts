import type { Face, Gap, Lit, Tally } from './faces.ts'
import type { Way } from './layout.ts'

/** What the canvas and the list are both given: two readings of one journey. */
export interface CanvasProps {
  start: string
  waysOf: (key: string) => Way[]
  faceOf: (key: string) => Face
  wordOf: (key: string, port: string) => string | undefined
  at: string | null
  onAt: (key: string | null) => void
  onOpen: (key: string) => void
  /** Undefined where nothing may be changed. */
  onInsert: ((gap: Gap) => void) | undefined
  onRemove: ((key: string) => void) | undefined
  tallyOf?: ((key: string) => Tally | undefined) | undefined
  wentBy?: ((key: string, port: string) => number | undefined) | undefined
  lit?: Lit | undefined
}
