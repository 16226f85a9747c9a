import { App, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { fetchClient } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useDownload } from '../../ui/use-download.ts'
import type { toQuery } from './filters.ts'

/** The list as it is filtered, as a file. */
export function ExportButton({ query }: { query: ReturnType<typeof toQuery> }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { busy, download } = useDownload()
  const items = (['xlsx', 'csv'] as const).map((format) => ({
    key: format,
    label: t(`contacts.exportAs.${format}`),
    onClick: () =>
      void download(
        () => fetchClient.GET(`/api/contacts/export.${format}`, { params: { query }, parseAs: 'blob' }),
        `contacts.${format}`,
      ).then((done) => done && message.success(t('contacts.exported'))),
  }))
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button icon={<Icon name="download" size={14} />} loading={busy}>
        {t('contacts.export')}
      </Button>
    </Dropdown>
  )
}
