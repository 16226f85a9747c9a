import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { ErrorPanel, SkeletonBlock } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import { CallbackLines } from './callback-settings.tsx'
import styles from './corps.module.css'

/** The server's limits of a secret, in characters. */
const SECRET_MIN = 20
const KINDS = ['app_secret', 'contact_sync_secret', 'callback_token', 'callback_aes_key'] as const

export function CorpPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const corp = api.useQuery('get', '/api/corp', {})
  const mayWrite = useCan('corps.write')
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.settings') }]} title={t('corps.title')}>
        {mayWrite && (
          <Button
            type="primary"
            icon={<Icon name="plus" size={14} />}
            onClick={() => void navigate('/settings/corp/connect')}
          >
            {t('corps.connect')}
          </Button>
        )}
      </PageHeader>
      <Loaded
        query={corp}
        what={t('corps.title')}
        skeleton={
          <div style={{ padding: 20 }}>
            <SkeletonBlock height={240} />
          </div>
        }
      >
        {(data) => (
          <div className={styles.page}>
            <div className={styles.column}>
              <Panel title={data.name} sub={data.simulated ? t('corps.simulated') : t('corps.real')}>
                <dl className={styles.facts}>
                  <dt>{t('corps.corpid')}</dt>
                  <dd className="mono">{data.wecomCorpid}</dd>
                  <dt>{t('corps.agentId')}</dt>
                  <dd className="mono">{data.agentId}</dd>
                </dl>
              </Panel>
              <Callback url={data.callbackUrl} mayRead={mayWrite} />
            </div>
            <Credentials corp={data} mayWrite={mayWrite} />
          </div>
        )}
      </Loaded>
    </>
  )
}

/** The address alone until somebody asks; each look is written down. */
function Callback({ url, mayRead }: { url: string; mayRead: boolean }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const settings = api.useQuery(
    'get',
    '/api/corp/callback',
    {},
    { enabled: asked, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
  )
  return (
    <Panel title={t('corps.callback')}>
      <div className={styles.column}>
        <p className="soft">{t('corps.callbackWhy')}</p>
        {settings.data ? (
          <CallbackLines settings={settings.data} />
        ) : (
          <span className="code" style={{ justifySelf: 'start' }}>
            {url}
          </span>
        )}
        {settings.error && (
          <ErrorPanel error={settings.error} what={t('corps.callback')} retry={() => void settings.refetch()} />
        )}
        {mayRead && !settings.data && (
          <div className={styles.buttons}>
            <Button
              icon={<Icon name="eye" size={14} />}
              loading={asked && settings.isPending}
              onClick={() => setAsked(true)}
            >
              {t('corps.show')}
            </Button>
            <span className="small quiet">{t('corps.showWhy')}</span>
          </div>
        )}
      </div>
    </Panel>
  )
}

function Credentials({ corp, mayWrite }: { corp: Answer<'/api/corp'>; mayWrite: boolean }) {
  const { t } = useTranslation()
  const [replacing, setReplacing] = useState(false)
  return (
    <Panel
      title={t('corps.credentials')}
      extra={
        mayWrite &&
        !replacing && (
          <Button size="small" onClick={() => setReplacing(true)}>
            {t('corps.replace')}
          </Button>
        )
      }
    >
      <div className={styles.column}>
        <p className="small quiet">{t('corps.credentialsWhy')}</p>
        {replacing && <ReplaceSecret onDone={() => setReplacing(false)} />}
        <ul className={styles.list}>
          {corp.credentials.map(({ kind, fingerprint, updatedAt }) => {
            const known = KINDS.find((one) => one === kind)
            return (
              <li key={kind} style={{ gridTemplateColumns: 'minmax(0, 1fr) auto' }}>
                <span>
                  <span className="clip" style={{ display: 'block' }}>
                    {known ? t(`corps.kind.${known}`) : kind}
                  </span>
                  <span className="small quiet">
                    <Ago at={updatedAt} />
                  </span>
                </span>
                <span className="code" title={t('corps.fingerprint')}>
                  {fingerprint}
                </span>
              </li>
            )
          })}
        </ul>
      </div>
    </Panel>
  )
}

function ReplaceSecret({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const [secret, setSecret] = useState('')
  const replace = api.useMutation('put', '/api/corp/credentials', {
    onError,
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/corp'] })
      void message.success(t('corps.replaced'))
      onDone()
    },
  })
  const short = secret.trim().length < SECRET_MIN
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!short) replace.mutate({ body: { appSecret: secret.trim() } })
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.field}>
        <label htmlFor="new-secret">
          {t('corps.kind.app_secret')}
          <small>{t('corps.where.secret')}</small>
        </label>
        <Input.Password
          id="new-secret"
          autoFocus
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <span className="small quiet">{t('corps.hint')}</span>
      </div>
      <div className={styles.buttons}>
        <Button type="primary" htmlType="submit" disabled={short} loading={replace.isPending}>
          {t('actions.save')}
        </Button>
        <Button onClick={onDone}>{t('actions.cancel')}</Button>
        {short && secret !== '' && <span className="small quiet">{t('corps.invalid.secret')}</span>}
      </div>
    </form>
  )
}
