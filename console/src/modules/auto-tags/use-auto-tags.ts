import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'

export type AutoTagGroup = Answer<'/api/auto-tags'>['groups'][number]
export type AutoTag = AutoTagGroup['rules'][number]

const WATCH_MS = 2_000
const QUIET_MS = 15_000

export const useAutoTags = () =>
  api.useQuery(
    'get',
    '/api/auto-tags',
    {},
    {
      refetchInterval: ({ state }) =>
        state.data?.groups.some(({ rules }) => rules.some((rule) => rule.building)) ? WATCH_MS : QUIET_MS,
    },
  )

export const refreshAutoTags = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/auto-tags'] })

/** Every change of the rules reads them again. */
export function useAutoTagChanges() {
  const options = { onError: useProblemToast(), onSuccess: refreshAutoTags }
  return {
    editGroup: api.useMutation('patch', '/api/auto-tags/groups/{tagGroupId}', options),
    start: api.useMutation('post', '/api/auto-tags/{ruleId}/start', options),
    stop: api.useMutation('post', '/api/auto-tags/{ruleId}/stop', options),
  }
}
