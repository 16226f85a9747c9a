import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Mark } from '../../ui/layout/brand.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { NotSaved } from '../../ui/states.tsx'
import { useFreshStart, useKnownSession } from '../staff/session.ts'
import { StepUpDialog } from '../staff/step-up-dialog.tsx'
import { type ConnectDraft, fits, keepDraft, readDraft } from './connect-draft.ts'
import styles from './corps.module.css'
import { Field } from './field.tsx'
import type { SetupStep } from './setup.ts'
import { GoodNote, StepFrame } from './step-frame.tsx'
import { StepRail } from './step-rail.tsx'

const NAMES = ['corp', 'app', 'contacts', 'callback', 'ip', 'domain', 'sync'] as const
const LOCKED: ReadonlySet<SetupStep['step']> = new Set(['contacts', 'callback', 'ip', 'domain', 'sync'])

/** Connecting one more company. Once WeCom has accepted the app the corp is there, and its own page goes on. */
export function ConnectPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }, { label: t('corps.title'), to: '/settings/corp' }]}
        title={t('corps.connectTitle')}
        meta={t('corps.connectLead')}
      />
      <Wizard />
    </>
  )
}

/** The same where no corp is connected yet: nothing else can be done, so nothing else is shown. */
export function FirstCorpPage() {
  const { t } = useTranslation()
  const start = useFreshStart()
  const signOut = api.useMutation('delete', '/api/session', { onSettled: start })
  return (
    <div className={styles.first}>
      <title>{`${t('corps.connectTitle')} · Siyu 私域`}</title>
      <header>
        <Mark />
        <h1>{t('corps.connectTitle')}</h1>
        <span className="soft">{t('corps.connectLead')}</span>
        <span className="spring" />
        <Button onClick={() => signOut.mutate({})}>{t('account.signOut')}</Button>
      </header>
      <Wizard />
      <StepUpDialog />
    </div>
  )
}

function Wizard() {
  const { t } = useTranslation()
  // Beside the simulator every corp is one of its own.
  const simulated = useKnownSession()?.corp.simulated ?? false
  const [draft, setDraft] = useState(readDraft)
  const [found, setFound] = useState(false)
  const [step, setStep] = useState<'corp' | 'app'>('corp')
  const change = (part: Partial<ConnectDraft>) => {
    const next = { ...draft, ...part }
    keepDraft(next)
    setDraft(next)
  }
  const steps = NAMES.map((name): SetupStep => {
    const state = name === 'corp' && found ? 'done' : 'todo'
    return { step: name, state, refusal: null, errcode: 0, at: null }
  })
  const locked = found ? LOCKED : new Set([...LOCKED, 'app' as const])
  return (
    <div className={styles.wizard}>
      <StepRail
        steps={steps}
        chosen={step}
        onChoose={(to) => (to === 'corp' || to === 'app') && setStep(to)}
        locked={locked}
      />
      <div className={styles.column}>
        {step === 'corp' ? (
          <CorpForm
            simulated={simulated}
            draft={draft}
            onChange={(part) => {
              setFound(false)
              change(part)
            }}
            onFound={() => {
              setFound(true)
              setStep('app')
            }}
          />
        ) : (
          <AppForm simulated={simulated} draft={draft} onChange={change} />
        )}
        <p className="small quiet">{t('corps.lockedWhy')}</p>
      </div>
    </div>
  )
}

interface FormProps {
  simulated: boolean
  draft: ConnectDraft
  onChange: (part: Partial<ConnectDraft>) => void
}

function CorpForm({ simulated, draft, onChange, onFound }: FormProps & { onFound: () => void }) {
  const { t } = useTranslation()
  const [tried, setTried] = useState(false)
  const check = api.useMutation('post', '/api/corps/corpid', { onSuccess: onFound })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fits('name', draft.name) && fits('corpid', draft.wecomCorpid))
      check.mutate({ body: { wecomCorpid: draft.wecomCorpid.trim() } })
  }
  return (
    <StepFrame step="corp" place={1} all={NAMES.length} simulated={simulated}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field
          id="connect-name"
          kind="name"
          label={t('corps.name')}
          value={draft.name}
          onChange={(name) => onChange({ name })}
          wrong={tried && !fits('name', draft.name)}
        />
        <Field
          id="connect-corpid"
          kind="corpid"
          label={t('corps.corpid')}
          placeholder="ww…"
          value={draft.wecomCorpid}
          onChange={(wecomCorpid) => onChange({ wecomCorpid })}
          wrong={tried && !fits('corpid', draft.wecomCorpid)}
        />
        {check.error && <NotSaved error={check.error} />}
        <div className={styles.buttons}>
          <Button type="primary" htmlType="submit" loading={check.isPending}>
            {t('corps.check')}
          </Button>
        </div>
      </form>
    </StepFrame>
  )
}

function AppForm({ simulated, draft, onChange }: FormProps) {
  const { t } = useTranslation()
  const enter = useEnterCorp()
  const [secret, setSecret] = useState('')
  const [tried, setTried] = useState(false)
  const connect = api.useMutation('post', '/api/corps', {
    onSuccess({ corpId }) {
      keepDraft(undefined)
      enter.mutate({ body: { corpId } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!fits('agentId', draft.agentId) || !fits('secret', secret)) return
    const { name, wecomCorpid, agentId } = draft
    connect.mutate({
      body: { name: name.trim(), wecomCorpid: wecomCorpid.trim(), agentId: Number(agentId), appSecret: secret.trim() },
    })
  }
  return (
    <StepFrame step="app" place={2} all={NAMES.length} simulated={simulated}>
      <GoodNote>{t('corps.corpFound')}</GoodNote>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field
          id="connect-agentId"
          kind="agentId"
          label={t('corps.agentId')}
          value={draft.agentId}
          onChange={(agentId) => onChange({ agentId })}
          wrong={tried && !fits('agentId', draft.agentId)}
        />
        <Field
          id="connect-secret"
          kind="secret"
          label={t('corps.secret')}
          value={secret}
          onChange={setSecret}
          wrong={tried && !fits('secret', secret)}
          hint={t('corps.secretSafe')}
        />
        {(connect.error ?? enter.error) && <NotSaved error={connect.error ?? enter.error} />}
        <div className={styles.buttons}>
          <Button type="primary" htmlType="submit" loading={connect.isPending || enter.isPending}>
            {t('corps.connectApp')}
          </Button>
          <span className="small quiet">{t('corps.connectHint')}</span>
        </div>
      </form>
    </StepFrame>
  )
}

/** Into the corp just made, and on to its next step. */
function useEnterCorp() {
  const navigate = useNavigate()
  return api.useMutation('post', '/api/session/corp', {
    onSuccess() {
      queryClient.clear()
      void navigate('/settings/corp', { replace: true })
    },
  })
}
