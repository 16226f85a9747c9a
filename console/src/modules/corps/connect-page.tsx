import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/layout/brand.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { NotSaved } from '../../ui/states.tsx'
import { useFreshStart } from '../staff/session.ts'
import { CallbackLines } from './callback-settings.tsx'
import { type ConnectDraft, checkConnect, connectBody, EMPTY_CONNECT } from './connect-draft.ts'
import styles from './corps.module.css'

type Connected = Answer<'/api/corps', 'post'>

/** Connecting a real company: what to fetch where, the form, and, once it worked, what to paste back. */
export function ConnectPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [done, setDone] = useState<Connected>()
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }, { label: t('corps.title'), to: '/settings/corp' }]}
        title={t('corps.connectTitle')}
        meta={t('corps.connectLead')}
      />
      <div className={styles.page}>
        {done ? (
          <PasteBack connected={done} />
        ) : (
          <ConnectForm
            onCancel={() => void navigate('/settings/corp')}
            onDone={(connected) => {
              void queryClient.invalidateQueries({ queryKey: ['get', '/api/session'] }) // its list of corps grew
              setDone(connected)
            }}
          />
        )}
        <Guide done={done !== undefined} />
      </div>
    </>
  )
}

/** The same where no corp is connected yet: nothing else can be done, so nothing else is shown. */
export function FirstCorpPage() {
  const { t } = useTranslation()
  const start = useFreshStart()
  const signOut = api.useMutation('delete', '/api/session', { onSettled: start })
  const [done, setDone] = useState<Connected>()
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
      <div className={styles.page}>
        {done ? <PasteBack connected={done} /> : <ConnectForm onDone={setDone} />}
        <Guide done={done !== undefined} />
      </div>
    </div>
  )
}

function ConnectForm({ onDone, onCancel }: { onDone: (connected: Connected) => void; onCancel?: () => void }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(EMPTY_CONNECT)
  const [tried, setTried] = useState(false)
  const connect = api.useMutation('post', '/api/corps', {
    onSuccess: onDone,
  })
  const faults = tried ? checkConnect(draft) : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(checkConnect(draft)).length === 0) connect.mutate({ body: connectBody(draft) })
  }
  const field = (name: keyof ConnectDraft, label: string, where: string | undefined, secret = false) => {
    const Control = secret ? Input.Password : Input
    const fault = faults[name]
    return (
      <div className={styles.field}>
        <label htmlFor={`connect-${name}`}>
          {label}
          {where && <small>{where}</small>}
        </label>
        <Control
          id={`connect-${name}`}
          autoComplete="off"
          spellCheck={false}
          value={draft[name]}
          status={fault ? 'error' : undefined}
          onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
        />
        {fault && (
          <span className={styles.wrong} role="alert">
            {t(`corps.invalid.${fault}`)}
          </span>
        )}
      </div>
    )
  }
  return (
    <div className={styles.column}>
      <Panel title={t('corps.step.fill')}>
        <form className={styles.form} onSubmit={submit} noValidate>
          {field('name', t('corps.name'), undefined)}
          {field('wecomCorpid', t('corps.corpid'), t('corps.where.corpid'))}
          {field('agentId', t('corps.agentId'), t('corps.where.agentId'))}
          {field('appSecret', t('corps.kind.app_secret'), t('corps.where.secret'), true)}
          {field(
            'contactSyncSecret',
            `${t('corps.kind.contact_sync_secret')} · ${t('corps.optional')}`,
            t('corps.where.contactSecret'),
            true,
          )}
          <div className={styles.buttons}>
            <Button type="primary" htmlType="submit" loading={connect.isPending}>
              {connect.isPending ? t('corps.submitting') : t('corps.submit')}
            </Button>
            {onCancel && <Button onClick={onCancel}>{t('actions.cancel')}</Button>}
            <span className="small quiet">{t('corps.hint')}</span>
          </div>
        </form>
      </Panel>
      {connect.error && (
        <Panel edge>
          <NotSaved error={connect.error} title={t('corps.refusedTitle')} />
        </Panel>
      )}
    </div>
  )
}

function PasteBack({ connected }: { connected: Connected }) {
  const { t } = useTranslation()
  const start = useFreshStart()
  const onError = useProblemToast()
  const switchCorp = api.useMutation('post', '/api/session/corp', { onSuccess: start, onError })
  return (
    <Panel title={t('corps.doneTitle')}>
      <div className={styles.column}>
        <p className="soft">{t('corps.callbackWhy')}</p>
        <CallbackLines settings={connected} />
        <p className="soft">{t('corps.doneWhy')}</p>
        <div>
          <Button
            type="primary"
            loading={switchCorp.isPending}
            onClick={() => switchCorp.mutate({ body: { corpId: connected.corpId } })}
          >
            {t('corps.switchTo')}
          </Button>
        </div>
      </div>
    </Panel>
  )
}

/** Where each thing is in WeCom's console, in the order it is needed. */
function Guide({ done }: { done: boolean }) {
  const { t } = useTranslation()
  const before = ['app', 'permission', 'ip'] as const
  return (
    <Panel title={t('corps.guide')}>
      <ol className={styles.steps}>
        {before.map((step, index) => (
          <li key={step}>
            <i className={done ? styles.done : undefined}>{done ? <Icon name="check" size={12} /> : index + 1}</i>
            <div>
              <b>{t(`corps.step.${step}`)}</b>
              <p>{t(`corps.step.${step}Why`)}</p>
            </div>
          </li>
        ))}
        <li>
          <i className={done ? styles.done : undefined}>{done ? <Icon name="check" size={12} /> : 4}</i>
          <div>
            <b>{t('corps.step.fill')}</b>
            <p>{t('corps.hint')}</p>
          </div>
        </li>
        <li>
          <i>5</i>
          <div>
            <b>{t('corps.step.callback')}</b>
            <p>{t('corps.callbackWhy')}</p>
          </div>
        </li>
      </ol>
    </Panel>
  )
}
