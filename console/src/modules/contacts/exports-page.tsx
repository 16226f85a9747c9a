import { App, Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, fetchClient } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago, Moment } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { useDownload } from '../../ui/use-download.ts'
import { useCan } from '../staff/session.ts'
import { ExportRulesPanel } from './export-rules-panel.tsx'
import styles from './exports.module.css'

type Row = Answer<'/api/contact-exports'>[number]
const NOTE_MAX = 200

const refresh = () => {
  void queryClient.invalidateQueries({ queryKey: ['get', '/api/contact-exports'] })
  void queryClient.invalidateQueries({ queryKey: ['get', '/api/contact-exports/waiting'] })
}

/** Files of customers: what was taken, what waits for somebody's yes, and by which rules. */
export function ExportsPage() {
  const { t } = useTranslation()
  const mayApprove = useCan('contacts.approve')
  const list = api.useQuery('get', '/api/contact-exports', {})
  const empty = (
    <EmptyState
      icon="download"
      title={t('exports.emptyTitle')}
      why={t('exports.emptyWhy')}
      action={
        <Link to="/contacts">
          <Button type="primary">{t('bulk.toContacts')}</Button>
        </Link>
      }
    />
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]} title={t('exports.title')} />
      <div className={styles.page}>
        <Loaded query={list} what={t('exports.title')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
          {(rows) => (rows.length === 0 ? empty : <Rows rows={rows} mayApprove={mayApprove} />)}
        </Loaded>
        <ExportRulesPanel mayWrite={mayApprove} />
      </div>
    </>
  )
}

function Rows({ rows, mayApprove }: { rows: Row[]; mayApprove: boolean }) {
  const { t, i18n } = useTranslation()
  const what = (row: Row) => (
    <b>
      {row.form && `${t('exports.ofForm', { title: row.form.title })} `}
      {t(row.form ? 'exports.answers' : 'exports.what', {
        n: sayCount(row.customers, languageOf(i18n)),
        format: row.format === 'csv' ? 'CSV' : 'Excel',
      })}{' '}
      <small className="mono quiet">E{row.contactExportId}</small>
    </b>
  )
  const state = (row: Row) => (
    <span className={styles.state}>
      <span className={row.state === 'waiting' ? 'warn' : row.state === 'refused' ? 'bad' : undefined}>
        {t(`exports.state.${row.state}`)}
      </span>
      {row.decider && <small className="quiet">{t('exports.by', { name: row.decider, note: row.note || '—' })}</small>}
      {row.state === 'ready' && row.expiresAt && (
        <small className="quiet">
          {t('exports.until')} <Moment at={row.expiresAt} />
        </small>
      )}
    </span>
  )
  const columns: Column<Row>[] = [
    { key: 'what', title: t('exports.column.what'), width: '22%', cell: what },
    { key: 'who', title: t('exports.column.who'), width: 120, cell: (row) => row.askedBy },
    {
      key: 'reason',
      title: t('exports.column.reason'),
      cell: (row) => row.reason || <span className="quiet">{t('exports.short')}</span>,
    },
    { key: 'state', title: t('exports.column.state'), width: '24%', cell: state },
    { key: 'when', title: t('exports.column.when'), width: 110, cell: (row) => <Ago at={row.createdAt} /> },
    {
      key: 'act',
      title: t('bulk.column.act'),
      width: 168,
      align: 'right',
      cell: (row) => <Act row={row} mayApprove={mayApprove} />,
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.contactExportId}
      label={t('exports.title')}
      minWidth={940}
      card={(row) => (
        <span className={styles.card}>
          {what(row)}
          <span className="small quiet">
            {row.askedBy} · <Moment at={row.createdAt} />
          </span>
          <span>{row.reason}</span>
          {state(row)}
          <Act row={row} mayApprove={mayApprove} />
        </span>
      )}
    />
  )
}

function Act({ row, mayApprove }: { row: Row; mayApprove: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const { busy, download } = useDownload()
  const params = { path: { contactExportId: row.contactExportId } }
  const withdraw = api.useMutation('delete', '/api/contact-exports/{contactExportId}', { onError, onSuccess: refresh })
  const take = async () => {
    const done = await download(
      () =>
        row.form
          ? fetchClient.GET('/api/form-exports/{contactExportId}/file', { params, parseAs: 'blob' })
          : fetchClient.GET('/api/contact-exports/{contactExportId}/file', { params, parseAs: 'blob' }),
      `${row.form ? 'form-answers' : 'contacts'}.${row.format}`,
    )
    if (done) void message.success(t('contacts.exported'))
    refresh()
  }
  if (row.own && row.state === 'ready')
    return (
      <Button size="small" type="primary" loading={busy} onClick={() => void take()}>
        {t('exports.take')}
      </Button>
    )
  if (row.own && row.state === 'waiting')
    return (
      <Button size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate({ params })}>
        {t('exports.withdraw')}
      </Button>
    )
  if (!row.own && row.state === 'waiting' && mayApprove)
    return (
      <span className={styles.acts}>
        <Decide row={row} approve />
        <Decide row={row} approve={false} />
      </span>
    )
  return <span className="quiet">—</span>
}

function Decide({ row, approve }: { row: Row; approve: boolean }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const [note, setNote] = useState('')
  const decide = api.useMutation('post', '/api/contact-exports/{contactExportId}/decision', {
    onError,
    onSuccess: refresh,
  })
  const word = t(approve ? 'exports.approve' : 'exports.refuse')
  const submit = () =>
    decide.mutate({ params: { path: { contactExportId: row.contactExportId } }, body: { approve, note } })
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className={styles.decide}>
          <Input
            aria-label={t('exports.note')}
            placeholder={t('exports.note')}
            maxLength={NOTE_MAX}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            onPressEnter={submit}
          />
          <Button type="primary" danger={!approve} loading={decide.isPending} onClick={submit}>
            {word}
          </Button>
        </div>
      }
    >
      <Button size="small">{word}</Button>
    </Popover>
  )
}
