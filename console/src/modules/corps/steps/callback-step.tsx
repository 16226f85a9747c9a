import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import type { Answer } from '../../../api/types.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import { languageOf, saySpan } from '../../../ui/time-words.ts'
import styles from '../corps.module.css'
import type { Setup } from '../setup.ts'
import { GoodNote, RefusalNote, StepActions, StepFrame } from '../step-frame.tsx'
import type { StepProps } from './step-props.ts'

/** From here WeCom begins to think of a replay; half of what it bears. */
const CLOCK_OFF_MS = 150_000

/** What to paste into WeCom, and whether its check has come: the page hears of it by itself. */
export function CallbackStep({ setup, step, place, mayWrite, onNext }: StepProps) {
  const { t, i18n } = useTranslation()
  const clockOff = setup.clockAheadMs !== null && Math.abs(setup.clockAheadMs) > CLOCK_OFF_MS
  return (
    <StepFrame step="callback" place={place} all={setup.steps.length} simulated={setup.simulated}>
      <ToPaste url={setup.callbackUrl} mayRead={mayWrite} done={step.state === 'done'} />
      {step.state === 'done' && <GoodNote at={step.at}>{t('corps.callbackDone')}</GoodNote>}
      <RefusalNote step={step} />
      {clockOff && (
        <p className="warn" role="alert">
          {t('corps.clockOff', { span: saySpan(Math.abs(setup.clockAheadMs ?? 0), languageOf(i18n)) })}
        </p>
      )}
      {step.state !== 'done' && (
        <>
          <p className={styles.waitingLine} role="status">
            <i aria-hidden />
            {t('corps.callbackWaiting')}
          </p>
          <OwnAddress setup={setup} />
          {!step.refusal && <Hints setup={setup} />}
        </>
      )}
      <StepActions step={step} onNext={onNext} />
    </StepFrame>
  )
}

/** The address alone until somebody asks; each look is written down. */
function ToPaste({ url, mayRead, done }: { url: string; mayRead: boolean; done: boolean }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const settings = api.useQuery(
    'get',
    '/api/corp/callback',
    {},
    { enabled: asked, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
  )
  if (settings.data) return <CallbackLines settings={settings.data} />
  if (settings.error)
    return (
      <ErrorPanel error={settings.error} what={t('corps.step.callback.title')} retry={() => void settings.refetch()} />
    )
  return (
    <div className={styles.buttons}>
      {mayRead ? (
        <>
          <Button
            type={done ? 'default' : 'primary'}
            icon={<Icon name="eye" size={14} />}
            loading={asked && settings.isPending}
            onClick={() => setAsked(true)}
          >
            {t('corps.show')}
          </Button>
          <span className="small quiet">{t('corps.showWhy')}</span>
        </>
      ) : (
        <span className="code">{url}</span>
      )}
    </div>
  )
}

/** The three things to paste into WeCom, each with its own copy button. */
function CallbackLines({ settings }: { settings: Answer<'/api/corp/callback'> }) {
  const { t } = useTranslation()
  const lines = [
    ['url', settings.url],
    ['token', settings.token],
    ['aesKey', settings.encodingAesKey],
  ] as const
  return (
    <dl className={styles.secret}>
      {lines.map(([word, value]) => (
        <div key={word}>
          <dt>{t(`corps.${word}`)}</dt>
          <dd className="code">{value}</dd>
          <CopyButton text={value} />
        </div>
      ))}
    </dl>
  )
}

/** What we found when we called the address ourselves. */
function OwnAddress({ setup: { address } }: { setup: Setup }) {
  const { t } = useTranslation()
  if (!address) return null
  return (
    <div className={styles.aside}>
      <b>{t('corps.ownAddress')}</b>
      {address.refusal === null ? (
        <GoodNote at={address.at}>{t('corps.ownAddressOk')}</GoodNote>
      ) : (
        <p className="bad">
          {t(`corps.refusal.${address.refusal}.title`)}
          {address.detail && <span className="mono"> {address.detail}</span>}
          <br />
          <span className="soft">{t(`corps.refusal.${address.refusal}.todo`)}</span>
        </p>
      )}
    </div>
  )
}

function Hints({ setup }: { setup: Setup }) {
  const { t } = useTranslation()
  return (
    <details className={styles.hints}>
      <summary>{t('corps.callbackFailedThere')}</summary>
      <ul>
        <li>{t('corps.callbackHints.dns', { url: setup.callbackUrl.replace(/\/wecom\/callback\/.*/, '/healthz') })}</li>
        <li>{t('corps.callbackHints.proxy')}</li>
        <li>{t('corps.callbackHints.firewall')}</li>
      </ul>
    </details>
  )
}
