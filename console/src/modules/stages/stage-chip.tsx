import { useTranslation } from 'react-i18next'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { useStageBook } from './use-stages.ts'

interface Props {
  stageIds: string[]
  onChange: (stageIds: string[]) => void
}

/** Customers who stand in one of these stages. */
export function StageChip({ stageIds, onChange }: Props) {
  const { t } = useTranslation()
  const { data } = useStageBook()
  if (!data) return null
  const choices = data.flows.flatMap((flow) =>
    flow.stages.map(({ stageId, name }) => ({ value: stageId, label: name, group: flow.name })),
  )
  const nameOf = (id: string) => choices.find(({ value }) => value === id)?.label ?? '…'
  return (
    <FilterChip
      label={t('stages.title')}
      value={stageIds.length > 0 ? stageIds.map(nameOf).join(t('contacts.tagJoin.tagsAny')) : undefined}
      onClear={() => onChange([])}
    >
      {() => (
        <ChoiceList
          label={t('stages.title')}
          choices={choices}
          chosen={stageIds}
          onChoose={(id) => onChange(stageIds.includes(id) ? stageIds.filter((one) => one !== id) : [...stageIds, id])}
        />
      )}
    </FilterChip>
  )
}
