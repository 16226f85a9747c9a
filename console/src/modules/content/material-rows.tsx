import { useTranslation } from 'react-i18next'
import { type Column, ListTable, type Selection } from '../../ui/list-table.tsx'
import { Moment } from '../../ui/time.tsx'
import styles from './content.module.css'
import { Shot } from './shot.tsx'
import type { Material } from './use-content.ts'

interface Props {
  rows: Material[]
  selection: Selection | undefined
  onOpen: (materialId: string) => void
}

export function MaterialRows({ rows, selection, onOpen }: Props) {
  const { t } = useTranslation()
  const columns: Column<Material>[] = [
    { key: 'title', title: t('content.column.title'), cell: (row) => <Named row={row} /> },
    { key: 'kind', title: t('content.field.kind'), width: 84, cell: (row) => t(`content.kind.${row.kind}`) },
    {
      key: 'scope',
      title: t('content.column.scope'),
      width: '14%',
      cell: (row) =>
        row.scope.kind === 'corp' ? (
          <span className="quiet">{t('content.scope.corp')}</span>
        ) : (
          row.scopeNames.join('、')
        ),
    },
    {
      key: 'labels',
      title: t('content.field.label'),
      width: '14%',
      cell: ({ labels }) => (labels.length > 0 ? labels.join('、') : <span className="quiet">—</span>),
    },
    {
      key: 'uses',
      title: t('content.column.uses'),
      width: 84,
      align: 'right',
      cell: ({ uses }) => (uses > 0 ? <b>{uses}</b> : <span className="quiet">{t('content.unused')}</span>),
    },
    {
      key: 'updated',
      title: t('content.column.updated'),
      width: 112,
      cell: ({ updatedAt }) => <Moment at={updatedAt} />,
    },
    { key: 'state', title: t('content.field.state'), width: 132, cell: (row) => <StateMark row={row} /> },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ materialId }) => materialId}
      label={t('content.materials')}
      onOpen={({ materialId }) => onOpen(materialId)}
      minWidth={760}
      selection={selection}
      card={(row) => (
        <>
          <Named row={row} />
          <span className={styles.cardLine}>
            <span>{t(`content.kind.${row.kind}`)}</span>
            <span>{t('content.usedTimes', { count: row.uses })}</span>
            <span className="spring" />
            <StateMark row={row} />
          </span>
        </>
      )}
    />
  )
}

const Named = ({ row }: { row: Material }) => (
  <span className={styles.named}>
    <Shot kind={row.kind} pictureId={row.pictureId} />
    <b title={row.title}>{row.title}</b>
    <span className="quiet clip">{row.summary}</span>
  </span>
)

/** What works says little; only what is not so has colour. */
export function StateMark({ row }: { row: Pick<Material, 'state' | 'open'> }) {
  const { t } = useTranslation()
  return (
    <span className={styles.states}>
      <span className={`${styles.state} ${styles[row.state] ?? ''}`}>{t(`content.state.${row.state}`)}</span>
      {row.open && row.state !== row.open && <small className="warn">{t(`content.openState.${row.open}`)}</small>}
    </span>
  )
}
