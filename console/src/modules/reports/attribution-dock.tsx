import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Dock } from '../../ui/dock.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayYuan } from '../../ui/number-words.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Moment } from '../../ui/time.tsx'
import styles from './activation.module.css'

type Order = Answer<'/api/reports/attribution/orders'>['items'][number]
const MODELS = ['first', 'last', 'position', 'decay'] as const

interface Props {
  line: { key: string }
  name: string
  query: {
    from: string
    to: string
    by: 'way' | 'staff' | 'code' | 'piece' | 'source'
    windowDays: number
    halfLifeDays: number
  }
  onClose: () => void
}

/** The orders behind a line: its part of each, and all that reached the customer before it. */
export function TouchedOrdersDock({ line: { key }, name, query, onClose }: Props) {
  const { t } = useTranslation()
  const about = JSON.stringify([key, query])
  const [trail, setTrail] = useState<{ about: string; after: string[] }>({ about, after: [] })
  const after = trail.about === about ? trail.after : []
  const page = api.useQuery('get', '/api/reports/attribution/orders', {
    params: { query: { ...query, key, after: after.at(-1) } },
  })
  const broadcastId = /^broadcast:(\d+)$/.exec(key)?.[1]
  return (
    <Dock label={name} onClose={onClose} head={<b>{name}</b>}>
      <div className={styles.dock}>
        {broadcastId && query.by === 'source' && (
          <p className="small">
            <Link to={`/broadcasts/${broadcastId}`}>{t('insight.attribution.toLift')}</Link>
          </p>
        )}
        <Loaded
          query={page}
          what={t('insight.attribution.ordersOf')}
          skeleton={<SkeletonRows rows={5} avatar={false} />}
        >
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <EmptyState small icon="archive" title={t('insight.attribution.noOrders')} />
            ) : (
              <>
                {items.map((order) => (
                  <OrderCard key={order.orderId} order={order} />
                ))}
                <div className={styles.turn}>
                  <Button
                    size="small"
                    disabled={after.length === 0}
                    onClick={() => setTrail({ about, after: after.slice(0, -1) })}
                  >
                    {t('list.previous')}
                  </Button>
                  <Button
                    size="small"
                    disabled={!nextCursor}
                    onClick={() => nextCursor && setTrail({ about, after: [...after, nextCursor] })}
                  >
                    {t('list.next')}
                  </Button>
                </div>
              </>
            )
          }
        </Loaded>
      </div>
    </Dock>
  )
}

function OrderCard({ order }: { order: Order }) {
  const { t } = useTranslation()
  return (
    <section className={styles.order}>
      <header>
        <Link to={`/contacts/${order.contactId}`}>{order.contactName}</Link>
        <span className="quiet small">
          {order.orderNo} · <Moment at={order.paidAt} />
        </span>
        <b>{sayYuan(order.netFen)}</b>
      </header>
      <ol>
        {order.path.map(({ way, at, title, counted }) => (
          <li key={`${at}${way}`} data-counted={counted || undefined}>
            {t(`insight.attribution.ways.${way}`)} {title} <span className="quiet">{<Moment at={at} />}</span>
          </li>
        ))}
      </ol>
      <p className="small">
        {MODELS.map((m) => `${t(`insight.attribution.model.${m}`)} ${sayYuan(order.share[m])}`).join(' · ')}
      </p>
    </section>
  )
}
