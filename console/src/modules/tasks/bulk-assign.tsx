import { App, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Body } from '../../api/types.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { NotSaved } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import bulk from '../tags/bulk.module.css'
import { firstDue, fromLocal, toLocal } from './due.ts'
import { DueField } from './due-field.tsx'
import styles from './tasks.module.css'
import { refreshTasks } from './use-tasks.ts'

interface Props {
  people: string
  given: Pick<Body<'/api/work-cards', 'post'>, 'filter' | 'contactIds'>
  refused: boolean
  onStarted: () => void
}

/** Asks whoever follows the ticked customers, or all that match, to do something. */
export function BulkAssign(props: Props) {
  const { t } = useTranslation()
  const may = useCan('tasks.assign')
  const [open, setOpen] = useState(false)
  if (!may) return null
  return (
    <>
      <button type="button" className={bulk.act} disabled={props.refused} onClick={() => setOpen(true)}>
        <Icon name="check" size={14} />
        {t('tasks.bulk')}
      </button>
      {open && <CardDialog {...props} onClose={() => setOpen(false)} />}
    </>
  )
}

function CardDialog({ people, given, onStarted, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const { message } = App.useApp()
  const [words, setWords] = useState({ title: '', note: '', say: '', coupon: '' })
  const [due, setDue] = useState(toLocal(firstDue(now)))
  const [remindMinutes, setRemind] = useState<number | null>(0)
  const [choice, setChoice] = useState<'longest' | 'each'>('longest')
  const start = api.useMutation('post', '/api/work-cards', {
    onSuccess() {
      refreshTasks()
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/bulk-runs'] })
      void message.success(t('tasks.cards.started'))
      onClose()
      onStarted()
    },
  })
  const at = fromLocal(due)
  const ready = words.title.trim() !== '' && at !== undefined && at > now
  const field = (name: keyof typeof words, most: number, rows?: number) => {
    const shared = {
      'aria-label': t(`tasks.cardField.${name}`),
      placeholder: t(`tasks.cardHint.${name}`),
      maxLength: most,
      value: words[name],
    }
    const put = (text: string) => setWords({ ...words, [name]: text })
    return rows ? (
      <Input.TextArea
        {...shared}
        autoSize={{ minRows: rows, maxRows: 6 }}
        onChange={(event) => put(event.target.value)}
      />
    ) : (
      <Input {...shared} autoFocus={name === 'title'} onChange={(event) => put(event.target.value)} />
    )
  }
  const save = () =>
    at && start.mutate({ body: { ...given, ...words, dueAt: at.toISOString(), remindMinutes, choice } })
  return (
    <Modal
      open
      title={t('tasks.bulkTitle', { n: people })}
      okText={t('tasks.bulkGo')}
      cancelText={t('actions.cancel')}
      okButtonProps={{ disabled: !ready, loading: start.isPending }}
      onOk={save}
      onCancel={onClose}
    >
      <div className={styles.form}>
        {field('title', 40)}
        <DueField due={due} remindMinutes={remindMinutes} onDue={setDue} onRemind={setRemind} />
        {field('note', 500, 2)}
        {field('say', 500, 2)}
        {field('coupon', 60)}
        <Radio.Group
          aria-label={t('tasks.choice.label')}
          value={choice}
          onChange={(event) => setChoice(event.target.value)}
          options={(['longest', 'each'] as const).map((one) => ({ value: one, label: t(`tasks.choice.${one}`) }))}
        />
        <p className="quiet small">{t('tasks.bulkWhy')}</p>
        {start.error && <NotSaved error={start.error} />}
      </div>
    </Modal>
  )
}
