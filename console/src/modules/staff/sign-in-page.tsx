import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { queryClient } from '../../api/query-client.ts'
import { chooseLanguage } from '../../i18n/i18n.ts'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/layout/brand.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'
import { chooseShade, useShade } from '../../ui/theme/shade.ts'
import styles from './sign-in-page.module.css'

/** Where whoever was sent here wanted to go; only a path of ours. */
const wantedPath = (state: unknown): string =>
  typeof state === 'object' &&
  state !== null &&
  'to' in state &&
  typeof state.to === 'string' &&
  state.to.startsWith('/')
    ? state.to
    : '/'

export function SignInPage() {
  const { t } = useTranslation()
  const options = api.useQuery('get', '/api/sign-in', {})
  return (
    <div className={styles.page}>
      <title>{`${t('signIn.title')} · Siyu 私域`}</title>
      <section className={styles.story}>
        <div className={styles.brand}>
          <Mark size={32} />
          Siyu <small>私域</small>
        </div>
        <p className={styles.lead}>{t('signIn.lead')}</p>
        <ul className={styles.points}>
          {(['live', 'why', 'own'] as const).map((point) => (
            <li key={point}>
              <Icon name="check" size={16} />
              {t(`signIn.points.${point}`)}
            </li>
          ))}
        </ul>
      </section>
      <main className={styles.side}>
        <div className={styles.box}>
          <h1>{t('signIn.title')}</h1>
          <Loaded query={options} what={t('signIn.title')} skeleton={<SkeletonBlock />}>
            {({ corps, demo, login }) => (
              <div className={styles.box}>
                <div className={styles.corps}>
                  {corps.map(({ corpId, name }, index) => (
                    <Button
                      key={corpId}
                      block
                      size="large"
                      type={index === 0 ? 'primary' : 'default'}
                      icon={<Icon name="qr" size={17} />}
                      href={`/api/session/wecom/start?corpId=${corpId}`}
                    >
                      {corps.length === 1 ? t('signIn.scan') : t('signIn.scanIn', { corp: name })}
                    </Button>
                  ))}
                </div>
                {corps.length === 0 && <p className={styles.note}>{t('signIn.noCorp')}</p>}
                {demo && <p className={styles.note}>{t('signIn.demo')}</p>}
                <div className={styles.or}>{t('signIn.byPassword')}</div>
                <PasswordForm login={login ?? ''} />
              </div>
            )}
          </Loaded>
        </div>
        <Switches />
      </main>
    </div>
  )
}

function PasswordForm({ login: known }: { login: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { state } = useLocation()
  const [login, setLogin] = useState(known)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const signIn = api.useMutation('post', '/api/session', {
    onSuccess() {
      queryClient.clear()
      void navigate(wantedPath(state), { replace: true })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ body: { login, password, ...(code.trim() ? { code: code.trim() } : {}) } })
  }
  const problem = signIn.error ? toProblem(signIn.error) : undefined
  const needsCode = code !== '' || problem?.code === 'staff.code_required' || problem?.code === 'staff.wrong_code'
  return (
    <form className={styles.form} onSubmit={submit}>
      <label htmlFor="sign-in-login">
        {t('signIn.login')}
        <Input
          id="sign-in-login"
          name="login"
          autoComplete="username"
          required
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
      </label>
      <label htmlFor="sign-in-password">
        {t('signIn.password')}
        <Input.Password
          id="sign-in-password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {needsCode && (
        <label htmlFor="sign-in-code">
          {t('signIn.code')}
          <Input
            id="sign-in-code"
            name="code"
            autoFocus
            autoComplete="one-time-code"
            maxLength={20}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </label>
      )}
      {problem && (
        <div className={styles.refused} role="alert">
          {problem.code === 'network' ? t('states.offlineWhy') : problem.message}
          {problem.requestId && (
            <span className="mono">
              {problem.code} · {problem.requestId}
            </span>
          )}
        </div>
      )}
      <Button htmlType="submit" block loading={signIn.isPending}>
        {t('signIn.submit')}
      </Button>
    </form>
  )
}

function Switches() {
  const { t, i18n } = useTranslation()
  const shade = useShade()
  const english = i18n.language === 'en'
  return (
    <div className={styles.switches}>
      <button type="button" onClick={() => chooseShade(shade === 'dark' ? 'light' : 'dark')}>
        <Icon name={shade === 'dark' ? 'sun' : 'moon'} size={14} />
        {t(shade === 'dark' ? 'account.light' : 'account.dark')}
      </button>
      <button type="button" lang={english ? 'zh-CN' : 'en'} onClick={() => void chooseLanguage(english ? 'zh' : 'en')}>
        <Icon name="globe" size={14} />
        {english ? '中文' : 'English'}
      </button>
    </div>
  )
}
