import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'

export type Setup = Answer<'/api/corp'>
export type SetupStep = Setup['steps'][number]
export type StepName = SetupStep['step']
export type Refusal = NonNullable<SetupStep['refusal']>

const WAITING_EVERY_MS = 1_500
const EVERY_MS = 30_000

/** How far the connection has come. Somebody who waits for WeCom on a step hears of it at once. */
export function useSetup(watched?: StepName) {
  return api.useQuery(
    'get',
    '/api/corp',
    {},
    {
      refetchInterval: ({ state }) =>
        state.data?.steps.some(({ step, state: now }) => step === watched && now !== 'done')
          ? WAITING_EVERY_MS
          : EVERY_MS,
    },
  )
}

export const keepSetup = (setup: Setup) => {
  queryClient.setQueryData(['get', '/api/corp', {}], setup)
  void queryClient.invalidateQueries({ queryKey: ['get', '/api/corp/permissions'] })
  void queryClient.invalidateQueries({ queryKey: ['get', '/api/sync'] })
}

/** Asks WeCom everything anew. */
export function useCheck() {
  const onError = useProblemToast()
  return api.useMutation('post', '/api/corp/check', { onError, onSuccess: keepSetup })
}

/** Where whoever opens the page goes on: the first step not done, those that may wait aside. */
export function firstOpen(steps: readonly SetupStep[]): StepName {
  const open = steps.find(({ step, state }) => state !== 'done' && !(step === 'domain' && state === 'todo'))
  return open?.step ?? 'sync'
}
