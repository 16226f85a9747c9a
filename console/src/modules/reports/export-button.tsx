import { App, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { fetchClient } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useDownload } from '../../ui/use-download.ts'
import type { Sort } from './stats-table.tsx'

interface Query {
  from: string
  to: string
  q: string | undefined
  departmentId: string | undefined
  sort: Sort
  order: 'asc' | 'desc'
}

/** The members as they are filtered and sorted, all of them, as a file. */
export function StatsExport({ query }: { query: Query }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { busy, download } = useDownload()
  const save = async (format: 'csv' | 'xlsx') => {
    const given = { params: { query }, parseAs: 'blob' } as const
    const done = await download(() => fetchClient.GET(`/api/reports/staff/export.${format}`, given), `staff.${format}`)
    if (done) void message.success(t('contacts.exported'))
  }
  const items = (['xlsx', 'csv'] as const).map((format) => ({
    key: format,
    label: t(`contacts.exportAs.${format}`),
    onClick: () => void save(format),
  }))
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button icon={<Icon name="download" size={14} />} loading={busy}>
        {t('contacts.export')}
      </Button>
    </Dropdown>
  )
}
