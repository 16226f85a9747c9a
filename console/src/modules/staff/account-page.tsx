import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { queryClient } from '../../api/query-client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonRows } from '../../ui/states.tsx'
import { Ago, Moment } from '../../ui/time.tsx'
import { DutyPanel } from '../channels/duty-panel.tsx'
import { FactorPanel } from './factor-panel.tsx'
import { nameBrowser } from './name-browser.ts'
import { sayRole } from './role-words.ts'
import { useSession } from './session.ts'
import styles from './staff.module.css'

/** The server's least length of a new password. */
const PASSWORD_MIN = 10

/** One's own account: where one is signed in, and the password of whoever signs in with one. */
export function AccountPage() {
  const { t } = useTranslation()
  const { name, role, roleName, staffId } = useSession()
  return (
    <>
      <PageHeader title={t('account.mine')} meta={`${name} · ${sayRole(t, role, roleName)}`} />
      <div className={styles.account}>
        {staffId !== null && <DutyPanel />}
        <Sessions />
        {staffId === null && <FactorPanel />}
        {staffId === null && <ChangePassword />}
      </div>
    </>
  )
}

function Sessions() {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const sessions = api.useQuery('get', '/api/sessions', {})
  const revoke = api.useMutation('delete', '/api/sessions/{sessionKey}', {
    onError,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/sessions'] }),
  })
  return (
    <Panel edge title={t('account.sessions')} sub={t('account.sessionsWhy')}>
      <Loaded query={sessions} what={t('account.sessions')} skeleton={<SkeletonRows rows={2} avatar={false} />}>
        {(all) => (
          <ul className={styles.sessions}>
            {all.map(({ sessionKey, current, createdAt, seenAt, ip, userAgent }) => (
              <li key={sessionKey}>
                <span title={userAgent ?? undefined}>
                  <b>{nameBrowser(userAgent) ?? t('account.someBrowser')}</b>
                  <small>
                    <span className="mono">{ip}</span> · {t('account.openedAt')} <Moment at={createdAt} /> ·{' '}
                    {t('account.seenAt')} <Ago at={seenAt} />
                  </small>
                </span>
                {current ? (
                  <span className="small quiet">{t('account.thisOne')}</span>
                ) : (
                  <Button
                    size="small"
                    loading={revoke.isPending}
                    onClick={() => revoke.mutate({ params: { path: { sessionKey } } })}
                  >
                    {t('account.revoke')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  )
}

function ChangePassword() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = api.useMutation('put', '/api/account/password', {
    onSuccess() {
      setCurrent('')
      setNext('')
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/sessions'] })
      void message.success(t('account.passwordChanged'))
    },
  })
  const problem = change.error ? toProblem(change.error) : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ body: { current, next } })
  }
  return (
    <Panel title={t('account.password')}>
      <form className={styles.password} onSubmit={submit}>
        <label htmlFor="password-current">{t('account.passwordNow')}</label>
        <Input.Password
          id="password-current"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <label htmlFor="password-next">{t('account.passwordNext', { min: PASSWORD_MIN })}</label>
        <Input.Password
          id="password-next"
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
        {problem && (
          <p className="small bad" role="alert">
            {problem.code === 'network' ? t('states.offlineWhy') : problem.message}
          </p>
        )}
        <div>
          <Button htmlType="submit" loading={change.isPending} disabled={current === '' || next.length < PASSWORD_MIN}>
            {t('account.passwordSave')}
          </Button>
          <span className="small quiet"> {t('account.passwordWhy')}</span>
        </div>
      </form>
    </Panel>
  )
}
