import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { sayFull } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './touches.module.css'

type Refusal = Answer<'/api/touch-refusals'>['items'][number]
const PAGE = 50

/** Customers who are not to be written to: who said so, since when, until when. */
export function RefusalList() {
  const { t } = useTranslation()
  const keyset = useKeyset()
  const mayWrite = useCan('contacts.write')
  const onError = useProblemToast()
  const list = api.useQuery(
    'get',
    '/api/touch-refusals',
    { params: { query: { before: keyset.cursor } } },
    { placeholderData: keepPreviousData },
  )
  const allow = api.useMutation('delete', '/api/contacts/{contactId}/touch-refusal', {
    onError,
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/touch-refusals'] }),
  })
  const lift = (row: Refusal) =>
    mayWrite && row.why !== 'platform' ? (
      <Button
        size="small"
        type="link"
        loading={allow.isPending && allow.variables.params.path.contactId === row.contactId}
        onClick={() => allow.mutate({ params: { path: { contactId: row.contactId } } })}
      >
        {t('touches.lift')}
      </Button>
    ) : null
  const until = (row: Refusal) => (row.until ? sayFull(new Date(row.until)) : t('touches.forGood'))
  const said = (row: Refusal) => (
    <>
      {t(`touches.why.${row.why}`)}
      {row.channel !== '*' && <small className="quiet"> · {t(`touches.channel.${row.channel as 'mass'}`)}</small>}
      {row.note && <small className="quiet"> · {row.note}</small>}
    </>
  )
  const columns: Column<Refusal>[] = [
    {
      key: 'who',
      title: t('touches.customer'),
      cell: (row) => <Link to={`/contacts/${row.contactId}`}>{row.contactName || '—'}</Link>,
    },
    { key: 'why', title: t('touches.because'), width: '32%', cell: said },
    { key: 'since', title: t('touches.since'), width: 120, cell: (row) => <Ago at={row.since} /> },
    { key: 'until', title: t('touches.until'), width: 160, cell: until },
    { key: 'by', title: t('touches.by'), width: 110, cell: (row) => row.actor },
    { key: 'act', title: '', width: 90, align: 'right', cell: lift },
  ]
  return (
    <div className={styles.list}>
      <Loaded query={list} what={t('touches.views.refusals')} skeleton={<SkeletonRows rows={10} avatar={false} />}>
        {({ items, next }) =>
          items.length === 0 ? (
            <EmptyState icon="moon" title={t('touches.noRefusals')} why={t('touches.noRefusalsWhy')} />
          ) : (
            <>
              <ListTable
                label={t('touches.views.refusals')}
                rows={items}
                columns={columns}
                rowKey={(row) => `${row.contactId} ${row.channel} ${row.why}`}
                minWidth={760}
                card={(row) => (
                  <div className={styles.card}>
                    <span>
                      <Link to={`/contacts/${row.contactId}`}>{row.contactName || '—'}</Link>
                      <small>{said(row)}</small>
                      <small className="quiet">{until(row)}</small>
                    </span>
                    {lift(row)}
                  </div>
                )}
              />
              <KeysetFooter keyset={keyset} nextCursor={next} shown={items.length} pageSize={PAGE} />
            </>
          )
        }
      </Loaded>
    </div>
  )
}
