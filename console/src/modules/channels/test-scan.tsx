import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { SkeletonRows } from '../../ui/states.tsx'
import { useSession } from '../staff/session.ts'
import styles from './channels.module.css'
import { Next, Reasons } from './next-scan.tsx'
import { type Code, useRoster } from './use-channels.ts'

const SHOWN_PX = 640

/** Tries a code out: in the simulated world with a customer's phone, else with one's own. */
export function TestScan({ code }: { code: Code }) {
  const { t } = useTranslation()
  const { corp } = useSession()
  const [open, setOpen] = useState(false)
  if (code.status !== 'ready') return null
  const icon = <Icon name="phone" size={14} />
  if (corp?.simulated)
    return (
      <Button icon={icon} href={`/world?state=${encodeURIComponent(code.state)}`} target="_blank" rel="noreferrer">
        {t('channels.test.action')}
      </Button>
    )
  return (
    <>
      <Button icon={icon} onClick={() => setOpen(true)}>
        {t('channels.test.action')}
      </Button>
      <Modal
        open={open}
        footer={null}
        onCancel={() => setOpen(false)}
        title={t('channels.test.title', { name: code.name })}
      >
        <TestCode code={code} />
      </Modal>
    </>
  )
}

function TestCode({ code }: { code: Code }) {
  const { t } = useTranslation()
  const roster = useRoster(code.channelCodeId)
  const direct = code.qr.find(({ landing }) => !landing)
  return (
    <div className={styles.test}>
      {direct && (
        <img
          src={`/api/channel-codes/${code.channelCodeId}/qr.svg?landing=0&size=${SHOWN_PX}`}
          alt={t('channels.qr.alt', { name: code.name })}
        />
      )}
      <p className="small soft">{t('channels.test.why')}</p>
      <Loaded query={roster} what={t('channels.roster.title')} skeleton={<SkeletonRows rows={3} />}>
        {({ next }) => (
          <div>
            <Next next={next} />
            <Reasons next={next} mayWrite={false} />
          </div>
        )}
      </Loaded>
    </div>
  )
}
