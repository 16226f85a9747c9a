import type { ButtonProps } from 'antd'
import { App, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { fetchClient } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useDownload } from '../../ui/use-download.ts'

/** Which codes: picked ones, a batch, a folder, or the placements of one. */
export type Printed = { codes: string } | { batch: string } | { group: string } | { placementsOf: string }

/** The pictures of many codes in one file, each with its caption: the direct way, or the counted one. */
export function PrintButton({ of, ...button }: { of: Printed } & ButtonProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { busy, download } = useDownload()
  const items = (['0', '1'] as const).map((landing) => ({
    key: landing,
    label: t(landing === '1' ? 'channels.print.landing' : 'channels.print.direct'),
    onClick: () =>
      void download(
        () => fetchClient.GET('/api/channel-codes/qr.zip', { params: { query: { ...of, landing } }, parseAs: 'blob' }),
        'codes.zip',
      ).then((done) => done && message.success(t('channels.print.done'))),
  }))
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button icon={<Icon name="qr" size={14} />} loading={busy} {...button}>
        {t('channels.print.action')}
      </Button>
    </Dropdown>
  )
}

interface StatsOf {
  codes?: string
  groups?: string[]
  from?: string
  to?: string
}

/** The daily sums of codes as a file. */
export function StatsButton({ of }: { of: StatsOf }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { busy, download } = useDownload()
  const items = (['xlsx', 'csv'] as const).map((format) => ({
    key: format,
    label: t(`contacts.exportAs.${format}`),
    onClick: () =>
      void download(
        () => fetchClient.GET(`/api/channel-codes/stats.${format}`, { params: { query: of }, parseAs: 'blob' }),
        `codes.${format}`,
      ).then((done) => done && message.success(t('contacts.exported'))),
  }))
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button icon={<Icon name="download" size={14} />} loading={busy}>
        {t('channels.exportStats')}
      </Button>
    </Dropdown>
  )
}
