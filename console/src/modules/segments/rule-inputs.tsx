import { Button, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import type { Deed, PropFilter, Span } from './rule.ts'
import styles from './segments.module.css'
import type { Choice, Vocabulary } from './use-names.ts'

const UNITS = ['minute', 'hour', 'day'] as const
const small = { size: 'small', popupMatchSelectWidth: false } as const

/** 30 天, or no bound at all where that makes sense. */
export function SpanInput({
  label,
  value,
  none,
  onChange,
}: {
  label: string
  value: Span | undefined
  none?: string
  onChange: (next: Span | undefined) => void
}) {
  const { t } = useTranslation()
  const [n, unit] = [value?.n ?? null, value?.unit ?? 'day']
  return (
    <span className={styles.span}>
      {label}
      <InputNumber
        size="small"
        min={1}
        max={1_000}
        precision={0}
        aria-label={label}
        placeholder={none ?? ''}
        value={n}
        onChange={(next) => onChange(next === null ? (none === undefined ? value : undefined) : { n: next, unit })}
      />
      <Select
        {...small}
        aria-label={t('segments.unitOf', { what: label })}
        value={unit}
        disabled={!value}
        options={UNITS.map((one) => ({ value: one, label: t(`segments.unit.${one}`) }))}
        onChange={(next) => value && onChange({ ...value, unit: next })}
      />
    </span>
  )
}

/** At least, at most: either may be left open. Money is typed in yuan and kept in fen. */
export function Bounds({
  least,
  most,
  money = false,
  unit,
  onChange,
}: {
  least: number | undefined
  most: number | undefined
  money?: boolean
  unit?: string
  onChange: (next: { atLeast?: number | undefined; atMost?: number | undefined }) => void
}) {
  const { t } = useTranslation()
  const scale = money ? 100 : 1
  const width = money ? styles.amount : styles.number
  const input = (label: string, value: number | undefined, set: (next: number | undefined) => void) => (
    <InputNumber
      size="small"
      className={width ?? ''}
      aria-label={label}
      placeholder={t('segments.open')}
      prefix={money ? '¥' : undefined}
      precision={money ? 2 : 0}
      min={0}
      max={money ? 10_000_000 : 1_000}
      value={value === undefined ? null : value / scale}
      formatter={(shown) => (money && shown ? String(Number(shown)) : String(shown ?? ''))}
      onChange={(next) => set(next === null ? undefined : Math.round(next * scale))}
    />
  )
  return (
    <span className={styles.bounds}>
      {t('segments.atLeast')}
      {input(t('segments.atLeast'), least, (atLeast) => onChange({ atLeast, atMost: most }))}
      {t('segments.atMost')}
      {input(t('segments.atMost'), most, (atMost) => onChange({ atLeast: least, atMost }))}
      {unit}
    </span>
  )
}

export function DeedInput({
  deed,
  words,
  onChange,
}: {
  deed: Deed
  words: Vocabulary
  onChange: (next: Deed) => void
}) {
  const { t } = useTranslation()
  const properties = words.kinds.find((one) => one.kind === deed.kind)?.properties ?? []
  const where = deed.where ?? []
  const set = (i: number, next: PropFilter | undefined) =>
    onChange({ ...deed, where: next ? where.toSpliced(i, 1, next) : where.toSpliced(i, 1) })
  const first = properties[0]
  return (
    <>
      <Select
        {...small}
        showSearch={{ optionFilterProp: 'label' }}
        className={styles.what ?? ''}
        aria-label={t('segments.deed')}
        value={deed.kind}
        options={words.kinds.map(({ kind }) => ({ value: kind, label: words.names.kind(kind) }))}
        onChange={(kind) => onChange({ kind })}
      />
      {where.map((filter, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: filters have no name of their own and keep their order
        <PropInput key={i} kind={deed.kind} filter={filter} words={words} onChange={(next) => set(i, next)} />
      ))}
      {first && where.length < 5 && (
        <Button
          size="small"
          type="text"
          className={styles.quietButton ?? ''}
          onClick={() => onChange({ ...deed, where: [...where, { prop: first.name, op: 'is', values: [] }] })}
        >
          {where.length === 0 ? t('segments.anyContent') : t('segments.andContent')}
        </Button>
      )}
    </>
  )
}

const OPS = ['is', 'contains', 'atLeast', 'atMost'] as const

function PropInput({
  kind,
  filter,
  words,
  onChange,
}: {
  kind: string
  filter: PropFilter
  words: Vocabulary
  onChange: (next: PropFilter | undefined) => void
}) {
  const { t } = useTranslation()
  const properties = words.kinds.find((one) => one.kind === kind)?.properties ?? []
  const type = properties.find((one) => one.name === filter.prop)?.type ?? 'text'
  const { isMoney } = words.names.prop(kind, filter.prop)
  const isNumber = type === 'number' || type === 'whole' || isMoney
  const scale = isMoney ? 100 : 1
  const first = filter.values[0]
  // Those chosen and gone since are shown by what is known of them.
  const listed = words.valuesOf(filter.prop)
  const choices = listed && [
    ...listed,
    ...filter.values
      .map(String)
      .filter((value) => !listed.some((one) => one.value === value))
      .map((value) => ({ value, label: value })),
  ]
  return (
    <span className={styles.prop}>
      <Select
        {...small}
        aria-label={t('segments.prop')}
        value={filter.prop}
        options={properties.map(({ name }) => ({ value: name, label: words.names.prop(kind, name).title }))}
        onChange={(prop) => onChange({ prop, op: 'is', values: [] })}
      />
      <Select
        {...small}
        aria-label={t('segments.how')}
        value={filter.op}
        options={OPS.filter((op) => op === 'is' || (op === 'contains') !== isNumber).map((op) => ({
          value: op,
          label: t(`segments.op.${op}`),
        }))}
        onChange={(op) => onChange({ ...filter, op, values: [] })}
      />
      {isNumber ? (
        <InputNumber
          size="small"
          aria-label={t('segments.value')}
          prefix={isMoney ? '¥' : undefined}
          value={typeof first === 'number' ? first / scale : null}
          onChange={(next) => onChange({ ...filter, values: next === null ? [] : [Math.round(next * scale)] })}
        />
      ) : filter.op === 'is' && choices ? (
        <Select
          {...small}
          mode="multiple"
          className={styles.texts ?? ''}
          aria-label={t('segments.value')}
          placeholder={t('segments.pickValue')}
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          value={filter.values.map(String)}
          options={choices}
          onChange={(values: string[]) => onChange({ ...filter, values: values.slice(0, 20) })}
        />
      ) : (
        <Select
          {...small}
          mode="tags"
          open={false}
          suffixIcon={null}
          className={styles.texts ?? ''}
          aria-label={t('segments.value')}
          placeholder={t('segments.typeValue')}
          value={filter.values.map(String)}
          onChange={(values: string[]) => onChange({ ...filter, values: values.slice(0, 20) })}
        />
      )}
      <Button
        size="small"
        type="text"
        icon={<Icon name="close" size={12} label={t('segments.removeContent')} />}
        onClick={() => onChange(undefined)}
      />
    </span>
  )
}

export function Picker({
  label,
  value,
  choices,
  onChange,
}: {
  label: string
  value: string[]
  choices: (Choice & { group?: string })[]
  onChange: (next: string[]) => void
}) {
  const { t } = useTranslation()
  return (
    <Select
      {...small}
      mode="multiple"
      maxTagCount="responsive"
      className={styles.picker ?? ''}
      aria-label={label}
      placeholder={t('segments.choose')}
      status={value.length === 0 ? 'warning' : ''}
      value={value}
      showSearch={{ optionFilterProp: 'label' }}
      options={choices}
      onChange={onChange}
    />
  )
}
