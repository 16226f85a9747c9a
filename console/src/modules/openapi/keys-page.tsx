import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { HowToUse } from './how-to-use.tsx'
import { KeyDialog } from './key-dialog.tsx'
import styles from './openapi.module.css'

type Key = Answer<'/api/openapi/keys'>[number]
const refresh = () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/openapi/keys'] })

/** Keys by which servers and pages of the corp tell us what happens there. */
export function KeysPage() {
  const { t } = useTranslation()
  const [making, setMaking] = useState(false)
  const keys = api.useQuery('get', '/api/openapi/keys', {})
  const create = (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
      {t('openapi.create')}
    </Button>
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.settings') }]} title={t('openapi.title')}>
        {keys.data && keys.data.length > 0 && create}
      </PageHeader>
      <div className={styles.page}>
        <Panel edge>
          <Loaded query={keys} what={t('openapi.title')} skeleton={<SkeletonRows rows={3} avatar={false} />}>
            {(rows) =>
              rows.length === 0 ? (
                <EmptyState icon="lock" title={t('openapi.emptyTitle')} why={t('openapi.emptyWhy')} action={create} />
              ) : (
                <Rows rows={rows} />
              )
            }
          </Loaded>
        </Panel>
        <HowToUse />
      </div>
      {making && (
        <KeyDialog
          onMade={refresh}
          onClose={() => {
            setMaking(false)
            refresh()
          }}
        />
      )}
    </>
  )
}

function Rows({ rows }: { rows: Key[] }) {
  const { t } = useTranslation()
  const name = (row: Key) => <b className={row.revokedAt ? 'quiet' : undefined}>{row.name}</b>
  const key = (row: Key) => (
    <span className="mono quiet">
      {row.kind === 'server' ? 'sk_' : 'wk_'}…{row.hint}
    </span>
  )
  const used = (row: Key) =>
    row.lastUsedAt ? <Ago at={row.lastUsedAt} /> : <span className="quiet">{t('openapi.never')}</span>
  const kind = (row: Key) => (
    <span className={styles.kind}>
      {t(`openapi.kind.${row.kind}`)}
      {row.allowedOrigins.length > 0 && <small className="quiet">{row.allowedOrigins.join('、')}</small>}
    </span>
  )
  const columns: Column<Key>[] = [
    { key: 'name', title: t('openapi.column.name'), width: '20%', cell: name },
    { key: 'kind', title: t('openapi.column.kind'), cell: kind },
    { key: 'key', title: t('openapi.column.key'), width: 120, cell: key },
    { key: 'used', title: t('openapi.column.used'), width: 130, cell: used },
    { key: 'made', title: t('openapi.column.made'), width: 120, cell: (row) => row.createdBy },
    { key: 'act', title: '', width: 90, align: 'right', cell: (row) => <Revoke row={row} /> },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.keyId}
      label={t('openapi.title')}
      minWidth={760}
      card={(row) => (
        <span className={styles.card}>
          {name(row)}
          {kind(row)}
          <span className="small quiet">
            {key(row)} · {used(row)}
          </span>
          <Revoke row={row} />
        </span>
      )}
    />
  )
}

function Revoke({ row }: { row: Key }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const revoke = api.useMutation('delete', '/api/openapi/keys/{keyId}', { onError, onSuccess: refresh })
  if (row.revokedAt) return <span className="quiet">{t('openapi.revoked')}</span>
  const ask = () =>
    void modal.confirm({
      title: t('openapi.revokeTitle', { name: row.name }),
      content: t('openapi.revokeWhy'),
      okText: t('openapi.revoke'),
      okButtonProps: { danger: true },
      cancelText: t('openapi.keep'),
      onOk: () => revoke.mutate({ params: { path: { keyId: row.keyId } } }),
    })
  return (
    <Button size="small" loading={revoke.isPending} onClick={ask}>
      {t('openapi.revoke')}
    </Button>
  )
}
