import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { useNow } from '../../ui/clock.ts'
import { sayCount, sayYuan } from '../../ui/number-words.ts'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import styles from './orders.module.css'

type Order = Answer<'/api/contacts/{contactId}/orders'>['items'][number]
const SHOWN = 3

/** What he has bought: how often, how much, and the newest. Nothing for whoever never bought. */
export function OrdersCard({ contactId }: { contactId: string }) {
  const { t, i18n } = useTranslation()
  const [all, setAll] = useState(false)
  const orders = api.useQuery('get', '/api/contacts/{contactId}/orders', { params: { path: { contactId } } })
  if (!orders.data || orders.data.items.length === 0) return null
  const { count, totalFen, items } = orders.data
  return (
    <section className={styles.card} aria-label={t('orders.title')}>
      <h3>
        {t('orders.title')}
        <small>{t('orders.sum', { count, n: sayCount(count, languageOf(i18n)), total: sayYuan(totalFen) })}</small>
      </h3>
      <ul>
        {(all ? items : items.slice(0, SHOWN)).map((order) => (
          <OrderLine key={order.orderId} order={order} />
        ))}
      </ul>
      {items.length > SHOWN && (
        <button type="button" onClick={() => setAll(!all)}>
          {all ? t('orders.less') : t('orders.more', { n: items.length - SHOWN })}
        </button>
      )}
    </section>
  )
}

function OrderLine({ order }: { order: Order }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const what =
    order.items.map(({ name, number }) => (number > 1 ? `${name} × ${number}` : name)).join('、') || order.orderNo
  const state =
    order.state === 'closed'
      ? 'closed'
      : order.refundedFen >= order.amountFen && order.refundedFen > 0
        ? 'refunded'
        : order.refundedFen > 0
          ? 'partly'
          : order.paidAt
            ? undefined
            : 'placed'
  return (
    <li>
      <span className={styles.what} title={`${order.shop} ${order.orderNo}`}>
        {what}
      </span>
      <b className={state === 'closed' || state === 'refunded' ? styles.off : ''}>{sayYuan(order.amountFen)}</b>
      <small>
        {sayDay(new Date(order.paidAt ?? order.placedAt), now, languageOf(i18n))}
        {order.staffName && ` · ${order.staffName}`}
        {state && ` · ${t(`orders.state.${state}`, { back: sayYuan(order.refundedFen) })}`}
      </small>
    </li>
  )
}
