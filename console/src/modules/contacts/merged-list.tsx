import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import contacts from './contacts.module.css'
import { IdentityChip } from './identity-chip.tsx'
import styles from './reviews.module.css'

type Merge = Answer<'/api/merges'>[number]

/** Merges of the last days; each can be taken apart. */
export function MergedList() {
  const { t } = useTranslation()
  const merges = api.useQuery('get', '/api/merges', {})
  return (
    <div className={contacts.plain}>
      <Loaded query={merges} what={t('reviews.tab.merged')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState icon="swap" title={t('reviews.mergedNone')} why={t('reviews.mergedNoneWhy')} />
          ) : (
            <Rows rows={rows} />
          )
        }
      </Loaded>
    </div>
  )
}

function Rows({ rows }: { rows: Merge[] }) {
  const { t } = useTranslation()
  const into = (row: Merge) => (
    <Link to={`/contacts/${row.contactId}`}>
      <b>{row.name || t('reviews.visitor')}</b>
    </Link>
  )
  const what = (row: Merge) => (
    <span className={styles.ids}>
      {row.identities.map((identity) => (
        <IdentityChip key={`${identity.kind} ${identity.shown}`} identity={identity} />
      ))}
    </span>
  )
  const columns: Column<Merge>[] = [
    { key: 'into', title: t('reviews.into'), width: '20%', cell: into },
    { key: 'what', title: t('reviews.what'), cell: what },
    { key: 'who', title: t('reviews.who'), width: 120, cell: (row) => row.actor ?? t('reviews.byRules') },
    { key: 'when', title: t('reviews.when'), width: 120, cell: (row) => <Ago at={row.at} /> },
    { key: 'act', title: '', width: 120, align: 'right', cell: (row) => <Undo merge={row} /> },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.mergeId}
      label={t('reviews.tab.merged')}
      minWidth={760}
      card={(row) => (
        <span className={styles.card}>
          {into(row)}
          {what(row)}
          <span className="small quiet">
            {row.actor ?? t('reviews.byRules')} · <Ago at={row.at} />
          </span>
          <Undo merge={row} />
        </span>
      )}
    />
  )
}

function Undo({ merge }: { merge: Merge }) {
  const { t } = useTranslation()
  const { modal, message } = App.useApp()
  const onError = useProblemToast()
  const undo = api.useMutation('delete', '/api/contacts/{contactId}/merges/{mergeId}', {
    onError,
    onSuccess: () => {
      void message.success(t('reviews.undone'))
      void queryClient.invalidateQueries()
    },
  })
  const path = { contactId: merge.contactId, mergeId: merge.mergeId }
  const ask = () =>
    void modal.confirm({
      title: t('reviews.undoTitle'),
      content: t('reviews.undoWhy'),
      okText: t('reviews.undo'),
      cancelText: t('reviews.keep'),
      onOk: () => undo.mutate({ params: { path } }),
    })
  return (
    <Button size="small" loading={undo.isPending} onClick={ask}>
      {t('reviews.undo')}
    </Button>
  )
}
