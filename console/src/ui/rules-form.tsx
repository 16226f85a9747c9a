import { Button, InputNumber } from 'antd'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './rules-form.module.css'
import { NotSaved } from './states.tsx'

interface Props {
  /** Without the right to change them they are shown alone. */
  mayWrite: boolean
  isChanged: boolean
  isSaving: boolean
  error: unknown
  onSave: () => void
  children: ReactNode
}

/** A corp's rules in a few fields: read by many, changed by some, saved together. */
export function RulesForm({ mayWrite, isChanged, isSaving, error, onSave, children }: Props) {
  const { t } = useTranslation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave()
  }
  return (
    <form className={styles.rules} onSubmit={submit}>
      {children}
      {error ? <NotSaved error={error} /> : null}
      {mayWrite && (
        <Button htmlType="submit" loading={isSaving} disabled={!isChanged}>
          {t('signInRules.save')}
        </Button>
      )}
    </form>
  )
}

interface NumberProps {
  id: string
  label: string
  unit: string
  /** The server's own bounds. */
  range: readonly [least: number, most: number]
  step?: number
  value: number
  disabled: boolean
  onChange: (value: number | null) => void
}

/** One whole number among them, with its unit. */
export function RuleNumber({ id, label, unit, range: [min, max], step = 1, ...input }: NumberProps) {
  return (
    <label htmlFor={id}>
      <span>{label}</span>
      <InputNumber
        id={id}
        style={{ width: 160 }}
        min={min}
        max={max}
        precision={0}
        step={step}
        suffix={unit}
        {...input}
      />
    </label>
  )
}
