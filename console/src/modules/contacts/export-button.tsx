import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fetchClient } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import type { toQuery } from './filters.ts'

/** The list as it is filtered, as a file. */
export function ExportButton({ query }: { query: ReturnType<typeof toQuery> }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const refused = useProblemToast()
  const [busy, setBusy] = useState(false)
  const download = async (format: 'csv' | 'xlsx') => {
    setBusy(true)
    try {
      const { data, error, response } = await fetchClient.GET(`/api/contacts/export.${format}`, {
        params: { query },
        parseAs: 'blob',
      })
      if (error || !data) return refused(error)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(data as Blob)
      link.download =
        /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `contacts.${format}`
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
