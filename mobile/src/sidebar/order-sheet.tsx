import type { About, Order } from '../api/sidebar.ts'
import { Sheet } from '../ui/sheet.tsx'
import { shortTime, yuan } from '../words/numbers.ts'
import { MoreButton } from './more-button.tsx'
import { usePages } from './use-pages.ts'
import { say } from './words.ts'

export function OrderSheet({ about, nowMs, onClose }: { about: About; nowMs: number; onClose(): void }) {
  const pages = usePages<Order>(about.orders)
  return (
    <Sheet title={say('orderTitle')} closeWord={say('close')} onClose={onClose}>
      <ul className="rows">
        {pages.items.map((order) => (
          <li key={order.orderId}>
            <span>
              {order.items.join('、') || order.orderNo}
              {order.more > 0 && say('andMore', { n: order.more + order.items.length })}
              <small>
                {shortTime(order.placedAt, nowMs)} · {say(order.state)}
                {order.refundedFen > 0 && ` · ${say('refunded', { sum: yuan(order.refundedFen) })}`}
              </small>
            </span>
            <b>{yuan(order.amountFen)}</b>
          </li>
        ))}
      </ul>
      {pages.items.length === 0 && !pages.isBusy && !pages.error && <p className="low">{say('noOrders')}</p>}
      <MoreButton pages={pages} />
    </Sheet>
  )
}
