import { App, Button, Dropdown, Input, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, fetchClient } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Icon } from '../../ui/icon.tsx'
import { NotSaved } from '../../ui/states.tsx'
import { useDownload } from '../../ui/use-download.ts'
import type { toQuery } from './filters.ts'

type Query = ReturnType<typeof toQuery>
type Format = 'xlsx' | 'csv'
export const NEEDS_APPROVAL = 'contacts.export_needs_approval'
const REASON_MIN = 2
const REASON_MAX = 200

/** The list as it is filtered, as a file; a long one is asked for. */
export function ExportButton({ query }: { query: Query }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [tried, setTried] = useState<Format>('xlsx')
  const [asking, setAsking] = useState(false)
  const { busy, download } = useDownload((code) => {
    setAsking(code === NEEDS_APPROVAL)
    return code === NEEDS_APPROVAL
  })
  const items = (['xlsx', 'csv'] as const).map((format) => ({
    key: format,
    label: t(`contacts.exportAs.${format}`),
    onClick: () => {
      setTried(format)
      void download(
        () => fetchClient.GET(`/api/contacts/export.${format}`, { params: { query }, parseAs: 'blob' }),
        `contacts.${format}`,
      ).then((done) => done && message.success(t('contacts.exported')))
    },
  }))
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button icon={<Icon name="download" size={14} />} loading={busy}>
          {t('contacts.export')}
        </Button>
      </Dropdown>
      <Modal
        open={asking}
        title={t('exports.askTitle')}
        footer={null}
        width={440}
        destroyOnHidden
        onCancel={() => setAsking(false)}
      >
        <AskOfCustomers query={query} format={tried} onDone={() => setAsking(false)} />
      </Modal>
    </>
  )
}

function AskOfCustomers({ query, format, onDone }: { query: Query; format: Format; onDone: () => void }) {
  const onSuccess = useAsked(onDone)
  const ask = api.useMutation('post', '/api/contact-exports', { onSuccess })
  return (
    <AskForm
      error={ask.error}
      isPending={ask.isPending}
      onAsk={(reason) => ask.mutate({ body: { filter: query, format, reason } })}
    />
  )
}

/** After a list was asked for: to where it is seen whether somebody lets it out. */
export function useAsked(onDone: () => void): () => void {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  return () => {
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/contact-exports'] })
    void message.success(t('exports.asked'))
    onDone()
    void navigate('/exports')
  }
}

interface AskFormProps {
  error: unknown
  isPending: boolean
  onAsk: (reason: string) => void
}

/** What a long list is for. */
export function AskForm({ error, isPending, onAsk }: AskFormProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const short = reason.trim().length < REASON_MIN
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!short) onAsk(reason)
  }
  return (
    <form onSubmit={submit} style={{ display: 'grid', gap: 12 }}>
      <p className="soft">{t('exports.askWhy')}</p>
      <Input.TextArea
        autoFocus
        aria-label={t('exports.reason')}
        placeholder={t('exports.reasonPlaceholder')}
        maxLength={REASON_MAX}
        rows={3}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {error ? <NotSaved error={error} /> : null}
      <div>
        <Button type="primary" htmlType="submit" disabled={short} loading={isPending}>
          {t('exports.ask')}
        </Button>
      </div>
    </form>
  )
}
