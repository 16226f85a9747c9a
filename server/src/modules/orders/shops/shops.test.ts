import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { makeOrders } from '../../../../../simulator/src/shops/fake-orders.ts'
import { pushOrders } from '../../../../../simulator/src/shops/push.ts'
import { SHAPES, TELLS_REFUNDS } from '../../../../../simulator/src/shops/shapes.ts'
import { aWholeApp } from '../../../../test/whole-app.ts'
import { aCorp, freshDb, type TestDb } from '../../../../test/world.ts'
import { PLATFORMS, type Platform } from '../connectors/registry.ts'
import { isGenuine } from './push-ways.ts'
import type { ShopView } from './schema.ts'
import { takePushes } from './take-pushes.ts'

const ONCE = { number: 1, last: false, signal: new AbortController().signal }
const NOW = new Date('2026-11-25T00:00:00Z')
const SECRET = 'a-secret-of-the-shop'
/** md5sum of ID{"a":1}SECRET, and of SECRETa1b2{"a":1}SECRET in capitals. */
const EVENT_SIGN = 'badeaeb8fddd60ebb05485739e8da866'
const TOP_SIGN = '846B3CF26052847A1AEEA27504D56D99'

async function aDesk(db: TestDb, corpId: string) {
  const there = await aWholeApp(db)
  await there.app.listen({ port: 0, host: '127.0.0.1' })
  const address = there.app.server.address() as { port: number }
  const origin = `http://127.0.0.1:${address.port}`
  const owner = await there.signedIn(corpId, 'owner')
  const shops = async () =>
    (JSON.parse((await there.ask('GET', '/api/shop-connections', owner)).text) as { items: ShopView[] }).items
  return {
    there,
    owner,
    shops,
    /** Connects a shop; returns where it pushes to. */
    async connect(platform: Platform) {
      await there.ask('POST', '/api/shop-connections', owner, {
        platform,
        name: `店 ${platform}`,
        appKey: 'key',
        secret: SECRET,
      })
      const { url } = (await shops()).findLast((shop) => shop.platform === platform)!
      return origin + new URL(url).pathname
    },
    take: () => takePushes.run(there.work, { corpId }, ONCE),
    [Symbol.asyncDispose]: () => there[Symbol.asyncDispose](),
  }
}

const books = async (db: TestDb, corpId: string) =>
  (
    await sql<{ orderNo: string; state: string; amountFen: number; refundedFen: number }>`
      select order_no, state, amount_fen::float8 as amount_fen, refunded_fen::float8 as refunded_fen from customer_order where corp_id = ${corpId}::bigint order by order_no`.execute(
      db.owner,
    )
  ).rows

test.each(PLATFORMS)(
  '%s: repeated, shuffled and forged, what a shop pushes ends at the books of the shop',
  async (platform) => {
    await using db = await freshDb()
    const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
    await using desk = await aDesk(db, corpId)
    const url = await desk.connect(platform)
    const faults = { repeat: 0.5, shuffle: true, delayMs: 0, forge: 0.2 }
    const plan = { platform, url, appKey: 'key', secret: SECRET, seed: 11, orders: 25, faults }
    const pushed = await pushOrders(plan, NOW)
    expect(pushed.refused).toBeGreaterThan(0)
    await desk.take()
    await pushOrders({ ...plan, seed: 11, faults: { ...faults, forge: 0 } }, NOW)
    await desk.take()
    const wanted = makeOrders(11, 25, NOW).map((life) => {
      const order = life.at(-1)!
      const refundedFen = TELLS_REFUNDS[platform] ? order.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0) : 0
      return { orderNo: order.orderNo, state: order.state, amountFen: order.amountFen, refundedFen }
    })
    expect(await books(db, corpId)).toEqual(wanted)
    expect(await books(db, theirs)).toEqual([])
    const [shop] = await desk.shops()
    expect(shop).toMatchObject({ waiting: 0, unknown: 0 })
    expect(shop!.refusedAt).not.toBeNull()
    const { rows } = await sql<{
      text: string
    }>`select s::text as text from shop_connection s union all select p::text from shop_push p`.execute(db.owner)
    for (const { text } of rows) expect(text).not.toContain(SECRET)
  },
)

test('what cannot be read waits by its cause, and is read when it can be; a closed or foreign door takes nothing; no page reads a secret', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using desk = await aDesk(db, corpId)
  const url = await desk.connect('wechat-shop')
  const path = new URL(url).pathname
  const sign = (nonce: string) =>
    `?timestamp=1&nonce=${nonce}&signature=${createHash('sha1').update([SECRET, '1', nonce].sort().join('')).digest('hex')}`
  const push = (body: string, to = path + sign('n')) => desk.there.ask('POST', to, '', body, 'text/plain')
  const [[good] = []] = makeOrders(3, 1, NOW)
  for (const body of [
    JSON.stringify({ order: { order_id: '9' } }),
    'no json',
    '[]',
    JSON.stringify(SHAPES['wechat-shop'](good!)),
  ])
    expect([body, (await push(body)).status]).toEqual([body, 200])
  expect((await push('x', `${path}?signature=no`)).code).toBe('orders.push_forged')
  expect((await push('x', path.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) + sign('n'))).status).toBe(404)
  await desk.take()
  const [shop] = await desk.shops()
  expect(shop).toMatchObject({ unknown: 3, takenToday: 1, waiting: 0 })
  expect(JSON.stringify(shop)).not.toContain(SECRET)
  const unknown = await desk.there.ask('GET', `/api/shop-connections/${shop!.shopConnectionId}/unknown`, desk.owner)
  expect(JSON.parse(unknown.text).items[0].cause).toMatch(/看不懂微信小店/)
  expect((await desk.there.ask('GET', `${path}${sign('m')}&echostr=hello`)).text).toBe('hello')
  await desk.there.ask('PATCH', `/api/shop-connections/${shop!.shopConnectionId}`, desk.owner, { isOn: false })
  expect((await push('{}')).status).toBe(404)
})

test('signatures are those the platforms describe', () => {
  const push = { body: '{"a":1}', headers: {}, query: {} }
  // developers.weixin.qq.com’s own example of its signature.
  const query = { timestamp: '1714036504', nonce: '1514711492', signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696' }
  expect(isGenuine('wechat-shop', { ...push, query }, { appKey: '', secret: 'AAAAA' })).toBe(true)
  expect(isGenuine('wechat-shop', { ...push, query }, { appKey: '', secret: 'AAAAB' })).toBe(false)
  // Worked out with md5sum, apart from our code.
  const youzan = { ...push, headers: { 'event-sign': 'ID{"a":1}SECRET' } }
  expect(isGenuine('youzan', youzan, { appKey: 'ID', secret: 'SECRET' })).toBe(false)
  expect(
    isGenuine('youzan', { ...push, headers: { 'event-sign': EVENT_SIGN } }, { appKey: 'ID', secret: 'SECRET' }),
  ).toBe(true)
  expect(
    isGenuine('taobao', { ...push, query: { b: '2', a: '1', sign: TOP_SIGN } }, { appKey: '', secret: 'SECRET' }),
  ).toBe(true)
  expect(
    isGenuine('taobao', { ...push, query: { b: '3', a: '1', sign: TOP_SIGN } }, { appKey: '', secret: 'SECRET' }),
  ).toBe(false)
})
