import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

test('an operator reads the cells, opens the customers of one, moves a cut point and sees who would move before it is saved', async ({
  page,
}) => {
  test.setTimeout(120_000)
  await signInAsOwner(page)
  await demoReady(page)
  await expect(async () => {
    const { buyers, building, cells } = await (await page.request.get('/api/rfm')).json()
    expect(building).toBeNull()
    expect(buyers).toBeGreaterThan(200)
    expect(cells.reduce((sum: number, cell: { people: number }) => sum + cell.people, 0)).toBe(buyers)
  }).toPass({ timeout: 60_000 })
  await page.goto('/reports/rfm')
  await expect(page.getByRole('table', { name: '最近购买 × 购买次数' })).toBeVisible()
  const row = page.getByRole('row', { name: /核心客户/ }).first()
  const people = Number((await row.getByRole('cell').nth(1).innerText()).replace(',', ''))
  expect(people).toBeGreaterThan(0)
  await row.click()
  await page.getByRole('button', { name: '看这些客户' }).click()
  await expect(page.getByText('核心客户').first()).toBeVisible()
  const segmentId = new URL(page.url()).searchParams.get('segment')
  const { total } = await (await page.request.get(`/api/contacts/count?segmentId=${segmentId}&state=all`)).json()
  expect(total).toBe(people)

  await page.goto('/reports/rfm')
  await page.getByRole('button', { name: '编辑模型' }).click()
  await expect(page.getByText('保存后没有客户换格。')).toBeVisible()
  const cut = page.getByRole('spinbutton', { name: '最近一次（天），第 2 个分界' })
  await cut.fill('15')
  await cut.press('Tab')
  await expect(page.getByText(/保存后有 \d+ 位客户换格。/)).toBeVisible()
  // A box left to nobody is named, and cannot be saved.
  await page.getByRole('button', { name: '去掉「新客」' }).click()
  await expect(page.getByText(/还有客户不在任何一格里：R4 F1 M1/)).toBeVisible()
  await expect(page.getByRole('button', { name: '保存模型' })).toBeDisabled()
})

test('an operator sees whom to wake first and makes a segment of them; the profile says what is known, and what is not', async ({
  page,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  await page.goto('/reports/activation')
  const row = page.getByRole('row', { name: /一个月内/ })
  await expect(row).toContainText('%', { timeout: 30_000 })
  await row.getByRole('button', { name: '建成人群' }).click()
  await expect(page.getByRole('heading', { name: /叫醒：一个月内/ })).toBeVisible()

  const { items } = await (await page.request.get('/api/orders?state=paid&limit=1')).json()
  await page.goto(`/contacts/${items[0].contactId}`)
  await expect(page.getByRole('heading', { name: '客户说明书' })).toBeVisible()
  await expect(page.getByText(/最喜欢.+买过 \d+ 笔/)).toBeVisible()
  await page.goto('/contacts')
  const { items: customers } = await (await page.request.get('/api/contacts?limit=50')).json()
  const manuals = await Promise.all(
    customers.map(async ({ contactId }: { contactId: string }) => ({
      contactId,
      manual: await (await page.request.get(`/api/contacts/${contactId}/manual`)).json(),
    })),
  )
  const unknown = manuals.find(({ manual }) => manual.likes.length === 0 && manual.worked.length === 0)
  expect(unknown).toBeDefined()
  await page.goto(`/contacts/${unknown!.contactId}`)
  await expect(page.getByText('还不知道').first()).toBeVisible()
})
