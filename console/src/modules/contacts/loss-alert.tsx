import { App, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { useCan } from '../staff/session.ts'

const WAYS = ['off', 'member', 'leader'] as const

/** Who hears of it in WeCom when a customer deletes a member. */
export function LossAlert() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const mayWrite = useCan('contacts.fields')
  const rule = api.useQuery('get', '/api/loss-alert', {})
  const save = api.useMutation('put', '/api/loss-alert', {
    onError,
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/loss-alert'] })
      void message.success(t('losses.alert.saved'))
    },
  })
  if (!rule.data) return null
  return (
    <Select
      aria-label={t('losses.alert.label')}
      value={rule.data.tell}
      disabled={!mayWrite}
      loading={save.isPending}
      popupMatchSelectWidth={false}
      options={WAYS.map((value) => ({ value, label: t(`losses.alert.${value}`) }))}
      onChange={(tell) => save.mutate({ body: { tell } })}
    />
  )
}
