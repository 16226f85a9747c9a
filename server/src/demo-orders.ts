import { sql } from 'kysely'
import { pick, spread, TEAS } from './demo-visits.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { putMembers } from './modules/orders/members/put-members.ts'
import type { IncomingMember } from './modules/orders/members/schema.ts'
import { putOrders } from './modules/orders/put-orders.ts'
import type { IncomingOrder } from './modules/orders/schema.ts'
import { inCorp } from './platform/db.ts'

const SHOPS = ['youzan', 'youzan', 'wechat-shop', 'taobao', 'own'] as const
const [CUSTOMERS, MOST, DAYS, BATCH] = [600, 9, 300, 500]
const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]

/** What customers of the demo company have bought: most little and long ago, some often, a few for much. */
export async function sellDemoTea(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const { rows } = await inCorp(work.db, corpId, (tx) =>
    sql<{ externalUserid: string }>`
      select i.value as external_userid from contact c join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = c.contact_id and i.kind = 'external_userid'
      where c.corp_id = ${corpId}::bigint and c.followers > 0 order by c.contact_id desc limit ${CUSTOMERS}`.execute(
      tx,
    ),
  )
  const orders = rows.flatMap(({ externalUserid }, nr) =>
    Array.from({ length: Math.floor(spread(11, nr) ** 3 * (MOST + 1)) }, (_, n) => anOrder(externalUserid, nr, n, now)),
  )
  for (let from = 0; from < orders.length; from += BATCH)
    await inCorp(work.db, corpId, (tx) =>
      putOrders(tx, corpId, work.vault, orders.slice(from, from + BATCH), { source: 'import', now }),
    )
}

/** One order of the `nr`-th customer. */
export function anOrder(externalUserid: string, nr: number, n: number, now: Date): IncomingOrder {
  const placedAt = new Date(now.getTime() - (0.02 + spread(12, nr, n) ** 2 * DAYS) * DAY_MS)
  const items = Array.from({ length: 1 + Math.floor(spread(13, nr, n) * 3) }, (_, line) => {
    const { productNo, name, category, priceFen } = pick(TEAS, 14, nr, n, line)
    const number = spread(15, nr, n, line) < 0.8 ? 1 : 2
    return { productNo, name, category, number, amountFen: priceFen * number }
  })
  const amountFen = items.reduce((sum, item) => sum + item.amountFen, 0)
  const fate = spread(16, nr, n)
  const [unpaid, closed, refunded] = [fate < 0.05, fate >= 0.05 && fate < 0.08, fate > 0.94]
  const isUnpaid = unpaid || closed
  const backAt = new Date(Math.min(placedAt.getTime() + 2 * DAY_MS, now.getTime()))
  return {
    shop: pick(SHOPS, 17, nr, n),
    orderNo: `JS${String(nr).padStart(4, '0')}${String(n).padStart(2, '0')}`,
    state: unpaid ? 'placed' : closed ? 'closed' : 'paid',
    placedAt,
    paidAt: isUnpaid ? null : new Date(placedAt.getTime() + 3 * MINUTE_MS),
    amountFen,
    items,
    refunds: refunded ? [{ refundNo: `R${nr}-${n}`, amountFen: items[0]!.amountFen, at: backAt }] : [],
    identifiers: [{ kind: 'external_userid', value: externalUserid, trust: 2 }],
    guideUserid: null,
    updatedAt: placedAt,
  }
}

const LEVELS = ['山友', '山友', '茶客', '茶客', '见山会员'] as const
const MEMBERS = 260

/** Some of them are members, with a level and points that came and went. */
export async function joinDemoMembers(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const { rows } = await inCorp(work.db, corpId, (tx) =>
    sql<{ externalUserid: string }>`
      select i.value as external_userid from contact c join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = c.contact_id and i.kind = 'external_userid'
      where c.corp_id = ${corpId}::bigint and c.followers > 0 order by c.contact_id desc limit ${MEMBERS}`.execute(tx),
  )
  const members = rows.map(({ externalUserid }, nr): IncomingMember => {
    const memberNo = `JS${String(88_000 + nr)}`
    const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
    const since = 30 + spread(21, nr) * DAYS
    return {
      memberNo,
      level: pick(LEVELS, 22, nr),
      points: Math.floor(spread(23, nr) ** 2 * 3_000),
      joinedAt: ago(since),
      entries: [
        {
          entryNo: 'P1',
          kind: 'earned',
          points: 20 + Math.floor(spread(24, nr) * 200),
          note: '消费返积分',
          at: ago(spread(25, nr) * 20),
        },
        ...(spread(26, nr) > 0.7
          ? [{ entryNo: 'P2', kind: 'spent' as const, points: -20, note: '换小杯茶', at: ago(spread(27, nr) * 10) }]
          : []),
      ],
      identifiers: [
        { kind: 'member', value: memberNo, trust: 2 },
        { kind: 'external_userid', value: externalUserid, trust: 2 },
      ],
      updatedAt: ago(25),
    }
  })
  await inCorp(work.db, corpId, (tx) => putMembers(tx, corpId, work.vault, members, now))
}
