import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { sayCount, sayYuan } from '../../../ui/number-words.ts'
import { Panel } from '../../../ui/panel.tsx'
import { Moment } from '../../../ui/time.tsx'
import { languageOf } from '../../../ui/time-words.ts'
import styles from './imports.module.css'
import type { Kind, Preview } from './use-imports.ts'

/** What the file comes to as it is read now: how many, the first of them, and what would be refused and why. */
export function PreviewPanel({ kind, preview, children }: { kind: Kind; preview: Preview; children: ReactNode }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  return (
    <Panel title={t('orderWork.imports.previewTitle')} edge>
      <dl className={styles.sums} data-testid="import-preview">
        <div>
          <dt>{t(`orderWork.imports.good.${kind}`)}</dt>
          <dd>{count(preview.good)}</dd>
        </div>
        {kind === 'orders' && (
          <div>
            <dt>{t('orderWork.imports.goodFen')}</dt>
            <dd>{sayYuan(preview.goodFen)}</dd>
          </div>
        )}
        <div>
          <dt>{t('orderWork.imports.refusedRows')}</dt>
          <dd className={preview.refused > 0 ? 'bad' : undefined}>{count(preview.refusedRows)}</dd>
        </div>
      </dl>
      {preview.reasons.length > 0 && (
        <ul className={styles.reasons} aria-label={t('orderWork.imports.reasons')}>
          {preview.reasons.map(({ reason, rows, line }) => (
            <li key={reason}>
              <b>{t('orderWork.imports.reasonRows', { n: count(rows) })}</b>
              <span>{reason}</span>
              <small className="quiet">{t('orderWork.imports.reasonLine', { line })}</small>
            </li>
          ))}
        </ul>
      )}
      {kind === 'orders' ? <Orders rows={preview.orders} /> : <Members rows={preview.members} />}
      <div className={styles.foot}>{children}</div>
    </Panel>
  )
}

type OrderRow = Preview['orders'][number]
const STATES = ['placed', 'paid', 'closed'] as const

function Orders({ rows }: { rows: OrderRow[] }) {
  const { t } = useTranslation()
  const word = (row: OrderRow) => t(`orders.state.${STATES.find((one) => one === row.state) ?? 'paid'}`)
  const amount = (row: OrderRow) =>
    `${sayYuan(row.amountFen)}${row.refundedFen > 0 ? ` ${t('orders.minus', { yuan: sayYuan(row.refundedFen) })}` : ''}`
  const columns: Column<OrderRow>[] = [
    { key: 'line', title: t('orderWork.imports.line'), width: 70, cell: (row) => row.line },
    { key: 'no', title: t('orderWork.imports.column.orderNo'), width: '20%', cell: (row) => row.orderNo },
    { key: 'buyer', title: t('orderWork.imports.column.buyer'), width: '18%', cell: (row) => row.buyer },
    { key: 'items', title: t('orders.column.goods'), cell: (row) => row.items || '—' },
    { key: 'amount', title: t('orders.column.amount'), width: 160, align: 'right', cell: amount },
    { key: 'state', title: t('orders.column.state'), width: 90, cell: word },
    {
      key: 'at',
      title: t('orderWork.imports.column.paidAt'),
      width: 150,
      cell: (row) => (row.paidAt ? <Moment at={row.paidAt} /> : '—'),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => String(row.line)}
      label={t('orderWork.imports.firstOnes')}
      minWidth={900}
      card={(row) => (
        <span className={styles.card}>
          <b>{row.orderNo}</b>
          <span className="small">
            {row.buyer} · {amount(row)} · {word(row)}
          </span>
        </span>
      )}
    />
  )
}

type MemberRow = Preview['members'][number]

function Members({ rows }: { rows: MemberRow[] }) {
  const { t } = useTranslation()
  const columns: Column<MemberRow>[] = [
    { key: 'line', title: t('orderWork.imports.line'), width: 70, cell: (row) => row.line },
    { key: 'no', title: t('orderWork.imports.column.member'), cell: (row) => row.memberNo },
    { key: 'level', title: t('orderWork.imports.column.level'), cell: (row) => row.level ?? '—' },
    { key: 'points', title: t('orderWork.imports.column.points'), align: 'right', cell: (row) => row.points ?? '—' },
    {
      key: 'at',
      title: t('orderWork.imports.column.joinedAt'),
      width: 150,
      cell: (row) => (row.joinedAt ? <Moment at={row.joinedAt} /> : '—'),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => String(row.line)}
      label={t('orderWork.imports.firstOnes')}
      minWidth={600}
      card={(row) => (
        <span className={styles.card}>
          <b>{row.memberNo}</b>
          <span className="small">
            {row.level ?? '—'} · {row.points ?? '—'}
          </span>
        </span>
      )}
    />
  )
}
