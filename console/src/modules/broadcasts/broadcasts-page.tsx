import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import { ApprovalRule } from './approval-rule.tsx'
import styles from './broadcasts.module.css'
import { RunBar, RunState } from './run-state.tsx'
import { saySchedule } from './say-schedule.ts'
import { type BroadcastRow, watch } from './use-broadcasts.ts'

const PAGE = 20
const VIEWS = ['all', 'open', 'waiting', 'draft', 'ended'] as const
type View = (typeof VIEWS)[number]

/** Every broadcast: what it says, where it is, how many it has reached. */
export function BroadcastsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayWrite = useCan('broadcasts.write')
  const mayApprove = useCan('broadcasts.approve')
  const [params, setParams] = useSearchParams()
  const view = VIEWS.find((one) => one === params.get('view')) ?? 'all'
  const [q, setQ] = useState('')
  const keyset = useKeyset()
  const list = api.useQuery(
    'get',
    '/api/broadcasts',
    { params: { query: { view, q: q || undefined, before: keyset.cursor } } },
    { refetchInterval: ({ state }) => watch(state.data?.items.flatMap(({ run }) => run ?? []) ?? []) },
  )
  const waiting = api.useQuery('get', '/api/broadcast-runs/waiting', {}, { enabled: mayApprove }).data?.waiting ?? 0
  const create = mayWrite && (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => void navigate('/broadcasts/new')}>
      {t('broadcasts.create')}
    </Button>
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.reach') }]} title={t('broadcasts.title')}>
        {create}
      </PageHeader>
      <div className={styles.page}>
        {mayApprove && waiting > 0 && view !== 'waiting' && (
          <Link className={styles.callout} to="/broadcasts?view=waiting">
            <Icon name="shield" size={16} />
            {t('broadcasts.waitingForYou', { count: waiting })}
          </Link>
        )}
        <div className={styles.tools}>
          <Segmented<View>
            value={view}
            options={VIEWS.map((value) => ({ value, label: t(`broadcasts.view.${value}`) }))}
            onChange={(next) => setParams(next === 'all' ? {} : { view: next })}
          />
          <SearchBox className={styles.search} value={q} placeholder={t('broadcasts.search')} onCommit={setQ} />
        </div>
        <Loaded
          query={list}
          what={t('broadcasts.title')}
          skeleton={<SkeletonRows rows={6} avatar={false} height={56} />}
        >
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <EmptyState
                icon="message"
                title={view === 'all' && !q ? t('broadcasts.emptyTitle') : t('broadcasts.noneHere')}
                why={view === 'all' && !q ? t('broadcasts.emptyWhy') : undefined}
                action={create || undefined}
              />
            ) : (
              <>
                <Rows items={items} />
                <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={items.length} pageSize={PAGE} />
              </>
            )
          }
        </Loaded>
        {mayApprove && <ApprovalRule />}
      </div>
    </>
  )
}

const addressOf = ({ broadcastId, state, run }: BroadcastRow) =>
  run && state !== 'draft' ? `/broadcasts/runs/${run.runId}` : `/broadcasts/${broadcastId}`

function Rows({ items }: { items: BroadcastRow[] }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const shown = (row: BroadcastRow) => (row.state === 'draft' ? null : row.run)
  const name = (row: BroadcastRow) => (
    <span className={styles.name}>
      <b>{row.name}</b>
      <small className="quiet">{row.text || t('broadcasts.onlyMaterials')}</small>
    </span>
  )
  const columns: Column<BroadcastRow>[] = [
    { key: 'name', title: t('broadcasts.column.name'), cell: name },
    { key: 'topic', title: t('broadcasts.column.topic'), width: 76, cell: (row) => row.topic },
    { key: 'state', title: t('broadcasts.column.state'), width: 112, cell: (row) => <RunState run={shown(row)} /> },
    {
      key: 'reached',
      title: t('broadcasts.column.reached'),
      width: 240,
      cell: (row) => {
        const run = shown(row)
        return run ? <RunBar run={run} /> : <span className="quiet">—</span>
      },
    },
    {
      key: 'when',
      title: t('broadcasts.column.when'),
      width: 150,
      cell: ({ schedule }) => <span className="soft">{saySchedule(schedule, t, i18n.language)}</span>,
    },
    { key: 'by', title: t('broadcasts.column.by'), width: 88, cell: (row) => row.actor },
    {
      key: 'at',
      title: t('broadcasts.column.at'),
      width: 104,
      align: 'right',
      cell: (row) => (
        <span className="soft">
          <Ago at={row.updatedAt} />
        </span>
      ),
    },
  ]
  return (
    <ListTable
      rows={items}
      columns={columns}
      rowKey={(row) => row.broadcastId}
      label={t('broadcasts.title')}
      minWidth={940}
      onOpen={(row) => void navigate(addressOf(row))}
      card={(row) => {
        const run = shown(row)
        return (
          <span className={styles.rowCard}>
            <span className={styles.cardHead}>
              <b>{row.name}</b>
              <RunState run={run} />
            </span>
            {run ? <RunBar run={run} wide /> : <small className="quiet">{row.text}</small>}
          </span>
        )
      }}
    />
  )
}
