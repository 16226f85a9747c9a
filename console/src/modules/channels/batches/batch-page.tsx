import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SkeletonRows } from '../../../ui/states.tsx'
import { Moment } from '../../../ui/time.tsx'
import { useCan } from '../../staff/session.ts'
import styles from '../channels.module.css'
import { PrintButton } from '../downloads.tsx'
import { BatchBar, useSayBatch } from './batch-bar.tsx'
import { type Batch, isOpen, useBatch, useBatchActions } from './use-batches.ts'

type Person = Batch['people'][number]

/** One batch: how far it is, and what came of each person. */
export function BatchPage() {
  const { t } = useTranslation()
  const { codeBatchId = '' } = useParams()
  const batch = useBatch(codeBatchId)
  return (
    <>
      <PageHeader
        crumbs={[
          { label: t('channels.title'), to: '/channels' },
          { label: t('channels.batch.list'), to: '/channels/batches' },
        ]}
        title={batch.data?.activity ?? '…'}
      >
        {batch.data && <Actions batch={batch.data} />}
      </PageHeader>
      <div className={styles.compare}>
        <Loaded query={batch} what={t('channels.batch.list')} skeleton={<SkeletonRows rows={8} avatar={false} />}>
          {(data) => (
            <div className={styles.column}>
              <Summary batch={data} />
              <Panel edge title={t('channels.batch.people')}>
                <People people={data.people} />
              </Panel>
              {data.skippedPeople.length > 0 && <Skipped batch={data} />}
            </div>
          )}
        </Loaded>
      </div>
    </>
  )
}

function Summary({ batch }: { batch: Batch }) {
  const { t } = useTranslation()
  const say = useSayBatch()
  return (
    <Panel>
      <BatchBar batch={batch} />
      <p style={{ marginTop: 8 }}>
        {say(batch)}
        {batch.adds + batch.scans > 0 && ` · ${t('channels.batch.brought', { scans: batch.scans, adds: batch.adds })}`}
      </p>
      <p className="small quiet">
        {batch.actor} · <Moment at={batch.createdAt} />
        {batch.cancelledAt && (
          <>
            {' · '}
            {t('channels.batch.cancelledAt')} <Moment at={batch.cancelledAt} />
          </>
        )}
        {batch.undoneAt && (
          <>
            {' · '}
            {t('channels.batch.undoneAt')} <Moment at={batch.undoneAt} />
          </>
        )}
      </p>
    </Panel>
  )
}

function Actions({ batch }: { batch: Batch }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const mayWrite = useCan('channels.write')
  const { cancel, undo, retry } = useBatchActions()
  const given = { params: { path: { codeBatchId: batch.codeBatchId } } }
  const ask = () =>
    void modal.confirm({
      title: t('channels.batch.undoTitle'),
      content: t('channels.batch.undoWhy'),
      icon: null,
      okText: t('channels.batch.undo'),
      cancelText: t('channels.batch.keep'),
      onOk: () => undo.mutateAsync(given).catch(() => undefined), // the refusal is said by the toast
    })
  return (
    <>
      {mayWrite && isOpen(batch) && (
        <Button loading={cancel.isPending} onClick={() => cancel.mutate(given)}>
          {t('channels.batch.cancel')}
        </Button>
      )}
      {mayWrite && batch.failed > 0 && (
        <Button loading={retry.isPending} onClick={() => retry.mutate(given)}>
          {t('channels.batch.retry')}
        </Button>
      )}
      {mayWrite && !isOpen(batch) && !batch.undoneAt && (
        <Button loading={undo.isPending} onClick={ask}>
          {t('channels.batch.undo')}
        </Button>
      )}
      {batch.ready > 0 && <PrintButton of={{ batch: batch.codeBatchId }} type="primary" />}
    </>
  )
}

function People({ people }: { people: Person[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const alive = ({ status }: Person) => status !== 'cancelled' && status !== 'removed'
  const columns: Column<Person>[] = [
    { key: 'staff', title: t('channels.staffName'), width: '24%', cell: (row) => row.staffName },
    { key: 'code', title: t('channels.column.name'), cell: (row) => <b>{row.codeName}</b> },
    { key: 'status', title: t('channels.batch.status'), width: 200, cell: (row) => <Status person={row} /> },
    { key: 'scans', title: t('channels.totals.scans'), width: 80, align: 'right', cell: ({ scans }) => scans || '—' },
    { key: 'adds', title: t('channels.totals.adds'), width: 80, align: 'right', cell: ({ adds }) => adds },
  ]
  return (
    <ListTable
      rows={people}
      columns={columns}
      rowKey={(row) => row.channelCodeId}
      label={t('channels.batch.people')}
      minWidth={640}
      onOpen={(row) => alive(row) && void navigate(`/channels/${row.channelCodeId}`)}
      card={(row) => (
        <span className={styles.cardTop}>
          <b>{row.codeName}</b>
          <Status person={row} />
        </span>
      )}
    />
  )
}

function Status({ person: { status, failureId } }: { person: Person }) {
  const { t } = useTranslation()
  const tone = status === 'failed' ? 'bad' : status === 'ready' ? undefined : 'quiet'
  return (
    <span className={tone}>
      {t(`channels.batch.state.${status}`)}{' '}
      {status === 'failed' && (
        <Link
          to={`/settings/health?lane=channel_codes${failureId ? `&failure=${failureId}` : ''}`}
          onClick={(event) => event.stopPropagation()}
        >
          {t('channels.toHealth')}
        </Link>
      )}
    </span>
  )
}

function Skipped({ batch }: { batch: Batch }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('channels.batch.skipped', { n: batch.skippedPeople.length })}>
      <ul className={styles.skipped}>
        {batch.skippedPeople.map(({ staffId, staffName, reason }) => (
          <li key={staffId}>
            {staffName} <span className="small quiet">{t(`channels.batch.skip.${reason}`)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
