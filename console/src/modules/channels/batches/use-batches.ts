import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { queryClient } from '../../../api/query-client.ts'
import type { Answer } from '../../../api/types.ts'
import { useProblemToast } from '../../../ui/problem-toast.ts'

export type BatchRow = Answer<'/api/code-batches'>[number]
export type Batch = Answer<'/api/code-batches/{codeBatchId}'>

const MAKING_EVERY_MS = 1_000
export const isOpen = ({ creating }: { creating: number }) => creating > 0

/** Looked at every second while codes are being made. */
export const useBatches = () =>
  api.useQuery(
    'get',
    '/api/code-batches',
    {},
    { refetchInterval: ({ state }) => (state.data?.some(isOpen) ? MAKING_EVERY_MS : false) },
  )

export const useBatch = (codeBatchId: string) =>
  api.useQuery(
    'get',
    '/api/code-batches/{codeBatchId}',
    { params: { path: { codeBatchId } } },
    { refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? MAKING_EVERY_MS : false) },
  )

export function useBatchActions() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const said = (word: 'cancelled' | 'undone' | 'retried') => () => {
    for (const path of ['/api/code-batches', '/api/code-batches/{codeBatchId}', '/api/channel-codes'])
      void queryClient.invalidateQueries({ queryKey: ['get', path] })
    void message.success(t(`channels.batch.${word}`))
  }
  return {
    cancel: api.useMutation('post', '/api/code-batches/{codeBatchId}/cancel', {
      onError,
      onSuccess: said('cancelled'),
    }),
    undo: api.useMutation('post', '/api/code-batches/{codeBatchId}/undo', { onError, onSuccess: said('undone') }),
    retry: api.useMutation('post', '/api/code-batches/{codeBatchId}/retry', { onError, onSuccess: said('retried') }),
  }
}
