import { type ComponentProps, type ReactElement, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './filter-chip.module.css'
import { Float } from './float.tsx'
import { Icon } from './icon.tsx'

interface Props {
  label: string
  /** In words; undefined: not set. */
  value: string | undefined
  onClear: () => void
  /** Given the way to close: a single choice closes, a multiple one stays. */
  children: (close: () => void) => ReactNode
}

/** Set: a solid line, label and value, × clears. Unset: dashed, with ＋. */
export function FilterChip({ label, value, onClear, children }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const float = (trigger: ReactElement<ComponentProps<'button'>>) => (
    <Float open={open} onOpenChange={setOpen} label={label} content={children(() => setOpen(false))}>
      {trigger}
    </Float>
  )
  if (value === undefined) {
    return float(
      <button type="button" className={styles.chip}>
        <Icon name="plus" size={12} />
        {label}
      </button>,
    )
  }
  return (
    <span className={`${styles.chip} ${styles.set}`}>
      {float(
        <button type="button" className={styles.open}>
          <em>{label}</em>
          <b>{value}</b>
        </button>,
      )}
      <button type="button" className={styles.x} onClick={onClear} aria-label={t('filters.clearOne', { label })}>
        <Icon name="close" size={12} />
      </button>
    </span>
  )
}
