import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { useCan } from '../staff/session.ts'

interface Props {
  segmentId: string | undefined
  onChange: (segmentId: string | undefined) => void
}

/** Customers of one segment, as it stands now. */
export function SegmentChip({ segmentId, onChange }: Props) {
  const { t } = useTranslation()
  const mayRead = useCan('segments.read')
  const segments = api.useQuery('get', '/api/segments', {}, { enabled: mayRead })
  // One that something keeps for itself, as a cell of RFM, is in no list and has its name all the same.
  const isListed = segments.data?.items.some((one) => one.segmentId === segmentId)
  const other = api.useQuery(
    'get',
    '/api/segments/{segmentId}',
    { params: { path: { segmentId: segmentId ?? '' } } },
    { enabled: mayRead && segmentId !== undefined && isListed === false },
  )
  if (!mayRead) return null
  const choices =
    segments.data?.items.map((one) => ({ value: one.segmentId, label: one.name, quiet: String(one.members ?? '') })) ??
    []
  return (
    <FilterChip
      label={t('segments.title')}
      value={segmentId && (choices.find(({ value }) => value === segmentId)?.label ?? other.data?.name ?? '…')}
      onClear={() => onChange(undefined)}
    >
      {(close) => (
        <ChoiceList
          label={t('segments.title')}
          choices={choices}
          chosen={segmentId ? [segmentId] : []}
          onChoose={(id) => {
            onChange(id)
            close()
          }}
        />
      )}
    </FilterChip>
  )
}
