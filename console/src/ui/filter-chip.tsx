import { Popover } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './filter-chip.module.css'
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
  const popover = (trigger: ReactNode) => (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      destroyOnHidden
      content={children(() => setOpen(false))}
    >
      {trigger}
    </Popover>
  )
  if (value === undefined) {
    return popover(
      <button type="button" className={styles.chip} aria-expanded={open}>
        <Icon name="plus" size={12} />
        {label}
      </button>,
    )
  }
  return (
    <span className={`${styles.chip} ${styles.set}`}>
      {popover(
        <button type="button" className={styles.open} aria-expanded={open}>
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
