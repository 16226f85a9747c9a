import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { useCan } from '../staff/session.ts'

export type BulkRun = Answer<'/api/bulk-runs'>[number]

const RUNNING_EVERY_MS = 1_000
const QUIET_EVERY_MS = 60_000

export const isOpen = (run: BulkRun) => run.state === 'waiting' || run.state === 'running'

/** Bulk tasks, looked at every second while one is under way. */
export function useBulkRuns() {
  const may = useCan('contacts.tag')
  return api.useQuery(
    'get',
    '/api/bulk-runs',
    {},
    {
      enabled: may,
      refetchInterval: ({ state }) => (state.data?.some(isOpen) ? RUNNING_EVERY_MS : QUIET_EVERY_MS),
    },
  )
}

/** What a task changes shows in lists, profiles and the library. */
export function refreshTagged(): void {
  for (const path of [
    '/api/contacts',
    '/api/contacts/count',
    '/api/contacts/{contactId}',
    '/api/tag-groups',
    '/api/contacts/{contactId}/stages',
  ])
    void queryClient.invalidateQueries({ queryKey: ['get', path] })
}

export function useBulkActions() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const said = (word: 'started' | 'cancelled' | 'undoStarted') => () => {
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/bulk-runs'] })
    void message.success(t(`bulk.${word}`))
  }
  return {
    start: api.useMutation('post', '/api/bulk-runs', { onError, onSuccess: said('started') }),
    cancel: api.useMutation('post', '/api/bulk-runs/{bulkRunId}/cancel', { onError, onSuccess: said('cancelled') }),
    undo: api.useMutation('post', '/api/bulk-runs/{bulkRunId}/undo', { onError, onSuccess: said('undoStarted') }),
  }
}
