import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { useReportParams } from './period.ts'

/** One department with all below it. */
export function DepartmentChip() {
  const { t } = useTranslation()
  const { departmentId, change } = useReportParams()
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
      onClear={() => change({ department: undefined })}
    >
      {(close) => (
        <ChoiceList
          label={t('staff.department')}
          choices={choices}
          chosen={departmentId ? [departmentId] : []}
          onChoose={(department) => {
            change({ department })
            close()
          }}
        />
      )}
    </FilterChip>
  )
}
