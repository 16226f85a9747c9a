import { expect, test } from 'vitest'
import { aCaller, aKey } from '../../../test/open-api.ts'
import { aWholeApp } from '../../../test/whole-app.ts'
import { aHouse, aMember } from '../../../test/whole-house.ts'
import { aContact, aCorp, freshDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { mergeContacts } from '../contacts/merge-contacts.ts'
import type { OrderRow } from './schema.ts'

const anOrder = (given: object = {}) => ({
  shop: 'own',
  orderNo: 'A1',
  state: 'paid',
  placedAt: '2026-11-01T10:00:00+08:00',
  paidAt: '2026-11-01T10:01:00+08:00',
  amountFen: 9_900,
  items: [{ productNo: 'P1', name: '盖碗', number: 1, amountFen: 9_900 }],
  ids: { buyer: 'own:1' },
  updatedAt: '2026-11-01T10:01:00+08:00',
  ...given,
})

test('of two hundred orders with every fault among them the right ones are taken and each other is named by its place', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using there = await aWholeApp(db)
  const shop = aCaller(there, (await aKey(db, corpId, 'server')).key)
  const faults: unknown[] = [
    null,
    'x',
    [],
    {},
    anOrder({ amountFen: 1.5 }),
    anOrder({ amountFen: -1 }),
    anOrder({ amountFen: '99' }),
    anOrder({ amountFen: 2 ** 53 }),
    anOrder({ orderNo: 'a\0b' }),
    anOrder({ orderNo: '\uD800' }),
    anOrder({ orderNo: ' ' }),
    anOrder({ shop: '淘宝' }),
    anOrder({ state: 'lost' }),
    anOrder({ placedAt: '2026-11-01' }),
    anOrder({ paidAt: 'yesterday' }),
    anOrder({ ids: { email: 'a@b.c' } }),
    anOrder({ items: [{ name: '茶', number: 0, amountFen: 1 }] }),
    anOrder({ refunds: [{ refundNo: 'R', amountFen: -5, at: '2026-11-02T00:00:00Z' }] }),
    anOrder({ orderNo: 'N', ids: {} }),
    anOrder({ orderNo: 'N', ids: { phone: 'nobody' } }),
  ]
  const right = Array.from({ length: 200 - faults.length }, (_, n) => anOrder({ orderNo: `A${n}` }))
  const answer = await shop.post('/open/orders', { orders: [...right.slice(0, 7), ...faults, ...right.slice(7)] })
  expect(answer.status).toBe(202)
  expect(answer.body).toMatchObject({ accepted: right.length, unchanged: 0 })
  expect(answer.body.refused.map((one: { index: number }) => one.index)).toEqual(faults.map((_, n) => n + 7))
  expect(answer.body.refused.slice(-2).map((one: { code: string }) => one.code)).toEqual([
    'orders.nobody',
    'orders.nobody',
  ])
  expect((await shop.post('/open/orders', { orders: right })).body).toEqual({
    accepted: 0,
    created: 0,
    unchanged: right.length,
    refused: [],
  })
  expect((await shop.post('/open/orders', { orders: Array(201).fill(anOrder()) })).status).toBe(400)
  const page = aCaller(there, (await aKey(db, corpId, 'web')).key, { origin: 'https://shop.example.com' })
  expect((await page.post('/open/orders', { orders: [anOrder()] })).body.code).toBe('openapi.server_key_needed')
})

test('orders are walked page by page and found by day, shop, state and amount; nobody sees those of customers out of his scope', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const [{ corpId }, { corpId: theirs }] = [await aHouse(db), await aHouse(db)]
  const [mine, far] = [await aMember(db, corpId, '2', '我'), await aMember(db, corpId, '3', '远')]
  await aContact(db, corpId, { name: '王', externalUserid: 'wm1', staffId: mine.staffId })
  await aContact(db, corpId, { name: '李', externalUserid: 'wm2', staffId: far.staffId })
  await aContact(db, theirs, { externalUserid: 'wm1' })
  const put = async (corp: string, orders: object[]) =>
    expect((await aCaller(there, (await aKey(db, corp, 'server')).key).post('/open/orders', { orders })).status).toBe(
      202,
    )
  const on = (day: string) => ({ placedAt: `${day}T00:00:00+08:00`, updatedAt: `${day}T08:00:00+08:00` })
  const [wang, li] = [{ ids: { external_userid: 'wm1' } }, { ids: { external_userid: 'wm2' } }]
  await put(corpId, [
    anOrder({ orderNo: 'A1', ...wang, ...on('2026-11-01') }),
    anOrder({ orderNo: 'A2', ...wang, ...on('2026-11-02'), amountFen: 100, shop: 'taobao' }),
    anOrder({ orderNo: 'A3', ...li, ...on('2026-11-02'), state: 'closed' }),
    anOrder({
      orderNo: 'A4',
      ...wang,
      ...on('2026-11-03'),
      refunds: [{ refundNo: 'R', amountFen: 9_900, at: '2026-11-04T00:00:00Z' }],
    }),
  ])
  await put(theirs, [anOrder({ orderNo: 'X', ...wang })])
  const [owner, staff] = [
    await there.signedIn(corpId, 'owner'),
    await there.signedIn(corpId, 'staff', { staffId: mine.staffId }),
  ]
  const list = async (cookie: string, query = '') => {
    const { text } = await there.ask('GET', `/api/orders?${query}`, cookie)
    return JSON.parse(text) as { items: OrderRow[]; nextCursor: string | null }
  }
  const found = async (cookie: string, query = '') => (await list(cookie, query)).items.map(({ orderNo }) => orderNo)
  expect(await found(owner)).toEqual(['A4', 'A2', 'A3', 'A1'])
  expect(await found(staff)).toEqual(['A4', 'A2', 'A1'])
  expect(await found(owner, 'from=2026-11-02&to=2026-11-02')).toEqual(['A2', 'A3'])
  expect(await found(owner, 'shop=taobao')).toEqual(['A2'])
  expect(await found(owner, 'state=closed')).toEqual(['A3'])
  expect(await found(owner, 'state=refunded')).toEqual(['A4'])
  expect(await found(owner, 'fenMin=100&fenMax=9899')).toEqual(['A2'])
  const walked: string[] = []
  for (let before = ''; ; ) {
    const page = await list(owner, `limit=1${before && `&before=${encodeURIComponent(before)}`}`)
    walked.push(...page.items.map(({ orderNo }) => orderNo))
    if (!page.nextCursor) break
    before = page.nextCursor
  }
  expect(walked).toEqual(['A4', 'A2', 'A3', 'A1'])
  const [{ contactId: liId } = { contactId: '' }] = (await list(owner, 'state=closed')).items
  expect((await there.ask('GET', `/api/contacts/${liId}/orders`, staff)).status).toBe(404)
  const [{ contactId: wangId } = { contactId: '' }] = (await list(owner, 'shop=taobao')).items
  // Of what stands paid: 9 900 and 100; given back whole is no order any more.
  expect(JSON.parse((await there.ask('GET', `/api/contacts/${wangId}/orders`, staff)).text)).toMatchObject({
    count: 2,
    totalFen: 10_000,
  })
})

