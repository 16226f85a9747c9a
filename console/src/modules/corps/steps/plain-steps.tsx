import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { SyncPanel } from '../../health/sync-panel.tsx'
import { useCan } from '../../staff/session.ts'
import styles from '../corps.module.css'
import { GoodNote, RefusalNote, StepActions, StepFrame } from '../step-frame.tsx'
import type { StepProps } from './step-props.ts'

export function CorpStep({ setup, step, place, onNext }: StepProps) {
  const { t } = useTranslation()
  return (
    <StepFrame step="corp" place={place} all={setup.steps.length} simulated={setup.simulated}>
      <dl className={styles.facts}>
        <dt>{t('corps.name')}</dt>
        <dd>
          {setup.name}
          {setup.simulated && <small className="quiet"> · {t('corps.simulated')}</small>}
        </dd>
        <dt>{t('corps.corpid')}</dt>
        <dd className="mono">{setup.wecomCorpid}</dd>
      </dl>
      <RefusalNote step={step} />
      <p className="small quiet">{t('corps.corpFixed')}</p>
      <div className={styles.buttons}>
        <Button type="primary" onClick={onNext}>
          {t('corps.next')}
        </Button>
      </div>
    </StepFrame>
  )
}

export function ContactsStep({ setup, step, place, onNext }: StepProps) {
  const { t } = useTranslation()
  return (
    <StepFrame step="contacts" place={place} all={setup.steps.length} simulated={setup.simulated}>
      {step.state === 'done' && <GoodNote at={step.at}>{t('corps.members', { count: setup.members ?? 0 })}</GoodNote>}
      <RefusalNote step={step} />
      <StepActions step={step} onNext={onNext} />
    </StepFrame>
  )
}

export function IpStep({ setup, step, place, onNext }: StepProps) {
  const { t } = useTranslation()
  const known = setup.egressIp
  return (
    <StepFrame step="ip" place={place} all={setup.steps.length} simulated={setup.simulated}>
      {step.state === 'done' ? (
        <GoodNote at={step.at}>
          {t('corps.ipDone')}
          {known && (
            <small>
              {t('corps.ipSeen')} <span className="mono">{known}</span>
            </small>
          )}
        </GoodNote>
      ) : (
        <>
          <RefusalNote step={step} />
          <dl className={styles.secret}>
            <div>
              <dt>{t('corps.ipIs')}</dt>
              {known ? (
                <>
                  <dd className="code">{known}</dd>
                  <CopyButton text={known} />
                </>
              ) : (
                <dd className="soft">{t('corps.ipUnknown')}</dd>
              )}
            </div>
          </dl>
          <p className="small quiet">{t('corps.ipHint')}</p>
        </>
      )}
      <StepActions step={step} onNext={onNext} />
    </StepFrame>
  )
}

export function SyncStep({ setup, step, place }: StepProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayAct = useCan('contacts.sync')
  const ready = ['app', 'contacts'].every((name) =>
    setup.steps.some((one) => one.step === name && one.state === 'done'),
  )
  return (
    <>
      <StepFrame step="sync" place={place} all={setup.steps.length} simulated>
        {!ready && step.state === 'todo' && <p className="warn">{t('corps.waitingFor.order')}</p>}
        <div className={styles.buttons}>
          <Button type={step.state === 'done' ? 'primary' : 'default'} onClick={() => void navigate('/')}>
            {t('corps.toHome')}
          </Button>
          <Button onClick={() => void navigate('/settings/permissions')}>{t('corps.toPermissions')}</Button>
        </div>
      </StepFrame>
      <SyncPanel mayAct={mayAct && ready} />
    </>
  )
}
