import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, freshDb, type TestDb, testVault } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { ensureFacts } from '../facts/count.ts'
import { factOf } from '../facts/spec.ts'
import { putOrders } from './put-orders.ts'
import { readContactOrders } from './read-orders.ts'
import { NewOrder } from './schema.ts'
import { takeOrders } from './take-orders.ts'

const NOON = new Date('2026-11-23T04:00:00Z')
const at = (hours: number) => new Date(NOON.getTime() + hours * 3_600_000).toISOString()
const order = (given: Partial<NewOrder> = {}): NewOrder =>
  NewOrder.parse({
    shop: 'own',
    orderNo: '1',
    ids: { member: 'M1' },
    state: 'paid',
    placedAt: at(0),
    paidAt: at(0),
    amountFen: 900,
    updatedAt: at(0),
    ...given,
  })
const put = (db: TestDb, corpId: string, orders: NewOrder[]) =>
  inCorp(db.api, corpId, (tx) => putOrders(tx, corpId, testVault, orders, { source: 'api', now: NOON }))

test('told in any order, again and again, in any batches: the newest word of every order stands, and its buyer’s figures are those of the orders', async () => {
  await using db = await freshDb()
  const told = fc.record({
    orderNo: fc.constantFrom('1', '2', '3'),
    shop: fc.constantFrom('own', 'youzan'),
    state: fc.constantFrom('placed', 'paid', 'closed') as fc.Arbitrary<NewOrder['state']>,
    amountFen: fc.constantFrom(100, 900),
    refundedFen: fc.constantFrom(0, 50, 100),
    hour: fc.integer({ min: 0, max: 6 }),
    member: fc.constantFrom('M1', 'M2'),
  })
  const batches = fc.array(fc.array(told, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 })
  let orders = 0
  await fc.assert(
    fc.asyncProperty(batches, async (given) => {
      const corpId = await aCorp(db)
      const [factId] = (
        await inCorp(db.api, corpId, (tx) =>
          ensureFacts(tx, corpId, [factOf({ kind: 'order.paid', where: [], untrusted: false })], NOON),
        )
      ).values()
      const model = new Map<string, NewOrder>()
      for (const batch of given) {
        const asked = batch.map(({ hour, member, ...one }) =>
          order({ ...one, updatedAt: at(hour), paidAt: one.state === 'placed' ? undefined : at(0), ids: { member } }),
        )
        await put(db, corpId, asked)
        // Of equal words in one batch the last stands; of an equal word later, the first.
        const newest = new Map<string, NewOrder>()
        for (const one of asked)
          if (Date.parse(newest.get(one.shop + one.orderNo)?.updatedAt ?? at(-1)) <= Date.parse(one.updatedAt))
            newest.set(one.shop + one.orderNo, one)
        for (const [key, one] of newest) {
          const held = model.get(key)
          if (!held) model.set(key, one)
          else if (Date.parse(held.updatedAt) < Date.parse(one.updatedAt)) model.set(key, { ...one, ids: held.ids }) // with whom it first came
        }
      }
      for (const member of ['M1', 'M2']) {
        const counted = [...model.values()].filter(
          (one) => one.ids.member === member && one.paidAt && one.state !== 'closed' && one.refundedFen < one.amountFen,
        )
        const { rows } = await inCorp(db.api, corpId, (tx) =>
          sql<{ number: number; total: string }>`
          select f.number, f.total from contact_fact f join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = f.contact_id and i.kind = 'member' and i.value = ${member}
          where f.corp_id = ${corpId}::bigint and f.fact_id = ${factId}::bigint`.execute(tx),
        )
        expect(rows).toEqual(
          counted.length === 0
            ? []
            : [
                {
                  number: counted.length,
                  total: String(counted.reduce((sum, one) => sum + one.amountFen - one.refundedFen, 0)),
                },
              ],
        )
      }
      orders += model.size
    }),
    { numRuns: 40 },
  )
  console.info(`${orders} orders told in random batches: every buyer’s count and total as the newest words say`)
}, 60_000)

test('a timeline says once that an order was paid, and each time what was given back', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await put(db, corpId, [order()])
  await put(db, corpId, [order(), order({ refundedFen: 200, updatedAt: at(1) })])
  await put(db, corpId, [order({ refundedFen: 900, updatedAt: at(2) }), order({ refundedFen: 200, updatedAt: at(1) })])
  const events = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('event').select(['kind', 'props']).where('corpId', '=', corpId).orderBy('at').execute(),
  )
  expect(events.map(({ kind, props }) => [kind, (props as { amountFen: number }).amountFen])).toEqual([
    ['order.paid', 900],
    ['order.refunded', 200],
    ['order.refunded', 700],
  ])
})

test('one order that cannot be taken is said by its place and keeps back no other', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const taken = await takeOrders(
    db.api,
    corpId,
    testVault,
    [
      order(),
      { ...order(), orderNo: '' },
      { ...order(), ids: {} },
      { ...order({ orderNo: '2' }), refundedFen: 901 },
      'nothing',
      order({ orderNo: '3' }),
    ],
    NOON,
  )
  expect(taken).toMatchObject({ changed: 2, unchanged: 0 })
  expect(taken.refused.map(({ index, field }) => [index, field])).toEqual([
    [1, 'orderNo'],
    [2, 'ids'],
    [3, 'refundedFen'],
    [4, ''],
  ])
  expect(await takeOrders(db.api, corpId, testVault, [order()], NOON)).toMatchObject({ changed: 0, unchanged: 1 })
})

test('orders are shown to whoever may see their buyer, in his corp alone', async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const [mine, theirs] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const contactId = await aContact(db, corpId, { staffId: mine, externalUserid: 'wm-orders' })
  await put(db, corpId, [
    order({ ids: { external_userid: 'wm-orders' } }),
    order({ orderNo: '2', ids: { external_userid: 'wm-orders' }, state: 'closed', updatedAt: at(1) }),
  ])
  const read = (corp: string, scope: string[] | undefined) =>
    inCorp(db.api, corp, (tx) => readContactOrders(tx, corp, contactId, undefined, scope))
  expect(await read(corpId, [mine])).toMatchObject({
    count: 1,
    totalFen: 900,
    items: [{ orderNo: '2' }, { orderNo: '1' }],
  })
  await expect(read(corpId, [theirs])).rejects.toThrow('客户')
  await expect(read(other, undefined)).rejects.toThrow('客户')
})
