import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import formStyles from './form.module.css'
import styles from './roster.module.css'
import { WEEKDAYS } from './roster-days.ts'
import { readTime } from './roster-draft.ts'

export function Weekdays({ value, onChange }: { value: number[]; onChange: (weekdays: number[]) => void }) {
  const { t } = useTranslation()
  return (
    <fieldset className={styles.weekdays} aria-label={t('channels.roster.weekdays')}>
      {WEEKDAYS.map((day) => {
        const on = value.includes(day)
        return (
          <button
            key={day}
            type="button"
            aria-pressed={on}
            aria-label={t(`channels.roster.weekday.${day}`)}
            onClick={() => onChange(on ? value.filter((it) => it !== day) : [...value, day].sort())}
          >
            {t(`channels.roster.weekdayShort.${day}`)}
          </button>
        )
      })}
    </fieldset>
  )
}

/** An end at or before the start is on the next day. */
export function Hours({
  from,
  to,
  onChange,
}: {
  from: string
  to: string
  onChange: (hours: { from: string; to: string }) => void
}) {
  const { t } = useTranslation()
  return (
    <span className={styles.hours}>
      <TimeInput value={from} label={t('channels.roster.from')} onChange={(next) => onChange({ from: next, to })} />
      –
      <TimeInput value={to} label={t('channels.roster.to')} onChange={(next) => onChange({ from, to: next })} />
      {to !== '' && to <= from && <span className="small quiet">{t('channels.roster.nextDay')}</span>}
    </span>
  )
}

/** Takes 9, 930, 9:30 and 9：30 for what is meant; what is no time is left empty, and asked for again. */
function TimeInput({ value, label, onChange }: { value: string; label: string; onChange: (time: string) => void }) {
  const [typed, setTyped] = useState<string>()
  return (
    <Input
      value={typed ?? value}
      aria-label={label}
      placeholder="09:00"
      maxLength={5}
      status={value === '' && typed === undefined ? 'error' : undefined}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={() => {
        if (typed !== undefined) onChange(readTime(typed))
        setTyped(undefined)
      }}
    />
  )
}

export function Add({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <div>
      <Button size="small" icon={<Icon name="plus" size={13} />} onClick={onClick}>
        {label}
      </Button>
    </div>
  )
}

export function Remove({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation()
  return (
    <button type="button" className={formStyles.tool} aria-label={t('channels.roster.remove')} onClick={onClick}>
      <Icon name="close" size={14} />
    </button>
  )
}
