import { Button, Input, Modal, Segmented } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { NotSaved } from '../../ui/states.tsx'
import styles from './openapi.module.css'

const KINDS = ['server', 'web'] as const

/** Makes a key, and then shows it, this once. */
export function KeyDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const [key, setKey] = useState<string>()
  return (
    <Modal
      open
      title={t(key ? 'openapi.made' : 'openapi.create')}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={null}
      width={460}
    >
      {key ? (
        <div className={styles.form}>
          <p>{t('openapi.madeWhy')}</p>
          <p className={`${styles.secret} mono`}>{key}</p>
          <div className={styles.foot}>
            <CopyButton text={key} label={t('openapi.copy')} size="medium" />
            <Button type="primary" onClick={onClose}>
              {t('openapi.done')}
            </Button>
          </div>
        </div>
      ) : (
        <NewKey
          onClose={onClose}
          onMade={(made) => {
            setKey(made)
            onMade()
          }}
        />
      )}
    </Modal>
  )
}

function NewKey({ onMade, onClose }: { onMade: (key: string) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<(typeof KINDS)[number]>('server')
  const [name, setName] = useState('')
  const [origins, setOrigins] = useState('')
  const create = api.useMutation('post', '/api/openapi/keys', { onSuccess: (made) => onMade(made.key) })
  const allowedOrigins = origins
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const ready = name.trim() !== '' && (kind === 'server' || allowedOrigins.length > 0)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    create.mutate({
      body: kind === 'server' ? { kind, name: name.trim() } : { kind, name: name.trim(), allowedOrigins },
    })
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Segmented
        block
        value={kind}
        onChange={setKind}
        options={KINDS.map((value) => ({ value, label: t(`openapi.kind.${value}`) }))}
      />
      <p className="small soft">{t(`openapi.kindWhy.${kind}`)}</p>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: antd renders the control */}
      <label>
        <span>{t('openapi.name')}</span>
        <Input
          autoFocus
          maxLength={30}
          placeholder={t('openapi.namePlaceholder')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {kind === 'web' && (
        // biome-ignore lint/a11y/noLabelWithoutControl: antd renders the control
        <label>
          <span>{t('openapi.origins')}</span>
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={origins}
            onChange={(event) => setOrigins(event.target.value)}
          />
          <small className="quiet">{t('openapi.originsHint')}</small>
        </label>
      )}
      {create.error && <NotSaved error={create.error} />}
      <div className={styles.foot}>
        <Button onClick={onClose}>{t('actions.cancel')}</Button>
        <Button type="primary" htmlType="submit" disabled={!ready} loading={create.isPending}>
          {t('openapi.create')}
        </Button>
      </div>
    </form>
  )
}
