import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Journey } from './contract.ts'

/** People move on by the minute; who watches sees it within seconds. */
export const WATCH_MS = 5_000

export function refreshJourneys(): void {
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).includes('/journeys') })
}

export const useJourney = (journeyId: string) =>
  api.useQuery('get', '/api/journeys/{journeyId}', { params: { path: { journeyId } } })

/** Rules come loosely nested from us and strictly from the server; it checks them again. */
export const asJourney = (answer: unknown): Journey => answer as Journey

/** What the corp's touches are about, by its own policy. */
export function useTopics(): string[] {
  const policy = api.useQuery('get', '/api/touch-policy', {}, { staleTime: 60_000, retry: false })
  return policy.data?.topics.map(({ name }) => name) ?? []
}
