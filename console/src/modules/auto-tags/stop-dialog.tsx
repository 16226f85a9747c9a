import { App, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queryClient } from '../../api/query-client.ts'
import styles from './auto-tags.module.css'
import { type AutoTag, useAutoTagChanges } from './use-auto-tags.ts'

interface Props {
  rule: AutoTag
  /** Nothing: closed. */
  state: 'off' | 'deleted' | undefined
  onClose: () => void
}

/** Before a rule ends: what is to become of the tags it has given. */
export function StopDialog({ rule, state, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [tags, setTags] = useState<'stay' | 'go'>('stay')
  const { stop } = useAutoTagChanges()
  const run = () =>
    state &&
    stop.mutate(
      { params: { path: { ruleId: rule.ruleId } }, body: { state, tags } },
      {
        onSuccess({ bulkRunId }) {
          onClose()
          void queryClient.invalidateQueries({ queryKey: ['get', '/api/bulk-runs'] })
          void message.success(
            bulkRunId ? (
              <>
                {t('autoTags.removing', { n: rule.carriers })} <Link to="/bulk-runs">{t('autoTags.seeRun')}</Link>
              </>
            ) : (
              t(state === 'off' ? 'autoTags.turnedOff' : 'autoTags.deleted', { name: rule.tagName })
            ),
          )
        },
      },
    )
  return (
    <Modal
      open={state !== undefined}
      title={t(state === 'deleted' ? 'autoTags.deleteTitle' : 'autoTags.offTitle', { name: rule.tagName })}
      okText={t(state === 'deleted' ? 'autoTags.delete' : 'autoTags.turnOff')}
      okButtonProps={{ danger: state === 'deleted' }}
      cancelText={t('autoTags.cancel')}
      confirmLoading={stop.isPending}
      onOk={run}
      onCancel={onClose}
      width={440}
    >
      <p>{t('autoTags.stopWhy', { n: rule.carriers })}</p>
      <Radio.Group className={styles.choice} value={tags} onChange={(event) => setTags(event.target.value)}>
        <Radio value="stay">{t('autoTags.stay')}</Radio>
        <Radio value="go">{t('autoTags.go')}</Radio>
      </Radio.Group>
    </Modal>
  )
}
