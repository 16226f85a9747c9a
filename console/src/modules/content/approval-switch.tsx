import { Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { useIsPhone } from '../../ui/use-media.ts'
import { useCan } from '../staff/session.ts'
import styles from './content.module.css'
import { refreshMaterials } from './use-content.ts'

/** Whether a second person looks at a material before staff may send it. */
export function ApprovalSwitch() {
  const { t } = useTranslation()
  const may = useCan('content.approve')
  const phone = useIsPhone()
  const onError = useProblemToast()
  const settings = api.useQuery('get', '/api/content-settings', {})
  const save = api.useMutation('put', '/api/content-settings', { onError, onSuccess: refreshMaterials })
  if (!may || phone || !settings.data) return null
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control
    <label className={styles.switch} title={t('content.approval.why')}>
      <Switch
        size="small"
        checked={settings.data.asksApproval}
        loading={save.isPending}
        aria-label={t('content.approval.ask')}
        onChange={(asksApproval) => save.mutate({ body: { asksApproval } })}
      />
      {t('content.approval.ask')}
    </label>
  )
}
