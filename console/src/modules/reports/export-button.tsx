import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fetchClient } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
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
  const refused = useProblemToast()
  const [busy, setBusy] = useState(false)
  const download = async (format: 'csv' | 'xlsx') => {
    setBusy(true)
    try {
      const given = { params: { query }, parseAs: 'blob' } as const
      const { data, error, response } = await fetchClient.GET(`/api/reports/staff/export.${format}`, given)
      if (error || !data) return refused(error)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(data as Blob)
      link.download =
        /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `staff.${format}`
      link.click()
      URL.revokeObjectURL(link.href)
      void message.success(t('contacts.exported'))
    } catch (error) {
      refused(error)
    } finally {
      setBusy(false)
    }
  }
  const items = (['xlsx', 'csv'] as const).map((format) => ({
    key: format,
    label: t(`contacts.exportAs.${format}`),
    onClick: () => void download(format),
  }))
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button icon={<Icon name="download" size={14} />} loading={busy}>
        {t('contacts.export')}
      </Button>
    </Dropdown>
  )
}
