import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'

interface Props {
  departmentId: string | undefined
  onChange: (departmentId: string | undefined) => void
}

/** One department with all below it. */
export function DepartmentChip({ departmentId, onChange }: Props) {
  const { t } = useTranslation()
  const departments = api.useQuery('get', '/api/departments', {})
  const choices =
    departments.data?.map(({ departmentId: value, name, staffCount }) => ({
      value,
      label: name,
      quiet: String(staffCount),
    })) ?? []
  return (
    <FilterChip
      label={t('staff.department')}
      value={departmentId && (choices.find(({ value }) => value === departmentId)?.label ?? '…')}
      onClear={() => onChange(undefined)}
    >
      {(close) => (
        <ChoiceList
          label={t('staff.department')}
          choices={choices}
          chosen={departmentId ? [departmentId] : []}
          onChoose={(chosen) => {
            onChange(chosen)
            close()
          }}
        />
      )}
    </FilterChip>
  )
}
