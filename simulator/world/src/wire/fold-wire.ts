import type { WireEntry } from '../../../src/wire.ts'
import { isAbout } from './wire-words.ts'

export interface Fold {
  /** The id of its oldest row: stays the same while newer rows join. */
  id: number
  entries: WireEntry[]
  /** People acted (something was called back), or a program called on and on. */
  kind: 'played' | 'called'
  refused: number
  injected: number
  /** The APIs in it, the most frequent first: `externalcontact/get × 24`. */
  apis: string
}
export type WireItem = { entry: WireEntry } | { fold: Fold }

/** Rows closer than this belong to one burst; at ×1 people leave more time between two things. */
const BURST_GAP_MS = 1500
/** A burst shorter than this is read faster than a fold is opened. */
const BURST_ROWS_MIN = 8
/** Longer ones are cut, so that the list still tells the hours that passed. */
const FOLD_ROWS_MAX = 50
const APIS_SHOWN = 2

/**
 * Folds bursts of what concerns nobody on stage, so that ×3600 or a full sync leaves the visitor's own rows in sight.
 * Rows about the customer on stage never fold; what was injected or refused among the others is counted on the fold.
 */
export function foldWire(newestFirst: readonly WireEntry[], onStage: string): WireItem[] {
  const items: WireItem[] = []
  let burst: WireEntry[] = []
  const close = () => {
    items.push(...partsOf(burst))
    burst = []
  }
  for (const entry of newestFirst) {
    const newer = burst.at(-1)
    if (newer && newer.realAt - entry.realAt > BURST_GAP_MS) close()
    if (isAbout(entry, onStage)) {
      close()
      items.push({ entry })
    } else burst.push(entry)
  }
  close()
  return items
}

/** Cut from the oldest end: the parts stay as they are while newer rows come. */
function partsOf(burst: readonly WireEntry[]): WireItem[] {
  const parts: WireItem[] = []
  for (let end = burst.length; end > 0; end -= FOLD_ROWS_MAX) {
    const rows = burst.slice(Math.max(0, end - FOLD_ROWS_MAX), end)
    if (rows.length >= BURST_ROWS_MIN) parts.unshift({ fold: foldOf(rows) })
    else parts.unshift(...rows.map((entry) => ({ entry })))
  }
  return parts
}

function foldOf(entries: WireEntry[]): Fold {
  const counts = new Map<string, number>()
  for (const { api } of entries) counts.set(api, (counts.get(api) ?? 0) + 1)
  const ranked = [...counts].sort((a, b) => b[1] - a[1])
  const shown = ranked.slice(0, APIS_SHOWN).map(([api, count]) => `${api} × ${count}`)
  const rest = ranked.length > APIS_SHOWN ? ` 等 ${ranked.length} 种` : ''
  return {
    id: entries.at(-1)!.id,
    entries,
    kind: entries.some(({ callback }) => callback !== undefined) ? 'played' : 'called',
    refused: entries.filter(({ ok, fault }) => !ok && !fault).length,
    injected: entries.filter(({ fault }) => fault).length,
    apis: `${shown.join('，')}${rest}`,
  }
}

/** Rows that bring the very event an older row has brought: a duplicate fault, not a retry. */
export function repeatsOf(newestFirst: readonly WireEntry[]): Set<number> {
  const seen = new Set<string>()
  const repeats = new Set<number>()
  for (const { id, fault, callback } of newestFirst.toReversed()) {
    if (fault?.kind !== 'duplicate' || !callback) continue
    if (seen.has(callback.xml)) repeats.add(id)
    seen.add(callback.xml)
  }
  return repeats
}
