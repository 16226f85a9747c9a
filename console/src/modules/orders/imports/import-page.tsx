import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { api } from '../../../api/client.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SkeletonBlock } from '../../../ui/states.tsx'
import { ImportBar, ImportResult } from './import-result.tsx'
import { ImportWizard } from './import-wizard.tsx'
import styles from './imports.module.css'
import { isUnderWay, type Run, useCancelImport, useImport } from './use-imports.ts'

/** One file: its columns while they are being settled, then how far it is, then what came of it. */
export function ImportPage() {
  const { t } = useTranslation()
  const { orderImportId = '' } = useParams()
  const run = useImport(orderImportId)
  return (
    <>
      <PageHeader
        crumbs={[
          { label: t('nav.orders'), to: '/orders' },
          { label: t('orderWork.imports.title'), to: '/orders/imports' },
        ]}
        title={run.data?.fileName ?? t('orderWork.imports.file')}
      />
      <div className={styles.page}>
        <Loaded query={run} what={t('orderWork.imports.file')} skeleton={<SkeletonBlock height={240} />}>
          {(data) =>
            data.state === 'uploading' || data.state === 'uploaded' ? (
              <Drafting orderImportId={orderImportId} />
            ) : (
              <Standing run={data} />
            )
          }
        </Loaded>
      </div>
    </>
  )
}

function Drafting({ orderImportId }: { orderImportId: string }) {
  const { t } = useTranslation()
  const draft = api.useQuery(
    'post',
    '/api/order-imports/{orderImportId}/read',
    { params: { path: { orderImportId } } },
    {
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    },
  )
  return (
    <Loaded query={draft} what={t('orderWork.imports.file')} skeleton={<SkeletonBlock height={320} />}>
      {(data) => <ImportWizard draft={data} />}
    </Loaded>
  )
}

function Standing({ run }: { run: Run }) {
  const { t } = useTranslation()
  const cancel = useCancelImport()
  const { orderImportId } = run
  return (
    <Panel title={t(`orderWork.imports.state.${run.state}`)}>
      <div className={styles.standing}>
        <ImportBar run={run} />
        <ImportResult run={run} />
        {isUnderWay(run) && <p className="quiet">{t('orderWork.imports.leave')}</p>}
        {run.refusedRows > 0 && !isUnderWay(run) && <p className="quiet">{t('orderWork.imports.mend')}</p>}
        <div className={styles.buttons}>
          {isUnderWay(run) ? (
            <Button loading={cancel.isPending} onClick={() => cancel.mutate({ params: { path: { orderImportId } } })}>
              {t('bulk.cancel')}
            </Button>
          ) : (
            <>
              <Link to={run.kind === 'orders' ? '/orders' : '/contacts'}>
                <Button type="primary">{t(`orderWork.imports.see.${run.kind}`)}</Button>
              </Link>
              <Link to="/orders/imports">
                <Button>{t('orderWork.imports.another')}</Button>
              </Link>
            </>
          )}
        </div>
      </div>
    </Panel>
  )
}
