import { expect, type Page } from '@playwright/test'

/** Signs the first administrator in, who owns the demo company, without the form. */
export async function signInAsOwner(page: Page): Promise<void> {
  const reply = await page.request.post('/api/session', { data: { login: 'admin', password: 'e2e-password-1' } })
  expect(reply.ok()).toBe(true)
  await expect(async () => {
    const session = await (await page.request.get('/api/session')).json()
    const demo = session.corps?.find((corp: { name: string }) => corp.name === '见山茶事')
    expect(demo).toBeTruthy()
    if (session.corp.corpId !== demo.corpId)
      expect((await page.request.post('/api/session/corp', { data: { corpId: demo.corpId } })).ok()).toBe(true)
  }).toPass({ timeout: 60_000 })
}

/** The demo company is read in the first seconds of the first start. */
export async function demoReady(page: Page): Promise<void> {
  await expect(async () => {
    const codes = await (await page.request.get('/api/channel-codes?limit=50')).json()
    expect(codes.items.filter((code: { status: string }) => code.status === 'ready').length).toBeGreaterThan(8)
  }).toPass({ timeout: 60_000 })
}

/** Signs a member in as he would: scans on the sign-in page, and picks himself on WeCom's. */
export async function scanAs(page: Page, name: string): Promise<void> {
  await page.goto('/sign-in')
  await page
    .getByRole('link', { name: /扫码登录/ })
    .first()
    .click()
  await page.getByText(name).first().click()
  await expect(page.getByRole('link', { name: '首页' }).first()).toBeVisible()
}

export async function staffIdOf(page: Page, name: string): Promise<string> {
  const { items } = await (await page.request.get(`/api/staff?q=${encodeURIComponent(name)}`)).json()
  return items[0].staffId
}
