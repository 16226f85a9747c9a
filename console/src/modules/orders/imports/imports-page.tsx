import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../../ui/states.tsx'
import { Ago } from '../../../ui/time.tsx'
import { FilePick } from './file-pick.tsx'
import { ImportBar, ImportResult } from './import-result.tsx'
import styles from './imports.module.css'
import { isDraft, isUnderWay, type Run, useCancelImport, useImports } from './use-imports.ts'

/** Orders and members from files: a new one, and what came of those before. */
export function ImportsPage() {
  const { t } = useTranslation()
  const runs = useImports()
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.orders'), to: '/orders' }]} title={t('orderWork.imports.title')} />
      <div className={styles.page}>
        <FilePick />
        <Panel edge title={t('orderWork.imports.past')}>
          <Loaded query={runs} what={t('orderWork.imports.past')} skeleton={<SkeletonRows rows={3} avatar={false} />}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState
                  icon="archive"
                  title={t('orderWork.imports.none')}
                  why={t('orderWork.imports.noneWhy')}
                  small
                />
              ) : (
                <Runs runs={items} />
              )
            }
          </Loaded>
        </Panel>
      </div>
    </>
  )
}

function Runs({ runs }: { runs: Run[] }) {
  const { t } = useTranslation()
  const file = (run: Run) => (
    <span className={styles.file}>
      <Link to={`/orders/imports/${run.orderImportId}`} title={run.fileName}>
        {run.fileName}
      </Link>
      <small className="quiet">{t(`orderWork.imports.kind.${run.kind}`)}</small>
    </span>
  )
  const columns: Column<Run>[] = [
    { key: 'file', title: t('orderWork.imports.file'), width: '26%', cell: file },
    { key: 'who', title: t('bulk.column.who'), width: 110, cell: (run) => run.actor },
    { key: 'progress', title: t('bulk.column.progress'), width: 220, cell: (run) => <ImportBar run={run} /> },
    { key: 'result', title: t('bulk.column.result'), cell: (run) => <ImportResult run={run} /> },
    {
      key: 'when',
      title: t('bulk.column.when'),
      width: 110,
      cell: (run) => (
        <span className="soft">
          <Ago at={run.createdAt} />
        </span>
      ),
    },
    { key: 'act', title: t('bulk.column.act'), width: 120, align: 'right', cell: (run) => <Act run={run} /> },
  ]
  return (
    <ListTable
      rows={runs}
      columns={columns}
      rowKey={(run) => run.orderImportId}
      label={t('orderWork.imports.past')}
      minWidth={940}
      card={(run) => (
        <span className={styles.card}>
          {file(run)}
          <ImportBar run={run} />
          <ImportResult run={run} />
          <Act run={run} />
        </span>
      )}
    />
  )
}

function Act({ run }: { run: Run }) {
  const { t } = useTranslation()
  const cancel = useCancelImport()
  const { orderImportId } = run
  if (isDraft(run))
    return (
      <Link to={`/orders/imports/${orderImportId}`}>
        <Button size="small">{t('orderWork.imports.continue')}</Button>
      </Link>
    )
  if (!isUnderWay(run) && run.state !== 'uploading') return <span className="quiet">—</span>
  return (
    <Button
      size="small"
      loading={cancel.isPending}
      onClick={() => cancel.mutate({ params: { path: { orderImportId } } })}
    >
      {t('bulk.cancel')}
    </Button>
  )
}
