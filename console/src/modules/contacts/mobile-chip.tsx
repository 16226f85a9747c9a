import { Button, Input, Popover, Radio } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { NotSaved } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import styles from './contacts.module.css'

const PURPOSES = ['call', 'delivery', 'verify', 'complaint', 'other'] as const
type Purpose = (typeof PURPOSES)[number]
/** A whole number is covered again after this. */
const SHOWN_MS = 60_000
const NOTE_MAX = 100

/** The masked numbers of a customer; whole ones for a purpose, for a minute. */
export function MobileChips({ contactId, mobiles }: { contactId: string; mobiles: string[] }) {
  const { t } = useTranslation()
  const mayReveal = useCan('contacts.reveal')
  const [whole, setWhole] = useState<string[]>()
  useEffect(() => {
    if (!whole) return
    const timer = setTimeout(() => setWhole(undefined), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [whole])
  return (
    <>
      {(whole ?? mobiles).map((mobile) => (
        <span key={mobile} className={styles.id}>
          <em>{t('contacts.mobile')}</em>
          <span>{mobile}</span>
          {whole && <CopyButton text={mobile} />}
        </span>
      ))}
      {mayReveal && !whole && mobiles.length > 0 && (
        <Popover
          trigger="click"
          placement="bottomLeft"
          destroyOnHidden
          title={t('reveal.title')}
          content={<Purposes contactId={contactId} onShown={setWhole} />}
        >
          <button type="button" className={styles.id}>
            <Icon name="eye" size={13} />
            {t('reveal.begin')}
          </button>
        </Popover>
      )}
    </>
  )
}

function Purposes({ contactId, onShown }: { contactId: string; onShown: (mobiles: string[]) => void }) {
  const { t } = useTranslation()
  const [purpose, setPurpose] = useState<Purpose>('call')
  const [note, setNote] = useState('')
  const reveal = api.useMutation('post', '/api/contacts/{contactId}/mobiles', {
    onSuccess: ({ mobiles }) => onShown([...new Set(mobiles.flatMap((of) => of.mobiles))]),
  })
  return (
    <form
      className={styles.reveal}
      onSubmit={(event) => {
        event.preventDefault()
        reveal.mutate({ params: { path: { contactId } }, body: { purpose, note } })
      }}
    >
      <Radio.Group
        vertical
        value={purpose}
        options={PURPOSES.map((value) => ({ value, label: t(`reveal.purpose.${value}`) }))}
        onChange={({ target }) => setPurpose(target.value)}
      />
      <Input
        aria-label={t('reveal.note')}
        placeholder={t('reveal.note')}
        maxLength={NOTE_MAX}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {reveal.error ? <NotSaved error={reveal.error} /> : null}
      <Button type="primary" size="small" htmlType="submit" loading={reveal.isPending}>
        {t('reveal.show')}
      </Button>
      <small className="quiet">{t('reveal.why')}</small>
    </form>
  )
}
