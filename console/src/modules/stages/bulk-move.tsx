import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Body } from '../../api/types.ts'
import { Float } from '../../ui/float.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { useCan } from '../staff/session.ts'
import bulk from '../tags/bulk.module.css'
import { type Chosen, MoveForm } from './move-form.tsx'

interface Props {
  people: string
  given: Pick<Body<'/api/stage-moves', 'post'>, 'filter' | 'contactIds'>
  refused: boolean
  onStarted: () => void
}

/** Moves the ticked customers, or all that match, as a task. */
export function BulkMove({ people, given, refused, onStarted }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const may = useCan('stages.move')
  const [open, setOpen] = useState(false)
  const start = api.useMutation('post', '/api/stage-moves', {
    onError,
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/bulk-runs'] })
      void message.success(t('bulk.started'))
      setOpen(false)
      onStarted()
    },
  })
  if (!may) return null
  const go = ({ stage, reason, lostReasonId }: Chosen) =>
    start.mutate({ body: { ...given, stageId: stage.stageId, reason, ...(lostReasonId ? { lostReasonId } : {}) } })
  return (
    <Float
      open={open}
      onOpenChange={setOpen}
      label={t('stages.bulk')}
      content={<MoveForm action={t('stages.bulkGo', { n: people })} isPending={start.isPending} onMove={go} />}
    >
      <button type="button" className={bulk.act} disabled={refused}>
        <Icon name="swap" size={14} />
        {t('stages.bulk')}
      </button>
    </Float>
  )
}
