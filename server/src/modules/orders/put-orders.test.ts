import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, at, freshDb, type TestDb, testVault } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { identifyContacts } from '../contacts/identify.ts'
import { putOrders } from './put-orders.ts'
import type { IncomingOrder } from './schema.ts'

const DAY = 86_400_000
const day = (n: number) => new Date(Date.UTC(2026, 9, 1) + n * DAY)
const buyer = (name: string) => [{ kind: 'buyer' as const, value: `youzan:${name}`, trust: 2 as const }]
const anOrder = (given: Partial<IncomingOrder> = {}): IncomingOrder => ({
  shop: 'youzan',
  orderNo: 'E1',
  state: 'paid',
  placedAt: day(0),
  paidAt: day(0),
  amountFen: 12_800,
  items: [{ productNo: 'P1', name: '明前龙井', category: '绿茶', number: 1, amountFen: 12_800 }],
  refunds: [],
  identifiers: buyer('a'),
  guideUserid: null,
  updatedAt: day(0),
  ...given,
})
const put = (db: TestDb, corpId: string, orders: IncomingOrder[]) =>
  inCorp(db.api, corpId, (tx) => putOrders(tx, corpId, testVault, orders, { source: 'api', now: at }))

const readOrders = async (db: TestDb) =>
  (
    await sql<{
      orderNo: string
      state: string
      amountFen: number
      refundedFen: number
      contactId: string
      staffId: string | null
      items: string[]
    }>`
    select o.order_no, o.state, o.amount_fen::float8 as amount_fen, o.refunded_fen::float8 as refunded_fen, o.contact_id, o.staff_id,
      array(select i.name from order_item i where i.corp_id = o.corp_id and i.contact_id = o.contact_id and i.order_id = o.order_id order by i.line) as items
    from customer_order o order by o.corp_id, o.shop, o.order_no`.execute(db.owner)
  ).rows
const readNews = async (db: TestDb) =>
  (
    await sql<{ kind: string; orderNo: string; refundNo: string | null; amountFen: number }>`
    select kind, props->>'orderNo' as order_no, props->>'refundNo' as refund_no, (props->>'amountFen')::float8 as amount_fen
    from event where kind like 'order.%' order by kind, order_no, refund_no`.execute(db.owner)
  ).rows

test('whatever is repeated, split and shuffled, the newest version of each order and of each refund is what stands, and each is told once', async () => {
  await using db = await freshDb()
  const version = fc.record({
    orderNo: fc.constantFrom('E1', 'E2', 'E3'),
    state: fc.constantFrom('placed' as const, 'paid' as const, 'closed' as const),
    amountFen: fc.integer({ min: 0, max: 500 }),
    refunds: fc.uniqueArray(
      fc.record({ refundNo: fc.constantFrom('R1', 'R2', 'R3'), amountFen: fc.integer({ min: 0, max: 300 }) }),
      { selector: ({ refundNo }) => refundNo, maxLength: 3 },
    ),
    names: fc.array(fc.constantFrom('龙井', '普洱', '盖碗'), { maxLength: 3 }),
  })
  // Every version at least once, some again, in an order that has nothing to do with their age.
  const plan = fc
    .tuple(fc.array(version, { minLength: 1, maxLength: 10 }), fc.array(fc.nat({ max: 9 }), { maxLength: 8 }))
    .chain(([versions, repeats]) => {
      const all = [...versions.keys(), ...repeats.map((n) => n % versions.length)]
      return fc.record({
        versions: fc.constant(versions),
        arrivals: fc.shuffledSubarray(all, { minLength: all.length }),
        batch: fc.integer({ min: 1, max: 5 }),
      })
    })
  await fc.assert(
    fc.asyncProperty(plan, async ({ versions, arrivals, batch }) => {
      const corpId = await aCorp(db)
      const told = versions.map(({ names, refunds, ...given }, n) =>
        anOrder({
          ...given,
          paidAt: given.state === 'placed' ? null : day(0),
          refunds: refunds.map((refund) => ({ ...refund, at: day(1) })),
          items: names.map((name) => ({ productNo: name, name, category: null, number: 1, amountFen: 1 })),
          updatedAt: day(n),
        }),
      )
      const arriving = arrivals.map((n) => told[n]!)
      for (let from = 0; from < arriving.length; from += batch)
        await put(db, corpId, arriving.slice(from, from + batch))

      const wanted = ['E1', 'E2', 'E3'].flatMap((orderNo) => {
        const all = told.filter((one) => one.orderNo === orderNo)
        const newest = all.at(-1)
        if (!newest) return []
        const refunds = new Map(all.flatMap((one) => one.refunds.map((r) => [r.refundNo, r.amountFen] as const)))
        const sum = [...refunds.values()].reduce((a, b) => a + b, 0)
        const { state, amountFen } = newest
        return [
          { orderNo, state, amountFen, refundedFen: Math.min(sum, amountFen), items: newest.items.map((i) => i.name) },
        ]
      })
      const stands = await readOrders(db)
      expect(stands.map(({ contactId: _c, staffId: _s, ...rest }) => rest)).toEqual(wanted)
      const news = await readNews(db)
      const keys = news.map((one) => `${one.kind} ${one.orderNo} ${one.refundNo}`)
      expect(new Set(keys).size).toBe(keys.length)
      // Told late and outdated at once, a payment or a refund may never have stood here: what stands has been told.
      for (const one of told)
        if (one === told.findLast(({ orderNo }) => orderNo === one.orderNo) && one.paidAt)
          expect(keys).toContain(`order.paid ${one.orderNo} null`)
      await sql`delete from corp where corp_id = ${corpId}::bigint`.execute(db.owner)
      await sql`delete from event where corp_id = ${corpId}::bigint`.execute(db.owner)
    }),
    { numRuns: 40 },
  )
})

