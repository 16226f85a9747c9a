import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { type Column, ListTable, type Selection } from '../../ui/list-table.tsx'
import { TagRow } from '../../ui/tag-chip.tsx'
import { Ago } from '../../ui/time.tsx'
import { shortEvent } from '../events/describe-event.ts'
import { StageMark, shareOf } from '../stages/stage-mark.tsx'
import { useStageBook } from '../stages/use-stages.ts'
import styles from './contacts.module.css'
import type { Filters } from './filters.ts'

type Row = Answer<'/api/contacts'>['items'][number]

/** One row a customer. */
export function ContactRows({
  rows,
  view,
  openId,
  onOpen,
  selection,
}: {
  rows: Row[]
  view: Filters['view']
  openId: string | undefined
  onOpen: (id: string) => void
  selection: Selection | undefined
}) {
  const { t } = useTranslation()
  const followers = (row: Row) =>
    row.followers.length === 0
      ? '—'
      : row.followerCount > 1
        ? `${row.followers[0]?.name} ${t('contacts.more', { n: row.followerCount })}`
        : row.followers[0]?.name
  const last = (row: Row) =>
    row.lastEvent ? (
      <>
        {t(`events.short.${shortEvent(row.lastEvent.kind)}`)}{' '}
        <span className="quiet">
          <Ago at={row.lastEvent.at} />
        </span>
      </>
    ) : (
      <span className="quiet">{t('contacts.noEvent')}</span>
    )
  const when = (row: Row) => {
    const at = view === 'lost' ? row.lostAt : row.lastAddedAt
    return at ? <Ago at={at} /> : '—'
  }
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title: t('contacts.column.name'),
      width: '24%',
      cell: (row) => <Who row={row} marked={view === 'all'} />,
    },
    { key: 'tags', title: t('contacts.column.tags'), width: '24%', cell: (row) => <TagRow tags={row.tags} /> },
    { key: 'stage', title: t('stages.title'), width: '12%', cell: (row) => <Standing row={row} /> },
    { key: 'staff', title: t('contacts.column.staff'), width: '13%', cell: followers },
    { key: 'last', title: t('contacts.column.last'), cell: last },
    {
      key: 'when',
      title: t(view === 'lost' ? 'contacts.column.lost' : 'contacts.column.added'),
      width: 132,
      align: 'right',
      cell: (row) => <span className="soft">{when(row)}</span>,
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ contactId }) => contactId}
      label={t('contacts.list')}
      openKey={openId}
      onOpen={({ contactId }) => onOpen(contactId)}
      minWidth={800}
      selection={selection}
      card={(row) => (
        <span className={styles.card}>
          <Who row={row} marked={view === 'all'} />
          {row.tags.length > 0 && (
            <span style={{ paddingLeft: 32 }}>
              <TagRow tags={row.tags} />
            </span>
          )}
          <span className={styles.cardMeta}>
            <span>{followers(row)}</span>
            <span>{last(row)}</span>
          </span>
        </span>
      )}
    />
  )
}

/** Of his first flow; the profile has all. */
function Standing({ row }: { row: Row }) {
  const { data: book } = useStageBook()
  const [stay] = row.stages
  if (!stay) return '—'
  const ids = book?.flows.find((flow) => flow.flowId === stay.flowId)?.stages.map((stage) => stage.stageId) ?? []
  return <StageMark name={stay.name} color={stay.color} share={shareOf(ids, stay.stageId)} />
}

function Who({ row, marked }: { row: Row; marked: boolean }) {
  const { t } = useTranslation()
  return (
    <span className={styles.who}>
      <Avatar name={row.name} src={row.avatar} />
      <b>{row.name || '—'}</b>
      {row.kind === 2 && <span className={styles.foreign}>@{row.corpName ?? t('contacts.company')}</span>}
      {row.remark && row.remark !== row.name && <small>{row.remark}</small>}
      {marked && row.lostAt && <span className={styles.gone}>{t('contacts.lostMark')}</span>}
    </span>
  )
}
