import { expect, type Page, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

const SIMULATOR = `http://127.0.0.1:${Number(process.env.SIYU_E2E_PORT ?? 7790) + 1}`

test('an operator makes a rule with the mouse and tries it; an order puts the tag on with its reason, time alone takes it off', async ({
  page,
}) => {
  test.setTimeout(240_000)
  await signInAsOwner(page)
  await demoReady(page)
  const [tag, shop] = [`刚买过${Date.now() % 10_000}`, `e2e-${Date.now()}`]
  await page.request.post('/api/tag-groups', { data: { name: `自动${tag}`, tags: [tag] } })

  await page.goto('/auto-tags')
  await expect(page.getByRole('heading', { name: '消费价值' })).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: '新建规则' }).click()
  await page.getByRole('combobox', { name: '标签', exact: true }).click()
  await page.getByRole('combobox', { name: '标签', exact: true }).fill(tag)
  await page.getByTitle(tag, { exact: true }).click()
  const line = page.getByRole('group', { name: /付款订单/ })
  await expect(page.getByTestId('auto-tag-gains')).toHaveText(/^\+\d/)
  await line.getByRole('button', { name: '限定内容' }).click()
  await expect(async () => {
    await line.getByRole('combobox', { name: '看哪一项' }).click()
    await page.getByTitle('店铺', { exact: true }).last().click({ timeout: 2_000 })
    await expect(line.getByRole('combobox', { name: '填什么' })).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 30_000 })
  await line.getByRole('combobox', { name: '填什么' }).fill(shop)
  await line.getByRole('combobox', { name: '填什么' }).press('Enter')
  await line.getByRole('spinbutton', { name: '近' }).fill('1')
  await line.getByRole('spinbutton', { name: '近' }).press('Tab')
  await expect(page.getByText(new RegExp(`近 1 天 付款订单（店铺是 ${shop}）`)).first()).toBeVisible()
  await expect(page.getByTestId('auto-tag-gains')).toHaveText('+0')
  await page.getByRole('button', { name: '保存并生效' }).click()
  await expect(page.getByRole('link', { name: new RegExp(tag) })).toBeVisible()

  const contactId = await buy(page, shop)
  await expect(async () => expect(await tagsOf(page, contactId)).toContain(tag)).toPass({ timeout: 60_000 })
  await page.goto(`/contacts/${contactId}`)
  const chip = page.getByRole('button', { name: new RegExp(tag) })
  await chip.first().click()
  await expect(page.getByText('自动标签规则').first()).toBeVisible()
  await expect(page.getByText(/如果没有新动作，.*自动取下/)).toBeVisible()
  await page.getByRole('button', { name: '为什么' }).click()
  await expect(page.getByText('1 次 最近一次').first()).toBeVisible()

  await page.request.post(`${SIMULATOR}/control/clock`, { data: { jumpSeconds: 86_400 } })
  await expect(async () => expect(await tagsOf(page, contactId)).not.toContain(tag)).toPass({ timeout: 60_000 })
  await page.goto(`/contacts/${contactId}`)
  await expect(page.getByText('跟进成员').first()).toBeVisible()
  await expect(chip).toHaveCount(0)
})

async function tagsOf(page: Page, contactId: string): Promise<string[]> {
  const { follows } = await (await page.request.get(`/api/contacts/${contactId}`)).json()
  return follows.flatMap((follow: { tags: { name: string }[] }) => follow.tags.map((tag) => tag.name))
}

/** Somebody buys in a shop, this very moment by the house's own clock. */
async function buy(page: Page, shop: string): Promise<string> {
  const { items } = await (await page.request.get('/api/contacts?limit=2')).json()
  const contact = await (await page.request.get(`/api/contacts/${items[1].contactId}`)).json()
  await page.request.post('/api/session/step-up', { data: { password: 'e2e-password-1' } })
  const made = await page.request.post('/api/openapi/keys', { data: { kind: 'server', name: `商城${shop}` } })
  const { key } = await made.json()
  const { virtualMs } = await (await page.request.get(`${SIMULATOR}/control/clock`)).json()
  const at = new Date(virtualMs - 60_000).toISOString()
  const order = {
    shop,
    orderNo: `A${Date.now()}`,
    ids: { external_userid: contact.externalUserid },
    state: 'paid',
    placedAt: at,
    paidAt: at,
    amountFen: 8_800,
    items: [{ name: '新茶', number: 1, amountFen: 8_800 }],
    updatedAt: at,
  }
  const taken = await page.request.post('/open/orders', {
    headers: { authorization: `Bearer ${key}` },
    data: { orders: [order] },
  })
  expect(await taken.json()).toMatchObject({ accepted: 1, refused: [] })
  return contact.contactId
}
