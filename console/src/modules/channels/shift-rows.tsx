import { Input, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from './roster.module.css'
import { type DateDraft, newShift, type ShiftDraft } from './roster-draft.ts'
import { Add, Hours, Remove, Weekdays } from './shift-inputs.tsx'

export interface Choice {
  value: string
  label: string
}

/** A date that beats its weekday: nobody works, or its own shifts. */
export function DateRow({
  date,
  choices,
  onChange,
  onRemove,
}: {
  date: DateDraft
  choices: Choice[]
  onChange: (date: DateDraft) => void
  onRemove: () => void
}) {
  const { t } = useTranslation()
  return (
    <div className={styles.date}>
      <div className={styles.dateTop}>
        <Input
          type="date"
          value={date.on}
          aria-label={t('channels.roster.date')}
          onChange={(event) => onChange({ ...date, on: event.target.value })}
        />
        <Segmented
          value={date.free ? 'free' : 'own'}
          options={(['free', 'own'] as const).map((value) => ({
            value,
            label: t(`channels.roster.dateKind.${value}`),
          }))}
          onChange={(value) =>
            onChange({
              ...date,
              free: value === 'free',
              shifts: value === 'own' && date.shifts.length === 0 ? [newShift([])] : date.shifts,
            })
          }
        />
        <Remove onClick={onRemove} />
      </div>
      {!date.free && (
        <ShiftRows
          shifts={date.shifts}
          choices={choices}
          onChange={(shifts) => onChange({ ...date, shifts })}
          add={() => newShift([])}
        />
      )}
    </div>
  )
}

export function ShiftRows({
  shifts,
  choices,
  byWeekday = false,
  onChange,
  add,
}: {
  shifts: ShiftDraft[]
  choices: Choice[]
  byWeekday?: boolean
  onChange: (shifts: ShiftDraft[]) => void
  add: () => ShiftDraft
}) {
  const { t } = useTranslation()
  const put = (key: string, change: Partial<ShiftDraft>) =>
    onChange(shifts.map((shift) => (shift.key === key ? { ...shift, ...change } : shift)))
  return (
    <div className={styles.rows}>
      {shifts.map((shift) => (
        <div key={shift.key} className={`${styles.row} ${byWeekday ? '' : styles.short}`}>
          {byWeekday && <Weekdays value={shift.weekdays} onChange={(weekdays) => put(shift.key, { weekdays })} />}
          <Hours from={shift.from} to={shift.to} onChange={(hours) => put(shift.key, hours)} />
          <Select
            mode="multiple"
            maxCount={100}
            maxTagCount="responsive"
            optionFilterProp="label"
            placeholder={t('channels.form.staffPlaceholder')}
            aria-label={t('channels.form.staff')}
            value={shift.staffIds}
            options={choices}
            onChange={(staffIds) => put(shift.key, { staffIds })}
          />
          <Remove onClick={() => onChange(shifts.filter(({ key }) => key !== shift.key))} />
        </div>
      ))}
      <Add label={t('channels.roster.addShift')} onClick={() => onChange([...shifts, add()])} />
    </div>
  )
}
