import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'

export type Setup = Answer<'/api/corp'>
export type SetupStep = Setup['steps'][number]
export type StepName = SetupStep['step']

const WAITING_EVERY_MS = 1_500
const EVERY_MS = 30_000

/** How far the connection has come. Whoever waits for WeCom's check, or for the sync, hears of it at once. */
export function useSetup() {
  return api.useQuery(
    'get',
    '/api/corp',
    {},
    {
      refetchInterval: ({ state }) =>
        state.data?.steps.some(({ step, state: now }) =>
          step === 'callback' ? now !== 'done' : step === 'sync' && now === 'waiting',
        )
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

/** Where whoever opens the page goes on: the first step with something to do. What hangs on another step, or may wait, does not count. */
export function firstOpen(steps: readonly SetupStep[]): StepName {
  const hangs = ({ state, refusal }: SetupStep) => state === 'waiting' && refusal === 'ip'
  const mayWait = ({ step, state }: SetupStep) => step === 'domain' && state === 'todo'
  return steps.find((step) => step.state !== 'done' && !hangs(step) && !mayWait(step))?.step ?? 'sync'
}
