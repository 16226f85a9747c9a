import { Button, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import {
  AddedFields,
  AgoFields,
  DidFields,
  type FieldsProps,
  MemberFields,
  SequenceFields,
  TotalFields,
  WhenFields,
} from './condition-fields.tsx'
import { blank, CONDITIONS, type Condition, isWhole } from './rule.ts'
import { Picker } from './rule-inputs.tsx'
import { sayCondition } from './say-rule.ts'
import styles from './segments.module.css'

interface Props extends FieldsProps {
  /** How many it holds by itself. */
  alone: number | undefined
  onRemove: () => void
}

/** One condition: what is asked, filled in along a line that reads like a sentence. */
export function ConditionLine({ condition, words, alone, onChange, onRemove }: Props) {
  const { t, i18n } = useTranslation()
  const said = sayCondition(condition, t, words.names)
  return (
    <fieldset className={`${styles.line} ${isWhole(condition) ? '' : styles.open}`} aria-label={said}>
      <div className={styles.asked}>
        <button
          type="button"
          className={styles.not}
          aria-pressed={condition.not === true}
          onClick={() => onChange({ ...condition, not: !condition.not })}
          title={t('segments.notWhy')}
        >
          {condition.not ? t('segments.isNot') : t('segments.isSo')}
        </button>
        <Select
          size="small"
          popupMatchSelectWidth={false}
          className={styles.kind ?? ''}
          aria-label={t('segments.condition')}
          value={condition.is}
          options={CONDITIONS.map((value) => ({ value, label: t(`segments.is.${value}`) }))}
          onChange={(is) => onChange({ ...blank(is), ...(condition.not ? { not: true } : {}) })}
        />
        <Fields condition={condition} words={words} onChange={onChange} />
      </div>
      <span className={styles.alone}>{alone !== undefined && sayCount(alone, languageOf(i18n))}</span>
      <Button
        size="small"
        type="text"
        icon={<Icon name="close" size={14} label={t('segments.remove', { what: said })} />}
        onClick={onRemove}
      />
    </fieldset>
  )
}

function Fields({ condition: c, words, onChange }: FieldsProps) {
  const { t } = useTranslation()
  switch (c.is) {
    case 'did':
      return <DidFields condition={c} words={words} onChange={onChange} />
    case 'total':
      return <TotalFields condition={c} words={words} onChange={onChange} />
    case 'when':
      return <WhenFields condition={c} words={words} onChange={onChange} />
    case 'sequence':
      return <SequenceFields condition={c} words={words} onChange={onChange} />
    case 'added':
      return <AddedFields condition={c} words={words} onChange={onChange} />
    case 'tags': {
      const mode: 'all' | 'any' = c.all ? 'all' : 'any'
      const ids = c.all ?? c.any ?? []
      const set = (which: 'all' | 'any', next: string[]) =>
        onChange({ ...c, any: which === 'any' ? next : undefined, all: which === 'all' ? next : undefined })
      return (
        <>
          <Select
            size="small"
            popupMatchSelectWidth={false}
            aria-label={t('segments.how')}
            value={mode}
            options={(['any', 'all'] as const).map((value) => ({ value, label: t(`segments.tagMode.${value}`) }))}
            onChange={(next: 'all' | 'any') => set(next, ids)}
          />
          <Picker label={t('segments.is.tags')} value={ids} choices={words.tags} onChange={(next) => set(mode, next)} />
        </>
      )
    }
    case 'staff':
      return (
        <Picker
          label={t('segments.is.staff')}
          value={c.ids}
          choices={words.staff}
          onChange={(ids) => onChange({ ...c, ids })}
        />
      )
    case 'channels':
      return (
        <Picker
          label={t('segments.is.channels')}
          value={c.ids}
          choices={words.codes}
          onChange={(ids) => onChange({ ...c, ids })}
        />
      )
    case 'gender':
      return (
        <Picker
          label={t('segments.is.gender')}
          value={c.values.map(String)}
          choices={([2, 1, 0] as const).map((n) => ({ value: String(n), label: t(`segments.gender.${n}`) }))}
          onChange={(values) => onChange({ ...c, values: values.map(Number) })}
        />
      )
    case 'member':
      return <MemberFields condition={c} onChange={onChange} />
    case 'field':
      return <FieldFields condition={c} words={words} onChange={onChange} />
    case 'anniversary':
      return (
        <>
          <One
            label={t('segments.is.field')}
            value={c.fieldId}
            choices={words.fields.filter((field) => field.kind === 'date')}
            onChange={(fieldId) => onChange({ ...c, fieldId })}
          />
          <InputNumber
            size="small"
            min={0}
            max={180}
            precision={0}
            aria-label={t('segments.fromDays')}
            value={c.from}
            onChange={(from) => onChange({ ...c, from: from ?? 0 })}
          />
          –
          <InputNumber
            size="small"
            min={0}
            max={180}
            precision={0}
            aria-label={t('segments.toDays')}
            value={c.to}
            onChange={(to) => onChange({ ...c, to: to ?? 0 })}
          />
          {t('segments.daysAhead')}
        </>
      )
    case 'stage':
      return (
        <>
          <Picker
            label={t('segments.is.stage')}
            value={c.ids}
            choices={words.stages}
            onChange={(ids) => onChange({ ...c, ids })}
          />
          <AgoFields olderThan={c.olderThan} newerThan={c.newerThan} onChange={(next) => onChange({ ...c, ...next })} />
        </>
      )
    case 'group':
      return (
        <Picker
          label={t('segments.is.group')}
          value={c.ids}
          choices={words.groups}
          onChange={(ids) => onChange({ ...c, ids })}
        />
      )
    case 'segment':
      return (
        <One
          label={t('segments.is.segment')}
          value={c.segmentId}
          choices={words.segments}
          onChange={(segmentId) => onChange({ ...c, segmentId })}
        />
      )
    case 'lost':
      return null
  }
}

function One({
  label,
  value,
  choices,
  onChange,
}: {
  label: string
  value: string
  choices: { value: string; label: string }[]
  onChange: (next: string) => void
}) {
  const { t } = useTranslation()
  return (
    <Select
      size="small"
      popupMatchSelectWidth={false}
      className={styles.what ?? ''}
      aria-label={label}
      placeholder={t('segments.choose')}
      status={value ? '' : 'warning'}
      value={value || null}
      showSearch={{ optionFilterProp: 'label' }}
      options={choices}
      onChange={onChange}
      notFoundContent={t('segments.nothingToChoose')}
    />
  )
}

const FIELD_OPS = ['filled', 'is', 'contains', 'atLeast', 'atMost'] as const
const OPS_OF: Record<string, readonly string[]> = {
  text: ['filled', 'is', 'contains'],
  number: ['filled', 'is', 'atLeast', 'atMost'],
  date: ['filled', 'is', 'atLeast', 'atMost'],
  choice: ['filled', 'is'],
  choices: ['filled', 'is'],
}

function FieldFields({ condition: c, words, onChange }: FieldsProps<Extract<Condition, { is: 'field' }>>) {
  const { t } = useTranslation()
  const field = words.fields.find((one) => one.value === c.fieldId)
  const ops = FIELD_OPS.filter((op) => OPS_OF[field?.kind ?? 'text']?.includes(op))
  const values = c.values ?? []
  const isNumber = field?.kind === 'number'
  return (
    <>
      <One
        label={t('segments.is.field')}
        value={c.fieldId}
        choices={words.fields}
        onChange={(fieldId) => onChange({ ...c, fieldId, op: 'filled', values: [] })}
      />
      <Select
        size="small"
        popupMatchSelectWidth={false}
        aria-label={t('segments.how')}
        value={c.op}
        options={ops.map((value) => ({ value, label: t(`segments.op.${value}`) }))}
        onChange={(op) => onChange({ ...c, op, values: [] })}
      />
      {c.op !== 'filled' && isNumber && (
        <InputNumber
          size="small"
          aria-label={t('segments.value')}
          value={typeof values[0] === 'number' ? values[0] : null}
          onChange={(next) => onChange({ ...c, values: next === null ? [] : [Number(next)] })}
        />
      )}
      {c.op !== 'filled' && !isNumber && (
        <Select
          size="small"
          popupMatchSelectWidth={false}
          mode="tags"
          className={styles.texts ?? ''}
          aria-label={t('segments.value')}
          placeholder={field?.kind === 'date' ? '2026-11-23' : t('segments.typeValue')}
          value={values.map(String)}
          options={field?.options.map((value) => ({ value, label: value })) ?? []}
          onChange={(next: string[]) =>
            onChange({ ...c, values: c.op === 'is' || c.op === 'contains' ? next : next.slice(-1) })
          }
        />
      )}
    </>
  )
}
