import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Condition, Deed, Span } from './rule.ts'
import { Bounds, DeedInput, SpanInput } from './rule-inputs.tsx'
import type { Vocabulary } from './use-names.ts'

type Of<Is extends Condition['is']> = Extract<Condition, { is: Is }>
export interface FieldsProps<C = Condition> {
  condition: C
  words: Vocabulary
  onChange: (next: C) => void
}

const small = { size: 'small', popupMatchSelectWidth: false } as const

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
      ?.properties.filter((one) => one.type === 'money_fen' || one.type === 'whole' || one.type === 'number') ?? []
  const deed = (next: Deed) => {
    const properties = words.kinds.find((one) => one.kind === next.kind)?.properties ?? []
    const sum =
      properties.find((one) => one.type === 'money_fen') ??
      properties.find((one) => one.type === 'whole') ??
      properties.find((one) => one.type === 'number')
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

export const AgoFields = ({
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

/** Levels there are, or typed; and points. */
export const MemberFields = ({ condition, onChange }: Omit<FieldsProps<Of<'member'>>, 'words'>) => {
  const { t } = useTranslation()
  const known = api.useQuery('get', '/api/member-levels', {}, { staleTime: 60_000 }).data?.levels ?? []
  return (
    <>
      <Select
        {...small}
        mode="tags"
        style={{ minWidth: 160 }}
        aria-label={t('segments.memberLevels')}
        placeholder={t('segments.anyLevel')}
        value={condition.levels ?? []}
        options={known.map(({ level }) => ({ value: level, label: level }))}
        onChange={(levels: string[]) => onChange({ ...condition, levels: levels.length > 0 ? levels : undefined })}
      />
      <Bounds
        least={condition.atLeast}
        most={condition.atMost}
        unit={t('segments.points')}
        onChange={(next) => onChange({ ...condition, ...next })}
      />
    </>
  )
}
