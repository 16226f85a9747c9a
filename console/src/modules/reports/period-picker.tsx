import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../ui/clock.ts'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import { PERIODS, type PeriodName, usePeriod } from './period.ts'
import styles from './reports.module.css'

export function PeriodPicker() {
  const { t } = useTranslation()
  const { name, change } = usePeriod()
  return (
    <Segmented<string>
      value={name ?? ''}
      aria-label={t('reports.period.label')}
      options={(Object.keys(PERIODS) as PeriodName[]).map((one) => ({ value: one, label: t(`reports.period.${one}`) }))}
      onChange={(next) => change({ period: next === 'month' ? undefined : next, from: undefined, to: undefined })}
    />
  )
}

/** Days of one's own. */
export function OwnDays() {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const { name, range, change } = usePeriod()
  const say = (day: string) => sayDay(new Date(`${day}T12:00:00+08:00`), now, languageOf(i18n))
  const set = (to: Partial<typeof range>) => {
    const next = { ...range, ...to }
    if (next.from && next.to && next.from <= next.to) change({ ...next, period: undefined })
  }
  return (
    <FilterChip
      label={t('reports.period.own')}
      value={name === undefined ? t('losses.range', { from: say(range.from), to: say(range.to) }) : undefined}
      onClear={() => change({ from: undefined, to: undefined })}
    >
      {() => (
        <div className={styles.dates}>
          <label>
            {t('reports.period.from')}
            <input
              type="date"
              max={range.to}
              defaultValue={range.from}
              onChange={(event) => set({ from: event.target.value })}
            />
          </label>
          <label>
            {t('reports.period.to')}
            <input
              type="date"
              min={range.from}
              defaultValue={range.to}
              onChange={(event) => set({ to: event.target.value })}
            />
          </label>
        </div>
      )}
    </FilterChip>
  )
}
