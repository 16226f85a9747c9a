import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { DAY_MS } from '../../../platform/shanghai.ts'
import { appendEvents, type NewEvent } from '../../events/journal.ts'
import { readManual } from './read-manual.ts'

const NOON = new Date('2026-11-23T04:00:00Z') // a Monday, 12:00 in Shanghai
const ago = (days: number) => new Date(NOON.getTime() - days * DAY_MS)
const all = { scope: undefined, seesOrders: true }
let made = 0

const tell = (db: TestDb, corpId: string, contactId: string, told: [NewEvent['kind'], number, object, string?][]) =>
  inCorp(db.api, corpId, (tx) =>
    appendEvents(
      tx,
      corpId,
      told.map(([kind, days, props, staffId]) => ({
        contactId,
        kind,
        at: ago(days),
        source: 'system',
        staffId: staffId ?? null,
        props: { ...props },
        key: `k${++made}`,
      })),
      NOON,
    ),
  )
const buy = (
  db: TestDb,
  corpId: string,
  contactId: string,
  days: number,
  given: { fen?: number; back?: number; name?: string } = {},
) =>
  inCorp(db.api, corpId, (tx) =>
    sql`with o as (insert into customer_order (corp_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, refunded_fen, source, updated_at)
        values (${corpId}, ${contactId}, 'own', ${`n${++made}`}, 'paid', ${ago(days)}::timestamptz, ${ago(days)}::timestamptz, ${given.fen ?? 1_000}, ${given.back ?? 0}, 'import', ${NOON}::timestamptz) returning order_id)
      insert into order_item (corp_id, contact_id, order_id, line, name, category, number, amount_fen) select ${corpId}, ${contactId}, order_id, 1, ${given.name ?? '大红袍'}, ${given.name ? '花茶' : '乌龙'}, 1, 1 from o`.execute(
      tx,
    ),
  )

test('what is known of a customer is told with its evidence: likes by what he did and how lately, hours of Shanghai, what came before his orders, what went against him', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId })
  await buy(db, corpId, contactId, 300, { name: '碧潭飘雪' }) // bought once, long ago
  await buy(db, corpId, contactId, 2, { fen: 5_000, back: 1_000 })
  await buy(db, corpId, contactId, 1, { fen: 900, back: 900 }) // given back whole: no order
  await tell(db, corpId, contactId, [
    ['tag.added', 2.5, { name: '爱喝茶' }, staffId],
    ['tag.added', 9.5, { name: '太早' }, staffId],
    ['tag.added', 1.5, { name: '太晚' }, staffId],
    ['welcome.sent', 3, { ms: 900 }],
    ['product.viewed', 1, { name: '大红袍', category: '乌龙' }],
    ['product.viewed', 8, { name: '盖碗', category: '茶具' }],
    ['page.viewed', 7.5, { url: '/' }],
    ['favourite.added', 3, { name: '盖碗', category: '茶具' }],
    ['search.made', 0.5, { words: ' 老白茶 ' }],
    ['contact.lost', 20, { by: 'customer' }, staffId],
    ['contact.lost', 21, { by: 'staff' }, staffId],
    ['order.refunded', 1, { amountFen: 1_900 }],
  ])
  const manual = await inCorp(db.api, corpId, (tx) => readManual(tx, corpId, contactId, all, NOON))
  expect(manual.orders).toEqual({
    count: 2,
    totalFen: 5_000,
    averageFen: 2_500,
    firstAt: ago(300).toISOString(),
    lastAt: ago(2).toISOString(),
    refunds: 2,
    refundedFen: 1_900,
  })
  expect(manual.behaviour).toEqual({
    lastSeenAt: ago(0.5).toISOString(),
    views7: 1,
    views30: 3,
    favourites: 1,
    carts: 0,
    searches: 1,
    isFloor: false,
  })
  expect(manual.likes.map(({ what, name }) => `${what} ${name}`)).toEqual([
    'category 乌龙',
    'category 茶具',
    'category 花茶',
    'product 大红袍',
    'product 盖碗',
    'product 碧潭飘雪',
    'words 老白茶',
  ])
  expect(manual.likes[0]).toMatchObject({ bought: 1, viewed: 1, saved: 0, lastAt: ago(1).toISOString() })
  expect(manual.likes[0]!.weight).toBeCloseTo(5 * 0.5 ** (2 / 60) + 0.5 ** (1 / 60), 6)
  expect(manual.hours[0 * 24 + 0]).toBe(2) // searched at midnight, Monday; and a page a week before
  expect(manual.hours[6 * 24 + 12]).toBe(2) // looked on two Sundays at noon
  expect(manual.hours.reduce((a, b) => a + b)).toBe(7) // five he did, two he bought
  expect(manual.worked).toEqual([
    { what: 'tag', name: '爱喝茶', orders: 1, totalFen: 4_000, lastAt: ago(2).toISOString() },
    { what: 'welcome', name: '', orders: 1, totalFen: 4_000, lastAt: ago(2).toISOString() },
  ])
  expect(manual.annoyed).toEqual([
    { what: 'lost', number: 1, totalFen: 0, lastAt: ago(20).toISOString() },
    { what: 'refund', number: 1, totalFen: 1_900, lastAt: ago(1).toISOString() },
  ])
})

test('of somebody nothing is known nothing is told; who may not see orders, or not this customer, learns nothing of them', async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const [mine, his] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const contactId = await aContact(db, corpId, { staffId: mine })
  const read = (given: { scope: string[] | undefined; seesOrders: boolean }, of = contactId) =>
    inCorp(db.api, corpId, (tx) => readManual(tx, corpId, of, given, NOON))
  expect(await read(all)).toMatchObject({
    likes: [],
    worked: [],
    annoyed: [],
    rfm: null,
    behaviour: { lastSeenAt: null },
    orders: { count: 0, averageFen: null },
  })
  await buy(db, corpId, contactId, 1)
  await tell(db, corpId, contactId, [
    ['tag.added', 2, { name: '别人打的' }, his],
    ['order.refunded', 0.5, { amountFen: 100 }],
  ])
  expect(await read({ scope: [mine], seesOrders: true })).toMatchObject({ worked: [], orders: { count: 1 } })
  expect(await read({ scope: undefined, seesOrders: false })).toMatchObject({
    orders: null,
    likes: [],
    worked: [],
    annoyed: [],
    behaviour: { lastSeenAt: null },
  })
  await expect(read({ scope: [his], seesOrders: true })).rejects.toThrow(/客户/)
  await expect(read(all, await aContact(db, other))).rejects.toThrow(/客户/)
})

test('somebody who did ten thousand things is read in as many statements as anybody, and his counts say they are of the newest', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const contactId = await aContact(db, corpId, { staffId: await aStaff(db, corpId) })
  await tell(
    db,
    corpId,
    contactId,
    Array.from({ length: 10_000 }, (_, n) => ['page.viewed', n / 1_000, { url: '/' }]),
  )
  const { behaviour, hours } = await inCorp(db.api, corpId, (tx) => readManual(tx, corpId, contactId, all, NOON))
  expect(behaviour).toMatchObject({ views7: 1_000, isFloor: true, lastSeenAt: NOON.toISOString() })
  expect(hours.reduce((a, b) => a + b)).toBe(1_000)
})
