import { App, Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { queryClient } from '../../../api/query-client.ts'
import { NotSaved } from '../../../ui/states.tsx'
import { Moment } from '../../../ui/time.tsx'
import { fits } from '../connect-draft.ts'
import styles from '../corps.module.css'
import { Field } from '../field.tsx'
import { keepSetup, type Setup } from '../setup.ts'
import { GoodNote, RefusalNote, StepActions, StepFrame } from '../step-frame.tsx'
import type { StepProps } from './step-props.ts'

/** Which app we are, and the way to become another: what is typed takes over once WeCom has accepted it. */
export function AppStep({ setup, step, place, mayWrite, onNext }: StepProps) {
  const { t } = useTranslation()
  const [replacing, setReplacing] = useState(false)
  const secret = setup.credentials.find(({ kind }) => kind === 'app_secret')
  return (
    <StepFrame step="app" place={place} all={setup.steps.length} simulated={setup.simulated}>
      <dl className={styles.facts}>
        {setup.appName && (
          <>
            <dt>{t('corps.appName')}</dt>
            <dd>{setup.appName}</dd>
          </>
        )}
        <dt>{t('corps.agentId')}</dt>
        <dd className="mono">{setup.agentId}</dd>
        <dt>{t('corps.secret')}</dt>
        <dd>{secret && <SecretMark secret={secret} />}</dd>
      </dl>
      {step.state === 'done' && <GoodNote at={step.at}>{t('corps.appDone')}</GoodNote>}
      <RefusalNote step={step} />
      {replacing ? (
        <ReplaceApp setup={setup} onDone={() => setReplacing(false)} />
      ) : (
        <StepActions
          step={step}
          onNext={onNext}
          extra={mayWrite && <Button onClick={() => setReplacing(true)}>{t('corps.replace')}</Button>}
        />
      )}
    </StepFrame>
  )
}

/** 结尾 ab12 · 王莉 设于 11-23 09:12: all that is ever told of a secret. */
function SecretMark({ secret: { ending, setBy, updatedAt } }: { secret: Setup['credentials'][number] }) {
  const { t } = useTranslation()
  return (
    <span>
      {ending && <span className="code">{t('corps.ends', { ending })}</span>}{' '}
      <span className="small quiet">
        {setBy ? t('corps.setBy', { name: setBy }) : t('corps.setAt')} <Moment at={updatedAt} />
      </span>
    </span>
  )
}

function ReplaceApp({ setup, onDone }: { setup: Setup; onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [agentId, setAgentId] = useState(String(setup.agentId))
  const [secret, setSecret] = useState('')
  const [tried, setTried] = useState(false)
  const replace = api.useMutation('put', '/api/corp/credentials', {
    // WeCom may have named our address in its refusal.
    onError: () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/corp'] }),
    onSuccess(data) {
      keepSetup(data)
      void message.success(t('corps.replaced'))
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fits('agentId', agentId) && fits('secret', secret))
      replace.mutate({ body: { agentId: Number(agentId), appSecret: secret.trim() } })
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        id="replace-agentId"
        kind="agentId"
        label={t('corps.agentId')}
        value={agentId}
        onChange={setAgentId}
        wrong={tried && !fits('agentId', agentId)}
      />
      <Field
        id="replace-secret"
        kind="secret"
        label={t('corps.secret')}
        value={secret}
        onChange={setSecret}
        wrong={tried && !fits('secret', secret)}
        hint={t('corps.secretSafe')}
      />
      {replace.error && <NotSaved error={replace.error} />}
      <div className={styles.buttons}>
        <Button type="primary" htmlType="submit" loading={replace.isPending}>
          {t('corps.replaceNow')}
        </Button>
        <Button onClick={onDone}>{t('actions.cancel')}</Button>
        <span className="small quiet">{t('corps.replaceHint')}</span>
      </div>
    </form>
  )
}
