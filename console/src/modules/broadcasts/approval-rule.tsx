import { App, Button, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import styles from './broadcasts.module.css'
import { refreshBroadcasts } from './use-broadcasts.ts'

/** From how many customers on another person has to agree. */
export function ApprovalRule() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const saved = api.useQuery('get', '/api/broadcast-setting', {}).data?.approvalAbove
  const [typed, setTyped] = useState<number | null>(null)
  const save = api.useMutation('put', '/api/broadcast-setting', {
    onError,
    onSuccess() {
      setTyped(null)
      refreshBroadcasts()
      void message.success(t('broadcasts.rule.saved'))
    },
  })
  if (saved === undefined) return null
  const value = typed ?? saved
  return (
    <Panel>
      <div className={styles.rule}>
        <span>{t('broadcasts.rule.from')}</span>
        <InputNumber
          aria-label={t('broadcasts.rule.label')}
          min={0}
          max={1_000_000}
          precision={0}
          value={value}
          onChange={setTyped}
        />
        <span>{t('broadcasts.rule.to')}</span>
        <Button
          size="small"
          disabled={value === saved}
          loading={save.isPending}
          onClick={() => save.mutate({ body: { approvalAbove: value } })}
        >
          {t('broadcasts.save')}
        </Button>
      </div>
    </Panel>
  )
}
