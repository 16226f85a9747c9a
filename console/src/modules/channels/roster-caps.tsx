import { InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Field } from './field.tsx'
import styles from './roster.module.css'
import { newCap, type RosterDraft } from './roster-draft.ts'
import { Remove } from './shift-inputs.tsx'
import type { Choice } from './shift-rows.tsx'

const CAP_MAX = 2_000

/** How many new customers a day: for everybody, and for some another number. */
export function Caps({
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
