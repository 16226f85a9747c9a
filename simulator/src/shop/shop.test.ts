import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { aWorld, type Json } from '../../test/world.ts'

/** A system that takes what shops tell, and a browser in a shop that was given its keys. */
async function aShop({ isClosed = false } = {}) {
  const asked: { path: string; key: string; body: Json }[] = []
  const siyu = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      asked.push({ path: request.url!, key: request.headers.authorization ?? '', body: JSON.parse(text) })
      const isToken = request.url!.endsWith('person-token')
      const answer = isToken
        ? { token: 'pt_lin', expiresAt: new Date(Date.now() + 7_200_000).toISOString() }
        : { accepted: 1, unchanged: 0, refused: [] }
      response.writeHead(isToken ? 201 : 202, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  }).listen(0, '127.0.0.1')
  const world = await aWorld()
  const endpoint = `http://127.0.0.1:${(siyu.address() as AddressInfo).port}`
  const keys = { endpoint, serverKey: `sk_${'s'.repeat(43)}`, webKey: `wk_${'w'.repeat(43)}` }
  if (!isClosed) await world.control('PUT', `/corps/${world.corp.corpid}/shop`, keys)
  const { externalUserid } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name: '<b>林晚' })
  let cookie = ''
  const ask = async (path: string, form?: Record<string, string>) => {
    const reply = await fetch(world.sim.url + path, {
      method: form ? 'POST' : 'GET',
      headers: { cookie },
      ...(form && { body: new URLSearchParams(form) }),
      redirect: 'manual',
    })
    cookie = reply.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie
    return { status: reply.status, to: reply.headers.get('location') ?? '', text: await reply.text() }
  }
  return {
    asked,
    keys,
    externalUserid,
    ask,
    enter: (who = '') => ask(`/shop/enter?corpid=${world.corp.corpid}&who=${who}`),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      siyu.close()
    },
  }
}

test('whoever is on the phone is signed in: his page gets a token, and no page the server’s key', async () => {
  await using shop = await aShop()
  await shop.enter(shop.externalUserid)
  const { text } = await shop.ask('/shop/')
  expect(text).toContain('"token":"pt_lin"')
  expect(text).toContain(shop.keys.webKey)
  expect(text).not.toContain(shop.keys.serverKey)
  expect(text).not.toContain('<b>林晚')
  await shop.ask('/shop/tea/JS-01')
  expect(shop.asked).toMatchObject([
    {
      path: '/api/openapi/person-token',
      key: `Bearer ${shop.keys.serverKey}`,
      body: { ids: { external_userid: shop.externalUserid } },
    },
  ])
  await shop.ask('/shop/sign-out', {})
  expect((await shop.ask('/shop/')).text).not.toContain('pt_lin')
})

test('what is in the cart is paid once, and the shop’s server tells the order', async () => {
  await using shop = await aShop()
  await shop.enter(shop.externalUserid)
  for (const tea of ['JS-04', 'JS-04', 'JS-06', 'nothing']) await shop.ask(`/shop/cart/${tea}`, {})
  const { to } = await shop.ask('/shop/checkout', {})
  expect((await shop.ask('/shop/checkout', {})).to).toBe('/shop/cart')
  const orders = shop.asked.filter(({ path }) => path === '/open/orders')
  expect(orders).toHaveLength(1)
  expect(orders[0]!.body).toMatchObject({
    orders: [
      {
        state: 'paid',
        amountFen: 16_800 * 2 + 8_600,
        ids: { external_userid: shop.externalUserid },
        items: [
          { productNo: 'JS-04', number: 2, amountFen: 33_600 },
          { productNo: 'JS-06', number: 1, amountFen: 8_600 },
        ],
      },
    ],
  })
  const { text } = await shop.ask(to)
  expect(text).toContain('"name":"order"')
  expect(text).toContain('已收下')
})

test('a visitor has no token, and pays by a number he types', async () => {
  await using shop = await aShop()
  await shop.enter()
  await shop.ask('/shop/cart/JS-01', {})
  await shop.ask('/shop/checkout', { phone: '13800001234' })
  expect(shop.asked).toMatchObject([{ path: '/open/orders', body: { orders: [{ ids: { phone: '13800001234' } }] } }])
})

test('a search is shown and told as typed, whatever was typed', async () => {
  await using shop = await aShop()
  await shop.enter()
  const { text } = await shop.ask(`/shop/?q=${encodeURIComponent('</script><img src=x>')}`)
  expect(text).not.toContain('<img')
  expect(text.match(/<\/script>/g)).toHaveLength(2)
})

test('a company without keys has no shop', async () => {
  await using shop = await aShop({ isClosed: true })
  await shop.enter(shop.externalUserid)
  expect((await shop.ask('/shop/')).status).toBe(503)
  expect((await shop.ask('/shop/checkout', {})).to).toBe('/shop/')
  expect(shop.asked).toEqual([])
})
