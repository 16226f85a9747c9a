import { App, Button } from 'antd'
import { createElement } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { useCan } from '../staff/session.ts'

export type StageBook = Answer<'/api/stage-flows'>
export type Flow = StageBook['flows'][number]
export type Stage = Flow['stages'][number]

const UNDO_SECONDS = 8

/** Every flow with its stages; nothing for whoever may not see them. */
export function useStageBook() {
  const may = useCan('stages.read')
  return api.useQuery('get', '/api/stage-flows', {}, { enabled: may, staleTime: 60_000 })
}

/** What a move shows in. */
export function refreshMoved(): void {
  for (const path of [
    '/api/contacts',
    '/api/contacts/count',
    '/api/contacts/{contactId}/stages',
    '/api/contacts/{contactId}/timeline',
    '/api/stage-flows/{flowId}/counts',
    '/api/stage-flows/{flowId}/funnel',
  ])
    void queryClient.invalidateQueries({ queryKey: ['get', path] })
}

export const refreshBook = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/stage-flows'] })

export interface Move {
  contactId: string
  name: string
  stage: Stage
  reason?: string
  lostReasonId?: string | undefined
}

/** Moves one customer, and offers to take it back. */
export function useMove(): { move(move: Move, onDone?: () => void): void; isPending: boolean } {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const undo = api.useMutation('delete', '/api/contacts/{contactId}/stages/{stayId}', {
    onError,
    onSuccess() {
      refreshMoved()
      void message.success(t('stages.undone'))
    },
  })
  const put = api.useMutation('post', '/api/contacts/{contactId}/stages', { onError })
  return {
    isPending: put.isPending,
    move({ contactId, name, stage, reason = '', lostReasonId }, onDone) {
      put.mutate(
        {
          params: { path: { contactId } },
          body: { stageId: stage.stageId, reason, ...(lostReasonId ? { lostReasonId } : {}) },
        },
        {
          onSuccess({ stayId }) {
            refreshMoved()
            onDone?.()
            const key = `moved ${stayId}`
            const takeBack = () => {
              message.destroy(key)
              undo.mutate({ params: { path: { contactId, stayId } } })
            }
            void message.success({
              key,
              duration: UNDO_SECONDS,
              content: createElement(
                'span',
                null,
                t('stages.moved', { name, stage: stage.name }),
                ' ',
                createElement(Button, { type: 'link', size: 'small', onClick: takeBack }, t('stages.undo')),
              ),
            })
          },
        },
      )
    },
  }
}
