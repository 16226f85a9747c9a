import { useTranslation } from 'react-i18next'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { sayCount, sayRate, sayYuan } from '../../../ui/number-words.ts'
import { languageOf } from '../../../ui/time-words.ts'
import styles from './rfm.module.css'
import type { Cell } from './rfm-page.tsx'

interface Props {
  cells: Cell[]
  buyers: number
  openId: string | undefined
  onOpen: (cellId: string) => void
}

/** The cells, best first, with what each holds and what it is about to lose. */
export function CellTable({ cells, buyers, openId, onOpen }: Props) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const falling = ({ people, totalFen }: Cell['falling']) =>
    people === 0 ? '—' : `${count(people)} · ${sayYuan(totalFen)}`
  const columns: Column<Cell>[] = [
    { key: 'cell', title: t('insight.rfm.column.cell'), cell: (cell) => <CellName cell={cell} /> },
    {
      key: 'people',
      title: t('insight.rfm.column.people'),
      align: 'right',
      width: 72,
      cell: (one) => count(one.people),
    },
    {
      key: 'share',
      title: t('insight.rfm.column.share'),
      align: 'right',
      width: 68,
      cell: (one) => sayRate(one.people, buyers),
    },
    {
      key: 'money',
      title: t('insight.rfm.column.money'),
      align: 'right',
      width: 96,
      cell: (one) => sayYuan(one.totalFen),
    },
    {
      key: 'average',
      title: t('insight.rfm.column.average'),
      align: 'right',
      width: 84,
      cell: (one) => (one.people === 0 ? '—' : sayYuan(Math.round(one.totalFen / one.people / 100) * 100)),
    },
    {
      key: 'falling',
      title: t('insight.rfm.column.falling'),
      align: 'right',
      width: 124,
      cell: (one) => falling(one.falling),
    },
  ]
  return (
    <ListTable
      rows={cells}
      columns={columns}
      rowKey={({ cellId }) => cellId}
      label={t('insight.rfm.cells')}
      minWidth={600}
      openKey={openId}
      onOpen={({ cellId }) => onOpen(cellId)}
      card={(cell) => (
        <span className={styles.card}>
          <CellName cell={cell} />
          <b>{count(cell.people)}</b>
          <small>
            {sayRate(cell.people, buyers)} · {sayYuan(cell.totalFen)}
          </small>
          <small>
            {t('insight.rfm.column.falling')} {falling(cell.falling)}
          </small>
        </span>
      )}
    />
  )
}

function CellName({ cell }: { cell: Cell }) {
  const { t } = useTranslation()
  return (
    <span className={styles.name}>
      <span title={cell.name}>{cell.name}</span>
      {cell.atRisk && <small className={styles.risk}>▲ {t('insight.rfm.atRisk')}</small>}
    </span>
  )
}
