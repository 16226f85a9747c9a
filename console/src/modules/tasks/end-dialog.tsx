import { Input, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './tasks.module.css'
import { type End, type Task, useEnd } from './use-tasks.ts'

/** How a task ended, and what came of it in a few words. */
export function EndDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t } = useTranslation()
  const [as, setAs] = useState<End>('done')
  const [outcome, setOutcome] = useState('')
  const { end, isPending } = useEnd()
  const go = () => end(task, as, outcome.trim(), onClose)
  return (
    <Modal
      open
      title={task.title}
      okText={t(`tasks.endAs.${as}`)}
      cancelText={t('actions.cancel')}
      okButtonProps={{ loading: isPending }}
      onOk={go}
      onCancel={onClose}
    >
      <div className={styles.form}>
        {task.say && (
          <blockquote className={styles.say}>
            <small>{t('tasks.say')}</small>
            {task.say}
          </blockquote>
        )}
        {task.coupon && <p className="soft small">{t('tasks.mayGive', { coupon: task.coupon })}</p>}
        <Segmented<End>
          block
          value={as}
          onChange={setAs}
          options={(['done', 'skipped', 'cancelled'] as const).map((one) => ({
            value: one,
            label: t(`tasks.endAs.${one}`),
          }))}
        />
        <Input.TextArea
          aria-label={t('tasks.outcome')}
          placeholder={t(`tasks.outcomeHint.${as}`)}
          maxLength={200}
          autoSize={{ minRows: 2, maxRows: 4 }}
          value={outcome}
          onChange={(event) => setOutcome(event.target.value)}
        />
      </div>
    </Modal>
  )
}
