import { App, Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { NotSaved } from '../../../ui/states.tsx'
import { Ago } from '../../../ui/time.tsx'
import { fits } from '../connect-draft.ts'
import styles from '../corps.module.css'
import { Field } from '../field.tsx'
import { keepSetup, type Setup } from '../setup.ts'
import { GoodNote, RefusalNote, StepActions, StepFrame } from '../step-frame.tsx'
import type { StepProps } from './step-props.ts'

/** The domain in the two places WeCom wants it, and the file by which it makes sure that the domain is ours. */
export function DomainStep({ setup, step, place, mayWrite, onNext }: StepProps) {
  const { t } = useTranslation()
  return (
    <StepFrame step="domain" place={place} all={setup.steps.length} simulated={setup.simulated}>
      <p className="small quiet">{t('corps.optional')}</p>
      <dl className={styles.secret}>
        <div>
          <dt>{t('corps.domainIs')}</dt>
          <dd className="code">{setup.publicHost}</dd>
          <CopyButton text={setup.publicHost} />
        </div>
      </dl>
      <dl className={styles.facts}>
        <dt>{t('corps.domainPlaces.js')}</dt>
        <dd>
          <TrustedDomain domain={setup.trustedDomain} same={step.state === 'done'} />
        </dd>
        <dt>{t('corps.domainPlaces.login')}</dt>
        <dd>
          {setup.lastScanAt ? (
            <>
              {t('corps.lastScan')} <Ago at={setup.lastScanAt} />
            </>
          ) : (
            <span className="soft">{t('corps.lastScanNone')}</span>
          )}
        </dd>
      </dl>
      {step.state === 'done' && <GoodNote at={step.at}>{t('corps.domainSame')}</GoodNote>}
      <RefusalNote step={step} />
      {mayWrite && <Proof setup={setup} />}
      <StepActions step={step} onNext={onNext} />
    </StepFrame>
  )
}

function TrustedDomain({ domain, same }: { domain: string | null; same: boolean }) {
  const { t } = useTranslation()
  if (domain === null) return <span className="soft">{t('corps.domainUnknown')}</span>
  if (domain === '') return <span className="soft">{t('corps.domainNone')}</span>
  return (
    <>
      {t('corps.domainNow')} <span className={same ? 'mono' : 'mono bad'}>{domain}</span>
    </>
  )
}

function Proof({ setup }: { setup: Setup }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [fileName, setFileName] = useState('')
  const [tried, setTried] = useState(false)
  const save = api.useMutation('put', '/api/corp/domain-proof', {
    onSuccess(data) {
      keepSetup(data)
      setFileName('')
      setTried(false)
      void message.success(t('corps.proofSaved'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fits('proof', fileName)) save.mutate({ body: { fileName: fileName.trim() } })
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        id="domain-proof"
        kind="proof"
        label={t('corps.proof')}
        placeholder={t('corps.proofPlaceholder')}
        value={fileName}
        onChange={setFileName}
        wrong={tried && !fits('proof', fileName)}
        hint={t('corps.proofHint')}
      />
      {setup.domainProof && (
        <p className="small">{t('corps.proofNow', { file: `WW_verify_${setup.domainProof}.txt` })}</p>
      )}
      {save.error && <NotSaved error={save.error} />}
      <div className={styles.buttons}>
        <Button htmlType="submit" loading={save.isPending}>
          {t('actions.save')}
        </Button>
      </div>
    </form>
  )
}
