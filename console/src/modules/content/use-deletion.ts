import { App, Button } from 'antd'
import { createElement } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { refreshMaterials } from './use-content.ts'

const UNDO_SECONDS = 8

/** Takes a deleted material back. */
export function useRecovery() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  return api.useMutation('post', '/api/materials/{materialId}/recovery', {
    onError,
    onSuccess() {
      refreshMaterials()
      void message.success(t('content.recovered'))
    },
  })
}

/** Asks, deletes, and for a moment offers to take it back. `title`: of the one that is meant. */
export function useDeletion(onDone: () => void) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const onError = useProblemToast()
  const recovery = useRecovery()
  const remove = api.useMutation('post', '/api/material-deletions', { onError })
  return (materialIds: string[], title?: string) =>
    modal.confirm({
      title: title ? t('content.deleteTitle', { title }) : t('content.deleteMany', { count: materialIds.length }),
      content: t('content.deleteWhy'),
      okText: t('content.delete'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove.mutateAsync({ body: { materialIds } }).then(
          ({ changed }) => {
            refreshMaterials()
            onDone()
            const key = `deleted ${materialIds.join()}`
            const undo = () => {
              message.destroy(key)
              for (const materialId of materialIds) recovery.mutate({ params: { path: { materialId } } })
            }
            void message.open({
              key,
              type: 'success',
              duration: UNDO_SECONDS,
              content: createElement(
                'span',
                null,
                t('content.deletedCount', { count: changed }),
                createElement(Button, { type: 'link', size: 'small', onClick: undo }, t('content.undo')),
              ),
            })
          },
          () => undefined,
        ),
    })
}