test('a merged customer’s orders are those of the person he became', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const corpId = await aCorp(db)
  const contactId = await aContact(db, corpId, { name: '王', externalUserid: 'wm1' })
  const shop = aCaller(there, (await aKey(db, corpId, 'server')).key)
  await shop.post('/open/orders', { orders: [anOrder()] })
  const owner = await there.signedIn(corpId, 'owner')
  const read = async () => JSON.parse((await there.ask('GET', '/api/orders', owner)).text).items[0] as OrderRow
  const { contactId: from } = await read()
  expect(from).not.toBe(contactId)
  await inCorp(db.api, corpId, (tx) =>
    mergeContacts(tx, corpId, { from, into: contactId }, { why: 'review', actor: '周岚' }, new Date()),
  )
  expect(await read()).toMatchObject({ contactId, contactName: '王' })
  await shop.post('/open/orders', { orders: [anOrder({ orderNo: 'A2' })] })
  const sums = await there.ask('GET', `/api/contacts/${contactId}/orders`, owner)
  expect(JSON.parse(sums.text)).toMatchObject({ count: 2, totalFen: 19_800 })
})

test('a platform’s own orders are taken as it writes them, within the sizes of ours', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const shop = aCaller(there, (await aKey(db, await aCorp(db), 'server')).key)
  const order = (order_id: string, title: string, sku_cnt = 1) => ({
    order: {
      order_id,
      status: 20,
      create_time: 1_793_498_400,
      update_time: 1_793_498_500,
      openid: 'oA',
      order_detail: {
        product_infos: [{ product_id: '1', title, sku_cnt, real_price: 100 }],
        pay_info: { pay_time: 1_793_498_450 },
        price_info: { order_price: 100 },
      },
    },
  })
  const orders = [order('1', '茶'), order('2', 'a\0b'), order('3', '茶', 2 ** 40), order('4', ''), { order: {} }]
  const { status, body } = await shop.post('/open/orders/wechat-shop', { orders })
  expect([status, body.accepted]).toEqual([202, 1])
  expect(body.refused.map(({ index, code }: { index: number; code: string }) => [index, code])).toEqual([
    [1, 'orders.malformed'],
    [2, 'orders.malformed'],
    [3, 'orders.malformed'],
    [4, 'orders.payload_unreadable'],
  ])
  expect((await shop.post('/open/orders/nowhere', { orders })).status).toBe(400)
})

test('products say who bought them in the last thirty days: each buyer once, no closed orders, none given back whole, nobody else’s', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const now = there.work.clock.now()
  const on = (days: number) => {
    const at = new Date(now.getTime() - days * 86_400_000).toISOString()
    return { placedAt: at, paidAt: at, updatedAt: at }
  }
  const put = async (corp: string, orders: object[]) =>
    aCaller(there, (await aKey(db, corp, 'server')).key).post('/open/orders', { orders })
  await put(corpId, [
    anOrder({ orderNo: 'A1', ...on(1) }),
    anOrder({ orderNo: 'A2', ...on(29) }),
    anOrder({ orderNo: 'A3', ...on(31) }),
    anOrder({ orderNo: 'A4', ...on(2), state: 'closed' }),
    anOrder({ orderNo: 'A5', ...on(2), refunds: [{ refundNo: 'R', amountFen: 9_900, at: now.toISOString() }] }),
    anOrder({
      orderNo: 'A6',
      ...on(2),
      ids: { buyer: 'own:2' },
      items: [{ productNo: 'P2', name: '100%茶', number: 3, amountFen: 300 }],
    }),
  ])
  await put(theirs, [anOrder({ orderNo: 'A1', ...on(1) })])
  const owner = await there.signedIn(corpId, 'owner')
  const list = async (query = '') =>
    (JSON.parse((await there.ask('GET', `/api/products${query}`, owner)).text) as { items: object[] }).items
  expect(await list()).toMatchObject([
    { productNo: 'P1', buyers: 1, orders: 2, pieces: 2, amountFen: 19_800 },
    { productNo: 'P2', buyers: 1, orders: 1, pieces: 3, amountFen: 300 },
  ])
  expect(await list(`?q=${encodeURIComponent('0%')}`)).toMatchObject([{ productNo: 'P2' }])
  expect(await list(`?q=${encodeURIComponent('1%茶')}`)).toEqual([])
})
