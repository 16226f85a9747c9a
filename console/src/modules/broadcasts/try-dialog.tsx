import { App, Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import styles from './broadcasts.module.css'
import { letterOf } from './use-broadcasts.ts'

const STAFF_MAX = 200
const MOST = 5

/** Sends it to members themselves, to be looked at on a phone. */
export function TryDialog({
  broadcastId,
  variants,
  onDone,
}: {
  broadcastId: string
  variants: number
  onDone: () => void
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const [staffIds, setStaffIds] = useState<string[]>([])
  const [variant, setVariant] = useState(0)
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } }, { staleTime: 60_000 })
  const send = api.useMutation('post', '/api/broadcasts/{broadcastId}/try', {
    onError,
    onSuccess({ sent }) {
      void message.success(t('broadcasts.try.sent', { count: sent }))
      onDone()
    },
  })
  return (
    <div className={styles.fields}>
      <p className="soft">{t('broadcasts.try.why')}</p>
      {variants > 1 && (
        <Segmented
          value={variant}
          options={Array.from({ length: variants }, (_, nr) => ({ value: nr, label: letterOf(nr) }))}
          onChange={setVariant}
        />
      )}
      <Select
        mode="multiple"
        showSearch
        maxCount={MOST}
        optionFilterProp="label"
        aria-label={t('broadcasts.try.to')}
        placeholder={t('broadcasts.try.to')}
        value={staffIds}
        options={(staff.data?.items ?? []).map(({ staffId, name }) => ({ value: staffId, label: name }))}
        onChange={setStaffIds}
      />
      <Button
        type="primary"
        disabled={staffIds.length === 0}
        loading={send.isPending}
        onClick={() => send.mutate({ params: { path: { broadcastId } }, body: { variant, staffIds } })}
      >
        {t('broadcasts.try.send')}
      </Button>
    </div>
  )
}
