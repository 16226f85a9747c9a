import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Faults } from './draft.ts'
import styles from './form.module.css'

/** A label, its control, then either what is wrong or what helps. */
export function Field({
  label,
  htmlFor,
  hint,
  fault,
  children,
}: {
  label: string
  htmlFor?: string
  hint?: ReactNode
  fault?: Faults[string] | undefined
  children: ReactNode
}) {
  const words = useFaultWords(fault)
  return (
    <div className={styles.field}>
      {htmlFor ? <label htmlFor={htmlFor}>{label}</label> : <span className={styles.label}>{label}</span>}
      {children}
      {words ? (
        <span className={styles.wrong} role="alert">
          {words}
        </span>
      ) : (
        hint && <span className={styles.hint}>{hint}</span>
      )}
    </div>
  )
}

export function useFaultWords(fault: Faults[string] | undefined): string | undefined {
  const { t } = useTranslation()
  if (!fault) return undefined
  return fault.word === 'unknownVariable'
    ? t('channels.form.unknownVariable', { names: fault.names })
    : t(`channels.form.${fault.word}`)
}
