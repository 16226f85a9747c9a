import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../../ui/states.tsx'
import { Ago, Moment } from '../../../ui/time.tsx'
import { useCan } from '../../staff/session.ts'
import bulk from '../../tags/bulk.module.css'
import { BatchBar, useSayBatch } from './batch-bar.tsx'
import { type BatchRow, useBatches } from './use-batches.ts'

/** Every batch of codes: what for, who made it, how far it is, what it brought. */
export function BatchesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const batches = useBatches()
  const mayWrite = useCan('channels.write')
  const begin = mayWrite && (
    <Button type="primary" onClick={() => void navigate('/channels/batches/new')}>
      {t('channels.batch.action')}
    </Button>
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('channels.title'), to: '/channels' }]} title={t('channels.batch.list')}>
        {begin}
      </PageHeader>
      <div className={bulk.list}>
        <Loaded query={batches} what={t('channels.batch.list')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState
                icon="people"
                title={t('channels.batch.none')}
                why={t('channels.batch.noneWhy')}
                action={begin}
              />
            ) : (
              <Rows rows={all} onOpen={(id) => void navigate(`/channels/batches/${id}`)} />
            )
          }
        </Loaded>
      </div>
    </>
  )
}

function Rows({ rows, onOpen }: { rows: BatchRow[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const say = useSayBatch()
  const columns: Column<BatchRow>[] = [
    { key: 'activity', title: t('channels.batch.activity'), width: '20%', cell: (row) => <b>{row.activity}</b> },
    { key: 'who', title: t('bulk.column.who'), width: 120, cell: (row) => row.actor },
    { key: 'progress', title: t('bulk.column.progress'), width: 220, cell: (row) => <BatchBar batch={row} /> },
    { key: 'result', title: t('bulk.column.result'), cell: say },
    { key: 'scans', title: t('channels.totals.scans'), width: 72, align: 'right', cell: ({ scans }) => scans || '—' },
    { key: 'adds', title: t('channels.totals.adds'), width: 72, align: 'right', cell: ({ adds }) => <b>{adds}</b> },
    {
      key: 'when',
      title: t('bulk.column.when'),
      width: 120,
      cell: (row) => (
        <span className="soft">
          <Ago at={row.createdAt} />
        </span>
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.codeBatchId}
      label={t('channels.batch.list')}
      minWidth={940}
      onOpen={(row) => onOpen(row.codeBatchId)}
      card={(row) => (
        <span className={bulk.card}>
          <b>{row.activity}</b>
          <span className="small quiet">
            {row.actor} · <Moment at={row.createdAt} />
          </span>
          <BatchBar batch={row} />
          <span>{say(row)}</span>
        </span>
      )}
    />
  )
}
