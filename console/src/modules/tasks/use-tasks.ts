import { App, Button } from 'antd'
import { createElement } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'

export type Task = Answer<'/api/tasks'>['items'][number]
export type WorkCard = Answer<'/api/work-cards'>['items'][number]
export type End = 'done' | 'skipped' | 'cancelled'

const UNDO_SECONDS = 8

/** What a task shows in. */
export function refreshTasks(): void {
  for (const path of ['/api/tasks', '/api/tasks/counts', '/api/work-cards', '/api/work-cards/{workCardId}'])
    void queryClient.invalidateQueries({ queryKey: ['get', path] })
  void queryClient.invalidateQueries({ queryKey: ['feed'] })
}

/** Ends a task, and offers to take it back. */
export function useEnd() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const reopen = api.useMutation('post', '/api/tasks/{taskId}/reopen', {
    onError,
    onSuccess() {
      refreshTasks()
      void message.success(t('tasks.reopened'))
    },
  })
  const end = api.useMutation('post', '/api/tasks/{taskId}/end', { onError })
  const takeBack = (taskId: string) => reopen.mutate({ params: { path: { taskId } } })
  return {
    isPending: end.isPending,
    reopen: takeBack,
    end({ taskId, title }: Task, as: End, outcome: string, onDone?: () => void) {
      end.mutate(
        { params: { path: { taskId } }, body: { as, outcome } },
        {
          onSuccess() {
            refreshTasks()
            onDone?.()
            const key = `ended ${taskId}`
            const undo = () => {
              message.destroy(key)
              takeBack(taskId)
            }
            const button = createElement(Button, { type: 'link', size: 'small', onClick: undo }, t('tasks.undo'))
            const content = createElement('span', null, t(`tasks.ended.${as}`, { title }), button)
            void message.success({ key, duration: UNDO_SECONDS, content })
          },
        },
      )
    },
  }
}
