import { Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../ui/clock.ts'
import { fromLocal, PRESETS, presetAt, REMINDERS, toLocal } from './due.ts'
import styles from './tasks.module.css'

interface Props {
  /** As the input holds it. */
  due: string
  remindMinutes: number | null
  onDue: (due: string) => void
  onRemind: (minutes: number | null) => void
}

/** By when, by a press or to the minute, and when to be reminded. */
export function DueField({ due, remindMinutes, onDue, onRemind }: Props) {
  const { t } = useTranslation()
  const now = useNow()
  const isPast = (fromLocal(due)?.getTime() ?? Infinity) <= now.getTime()
  return (
    <>
      <fieldset className={styles.presets} aria-label={t('tasks.due')}>
        {PRESETS.map((preset) => {
          const at = presetAt(preset, now)
          return (
            at && (
              <button key={preset} type="button" aria-pressed={due === toLocal(at)} onClick={() => onDue(toLocal(at))}>
                {t(`tasks.preset.${preset}`)}
              </button>
            )
          )
        })}
      </fieldset>
      <div className={styles.pair}>
        <Input
          type="datetime-local"
          aria-label={t('tasks.due')}
          value={due}
          status={isPast ? 'error' : ''}
          onChange={(event) => onDue(event.target.value)}
        />
        <Select
          aria-label={t('tasks.remind')}
          value={remindMinutes ?? -1}
          onChange={(minutes) => onRemind(minutes < 0 ? null : minutes)}
          options={Object.entries(REMINDERS).map(([word, minutes]) => ({
            value: minutes ?? -1,
            label: t(`tasks.reminder.${word as keyof typeof REMINDERS}`),
          }))}
        />
      </div>
      {isPast && <p className="bad small">{t('tasks.past')}</p>}
    </>
  )
}
