import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

test.setTimeout(180_000)
/** The console's first page after the shop's. */
const FIRST_PAGE = { timeout: 60_000 }

interface Sold {
  corpid: string
  key?: string
  shop?: object
}

/** The demo company's shop on a customer's phone, beside the console of its owner; `nr` so that each test has a customer of its own. */
async function atTheShop(page: Page, context: BrowserContext, baseURL: string, nr: number) {
  await signInAsOwner(page)
  await demoReady(page)
  const world = `http://127.0.0.1:${Number(new URL(baseURL).port) + 1}`
  let demo: Sold | undefined
  await expect(async () => {
    const { corps } = (await (await page.request.get(`${world}/control/corps`)).json()) as { corps: Sold[] }
    demo = corps.find(({ key }) => key === 'demo')
    expect(demo?.shop).toBeTruthy()
  }).toPass({ timeout: 30_000 })
  const { items } = await (await page.request.get('/api/contacts?limit=10')).json()
  const { contactId, externalUserid } = await (await page.request.get(`/api/contacts/${items[nr].contactId}`)).json()
  const shop = await context.newPage()
  return {
    shop,
    contactId,
    enter: (who = externalUserid) => shop.goto(`${world}/shop/enter?corpid=${demo!.corpid}&who=${who}`),
    sent: (words: string | RegExp) => shop.getByLabel('发出的事件').getByRole('listitem').filter({ hasText: words }),
    async timeline() {
      const reply = await page.request.get(`/api/contacts/${contactId}/timeline?limit=50`)
      return ((await reply.json()) as { items: { kind: string; trusted: boolean; props: Record<string, unknown> }[] })
        .items
    },
  }
}

test('a customer looks at a tea in the shop, likes it and buys it; his timeline tells what is proven from what a page says', async ({
  page,
  context,
  baseURL,
}) => {
  const { shop, contactId, enter, sent, timeline } = await atTheShop(page, context, baseURL!, 0)
  const rule = {
    is: 'all',
    of: [{ is: 'did', deed: { kind: 'favourite.added', where: [{ prop: 'productNo', op: 'is', values: ['JS-08'] }] } }],
  }
  const made = await page.request.post('/api/segments', { data: { name: `收藏过桂花乌龙`, rule } })
  const { segmentId } = await made.json()

  await enter()
  await shop.getByRole('link', { name: /桂花乌龙/ }).click()
  await shop.getByRole('button', { name: '收藏', exact: true }).click()
  await expect(sent('收藏「桂花乌龙 小包装」 可信')).toBeVisible()
  await shop.getByRole('button', { name: '加入购物车' }).click()
  await shop.getByRole('link', { name: '购物车 1' }).click()
  await shop.getByRole('button', { name: '付款 ¥49' }).click()
  await expect(shop.getByText('商城的服务器报给 Siyu 的订单：已收下')).toBeVisible()
  await expect(sent(/下单（网页说的）.*未经证实/)).toBeVisible()

  await page.bringToFront()
  await page.goto(`/contacts/${contactId}`)
  await expect(page.getByText('看了商品「桂花乌龙 小包装」').first()).toBeVisible(FIRST_PAGE)
  await expect(page.getByText('收藏了「桂花乌龙 小包装」').first()).toBeVisible()
  await expect(page.getByText('付款 ¥49').first()).toBeVisible()
  const told = page.getByRole('listitem').filter({ hasText: '买了「桂花乌龙 小包装」' }).first()
  await expect(told).toContainText('网页上报，未经证实')
  const of = async (kind: string) => (await timeline()).filter((one) => one.kind === kind)
  expect(await of('product.bought')).toMatchObject([{ trusted: false }])
  expect((await of('favourite.added'))[0]).toMatchObject({ trusted: true, props: { productNo: 'JS-08' } })
  expect((await of('order.paid')).filter(({ props }) => props.amountFen === 4_900)).toMatchObject([{ trusted: true }])

  // The thank-you page reloaded tells the same order.
  await shop.bringToFront()
  await shop.reload()
  await expect(sent('其中 1 件说过了 只算一次')).toBeVisible()
  expect(await of('product.bought')).toHaveLength(1)
  await expect(async () => {
    const { items } = await (await page.request.get('/api/segments')).json()
    expect(items.find((one: { segmentId: string }) => one.segmentId === segmentId).members).toBe(1)
  }).toPass({ timeout: 30_000 })
})

test('what could not be sent is sent by a later page, once, though nobody heard the first answer', async ({
  page,
  context,
  baseURL,
}) => {
  const { shop, enter, timeline } = await atTheShop(page, context, baseURL!, 1)
  const seen = async () => (await timeline()).filter(({ props }) => props.productNo === 'JS-05').length
  const before = await seen()
  await context.route('**/collect*', (route) => route.abort())
  await enter()
  await shop.getByRole('link', { name: /老白茶饼/ }).click()
  await shop.waitForTimeout(1_500)
  expect(await seen()).toBe(before)
  // It arrives, and the answer is lost on its way back.
  await context.unroute('**/collect*')
  let lost = 0
  await context.route('**/collect*', async (route) => {
    await route.fetch()
    lost++
    await route.abort()
  })
  await shop.getByRole('link', { name: /购物车/ }).click()
  await expect.poll(() => lost).toBeGreaterThan(0)
  await context.unroute('**/collect*')
  await shop.getByRole('link', { name: /线上茶铺/ }).click()
  await expect.poll(() => shop.evaluate(() => localStorage.getItem('siyu.queue'))).toBe('[]')
  expect(await seen()).toBe(before + 1)
})

test('who says no is not counted: nothing is sent, and nothing of him is kept but that he said it', async ({
  page,
  context,
  baseURL,
}) => {
  const { shop, enter, sent } = await atTheShop(page, context, baseURL!, 2)
  await enter()
  await expect(sent('看页面').first()).toBeVisible()
  await shop.getByRole('button', { name: '不许统计' }).click()
  let requests = 0
  shop.on('request', (request) => {
    if (request.url().includes('/collect')) requests++
  })
  await shop.getByRole('link', { name: /碧潭飘雪/ }).click()
  await shop.getByRole('button', { name: '收藏', exact: true }).click()
  await shop.waitForTimeout(1_500)
  expect(requests).toBe(0)
  expect(await shop.evaluate(() => ({ ...localStorage }))).toEqual({ siyu: '{"agreed":false}', 'siyu.queue': '[]' })
  expect((await context.cookies()).map(({ name }) => name).filter((name) => /siyu(?!_session)/.test(name))).toEqual([])
  await shop.getByRole('button', { name: '允许统计' }).click()
  await expect(sent('看页面「碧潭飘雪').first()).toBeVisible()
})

test('PB-04: what a stranger types into the shop is text in the console', async ({ page, context, baseURL }) => {
  const { shop, contactId, enter, sent } = await atTheShop(page, context, baseURL!, 3)
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await enter()
  await shop.getByLabel('搜索').fill('<img src=x onerror=alert(1)>')
  await shop.getByRole('button', { name: '搜索' }).click()
  await expect(sent('搜索「<img src=x onerror=alert(1)>」')).toBeVisible()
  await page.bringToFront()
  await page.goto(`/contacts/${contactId}`)
  await expect(page.getByText('搜了「<img src=x onerror=alert(1)>」').first()).toBeVisible(FIRST_PAGE)
  expect(dialogs).toEqual([])
})
