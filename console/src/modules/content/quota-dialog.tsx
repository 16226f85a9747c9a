import { App, Button, InputNumber, Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { NotSaved } from '../../ui/states.tsx'
import { useIsPhone } from '../../ui/use-media.ts'
import { useCan } from '../staff/session.ts'
import { refreshMaterials } from './use-content.ts'

const BOUNDS = { personDayMb: [10, 100_000], corpMb: [100, 10_000_000] } as const

/** How much one person may bring in a day, and the company keep. */
export function QuotaButton() {
  const { t } = useTranslation()
  const may = useCan('content.approve')
  const phone = useIsPhone()
  const [open, setOpen] = useState(false)
  if (!may || phone) return null
  return (
    <>
      <Button type="text" onClick={() => setOpen(true)}>
        {t('content.quota.action')}
      </Button>
      {open && <QuotaDialog onClose={() => setOpen(false)} />}
    </>
  )
}

function QuotaDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const id = useId()
  const settings = api.useQuery('get', '/api/content-settings', {})
  const [typed, setTyped] = useState<{ personDayMb?: number; corpMb?: number }>({})
  const save = api.useMutation('put', '/api/content-settings', {
    onSuccess() {
      refreshMaterials()
      void message.success(t('content.quota.saved'))
      onClose()
    },
  })
  const { data } = settings
  return (
    <Modal
      open
      title={t('content.quota.title')}
      okText={t('actions.save')}
      cancelText={t('actions.cancel')}
      okButtonProps={{ disabled: !data, loading: save.isPending }}
      onOk={() => data && save.mutate({ body: { asksApproval: data.asksApproval, ...typed } })}
      onCancel={onClose}
      width={440}
    >
      {data && (
        <div style={{ display: 'grid', gap: 12 }}>
          {(['personDayMb', 'corpMb'] as const).map((name) => (
            <div key={name} style={{ display: 'flex', alignItems: 'center', gap: 12, flexWrap: 'wrap' }}>
              <label htmlFor={`${id}-${name}`} style={{ flex: 1 }}>
                {t(`content.quota.${name}`)}
              </label>
              <InputNumber
                id={`${id}-${name}`}
                min={BOUNDS[name][0]}
                max={BOUNDS[name][1]}
                precision={0}
                suffix="MB"
                value={typed[name] ?? data[name]}
                onChange={(mb) => setTyped({ ...typed, ...(mb === null ? {} : { [name]: mb }) })}
              />
            </div>
          ))}
          <p className="quiet small">{t('content.quota.used', { used: data.usedMb, today: data.todayMb })}</p>
          {save.error && <NotSaved error={save.error} />}
        </div>
      )}
    </Modal>
  )
}
