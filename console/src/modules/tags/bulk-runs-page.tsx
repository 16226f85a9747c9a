import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago, Moment } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './bulk.module.css'
import { BulkBar, useSayBulk, useSayResult } from './bulk-words.tsx'
import { type BulkRun, isOpen, useBulkActions, useBulkRuns } from './use-bulk-runs.ts'

/** Every task on many customers: who, what, how far, what came of it, and the way back. */
export function BulkRunsPage() {
  const { t } = useTranslation()
  const runs = useBulkRuns()
  const empty = (
    <EmptyState
      icon="tag"
      title={t('bulk.emptyTitle')}
      why={t('bulk.emptyWhy')}
      action={
        <Link to="/contacts">
          <Button type="primary">{t('bulk.toContacts')}</Button>
        </Link>
      }
    />
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]} title={t('bulk.title')} />
      <div className={styles.list}>
        <Loaded query={runs} what={t('bulk.title')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
          {(all) => (all.length === 0 ? empty : <Runs runs={all} />)}
        </Loaded>
      </div>
    </>
  )
}

function Runs({ runs }: { runs: BulkRun[] }) {
  const { t } = useTranslation()
  const say = useSayBulk()
  const columns: Column<BulkRun>[] = [
    { key: 'what', title: t('bulk.column.what'), width: '24%', cell: (run) => <b title={say(run)}>{say(run)}</b> },
    { key: 'who', title: t('bulk.column.who'), width: 120, cell: (run) => run.actor },
    { key: 'progress', title: t('bulk.column.progress'), width: 240, cell: (run) => <BulkBar run={run} /> },
    { key: 'result', title: t('bulk.column.result'), cell: (run) => <Result run={run} /> },
    {
      key: 'when',
      title: t('bulk.column.when'),
      width: 120,
      cell: (run) => (
        <span className="soft">
          <Ago at={run.createdAt} />
        </span>
      ),
    },
    { key: 'act', title: t('bulk.column.act'), width: 132, align: 'right', cell: (run) => <Act run={run} /> },
  ]
  return (
    <ListTable
      rows={runs}
      columns={columns}
      rowKey={(run) => run.bulkRunId}
      label={t('bulk.list')}
      minWidth={980}
      card={(run) => (
        <span className={styles.card}>
          <b>{say(run)}</b>
          <span className="small quiet">
            {run.actor} · <Moment at={run.createdAt} />
          </span>
          <BulkBar run={run} />
          <Result run={run} />
          <Act run={run} />
        </span>
      )}
    />
  )
}

function Result({ run }: { run: BulkRun }) {
  const { t } = useTranslation()
  const { changed, skipped } = useSayResult()(run)
  const small = [run.state === 'failed' && t('bulk.failedWhy'), ...skipped].filter((line) => line !== false)
  return (
    <span className={styles.result}>
      <span className={run.state === 'failed' ? 'bad' : undefined}>{t(`bulk.state.${run.state}`)}</span> · {changed}
      {small.length > 0 && <small>{small.join('；')}</small>}
      {run.kind === 'import' && run.skipped.rejected && (
        <a href={`/api/imports/${run.bulkRunId}/rejected.csv`} download>
          {t('imports.readRejected')}
        </a>
      )}
    </span>
  )
}

function Act({ run }: { run: BulkRun }) {
  const { t, i18n } = useTranslation()
  const { modal } = App.useApp()
  const { cancel, undo } = useBulkActions()
  const params = { params: { path: { bulkRunId: run.bulkRunId } } }
  if (isOpen(run))
    return (
      <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate(params)}>
        {t('bulk.cancel')}
      </Button>
    )
  if (run.undoneAt) return <span className="quiet">{t('bulk.undone')}</span>
  if (!run.undoUntil) return <span className="quiet">—</span>
  const ask = () =>
    modal.confirm({
      title: t('bulk.undoTitle'),
      content: t('bulk.undoWhy', { n: sayCount(run.changed, languageOf(i18n)) }),
      okText: t('bulk.undo'),
      cancelText: t('bulk.keep'),
      onOk: () => undo.mutate(params),
    })
  return (
    <Button size="small" loading={undo.isPending} onClick={() => void ask()}>
      {t('bulk.undo')}
    </Button>
  )
}
