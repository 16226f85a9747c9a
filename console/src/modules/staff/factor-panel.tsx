import { App, Button, Input, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonRows } from '../../ui/states.tsx'
import styles from './staff.module.css'

type Begun = Answer<'/api/account/totp', 'post'>
const FEW_LEFT = 3
const refresh = () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/account/factors'] })

/** The second factor of one's own account: on, off, and the codes for the day the phone is lost. */
export function FactorPanel() {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const [begun, setBegun] = useState<Begun>()
  const [codes, setCodes] = useState<string[]>()
  const factors = api.useQuery('get', '/api/account/factors', {})
  const begin = api.useMutation('post', '/api/account/totp', { onError, onSuccess: setBegun })
  const end = api.useMutation('delete', '/api/account/totp', { onError, onSuccess: refresh })
  const askEnd = () =>
    void modal.confirm({
      title: t('factor.endTitle'),
      content: t('factor.endWhy'),
      icon: null,
      okText: t('factor.end'),
      cancelText: t('actions.cancel'),
      onOk: () => end.mutateAsync({}).catch(() => undefined), // the refusal is said by the toast
    })
  return (
    <Panel title={t('factor.title')}>
      <Loaded query={factors} what={t('factor.title')} skeleton={<SkeletonRows rows={1} avatar={false} />}>
        {({ totp, recoveryLeft }) => (
          <>
            <p>{t(totp ? 'factor.on' : 'factor.off')}</p>
            <p className={`small ${totp && recoveryLeft <= FEW_LEFT ? 'warn' : 'quiet'}`}>
              {totp ? t('factor.left', { n: recoveryLeft }) : t('factor.why')}
            </p>
            <div className={styles.buttons}>
              {totp ? (
                <Button onClick={askEnd}>{t('factor.end')}</Button>
              ) : (
                <Button loading={begin.isPending} onClick={() => begin.mutate({})}>
                  {t('factor.begin')}
                </Button>
              )}
            </div>
          </>
        )}
      </Loaded>
      {begun && (
        <ConfirmDialog
          begun={begun}
          onClose={() => setBegun(undefined)}
          onConfirmed={(recovery) => {
            setBegun(undefined)
            setCodes(recovery)
            refresh()
          }}
        />
      )}
      <Modal
        open={codes !== undefined}
        title={t('factor.codesTitle')}
        closable={false}
        mask={{ closable: false }}
        footer={
          <Button type="primary" onClick={() => setCodes(undefined)}>
            {t('factor.codesKept')}
          </Button>
        }
      >
        <p className="soft">{t('factor.codesWhy')}</p>
        <pre className={styles.codes}>{codes?.join('\n')}</pre>
        <CopyButton text={codes?.join('\n') ?? ''} label={t('factor.codesCopy')} />
      </Modal>
    </Panel>
  )
}

function ConfirmDialog({
  begun,
  onClose,
  onConfirmed,
}: {
  begun: Begun
  onClose: () => void
  onConfirmed: (codes: string[]) => void
}) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const confirm = api.useMutation('put', '/api/account/totp', {
    onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    confirm.mutate({ body: { code } })
  }
  return (
    <Modal open title={t('factor.begin')} footer={null} width={400} onCancel={onClose}>
      <form className={styles.access} onSubmit={submit}>
        <p className="soft">{t('factor.scan')}</p>
        <img
          className={styles.totp}
          src={`data:image/svg+xml,${encodeURIComponent(begun.svg)}`}
          alt={t('factor.picture')}
        />
        <p className="small quiet">
          {t('factor.typed')} <span className="mono">{begun.secret}</span>
        </p>
        <label htmlFor="totp-code">{t('factor.code')}</label>
        <Input
          id="totp-code"
          autoFocus
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={6}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        {confirm.error && (
          <p className="small bad" role="alert">
            {toProblem(confirm.error).message || t('states.offlineWhy')}
          </p>
        )}
        <div className={styles.buttons}>
          <Button type="primary" htmlType="submit" loading={confirm.isPending} disabled={code.trim().length < 6}>
            {t('factor.confirm')}
          </Button>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
        </div>
      </form>
    </Modal>
  )
}
