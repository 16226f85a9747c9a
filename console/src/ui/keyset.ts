import { useLocation, useNavigate, useSearchParams } from 'react-router'

const PARAM = 'after'

/** The cursors of the pages before this one, kept in the history entry: a keyset knows only the way forward. */
const trailOf = (state: unknown): (string | null)[] =>
  typeof state === 'object' && state !== null && 'trail' in state && Array.isArray(state.trail) ? state.trail : []

export interface Keyset {
  cursor: string | undefined
  /** Pages turned so far; undefined when the page was opened from a link and nobody counted. */
  turned: number | undefined
  next: (cursor: string) => void
  previous: (() => void) | undefined
}

/** Where we are in a keyset list. The cursor stands in the URL. */
export function useKeyset(): Keyset {
  const [params] = useSearchParams()
  const location = useLocation()
  const navigate = useNavigate()
  const cursor = params.get(PARAM) ?? undefined
  const trail = trailOf(location.state)
  const go = (to: string | null | undefined, state: { trail: (string | null)[] }) => {
    const next = new URLSearchParams(params)
    if (to) next.set(PARAM, to)
    else next.delete(PARAM)
    void navigate({ search: next.toString() }, { state })
  }
  return {
    cursor,
    turned: cursor === undefined ? 0 : trail.length || undefined,
    next: (to) => go(to, { trail: [...trail, cursor ?? null] }),
    previous: cursor === undefined ? undefined : () => go(trail.at(-1), { trail: trail.slice(0, -1) }),
  }
}
