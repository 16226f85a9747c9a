import { Input } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { byteLength } from '../../ui/number-words.ts'
import styles from './content.module.css'
import { SLOTS } from './use-content.ts'

const BYTES_MAX = 4_000

/** A text for the customer: slots are put in where the cursor stands, and what is left of WeCom's limit is told. */
export function SlotText({
  value,
  onChange,
  label,
}: {
  value: string
  onChange: (text: string) => void
  label: string
}) {
  const { t } = useTranslation()
  const area = useRef<TextAreaRef>(null)
  const insert = (slot: string) => {
    const field = area.current?.resizableTextArea?.textArea
    const [from, to] = [field?.selectionStart ?? value.length, field?.selectionEnd ?? value.length]
    onChange(`${value.slice(0, from)}{${slot}}${value.slice(to)}`)
    field?.focus()
  }
  const bytes = byteLength(value)
  return (
    <div className={styles.slotText}>
      <Input.TextArea
        ref={area}
        autoSize={{ minRows: 4, maxRows: 14 }}
        aria-label={label}
        value={value}
        status={bytes > BYTES_MAX ? 'error' : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className={styles.slots}>
        {SLOTS.map((slot) => (
          <button key={slot} type="button" className={styles.slot} onClick={() => insert(slot)}>
            {slot}
          </button>
        ))}
        <span className={`spring ${styles.count} ${bytes > BYTES_MAX ? 'bad' : 'quiet'}`}>
          {t('content.bytes', { n: bytes, max: BYTES_MAX })}
        </span>
      </div>
    </div>
  )
}
