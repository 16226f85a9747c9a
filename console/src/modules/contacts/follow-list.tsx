import { keepPreviousData } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { ProvenanceLegend, TagRow } from '../../ui/tag-chip.tsx'
import { Ago } from '../../ui/time.tsx'
import { nameAddWay } from '../events/add-way.ts'
import styles from './contacts.module.css'
import type { toQuery } from './filters.ts'

type Row = Answer<'/api/follows'>['items'][number]
const PAGE = 50

interface Props {
  query: ReturnType<typeof toQuery>
  total: string | undefined
  openId: string | undefined
  onOpen: (contactId: string) => void
}

/** One row a relation: who is followed by three members stands here three times, with what each of them wrote. */
export function FollowList({ query, total, openId, onOpen }: Props) {
  const { t } = useTranslation()
  const keyset = useKeyset()
  const list = api.useQuery(
    'get',
    '/api/follows',
    { params: { query: { ...query, cursor: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  return (
    <Loaded query={list} what={t('contacts.list')} skeleton={<SkeletonRows rows={16} />}>
      {({ items, nextCursor }) =>
        items.length === 0 ? (
          <EmptyState icon="people" title={t('contacts.noFollows')} why={t('contacts.noneWhy')} />
        ) : (
          <>
            <Rows rows={items} lost={query.state === 'lost'} openId={openId} onOpen={onOpen} />
            <KeysetFooter
              keyset={keyset}
              nextCursor={nextCursor}
              shown={items.length}
              pageSize={PAGE}
              legend={<ProvenanceLegend />}
              total={total}
            />
          </>
        )
      }
    </Loaded>
  )
}

function Rows({ rows, lost, openId, onOpen }: { rows: Row[]; lost: boolean } & Pick<Props, 'openId' | 'onOpen'>) {
  const { t } = useTranslation()
  const who = (row: Row) => (
    <span className={styles.who}>
      <Avatar name={row.name} src={row.avatar} />
      <b>{row.name || '—'}</b>
      {row.kind === 2 && <span className={styles.foreign}>@{row.corpName ?? t('contacts.company')}</span>}
      {row.remark && row.remark !== row.name && <small>{row.remark}</small>}
      {!lost && row.lostAt && <span className={styles.gone}>{t('contacts.lostMark')}</span>}
    </span>
  )
  const staff = (row: Row) => (
    <span className={row.staffLeft ? 'quiet' : undefined}>
      {row.staffName}
      {row.staffLeft && ` · ${t('staff.status.left')}`}
    </span>
  )
  const origin = (row: Row) => row.channel ?? t(`addWay.${nameAddWay(row.addWay)}`)
  const when = (row: Row) => <Ago at={lost && row.lostAt ? row.lostAt : row.addedAt} />
  const columns: Column<Row>[] = [
    { key: 'who', title: t('contacts.column.name'), width: '26%', cell: who },
    { key: 'staff', title: t('contacts.column.staff'), width: '14%', cell: staff },
    { key: 'tags', title: t('contacts.column.tags'), width: '28%', cell: (row) => <TagRow tags={row.tags} /> },
    { key: 'origin', title: t('contacts.origin'), cell: origin },
    {
      key: 'when',
      title: t(lost ? 'contacts.column.lost' : 'contacts.column.added'),
      width: 132,
      align: 'right',
      cell: (row) => <span className="soft">{when(row)}</span>,
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ contactId, staffId }) => `${contactId} ${staffId}`}
      label={t('contacts.followList')}
      openKey={rows
        .map(({ contactId, staffId }) => (contactId === openId ? `${contactId} ${staffId}` : ''))
        .find(Boolean)}
      onOpen={({ contactId }) => onOpen(contactId)}
      minWidth={720}
      card={(row) => (
        <span className={styles.card}>
          {who(row)}
          {row.tags.length > 0 && (
            <span style={{ paddingLeft: 32 }}>
              <TagRow tags={row.tags} />
            </span>
          )}
          <span className={styles.cardMeta}>
            <span>{staff(row)}</span>
            <span>
              {origin(row)} · {when(row)}
            </span>
          </span>
        </span>
      )}
    />
  )
}
