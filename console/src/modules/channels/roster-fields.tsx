import { keepPreviousData } from '@tanstack/react-query'
import { Input, InputNumber, Segmented, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { shanghaiDay } from '../../ui/time-words.ts'
import type { Faults } from './draft.ts'
import { Field, useFaultWords } from './field.tsx'
import formStyles from './form.module.css'
import styles from './roster.module.css'
import {
  checkRoster,
  type DateDraft,
  newCap,
  newDate,
  newShift,
  newWindow,
  type RosterDraft,
  rosterOf,
  type ShiftDraft,
} from './roster-draft.ts'
import { RosterFaults } from './roster-faults.tsx'
import { RosterGrid } from './roster-grid.tsx'
import { Add, Hours, Remove, Weekdays } from './shift-inputs.tsx'

export interface Choice {
  value: string
  label: string
}
interface Props {
  roster: RosterDraft
  choices: Choice[]
  faults: Faults
  onChange: (roster: RosterDraft) => void
}

const CAP_MAX = 2_000
const DAY_MS = 86_400_000

/** Shifts by weekday and by date, who stands by, how many a day; and at once what becomes of it. */
export function RosterFields({ roster, choices, faults, onChange }: Props) {
  const { t } = useTranslation()
  const now = useNow()
  const put = (change: Partial<RosterDraft>) => onChange({ ...roster, ...change })
  const wrong = useFaultWords(faults.roster)
  return (
    <div className={styles.editor} id="roster">
      <Field label={t('channels.roster.shifts')} hint={t('channels.roster.shiftsHint')}>
        <ShiftRows
          shifts={roster.week}
          choices={choices}
          onChange={(week) => put({ week })}
          add={() => newShift()}
          byWeekday
        />
      </Field>
      <Field label={t('channels.roster.dates')} hint={roster.days.length === 0 && t('channels.roster.datesHint')}>
        <div className={styles.rows}>
          {roster.days.map((date) => (
            <DateRow
              key={date.key}
              date={date}
              choices={choices}
              onChange={(next) => put({ days: roster.days.map((it) => (it.key === date.key ? next : it)) })}
              onRemove={() => put({ days: roster.days.filter((it) => it.key !== date.key) })}
            />
          ))}
          <Add
            label={t('channels.roster.addDate')}
            onClick={() => put({ days: [...roster.days, newDate(shanghaiDay(new Date(now.getTime() + DAY_MS)))] })}
          />
        </div>
      </Field>
      <Field label={t('channels.roster.backups')} htmlFor="roster-backups" hint={t('channels.roster.backupsHint')}>
        <Select
          id="roster-backups"
          mode="multiple"
          maxCount={20}
          optionFilterProp="label"
          placeholder={t('channels.form.staffPlaceholder')}
          value={roster.backupIds}
          options={choices}
          onChange={(backupIds) => put({ backupIds })}
        />
      </Field>
      <Caps roster={roster} choices={choices} put={put} />
      <Field label={t('channels.roster.autoAccept')} hint={t('channels.roster.autoAcceptHint')}>
        <div className={styles.rows}>
          <div>
            <Switch
              size="small"
              checked={roster.windows !== undefined}
              aria-label={t('channels.roster.autoAccept')}
              onChange={(on) => put({ windows: on ? [newWindow()] : undefined })}
            />
          </div>
          {roster.windows && (
            <WindowRows
              windows={roster.windows}
              onChange={(windows) => put({ windows: windows.length ? windows : undefined })}
            />
          )}
        </div>
      </Field>
      {wrong ? (
        <span className={formStyles.wrong} role="alert">
          {wrong}
        </span>
      ) : (
        <Preview roster={roster} />
      )}
    </div>
  )
}

function Caps({
  roster,
  choices,
  put,
}: {
  roster: RosterDraft
  choices: Choice[]
  put: (c: Partial<RosterDraft>) => void
}) {
  const { t } = useTranslation()
  const capped = new Set(roster.caps.map((cap) => cap.staffId))
  const named = new Set(
    [...roster.week, ...roster.days.flatMap((day) => day.shifts)].flatMap((shift) => shift.staffIds),
  )
  const free = choices.filter(({ value }) => named.has(value) && !capped.has(value))
  return (
    <Field label={t('channels.roster.cap')} htmlFor="roster-cap" hint={t('channels.roster.capHint')}>
      <div className={styles.rows}>
        <div className={styles.caps}>
          <InputNumber
            id="roster-cap"
            min={1}
            max={CAP_MAX}
            precision={0}
            placeholder={t('channels.roster.noCap')}
            value={roster.dailyCap}
            onChange={(dailyCap) => put({ dailyCap })}
          />
          <span className="small quiet">{t('channels.roster.perDay')}</span>
        </div>
        {roster.caps.map((cap) => (
          <div key={cap.key} className={styles.caps}>
            <span>{choices.find(({ value }) => value === cap.staffId)?.label}</span>
            <InputNumber
              min={1}
              max={CAP_MAX}
              precision={0}
              value={cap.dailyCap}
              aria-label={t('channels.roster.cap')}
              onChange={(dailyCap) =>
                put({ caps: roster.caps.map((it) => (it.key === cap.key ? { ...it, dailyCap } : it)) })
              }
            />
            <Remove onClick={() => put({ caps: roster.caps.filter((it) => it.key !== cap.key) })} />
          </div>
        ))}
        {free.length > 0 && (
          <Select
            style={{ maxWidth: 240 }}
            placeholder={t('channels.roster.ownCap')}
            value={null}
            options={free}
            optionFilterProp="label"
            showSearch
            onChange={(staffId: string | null) => staffId && put({ caps: [...roster.caps, newCap(staffId)] })}
          />
        )}
      </div>
    </Field>
  )
}

function DateRow({
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

function ShiftRows({
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

type WindowDraft = NonNullable<RosterDraft['windows']>[number]

function WindowRows({ windows, onChange }: { windows: WindowDraft[]; onChange: (windows: WindowDraft[]) => void }) {
  const { t } = useTranslation()
  const put = (key: string, change: Partial<WindowDraft>) =>
    onChange(windows.map((window) => (window.key === key ? { ...window, ...change } : window)))
  return (
    <>
      {windows.map((window) => (
        <div key={window.key} className={`${styles.row} ${styles.window}`}>
          <Weekdays value={window.weekdays} onChange={(weekdays) => put(window.key, { weekdays })} />
          <Hours from={window.from} to={window.to} onChange={(hours) => put(window.key, hours)} />
          <span />
          <Remove onClick={() => onChange(windows.filter(({ key }) => key !== window.key))} />
        </div>
      ))}
      <Add label={t('channels.roster.addWindow')} onClick={() => onChange([...windows, newWindow()])} />
    </>
  )
}

/** What the server makes of the roster as it stands; nothing while it is not whole. */
function Preview({ roster }: { roster: RosterDraft }) {
  const { t } = useTranslation()
  const body = { roster: rosterOf(roster) }
  const whole = checkRoster(roster) === undefined
  const plan = api.useQuery(
    'post',
    '/api/channel-codes/roster/check',
    { body },
    { enabled: whole, placeholderData: keepPreviousData, retry: false },
  )
  if (!whole || !plan.data) return <p className="small quiet">{t('channels.roster.previewLater')}</p>
  return (
    <Field label={t('channels.roster.preview')}>
      <RosterGrid plan={plan.data} />
      {plan.data.faults.length > 0 ? (
        <RosterFaults plan={plan.data} />
      ) : (
        <span className="small good">{t('channels.roster.allGood')}</span>
      )}
    </Field>
  )
}
