import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer, Body } from '../../api/types.ts'

export type Broadcast = Answer<'/api/broadcasts/{broadcastId}'>
export type BroadcastRow = Answer<'/api/broadcasts'>['items'][number]
export type Run = Answer<'/api/broadcast-runs/{runId}'>
export type RunCard = NonNullable<BroadcastRow['run']>
export type Preview = Answer<'/api/broadcasts/preview', 'post'>
export type Results = Answer<'/api/broadcast-runs/{runId}/results'>
export type Recipient = Answer<'/api/broadcast-runs/{runId}/recipients'>['items'][number]
export type Draft = Omit<Body<'/api/broadcasts', 'post'>, 'requestKey'>
export type Part = Draft['audience']['include'][number]
export type Fate = Recipient['fate']

const BUSY = ['planning', 'ready', 'sending']
export const WATCH_MS = 2_000

/** Runs that change by themselves are looked at again. */
export const watch = (runs: readonly { state: RunCard['state'] }[]): number =>
  runs.some(({ state }) => BUSY.includes(state)) ? WATCH_MS : 15_000

export function refreshBroadcasts(): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/broadcast'),
  })
}

export const useRun = (runId: string) =>
  api.useQuery(
    'get',
    '/api/broadcast-runs/{runId}',
    { params: { path: { runId } } },
    { refetchInterval: ({ state }) => watch(state.data ? [state.data] : []) },
  )

export const letterOf = (nr: number): string => 'ABCD'[nr] ?? ''

/** How many stand where in a run, from those picked to those who got it. */
export function stepsOf({ counts, people, picked }: Pick<RunCard, 'counts' | 'people' | 'picked'>) {
  const of = (...fates: Fate[]) => fates.reduce((sum, fate) => sum + (counts[fate] ?? 0), 0)
  return {
    picked: picked ?? 0,
    planned: people ?? 0,
    asked: of('asked', 'sent', 'notFriend', 'overPlatform', 'notSent'),
    sent: of('sent'),
    open: of('asked'),
    unknown: of('unknown'),
    waiting: of('reserved', 'sending'),
  }
}