test('a repeat and an older version write nothing and mark nobody; a refund marks once, the person as he is shown', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  expect(await put(db, corpId, [anOrder({ updatedAt: day(2) })])).toMatchObject({ written: 1, unchanged: 0 })
  expect(await put(db, corpId, [anOrder({ updatedAt: day(2) })])).toMatchObject({ written: 0, unchanged: 1 })
  expect(await put(db, corpId, [anOrder({ state: 'closed', updatedAt: day(1) })])).toMatchObject({ written: 0 })
  const refunds = [{ refundNo: 'R1', amountFen: 800, at: day(3) }]
  await put(db, corpId, [anOrder({ refunds, identifiers: [], updatedAt: day(3) })])
  await put(db, corpId, [anOrder({ refunds, identifiers: [], updatedAt: day(4) })])
  const [order] = await readOrders(db)
  expect(order).toMatchObject({ state: 'paid', refundedFen: 800 })
  const { rows: marked } = await sql<{
    contactIds: string[]
  }>`select contact_ids from contact_change where corp_id = ${corpId}::bigint order by change_id`.execute(db.owner)
  expect(marked.map(({ contactIds }) => contactIds)).toEqual([
    [order!.contactId],
    [order!.contactId],
    [order!.contactId],
  ])
  expect((await readNews(db)).map(({ kind, amountFen }) => [kind, amountFen])).toEqual([
    ['order.paid', 12_800],
    ['order.refunded', 800],
  ])
})

test('an order of nobody is refused by its place and the others are taken; a known one needs no buyer', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const nobody = anOrder({ orderNo: 'E9', identifiers: [] })
  const phone = [{ kind: 'phone' as const, value: '没有号码', trust: 2 as const }]
  const { written, refused } = await put(db, corpId, [
    nobody,
    anOrder(),
    anOrder({ orderNo: 'E8', identifiers: phone }),
  ])
  expect(written).toBe(1)
  expect(refused.map(({ index, error }) => [index, error.code])).toEqual([
    [0, 'orders.nobody'],
    [2, 'orders.nobody'],
  ])
  expect((await readOrders(db)).map(({ orderNo }) => orderNo)).toEqual(['E1'])
})

test('the same number in another shop and in another corp is another order, of another person', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  await put(db, ours, [anOrder(), anOrder({ shop: 'taobao', identifiers: buyer('b'), amountFen: 1 })])
  await put(db, theirs, [anOrder({ amountFen: 2, updatedAt: day(9) })])
  const orders = await readOrders(db)
  expect(orders.map(({ amountFen }) => amountFen).sort((a, b) => a - b)).toEqual([1, 2, 12_800])
  expect(new Set(orders.map(({ contactId }) => contactId)).size).toBe(3)
})

test('two writers of one order and one unknown buyer leave one order, one person and one line in the journal', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const many = Array.from({ length: 5 }, (_, n) => anOrder({ updatedAt: day(n), amountFen: 100 + n }))
  await Promise.all(many.map((order) => put(db, corpId, [order, anOrder({ orderNo: 'E0' })])))
  expect((await readOrders(db)).map(({ orderNo, amountFen }) => [orderNo, amountFen])).toEqual([
    ['E0', 12_800],
    ['E1', 104],
  ])
  expect((await readNews(db)).map(({ kind }) => kind)).toEqual(['order.paid', 'order.paid'])
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from contact`.execute(db.owner)
  expect(rows).toEqual([{ n: 1 }])
})

test('a named guide holds the customer for thirty days, also for orders of the same batch; after that it is the friend', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [friend, guide] = [
    await aStaff(db, corpId, { userid: 'Friend' }),
    await aStaff(db, corpId, { userid: 'Guide' }),
  ]
  const contactId = await aContact(db, corpId, { externalUserid: 'wm1', staffId: friend, addedAt: day(-9) })
  const identifiers = [{ kind: 'external_userid' as const, value: 'wm1', trust: 2 as const }, ...buyer('a')]
  await inCorp(db.api, corpId, (tx) => identifyContacts(tx, corpId, testVault, [{ identifiers }], at))
  const paid = (orderNo: string, n: number, guideUserid: string | null = null) =>
    anOrder({ orderNo, paidAt: day(n), guideUserid })
  await put(db, corpId, [paid('E3', 29), paid('E1', 0, 'gUIDE')])
  await put(db, corpId, [paid('E4', 30), paid('E2', 5)])
  const orders = await readOrders(db)
  expect(orders.map(({ orderNo, staffId }) => [orderNo, staffId])).toEqual([
    ['E1', guide],
    ['E2', guide],
    ['E3', guide],
    ['E4', friend],
  ])
  expect(new Set(orders.map((one) => one.contactId))).toEqual(new Set([contactId]))
})
