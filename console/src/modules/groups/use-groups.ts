import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'

export type Group = Answer<'/api/groups'>['items'][number]
export type GroupView = Answer<'/api/groups/{groupChatId}'>
export type Member = Answer<'/api/groups/{groupChatId}/members'>['items'][number]
export type Valued = Answer<'/api/groups/{groupChatId}/value'>['items'][number]
export type InSeveral = Answer<'/api/groups/duplicates'>['items'][number]
export type Day = GroupView['days'][number]

export const PAGE = 50
export const LEVELS = ['alive', 'quiet', 'dead'] as const
export const SORTS = ['newest', 'members', 'score'] as const
export const STATES = ['open', 'gone', 'all'] as const
export const WHO = ['all', 'customers', 'strangers', 'staff'] as const
export const BY = ['spent', 'orders', 'opens', 'recent'] as const
export const SPANS = [7, 30, 90] as const

const ID = /^[1-9]\d{0,17}$/

/** One of the words an address may hold; the first where it holds another. */
export const wordOf = <W extends string>(params: URLSearchParams, name: string, words: readonly W[]): W =>
  words.find((word) => word === params.get(name)) ?? words[0]!

export const daysOf = (params: URLSearchParams): (typeof SPANS)[number] =>
  SPANS.find((days) => String(days) === params.get('days')) ?? 30

/** What the list's address asks for; words we do not know are passed over. */
export function readAsked(params: URLSearchParams) {
  const ownerIds = (params.get('owner') ?? '').split(',').filter((id) => ID.test(id))
  return {
    q: params.get('q')?.trim().slice(0, 64) ?? '',
    ownerIds,
    state: wordOf(params, 'state', STATES),
    level: LEVELS.find((level) => level === params.get('level')),
    sort: wordOf(params, 'sort', SORTS),
  }
}
export type Asked = ReturnType<typeof readAsked>

/** The address after a change: another list begins at its first page. */
export function changed(params: URLSearchParams, to: Record<string, string | undefined>): URLSearchParams {
  const next = new URLSearchParams(params)
  next.delete('after')
  for (const [name, value] of Object.entries(to)) value ? next.set(name, value) : next.delete(name)
  return next
}

export const useGroups = (asked: Asked, cursor: string | undefined) =>
  api.useQuery(
    'get',
    '/api/groups',
    {
      params: {
        query: {
          q: asked.q || undefined,
          ownerIds: asked.ownerIds.join(',') || undefined,
          state: asked.state,
          level: asked.level,
          sort: asked.sort,
          cursor,
          limit: PAGE,
        },
      },
    },
    { placeholderData: keepPreviousData },
  )

export const useGroup = (groupChatId: string, days: number) =>
  api.useQuery(
    'get',
    '/api/groups/{groupChatId}',
    { params: { path: { groupChatId }, query: { days } } },
    { placeholderData: keepPreviousData },
  )
