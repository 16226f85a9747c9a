import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './tags.module.css'
import { NAME_MAX } from './use-tags.ts'

/** A name in its own place: Enter saves, Esc leaves it as it was. */
export function NameEditor({
  initial,
  label,
  busy,
  onSave,
  onCancel,
}: {
  initial: string
  label: string
  busy: boolean
  onSave: (name: string) => void
  onCancel: () => void
}) {
  const { t } = useTranslation()
  const [name, setName] = useState(initial)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    if (name.trim() === initial) onCancel()
    else onSave(name.trim())
  }
  return (
    <form className={styles.inline} onSubmit={submit}>
      <Input
        autoFocus
        size="small"
        style={{ width: 160 }}
        maxLength={NAME_MAX}
        aria-label={label}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      />
      <Button size="small" type="primary" htmlType="submit" loading={busy} disabled={name.trim() === ''}>
        {t('actions.save')}
      </Button>
      <Button size="small" onClick={onCancel}>
        {t('actions.cancel')}
      </Button>
    </form>
  )
}
