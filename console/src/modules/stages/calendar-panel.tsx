import { App, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Panel } from '../../ui/panel.tsx'
import { RulesForm } from '../../ui/rules-form.tsx'
import styles from './stages.module.css'
import { refreshBook, type StageBook } from './use-stages.ts'

type Calendar = StageBook['calendar']
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const DAY = /\d{4}-\d{2}-\d{2}/g

/** When the corp works: what counts in working days goes by it. */
export function CalendarPanel({ calendar, mayWrite }: { calendar: Calendar; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [changed, setChanged] = useState<Calendar>()
  const shown = changed ?? calendar
  const set = (to: Partial<Calendar>) => setChanged({ ...shown, ...to })
  const save = api.useMutation('put', '/api/stage-calendar', {
    onSuccess() {
      void refreshBook().then(() => setChanged(undefined))
      void message.success(t('stages.saved'))
    },
  })
  return (
    <Panel title={t('stages.calendar')}>
      <RulesForm
        mayWrite={mayWrite}
        isChanged={changed !== undefined}
        isSaving={save.isPending}
        error={save.error}
        onSave={() => save.mutate({ body: shown })}
      >
        <Checkbox.Group
          disabled={!mayWrite}
          value={shown.weekdays}
          options={WEEK.map((word, i) => ({ value: i + 1, label: t(`stages.weekday.${word}`) }))}
          onChange={(weekdays) => set({ weekdays })}
        />
        <span className={styles.row}>
          {(['from', 'to'] as const).map((edge) => (
            <label key={edge} className={styles.clock}>
              <span>{t(`stages.calendarEdge.${edge}`)}</span>
              <input
                type="time"
                required
                disabled={!mayWrite}
                value={shown[edge]}
                onChange={(event) => set({ [edge]: event.target.value })}
              />
            </label>
          ))}
        </span>
        {(['holidays', 'workdays'] as const).map((which) => (
          <Days
            key={which}
            which={which}
            days={shown[which]}
            mayWrite={mayWrite}
            onChange={(days) => set({ [which]: days })}
          />
        ))}
      </RulesForm>
    </Panel>
  )
}

interface DaysProps {
  which: 'holidays' | 'workdays'
  days: string[]
  mayWrite: boolean
  onChange: (days: string[]) => void
}

/** Days, one a line; what is no day is passed over. */
function Days({ which, days, mayWrite, onChange }: DaysProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string>()
  return (
    <div className={styles.days}>
      <span>{t(`stages.${which}`)}</span>
      <Input.TextArea
        aria-label={t(`stages.${which}`)}
        autoSize={{ minRows: 2, maxRows: 8 }}
        placeholder="2026-10-01"
        disabled={!mayWrite}
        value={typed ?? days.join('\n')}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(event.target.value.match(DAY) ?? [])
        }}
      />
    </div>
  )
}
