import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aWholeApp } from '../../../../test/whole-app.ts'
import { aContact, aCorp, aStaff, at, freshDb, type TestDb, testVault } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { appendEvents } from '../../events/journal.ts'
import { putOrders } from '../put-orders.ts'
import type { IncomingOrder } from '../schema.ts'
import { runRecount } from './recount.ts'
import type { GuidePreview, RecountView } from './schema.ts'

const ONCE = { number: 1, last: false, signal: new AbortController().signal }
const day = (n: number) => new Date(Date.UTC(2026, 9, 1 + n))

/** A customer added by the first on day 0, by the second on day 5, shown a page by the third on day 3; orders on days 10, 20 and 60. */
async function aShop(db: TestDb, corpId: string) {
  const staff = [
    await aStaff(db, corpId, { userid: 'a' }),
    await aStaff(db, corpId, { userid: 'b' }),
    await aStaff(db, corpId, { userid: 'c' }),
  ]
  const contactId = await aContact(db, corpId, { externalUserid: 'wm1', staffId: staff[0]!, addedAt: day(0) })
  await inCorp(db.api, corpId, async (tx) => {
    await sql`insert into follow (corp_id, contact_id, staff_id, added_at, updated_at, remark, add_way, mobiles_mark) select corp_id, contact_id, ${staff[1]}::bigint, ${day(5)}::timestamptz, updated_at, remark, add_way, mobiles_mark from follow where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint`.execute(
      tx,
    )
    const props = { url: 'https://shop.example.com', guide: 'C' }
    await appendEvents(
      tx,
      corpId,
      [{ contactId, at: day(3), kind: 'page.viewed', source: 'tracker', props, key: 'v' }],
      at,
    )
  })
  const order = (n: number, given: Partial<IncomingOrder> = {}): IncomingOrder => ({
    shop: 'own',
    orderNo: `E${n}`,
    state: 'paid',
    placedAt: day(n),
    paidAt: day(n),
    amountFen: 100,
    items: [],
    refunds: [],
    identifiers: [{ kind: 'external_userid', value: 'wm1', trust: 2 }],
    guideUserid: null,
    updatedAt: day(n),
    ...given,
  })
  const put = (orders: IncomingOrder[]) =>
    inCorp(db.api, corpId, (tx) => putOrders(tx, corpId, testVault, orders, { source: 'api', now: at }))
  return { staff, order, put }
}

const guides = async (db: TestDb, corpId: string, staff: string[]) =>
  (
    await sql<{ orderNo: string; staffId: string; guideBy: string }>`
      select order_no, staff_id, guide_by from customer_order where corp_id = ${corpId}::bigint order by paid_at`.execute(
      db.owner,
    )
  ).rows.map(({ orderNo, staffId, guideBy }) => `${orderNo} ${'abc'[staff.indexOf(staffId)]} ${guideBy}`)

test('a rule says beforehand how many orders it moves, moves just those, and named ones stay with whom their shop named', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const { staff, order, put } = await aShop(db, corpId)
  const others = await aShop(db, theirs)
  await put([order(10), order(20, { guideUserid: 'a' }), order(60)])
  await others.put([others.order(10)])
  // By purchase the friend added last has the first order, and holds the customer for thirty days.
  expect(await guides(db, corpId, staff)).toEqual(['E10 b friend', 'E20 a named', 'E60 b friend'])
  const owner = await there.signedIn(corpId, 'owner')
  const ask = async <T>(method: string, url: string, body?: object) =>
    JSON.parse((await there.ask(method, url, owner, body)).text) as T
  for (const [rule, moves, after] of [
    [{ lockDays: 30, lockBy: 'add' }, 1, ['E10 a held', 'E20 a named', 'E60 b friend']],
    [{ lockDays: 30, lockBy: 'visit' }, 1, ['E10 c visited', 'E20 a named', 'E60 b friend']],
    [{ lockDays: 365, lockBy: 'visit' }, 1, ['E10 c visited', 'E20 a named', 'E60 c visited']],
    [{ lockDays: 0, lockBy: 'purchase' }, 2, ['E10 b friend', 'E20 a named', 'E60 b friend']],
  ] as const) {
    expect(await ask<GuidePreview>('POST', '/api/guide-rule/preview', rule)).toEqual({
      customers: 1,
      orders: moves,
      isWhole: true,
    })
    const { recount } = await ask<{ recount: RecountView }>('PUT', '/api/guide-rule', rule)
    expect((await there.ask('PUT', '/api/guide-rule', owner, rule)).code).toBe('orders.recount_open')
    await runRecount.run(there.work, { corpId, guideRecountId: recount.guideRecountId }, ONCE)
    expect(await guides(db, corpId, staff)).toEqual(after)
    expect((await ask<{ recount: RecountView }>('GET', '/api/guide-rule')).recount).toMatchObject({
      state: 'done',
      changed: moves,
      total: 1,
      done: 1,
    })
  }
  expect(await guides(db, theirs, others.staff)).toEqual(['E10 b friend'])
  expect(
    (
      await there.ask('PUT', '/api/guide-rule', await there.signedIn(corpId, 'manager', { staffId: staff[0]! }), {
        lockDays: 1,
        lockBy: 'add',
      })
    ).status,
  ).toBe(403)
})
