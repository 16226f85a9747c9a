import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

test('an operator builds a segment with the mouse, sees the count move as an order arrives, and asks why somebody is in it', async ({
  page,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  await expect(async () => {
    const { items } = await (await page.request.get('/api/segments')).json()
    expect(items.filter((one: { members: number | null }) => (one.members ?? 0) > 0).length).toBeGreaterThan(2)
  }).toPass({ timeout: 60_000 })
  await page.goto('/segments')
  await expect(page.getByRole('row', { name: /重要且即将流失/ })).toContainText(/\d/)
  await page.getByRole('button', { name: '新建人群' }).click()
  await page.getByRole('button', { name: /高贡献客户/ }).click()
  await expect(page.getByTestId('segment-count')).toHaveText(/^[1-9][\d,]*/)

  // Another shop, where nobody has bought yet.
  await page.getByLabel('人群名称').fill('试营业买过的')
  const line = page.getByRole('group', { name: /付款订单/ })
  await line.getByRole('button', { name: '限定内容' }).click()
  await line.getByRole('combobox', { name: '看哪一项' }).click()
  await page.getByTitle('店铺').click()
  await line.getByRole('combobox', { name: '填什么' }).fill('e2e')
  await line.getByRole('combobox', { name: '填什么' }).press('Enter')
  await line.getByRole('spinbutton', { name: '至少' }).fill('500')
  await line.getByRole('spinbutton', { name: '至少' }).press('Tab')
  await expect(page.getByText(/近 365 天 付款订单（店铺是 e2e）的金额累计至少 ¥500/).first()).toBeVisible()
  await expect(page.getByTestId('segment-count')).toHaveText(/^0/)
  const saving = page.waitForResponse((one) => one.url().endsWith('/api/segments') && one.request().method() === 'POST')
  await page.getByRole('button', { name: '保存' }).click()
  const saved = await saving
  expect(saved.status(), await saved.text()).toBe(201)
  await expect(page.getByRole('heading', { name: '试营业买过的' })).toBeVisible()

  const { items } = await (await page.request.get('/api/contacts?limit=1')).json()
  const contact = await (await page.request.get(`/api/contacts/${items[0].contactId}`)).json()
  const stepUp = await page.request.post('/api/session/step-up', { data: { password: 'e2e-password-1' } })
  expect(stepUp.ok()).toBe(true)
  const made = await page.request.post('/api/openapi/keys', { data: { kind: 'server', name: `商城${Date.now()}` } })
  const { key } = await made.json()
  // A day ago by the house's own clock, which is ahead of ours: paid within the year by both.
  const paidAt = new Date(Date.now() - 86_400_000).toISOString()
  const order = {
    shop: 'e2e',
    orderNo: `E${Date.now()}`,
    ids: { external_userid: contact.externalUserid },
    state: 'paid',
    placedAt: paidAt,
    paidAt,
    amountFen: 66_600,
    items: [{ name: '试营业礼盒', number: 1, amountFen: 66_600 }],
    updatedAt: paidAt,
  }
  const taken = await page.request.post('/open/orders', {
    headers: { authorization: `Bearer ${key}` },
    data: { orders: [order] },
  })
  expect(await taken.json()).toMatchObject({ accepted: 1, refused: [] })
  await expect(page.getByTestId('segment-count')).toHaveText(/^1/, { timeout: 15_000 })

  await page.goto(`/contacts/${contact.contactId}`)
  await expect(page.getByText(/¥666/).first()).toBeVisible()
  await page.getByRole('button', { name: /试营业买过的/ }).click()
  await expect(page.getByText(/如果没有新动作，.*离开/)).toBeVisible()
  await expect(page.getByText(/¥666 最近一次/)).toBeVisible()
})
