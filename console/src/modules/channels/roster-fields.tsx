import { keepPreviousData } from '@tanstack/react-query'
import { Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { shanghaiDay } from '../../ui/time-words.ts'
import type { Faults } from './draft.ts'
import { Field, useFaultWords } from './field.tsx'
import formStyles from './form.module.css'
import styles from './roster.module.css'
import { Caps } from './roster-caps.tsx'
import { checkRoster, newDate, newShift, newWindow, type RosterDraft, rosterOf } from './roster-draft.ts'
import { RosterFaults } from './roster-faults.tsx'
import { RosterGrid } from './roster-grid.tsx'
import { Add, Hours, Remove, Weekdays } from './shift-inputs.tsx'
import { type Choice, DateRow, ShiftRows } from './shift-rows.tsx'

interface Props {
  roster: RosterDraft
  choices: Choice[]
  faults: Faults
  onChange: (roster: RosterDraft) => void
}

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
