import type { paths } from '../../api/schema.generated.ts'

type Query = NonNullable<paths['/api/contacts']['get']['parameters']['query']>

export const VIEWS = ['following', 'lost', 'all'] as const
export type View = (typeof VIEWS)[number]

export interface Filters {
  view: View
  q: string
  /** Carries each of them. */
  tagsAll: string[]
  /** Carries one of them at least. */
  tagsAny: string[]
  /** Carries none of them. */
  tagsNone: string[]
  /** Followed by one of them. */
  staffIds: string[]
  departmentId: string | undefined
  gender: string | undefined
  /** Of a channel code: its friends. */
  codeId: string | undefined
  /** In this segment now. */
  segmentId: string | undefined
  /** Stands in one of these stages. */
  stageIds: string[]
  /** Sits in one of these groups; in each of those; in none of the others. */
  groupsAny: string[]
  groupsAll: string[]
  groupsNone: string[]
  from: string | undefined
  to: string | undefined
  /** Did something himself since this day; nothing after that one. */
  activeFrom: string | undefined
  activeTo: string | undefined
  /** Options by the id of a choice field: one of them, in each field. */
  fields: Record<string, string[]>
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const ID = /^[1-9]\d{0,17}$/
const GENDER = /^[012]$/
const LISTS = {
  tagsAll: 'tag',
  tagsAny: 'anytag',
  tagsNone: 'notag',
  staffIds: 'staff',
  stageIds: 'stage',
  groupsAny: 'group',
  groupsAll: 'allgroups',
  groupsNone: 'nogroup',
} as const
const NAMES = {
  departmentId: 'dept',
  gender: 'gender',
  codeId: 'code',
  segmentId: 'segment',
  from: 'from',
  to: 'to',
  activeFrom: 'active',
  activeTo: 'idle',
} as const

/** Nothing where the text is not ours. */
function parseFields(text: string | null | undefined): Record<string, string[]> {
  try {
    const found: unknown = JSON.parse(text ?? '{}')
    const entries = typeof found === 'object' && found !== null ? Object.entries(found) : []
    return Object.fromEntries(
      entries.flatMap(([id, options]) =>
        ID.test(id) && Array.isArray(options) && options.length > 0 && options.every((one) => typeof one === 'string')
          ? [[id, options as string[]]]
          : [],
      ),
    )
  } catch {
    return {}
  }
}

const sayFields = (fields: Record<string, string[]>) => {
  const set = Object.entries(fields).filter(([, options]) => options.length > 0)
  return set.length > 0 ? JSON.stringify(Object.fromEntries(set)) : undefined
}

/** What a URL asks for; a word we do not know is passed over, so that an old link still opens. */
export function readFilters(params: URLSearchParams): Filters {
  const kept = (name: string, shape: RegExp) => {
    const value = params.get(name)
    return value !== null && shape.test(value) ? value : undefined
  }
  const ids = (name: string) => [
    ...new Set(
      params
        .get(name)
        ?.split(',')
        .filter((id) => ID.test(id)),
    ),
  ]
  return {
    view: VIEWS.find((view) => view === params.get('state')) ?? 'following',
    q: params.get('q')?.trim().slice(0, 64) ?? '',
    tagsAll: ids(LISTS.tagsAll),
    tagsAny: ids(LISTS.tagsAny),
    tagsNone: ids(LISTS.tagsNone),
    staffIds: ids(LISTS.staffIds),
    departmentId: kept('dept', ID),
    gender: kept('gender', GENDER),
    codeId: kept('code', ID),
    segmentId: kept('segment', ID),
    stageIds: ids(LISTS.stageIds),
    groupsAny: ids(LISTS.groupsAny),
    groupsAll: ids(LISTS.groupsAll),
    groupsNone: ids(LISTS.groupsNone),
    from: kept('from', DAY),
    to: kept('to', DAY),
    activeFrom: kept('active', DAY),
    activeTo: kept('idle', DAY),
    fields: parseFields(params.get('fields')),
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
  if (change.fields !== undefined) put('fields', sayFields(change.fields))
  for (const [field, name] of Object.entries(LISTS) as [keyof typeof LISTS, string][]) {
    if (field in change) put(name, change[field]?.join(','))
  }
  for (const [field, name] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    if (field in change) put(name, change[field])
  }
  return next
}

/** How many conditions are set besides the view. */
export function countConditions(filters: Filters): number {
  const { q, departmentId, gender, codeId, segmentId, from, to, activeFrom, activeTo, fields } = filters
  const lists = Object.keys(LISTS).filter((name) => filters[name as keyof typeof LISTS].length > 0)
  return (
    lists.length +
    [q, departmentId, gender, codeId, segmentId, from ?? to, activeFrom ?? activeTo, sayFields(fields)].filter(Boolean)
      .length
  )
}

/** No condition at all, whatever the view. */
export const NO_CONDITIONS: Partial<Filters> = {
  q: '',
  tagsAll: [],
  tagsAny: [],
  tagsNone: [],
  staffIds: [],
  departmentId: undefined,
  gender: undefined,
  codeId: undefined,
  segmentId: undefined,
  stageIds: [],
  groupsAny: [],
  groupsAll: [],
  groupsNone: [],
  from: undefined,
  to: undefined,
  activeFrom: undefined,
  activeTo: undefined,
  fields: {},
}

/** What the server is asked. */
export function toQuery(filters: Filters): Query {
  const listed = (ids: string[]) => (ids.length > 0 ? ids.join(',') : undefined)
  return {
    state: filters.view,
    q: filters.q || undefined,
    tagsAll: listed(filters.tagsAll),
    tagsAny: listed(filters.tagsAny),
    tagsNone: listed(filters.tagsNone),
    staffIds: listed(filters.staffIds),
    departmentId: filters.departmentId,
    gender: filters.gender === undefined ? undefined : Number(filters.gender),
    channelCodeId: filters.codeId,
    segmentId: filters.segmentId,
    stageIds: listed(filters.stageIds),
    groupsAny: listed(filters.groupsAny),
    groupsAll: listed(filters.groupsAll),
    groupsNone: listed(filters.groupsNone),
    addedFrom: filters.from,
    addedTo: filters.to,
    activeFrom: filters.activeFrom,
    activeTo: filters.activeTo,
    fields: sayFields(filters.fields),
  }
}

/** A filter as a saved view keeps it: words only, in one order, so that two can be compared. */
export function toViewFilter(filters: Filters): Record<string, string> {
  const set = Object.entries(toQuery(filters)).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    set.map(([name, value]) => [name, String(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

export const sameFilter = (a: Record<string, string>, b: Record<string, string>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value)

/** The address of a saved view. */
export function viewSearch(contactViewId: string, filter: Record<string, string>): URLSearchParams {
  const ids = (name: string) => filter[name]?.split(/[,;]/) ?? []
  const params = changeFilters(new URLSearchParams(), {
    view: VIEWS.find((view) => view === filter.state) ?? 'following',
    q: filter.q ?? '',
    tagsAll: ids('tagsAll'),
    tagsAny: ids('tagsAny'),
    tagsNone: ids('tagsNone'),
    staffIds: ids('staffIds'),
    departmentId: filter.departmentId,
    gender: filter.gender,
    codeId: filter.channelCodeId,
    segmentId: filter.segmentId,
    stageIds: ids('stageIds'),
    groupsAny: ids('groupsAny'),
    groupsAll: ids('groupsAll'),
    groupsNone: ids('groupsNone'),
    from: filter.addedFrom,
    to: filter.addedTo,
    activeFrom: filter.activeFrom,
    activeTo: filter.activeTo,
    fields: parseFields(filter.fields),
  })
  params.set('saved', contactViewId)
  return params
}
