import { Button, Input, Modal } from 'antd'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { stepUp } from '../../api/step-up.ts'
import { Icon } from '../../ui/icon.tsx'
import { useKnownSession } from './session.ts'
import styles from './staff.module.css'

/** Asks whoever is signed in to show once more that it is him, when some request needs it. */
export function StepUpDialog() {
  const asked = useSyncExternalStore(stepUp.subscribe, stepUp.isAsked)
  const { t } = useTranslation()
  return (
    <Modal
      open={asked}
      title={t('stepUp.title')}
      footer={null}
      width={400}
      destroyOnHidden
      onCancel={() => stepUp.settle(false)}
    >
      <Proof />
    </Modal>
  )
}

function Proof() {
  const { t } = useTranslation()
  const session = useKnownSession()
  const factors = api.useQuery('get', '/api/account/factors', {})
  if (!factors.data) return null
  // Before there is a corp nobody can have come by scanning.
  if (factors.data.hasPassword || !session) return <PasswordProof totp={factors.data.totp} />
  return (
    <div className={styles.access}>
      <p className="soft">{t('stepUp.byScan')}</p>
      <div className={styles.buttons}>
        <Button
          type="primary"
          icon={<Icon name="qr" size={15} />}
          href={`/api/session/wecom/start?corpId=${session.corp.corpId}`}
          target="_blank"
        >
          {t('stepUp.scan')}
        </Button>
        <Button onClick={() => stepUp.settle(true)}>{t('stepUp.scanned')}</Button>
      </div>
    </div>
  )
}

function PasswordProof({ totp }: { totp: boolean }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const prove = api.useMutation('post', '/api/session/step-up', { onSuccess: () => stepUp.settle(true) })
  const problem = prove.error ? toProblem(prove.error) : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    prove.mutate({ body: { password, ...(totp ? { code } : {}) } })
  }
  return (
    <form className={styles.access} onSubmit={submit}>
      <p className="soft">{t('stepUp.why')}</p>
      <label htmlFor="step-up-password">{t('signIn.password')}</label>
      <Input.Password
        id="step-up-password"
        autoFocus
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {totp && (
        <>
          <label htmlFor="step-up-code">{t('signIn.code')}</label>
          <Input
            id="step-up-code"
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={20}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </>
      )}
      {problem && (
        <p className="small bad" role="alert">
          {problem.code === 'network' ? t('states.offlineWhy') : problem.message}
        </p>
      )}
      <div className={styles.buttons}>
        <Button
          type="primary"
          htmlType="submit"
          loading={prove.isPending}
          disabled={password === '' || (totp && code.trim().length < 6)}
        >
          {t('stepUp.confirm')}
        </Button>
        <Button onClick={() => stepUp.settle(false)}>{t('actions.cancel')}</Button>
      </div>
    </form>
  )
}
