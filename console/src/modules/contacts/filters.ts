import type { paths } from '../../api/schema.generated.ts'

type Query = NonNullable<paths['/api/contacts']['get']['parameters']['query']>

export const VIEWS = ['following', 'lost', 'all'] as const
export type View = (typeof VIEWS)[number]

export interface Filters {
  view: View
  q: string
  tagId: string | undefined
  staffId: string | undefined
  /** Of a channel code: its friends. */
  codeId: string | undefined
  from: string | undefined
  to: string | undefined
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const ID = /^[1-9]\d{0,18}$/
const NAMES = { tagId: 'tag', staffId: 'staff', codeId: 'code', from: 'from', to: 'to' } as const

/** What a URL asks for; a word we do not know is passed over, so that an old link still opens. */
export function readFilters(params: URLSearchParams): Filters {
  const kept = (name: string, shape: RegExp) => {
    const value = params.get(name)
    return value !== null && shape.test(value) ? value : undefined
  }
  return {
    view: VIEWS.find((view) => view === params.get('state')) ?? 'following',
    q: params.get('q')?.trim().slice(0, 64) ?? '',
    tagId: kept('tag', ID),
    staffId: kept('staff', ID),
    codeId: kept('code', ID),
    from: kept('from', DAY),
    to: kept('to', DAY),
  }
}

/** The URL after a change. Another list begins at its first page with nobody opened. */
export function changeFilters(params: URLSearchParams, change: Partial<Filters>): URLSearchParams {
  const next = new URLSearchParams(params)
  next.delete('after')
  next.delete('id')
  const put = (name: string, value: string | undefined) => (value ? next.set(name, value) : next.delete(name))
  if (change.view !== undefined) put('state', change.view === 'following' ? undefined : change.view)
  if (change.q !== undefined) put('q', change.q.trim())
  for (const [field, name] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    if (field in change) put(name, change[field])
  }
  return next
}

/** How many conditions are set besides the view. */
export function countConditions({ q, tagId, staffId, codeId, from, to }: Filters): number {
  return [q, tagId, staffId, codeId, from ?? to].filter(Boolean).length
}

/** What the server is asked. `channelState` is the mark a code leaves on each friend it brings. */
export function toQuery(filters: Filters, channelState: string | undefined): Query {
  const { view, q, tagId, staffId, from, to } = filters
  return { state: view, q: q || undefined, tagId, staffId, channelState, addedFrom: from, addedTo: to }
}
