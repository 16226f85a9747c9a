import { Input } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldKind } from './connect-draft.ts'
import styles from './corps.module.css'

interface Props {
  id: string
  kind: FieldKind
  label: string
  value: string
  onChange: (value: string) => void
  /** Whether to say that it does not fit. */
  wrong: boolean
  placeholder?: string
  hint?: ReactNode
}

/** One value copied from WeCom. */
export function Field({ id, kind, label, value, onChange, wrong, placeholder, hint }: Props) {
  const { t } = useTranslation()
  const Control = kind === 'secret' ? Input.Password : Input
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <Control
        id={id}
        autoComplete="off"
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        status={wrong ? 'error' : undefined}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {wrong ? (
        <span className={styles.wrong} role="alert" id={`${id}-wrong`}>
          {t(`corps.invalid.${kind}`)}
        </span>
      ) : (
        hint && <span className="small quiet">{hint}</span>
      )}
    </div>
  )
}
