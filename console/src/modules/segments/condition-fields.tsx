import { Button, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import type { Condition, Deed, PropFilter, Span } from './rule.ts'
import styles from './segments.module.css'
import type { Choice, Vocabulary } from './use-names.ts'

type Of<Is extends Condition['is']> = Extract<Condition, { is: Is }>
export interface FieldsProps<C = Condition> {
  condition: C
  words: Vocabulary
  onChange: (next: C) => void
}

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
function Bounds({
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
  const isNumber = type === 'number' || isMoney
  const scale = isMoney ? 100 : 1
  const first = filter.values[0]
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

export const DidFields = ({ condition, words, onChange }: FieldsProps<Of<'did'>>) => {
  const { t } = useTranslation()
  const unit = t('segments.times')
  return (
    <>
      <DeedInput deed={condition.deed} words={words} onChange={(deed) => onChange({ ...condition, deed })} />
      <Bounds
        least={condition.atLeast}
        most={condition.atMost}
        unit={unit}
        onChange={(next) => onChange({ ...condition, ...next, atLeast: next.atLeast === 0 ? undefined : next.atLeast })}
      />
      <SpanInput
        label={t('segments.lately')}
        none={t('segments.ever')}
        value={condition.within}
        onChange={(within) => onChange({ ...condition, within })}
      />
    </>
  )
}

export const TotalFields = ({ condition, words, onChange }: FieldsProps<Of<'total'>>) => {
  const { t } = useTranslation()
  const sums =
    words.kinds
      .find((one) => one.kind === condition.deed.kind)
      ?.properties.filter((one) => one.type === 'money_fen' || one.type === 'number') ?? []
  const deed = (next: Deed) => {
    const properties = words.kinds.find((one) => one.kind === next.kind)?.properties ?? []
    const sum = properties.find((one) => one.type === 'money_fen') ?? properties.find((one) => one.type === 'number')
    onChange({
      ...condition,
      deed: next,
      amount: next.kind === condition.deed.kind ? condition.amount : (sum?.name ?? 'amountFen'),
    })
  }
  const { isMoney } = words.names.prop(condition.deed.kind, condition.amount)
  return (
    <>
      <DeedInput deed={condition.deed} words={words} onChange={deed} />
      {sums.length > 1 && (
        <Select
          {...small}
          aria-label={t('segments.sum')}
          value={condition.amount}
          options={sums.map(({ name }) => ({ value: name, label: words.names.prop(condition.deed.kind, name).title }))}
          onChange={(amount) => onChange({ ...condition, amount })}
        />
      )}
      <Bounds
        money={isMoney}
        least={condition.atLeast}
        most={condition.atMost}
        onChange={(next) => onChange({ ...condition, ...next })}
      />
      <SpanInput
        label={t('segments.lately')}
        none={t('segments.ever')}
        value={condition.within}
        onChange={(within) => onChange({ ...condition, within })}
      />
    </>
  )
}

const AgoFields = ({
  olderThan,
  newerThan,
  onChange,
}: {
  olderThan: Span | undefined
  newerThan: Span | undefined
  onChange: (next: { olderThan?: Span | undefined; newerThan?: Span | undefined }) => void
}) => {
  const { t } = useTranslation()
  return (
    <>
      <SpanInput
        label={t('segments.older')}
        none={t('segments.open')}
        value={olderThan}
        onChange={(next) => onChange({ olderThan: next, newerThan })}
      />
      <SpanInput
        label={t('segments.newer')}
        none={t('segments.open')}
        value={newerThan}
        onChange={(next) => onChange({ olderThan, newerThan: next })}
      />
    </>
  )
}

export const WhenFields = ({ condition, words, onChange }: FieldsProps<Of<'when'>>) => {
  const { t } = useTranslation()
  return (
    <>
      <Select
        {...small}
        aria-label={t('segments.which')}
        value={condition.which}
        options={(['last', 'first'] as const).map((value) => ({ value, label: t(`segments.${value}`) }))}
        onChange={(which) => onChange({ ...condition, which })}
      />
      <DeedInput deed={condition.deed} words={words} onChange={(deed) => onChange({ ...condition, deed })} />
      <AgoFields
        olderThan={condition.olderThan}
        newerThan={condition.newerThan}
        onChange={(next) => onChange({ ...condition, ...next })}
      />
    </>
  )
}

export const AddedFields = ({ condition, onChange }: FieldsProps<Of<'added'>>) => (
  <AgoFields
    olderThan={condition.olderThan}
    newerThan={condition.newerThan}
    onChange={(next) => onChange({ ...condition, ...next })}
  />
)

export const SequenceFields = ({ condition, words, onChange }: FieldsProps<Of<'sequence'>>) => {
  const { t } = useTranslation()
  return (
    <>
      <DeedInput deed={condition.deed} words={words} onChange={(deed) => onChange({ ...condition, deed })} />
      <SpanInput
        label={t('segments.afterwards')}
        value={condition.within}
        onChange={(within) => within && onChange({ ...condition, within })}
      />
      {t('segments.inside')}
      <DeedInput deed={condition.next} words={words} onChange={(next) => onChange({ ...condition, next })} />
    </>
  )
}
