import { sql } from 'kysely'
import type { WorkContext } from './modules/corps/context.ts'
import { putOrders } from './modules/orders/put-orders.ts'
import type { NewOrder } from './modules/orders/schema.ts'
import { Rule } from './modules/segments/schema.ts'
import { createSegment } from './modules/segments/service.ts'
import { type Db, inCorp } from './platform/db.ts'
import { DAY_MS } from './platform/shanghai.ts'

const TEAS = [
  { productNo: 'T01', name: '明前龙井 50g', category: '绿茶', fen: 16_800 },
  { productNo: 'T02', name: '正山小种 100g', category: '红茶', fen: 12_800 },
  { productNo: 'T03', name: '武夷岩茶 8 泡', category: '岩茶', fen: 19_800 },
  { productNo: 'T04', name: '茉莉花茶 100g', category: '花茶', fen: 6_800 },
  { productNo: 'D01', name: '手打柠檬茶', category: '水果', fen: 1_800 },
  { productNo: 'D02', name: '鲜果茶 大杯', category: '水果', fen: 2_200 },
  { productNo: 'D03', name: '桂花拿铁', category: '茶饮', fen: 2_600 },
  { productNo: 'C01', name: '汝窑品茗杯', category: '茶具', fen: 23_800 },
] as const
const SHOPS = ['own', 'youzan'] as const
const AT_ONCE = 500

/** What the demo company's customers have bought, the same every time: most once or never, some often, a few long ago. */
export async function sellToDemoCustomers(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const orders = (await readCustomers(work.db, corpId)).flatMap((customer, i) => ordersOf(customer, i, now))
  for (
    let from = 0;
    from < orders.length;
    from += AT_ONCE // a dozen batches
  )
    await inCorp(work.db, corpId, (tx) =>
      putOrders(tx, corpId, work.vault, orders.slice(from, from + AT_ONCE), { source: 'demo', now }),
    )
}

async function readCustomers(db: Db, corpId: string): Promise<{ externalUserid: string; addedAt: Date }[]> {
  return inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<{ externalUserid: string; addedAt: Date }>`
      select i.value as external_userid, c.first_added_at as added_at from contact c
      join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = c.contact_id and i.kind = 'external_userid'
      where c.corp_id = ${corpId}::bigint and c.first_added_at is not null order by i.value`.execute(tx)
    return rows
  })
}

function ordersOf(
  { externalUserid, addedAt }: { externalUserid: string; addedAt: Date },
  seed: number,
  now: Date,
): NewOrder[] {
  const random = chance(seed)
  const draw = random()
  const count =
    draw < 0.42 ? 0 : draw < 0.66 ? 1 : draw < 0.84 ? 2 + Math.floor(random() * 2) : 4 + Math.floor(random() * 6)
  const days = Math.max(1, (now.getTime() - addedAt.getTime()) / DAY_MS)
  const asleep = random() < 0.35 ? 25 + random() * 50 : 0 // some have not been back for a month or two
  return Array.from({ length: count }, (_, n): NewOrder => {
    const placedAt = new Date(now.getTime() - Math.min(days * 0.98, asleep + random() * Math.min(days, 330)) * DAY_MS)
    const items = Array.from(
      { length: 1 + Math.floor(random() * 2) },
      () => TEAS[Math.floor(random() ** 1.3 * TEAS.length)]!,
    )
    const amountFen = items.reduce((sum, item) => sum + item.fen, 0)
    return {
      shop: SHOPS[Math.floor(random() * SHOPS.length)]!,
      orderNo: `JS${String(seed).padStart(5, '0')}${n}`,
      ids: { external_userid: externalUserid },
      state: 'paid',
      placedAt: placedAt.toISOString(),
      paidAt: new Date(placedAt.getTime() + 40_000).toISOString(),
      amountFen,
      refundedFen: random() < 0.03 ? amountFen : 0,
      items: items.map(({ fen, ...item }) => ({ ...item, number: 1, amountFen: fen })),
      updatedAt: placedAt.toISOString(),
    }
  })
}

const day = (n: number) => ({ n, unit: 'day' })
const order = { kind: 'order.paid' }
const SEGMENTS = [
  {
    name: '重要且即将流失',
    note: '买过 3 次以上、累计满 ¥500、最近一次在 30 到 60 天前',
    rule: {
      is: 'all',
      of: [
        { is: 'did', deed: order, atLeast: 3 },
        { is: 'total', deed: order, amount: 'amountFen', atLeast: 50_000 },
        { is: 'when', deed: order, which: 'last', olderThan: day(30), newerThan: day(60) },
        { is: 'lost', not: true },
      ],
    },
  },
  {
    name: '新客 7 天内',
    note: '刚加上的人，趁热认识',
    rule: {
      is: 'all',
      of: [
        { is: 'added', newerThan: day(7) },
        { is: 'lost', not: true },
      ],
    },
  },
  {
    name: '爱水果',
    note: '买过水果茶，上新时告诉他',
    rule: {
      is: 'all',
      of: [
        { is: 'did', deed: { ...order, where: [{ prop: 'categories', op: 'is', values: ['水果'] }] }, atLeast: 1 },
        { is: 'lost', not: true },
      ],
    },
  },
]

/** Segments its operators look at. */
export async function segmentDemoCompany(work: WorkContext, corpId: string): Promise<void> {
  await inCorp(work.db, corpId, async (tx) => {
    for (const { rule, ...segment } of SEGMENTS) // three
      await createSegment(
        tx,
        corpId,
        { ...segment, rule: Rule.parse(rule) },
        { name: '周岚', scope: undefined },
        work.clock.now(),
      )
  })
}

/** Mulberry32: the same company every time. */
function chance(seed: number): () => number {
  let state = (seed + 1) * 2_654_435_761
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
