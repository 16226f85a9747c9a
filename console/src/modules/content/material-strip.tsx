import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { Float } from '../../ui/float.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import bulk from '../tags/bulk.module.css'
import styles from './content.module.css'
import { type Folders, refreshMaterials } from './use-content.ts'
import { useDeletion } from './use-deletion.ts'

interface Props {
  picked: ReadonlySet<string>
  folders: Folders['folders']
  onClear: () => void
}

/** What can be done with the ticked materials. Ink on both themes. */
export function MaterialStrip({ picked, folders, onClear }: Props) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const onError = useProblemToast()
  const [open, setOpen] = useState(false)
  const done = ({ changed }: { changed: number }, word: 'moved' | 'withdrawnCount') => {
    refreshMaterials()
    onClear()
    void message.success(t(`content.${word}`, { count: changed }))
  }
  const move = api.useMutation('post', '/api/material-moves', { onError, onSuccess: (result) => done(result, 'moved') })
  const withdraw = api.useMutation('post', '/api/material-withdrawals', {
    onError,
    onSuccess: (result) => done(result, 'withdrawnCount'),
  })
  const ask = useDeletion(onClear)
  if (picked.size === 0) return null
  const materialIds = [...picked]
  return (
    <div className={styles.stripPlace}>
      <div className={bulk.strip} role="toolbar" aria-label={t('content.picked', { count: picked.size })}>
        <b>{t('content.picked', { count: picked.size })}</b>
        <span className={bulk.rule} />
        <button
          type="button"
          className={bulk.act}
          onClick={() =>
            modal.confirm({
              title: t('content.withdrawMany', { count: picked.size }),
              content: t('content.withdrawWhy'),
              okText: t('content.withdraw'),
              onOk: () => withdraw.mutateAsync({ body: { materialIds } }).catch(() => undefined),
            })
          }
        >
          <Icon name="archive" size={14} />
          {t('content.withdraw')}
        </button>
        <button type="button" className={bulk.act} onClick={() => ask(materialIds)}>
          <Icon name="trash" size={14} />
          {t('content.delete')}
        </button>
        <Float
          open={open}
          onOpenChange={setOpen}
          label={t('content.move')}
          content={
            <ChoiceList
              label={t('content.move')}
              choices={[
                { value: '', label: t('content.folder.none') },
                ...folders.map(({ folderId, name }) => ({ value: folderId, label: name })),
              ]}
              chosen={[]}
              onChoose={(folderId) => {
                setOpen(false)
                move.mutate({ body: { materialIds, folderId: folderId || null } })
              }}
            />
          }
        >
          <button type="button" className={`${bulk.act} ${bulk.main}`}>
            <Icon name="swap" size={14} />
            {t('content.move')}
          </button>
        </Float>
        <button type="button" className={bulk.act} onClick={onClear} aria-label={t('bulk.clear')}>
          <Icon name="close" size={14} />
        </button>
      </div>
    </div>
  )
}
