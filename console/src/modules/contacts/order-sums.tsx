import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { sayYuan } from '../../ui/number-words.ts'
import { Ago } from '../../ui/time.tsx'
import styles from './contacts.module.css'

/** What his orders come to; nothing of somebody who has none, or for whoever may not see orders. */
export function OrderSums({ contactId }: { contactId: string }) {
  const { t } = useTranslation()
  const sums = api.useQuery('get', '/api/contacts/{contactId}/orders', { params: { path: { contactId } } })
  if (!sums.data || sums.data.count === 0) return null
  const { count, totalFen, lastPaidAt } = sums.data
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t('orders.sums.count')}</dt>
        <dd>{t('orders.sums.orders', { n: count })}</dd>
      </div>
      <div>
        <dt>{t('orders.sums.total')}</dt>
        <dd>{sayYuan(totalFen)}</dd>
      </div>
      <div>
        <dt>{t('orders.sums.each')}</dt>
        <dd>{sayYuan(Math.round(totalFen / count))}</dd>
      </div>
      <div>
        <dt>{t('orders.sums.last')}</dt>
        <dd>{lastPaidAt ? <Ago at={lastPaidAt} /> : '—'}</dd>
      </div>
    </dl>
  )
}
