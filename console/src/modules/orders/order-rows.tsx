import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useNow } from '../../ui/clock.ts'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { sayYuan } from '../../ui/number-words.ts'
import { Ago } from '../../ui/time.tsx'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import styles from '../contacts/contacts.module.css'
import { SHOPS, type Shop } from './order-filters.tsx'

/** Whom it counts for; why, on a look. */
function Guide({ row }: { row: Row }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  if (!row.paidAt) return '—'
  const at = row.guideSince ? sayDay(new Date(row.guideSince), now, languageOf(i18n)) : '—'
  const why = t(`orderWork.guides.why.${row.guideBy ?? 'nobody'}`, { name: row.staffName ?? '', at })
  return (
    <Tooltip title={row.guideBy || !row.staffName ? why : ''}>
      <span>{row.staffName ?? '—'}</span>
    </Tooltip>
  )
}

type Row = Answer<'/api/orders'>['items'][number]
const isShop = (shop: string): shop is Shop => SHOPS.some((one) => one === shop)

/** Orders as a table, on a phone as cards. */
export function OrderRows({
  rows,
  openId,
  onOpen,
}: {
  rows: Row[]
  openId: string | undefined
  onOpen: (contactId: string) => void
}) {
  const { t } = useTranslation()
  const who = (row: Row) => (
    <span className={styles.who}>
      <Avatar name={row.contactName} src={row.avatar} />
      <b>{row.contactName || t('orders.visitor')}</b>
    </span>
  )
  const goods = ({ items }: Row) => {
    const [first] = items
    if (!first) return '—'
    return items.length === 1 ? first.name : t('orders.goods', { first: first.name, n: items.length })
  }
  const state = ({ state: word, refundedFen, amountFen }: Row) => {
    if (refundedFen > 0 && word !== 'closed')
      return t(refundedFen < amountFen ? 'orders.partRefunded' : 'orders.state.refunded')
    return t(`orders.state.${word}`)
  }
  const amount = ({ amountFen, refundedFen }: Row) => (
    <>
      {sayYuan(amountFen)}
      {refundedFen > 0 && <span className="soft"> {t('orders.minus', { yuan: sayYuan(refundedFen) })}</span>}
    </>
  )
  const shop = (row: Row) => (isShop(row.shop) ? t(`orders.shops.${row.shop}`) : row.shop)
  const columns: Column<Row>[] = [
    { key: 'name', title: t('orders.column.name'), width: '18%', cell: who },
    { key: 'goods', title: t('orders.column.goods'), cell: goods },
    { key: 'amount', title: t('orders.column.amount'), width: 170, align: 'right', cell: amount },
    { key: 'state', title: t('orders.column.state'), width: 100, cell: state },
    {
      key: 'shop',
      title: t('orders.column.shop'),
      width: 120,
      cell: (row) => <span title={row.orderNo}>{shop(row)}</span>,
    },
    { key: 'staff', title: t('orders.column.staff'), width: 100, cell: (row) => <Guide row={row} /> },
    {
      key: 'at',
      title: t('orders.column.at'),
      width: 120,
      align: 'right',
      cell: (row) => (
        <span className="soft">
          <Ago at={row.placedAt} />
        </span>
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.orderId}
      label={t('orders.list')}
      openKey={rows.find(({ contactId }) => contactId === openId)?.orderId}
      onOpen={({ contactId }) => onOpen(contactId)}
      minWidth={900}
      card={(row) => (
        <span className={styles.card}>
          {who(row)}
          <span className={styles.cardMeta}>
            <span>
              {amount(row)} · {state(row)} · {goods(row)}
            </span>
            <Ago at={row.placedAt} />
          </span>
        </span>
      )}
    />
  )
}
