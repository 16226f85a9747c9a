import { expect, type Page, test } from '@playwright/test'
import { demoReady } from './people.ts'

const SIMULATOR = `http://127.0.0.1:${Number(process.env.SIYU_E2E_PORT ?? 7790) + 1}`
const ADMIN = { login: 'admin', password: 'e2e-password-1' }

async function signIn(page: Page): Promise<void> {
  await page.goto('/')
  await page.locator('input[name=login]').fill(ADMIN.login)
  await page.locator('input[name=password]').fill(ADMIN.password)
  await page.locator('button[type=submit]').click()
  await expect(page.getByRole('link', { name: '客户', exact: true }).first()).toBeVisible()
}

test('scan → welcome → list → profile: a stranger becomes a known customer before his eyes', async ({
  page,
  context,
}) => {
  await signIn(page)
  await demoReady(page)

  const world = await context.newPage()
  await world.goto('/world')
  await world.getByRole('button', { name: /林晚/ }).first().click()
  await world.getByRole('listitem').filter({ hasText: '春熙路店桌贴' }).getByRole('button', { name: '扫码' }).click()
  await world.getByRole('region', { name: '林晚的手机' }).getByRole('button', { name: /添加/ }).click()
  await expect(world.getByText(/林晚您好，我是春熙路店的周小满/).first()).toBeVisible()

  await page.getByRole('link', { name: '客户', exact: true }).first().click()
  await page.getByPlaceholder(/姓名/).fill('林晚')
  const row = page.getByRole('row', { name: /林晚/ })
  await expect(row).toBeVisible()
  await expect(row).toContainText('春熙路店')
  await row.click()
  await expect(page.getByText(/加了|添加/).first()).toBeVisible()
  await expect(page.getByText(/欢迎语/).first()).toBeVisible()
})

test('an open profile hears of a new tag without being asked', async ({ page, request }) => {
  await signIn(page)
  await demoReady(page)
  const { corps } = await (await request.get(`${SIMULATOR}/control/corps`)).json()
  const { corpid } = corps[0]
  const { customers } = await (await request.get(`${SIMULATOR}/control/corps/${corpid}/customers?limit=1`)).json()
  const [customer] = customers
  const { tagGroups } = await (await request.get(`${SIMULATOR}/control/corps/${corpid}/tags`)).json()
  const held = new Set(customer.follows.flatMap((follow: { tags: string[] }) => follow.tags))
  const tag = tagGroups
    .flatMap((group: { tags: { id: string; name: string }[] }) => group.tags)
    .find((t: { id: string }) => !held.has(t.id))
  const { contactId } = await (await page.request.get(`/api/contacts/by-external/${customer.externalUserid}`)).json()

  await page.goto(`/contacts/${contactId}`)
  await expect(page.getByText(customer.name).first()).toBeVisible()
  await request.post(`${SIMULATOR}/control/corps/${corpid}/actions`, {
    data: {
      type: 'staff_edits',
      userid: customer.follows[0].userid,
      externalUserid: customer.externalUserid,
      addTags: [tag.id],
    },
  })
  await expect(page.getByText(tag.name).first()).toBeVisible({ timeout: 5_000 })
})

test('a staff member signs in by scanning and sees only his own customers', async ({ page }) => {
  await page.goto('/')
  await page
    .getByRole('link', { name: /扫码登录/ })
    .first()
    .click()
  await page.getByText('周小满').first().click()
  await expect(page.getByRole('link', { name: '客户', exact: true }).first()).toBeVisible()
  const session = await (await page.request.get('/api/session')).json()
  expect([session.role, session.name]).toEqual(['staff', '周小满'])
  const mine = await (await page.request.get('/api/contacts?limit=100')).json()
  expect(mine.items.length).toBeGreaterThan(0)
  for (const item of mine.items) expect(item.followers.map((f: { name: string }) => f.name)).toEqual(['周小满'])
})

test('the health page says what is wrong and what to do when WeCom refuses the server, and heals', async ({
  page,
  request,
}) => {
  await signIn(page)
  const { corps } = await (await request.get(`${SIMULATOR}/control/corps`)).json()
  const { corpid } = corps[0]
  await request.patch(`${SIMULATOR}/control/corps/${corpid}`, { data: { options: { trustedIps: ['203.0.113.9'] } } })
  try {
    await page.goto('/settings/health')
    await page
      .getByRole('button', { name: /重查|重新检查/ })
      .first()
      .click()
    await expect(page.getByText('企业微信不认识这台服务器').first()).toBeVisible()
  } finally {
    await request.patch(`${SIMULATOR}/control/corps/${corpid}`, { data: { options: { trustedIps: [] } } })
  }
  await page
    .getByRole('button', { name: /重查|重新检查/ })
    .first()
    .click()
  await expect(page.getByText(/路中断/)).toHaveCount(0)
  await expect(page.getByText('路正常').first()).toBeVisible()
})
