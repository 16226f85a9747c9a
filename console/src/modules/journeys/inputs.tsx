import { Input, InputNumber, Select } from 'antd'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import { type Deed, type Group, isWhole, type Span } from '../segments/rule.ts'
import { RuleBuilder } from '../segments/rule-builder.tsx'
import { DeedInput } from '../segments/rule-inputs.tsx'
import type { Choice, Vocabulary } from '../segments/use-names.ts'
import { usePreview } from '../segments/use-preview.ts'
import { useCan } from '../staff/session.ts'
import styles from './journeys.module.css'

const UNITS = ['minute', 'hour', 'day'] as const

/** A field with its name above, and what it means below. */
export function Field({ label, why, children }: { label: string; why?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <span className={styles.label}>{label}</span>
      {children}
      {why && <small className="quiet">{why}</small>}
    </div>
  )
}

/** A field with several parts on one line, one of them in words. */
export function Line({ children }: { children: ReactNode }) {
  return <div className={styles.lineup}>{children}</div>
}

export function SpanField({
  label,
  value,
  max = 1_000,
  units = UNITS,
  onChange,
}: {
  label: string
  value: Span
  max?: number
  units?: readonly Span['unit'][]
  onChange: (next: Span) => void
}) {
  const { t } = useTranslation()
  return (
    <span className={styles.lineup}>
      <InputNumber
        min={1}
        max={max}
        precision={0}
        style={{ width: 76 }}
        aria-label={label}
        value={value.n}
        onChange={(n) => n !== null && onChange({ ...value, n })}
      />
      <Select
        aria-label={t('segments.unitOf', { what: label })}
        style={{ width: 88 }}
        value={value.unit}
        options={units.map((one) => ({ value: one, label: t(`segments.unit.${one}`) }))}
        onChange={(unit) => onChange({ ...value, unit })}
      />
    </span>
  )
}

export function ClockField({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (next: string) => void
}) {
  return (
    <Input
      type="time"
      aria-label={label}
      style={{ width: 112 }}
      value={value}
      onChange={({ target }) => target.value && onChange(target.value)}
    />
  )
}

export function PickOne({
  label,
  value,
  choices,
  placeholder,
  clearable = false,
  onChange,
}: {
  label: string
  value: string | null | undefined
  choices: readonly Choice[]
  placeholder?: string
  clearable?: boolean
  onChange: (next: string | undefined) => void
}) {
  const { t } = useTranslation()
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      allowClear={clearable}
      style={{ width: '100%' }}
      aria-label={label}
      placeholder={placeholder ?? t('segments.choose')}
      value={value || null}
      options={[...choices]}
      onChange={(next: string | null | undefined) => onChange(next ?? undefined)}
      notFoundContent={t('segments.nothingToChoose')}
    />
  )
}

export function PickMany({
  label,
  value,
  choices,
  placeholder,
  max,
  onChange,
}: {
  label: string
  value: readonly string[]
  choices: readonly Choice[]
  placeholder?: string
  max?: number
  onChange: (next: string[]) => void
}) {
  const { t } = useTranslation()
  return (
    <Select
      mode="multiple"
      showSearch={{ optionFilterProp: 'label' }}
      {...(max ? { maxCount: max } : {})}
      style={{ width: '100%' }}
      aria-label={label}
      placeholder={placeholder ?? t('segments.choose')}
      value={[...value]}
      options={[...choices]}
      onChange={onChange}
      notFoundContent={t('segments.nothingToChoose')}
    />
  )
}

const MATERIALS_SHOWN = 100
const SENDABLE = ['image', 'video', 'file', 'pdf', 'link', 'article', 'product', 'mini_program'] as const

export function MaterialsField({
  label,
  value,
  max,
  onChange,
}: {
  label: string
  value: readonly string[]
  max: number
  onChange: (next: string[]) => void
}) {
  const { t } = useTranslation()
  const may = useCan('content.read')
  const query = { kinds: SENDABLE.join(','), state: 'live', limit: MATERIALS_SHOWN } as const
  const list = api.useQuery(
    'get',
    '/api/materials',
    { params: { query: query as never } },
    { staleTime: 30_000, enabled: may },
  )
  const choices = (list.data?.items ?? []).map(({ materialId, title, kind }) => ({
    value: materialId,
    label: `${title} · ${t(`content.kind.${kind}`)}`,
  }))
  return (
    <PickMany
      label={label}
      value={value}
      choices={choices}
      max={max}
      placeholder={t('broadcasts.pickMaterials')}
      onChange={onChange}
    />
  )
}

/** A kind of event and what is asked of it, as rules have it. */
export function DeedField({
  deed,
  words,
  onChange,
}: {
  deed: Deed
  words: Vocabulary
  onChange: (next: Deed) => void
}) {
  return (
    <div className={styles.deed}>
      <DeedInput deed={deed} words={words} onChange={onChange} />
    </div>
  )
}

/** A rule as segments have it, and how many it holds of everybody now. */
export function RuleField({
  rule,
  words,
  onChange,
}: {
  rule: Group
  words: Vocabulary
  onChange: (next: Group) => void
}) {
  const { t, i18n } = useTranslation()
  const may = useCan('segments.read')
  const { whole } = usePreview(rule, may)
  const id = useId()
  return (
    <div className={styles.rule} aria-describedby={id}>
      <RuleBuilder rule={rule} words={words} alone={undefined} onChange={onChange} />
      <p id={id} className="quiet small">
        {isWhole(rule) && whole.data
          ? t('journeys.form.holdsNow', { n: sayCount(whole.data.members, languageOf(i18n)) })
          : isWhole(rule)
            ? ' '
            : t('journeys.form.ruleOpen')}
      </p>
    </div>
  )
}
