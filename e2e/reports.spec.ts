import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { demoReady, scanAs, signInAsOwner, staffIdOf } from './people.ts'

test('a manager’s morning: his own department’s figures, who is full, who is on today, who has the permission', async ({
  page,
  browser,
}) => {
  const owner = await (await browser.newContext()).newPage()
  await signInAsOwner(owner)
  await demoReady(owner)
  const access = { role: 'manager', scopeKind: 'tree' }
  const given = await owner.request.put(`/api/staff/${await staffIdOf(owner, '梅若雨')}/access`, { data: access })
  expect(given.status(), await given.text()).toBe(204)
  const setEach = await owner.request.put('/api/reports/workload/figure', { data: { customersEach: 205 } })
  expect(setEach.status()).toBe(204)
  await owner.context().close()

  await scanAs(page, '梅若雨')
  await page.getByRole('link', { name: '数据', exact: true }).click()
  const members = page.getByRole('table', { name: '成员' })
  await expect(members.getByRole('row', { name: /梅若雨/ })).toBeVisible()
  await expect(members.getByRole('row', { name: /周小满/ })).toHaveCount(0) // of another store
  const before = await members.getByRole('row').nth(1).innerText()
  await members.getByRole('button', { name: '现有客户' }).click()
  await members.getByRole('button', { name: /现有客户/ }).click()
  await expect(page).toHaveURL(/sort=customers&order=asc/)
  await expect(async () => expect(await members.getByRole('row').nth(1).innerText()).not.toBe(before)).toPass()
  await members.getByRole('row', { name: /梅若雨/ }).click()
  await expect(page.getByRole('complementary', { name: '梅若雨' })).toContainText('玉林路店桌贴')

  await page.keyboard.press('Escape')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出' }).click()
  await page.getByText('CSV').click()
  const file = await readFile(await (await download).path(), 'utf8')
  expect(file).toContain('梅若雨')
  expect(file).not.toContain('周小满')

  await page.getByRole('link', { name: '承接量' }).click()
  await expect(page.getByRole('row', { name: /梅若雨/ })).toContainText('超出')
  await page
    .getByRole('row', { name: /梅若雨/ })
    .getByRole('link')
    .first()
    .click()
  await expect(page).toHaveURL(/contacts\?staff=/)

  await page.goto('/reports/duty')
  const week = page.getByRole('table', { name: '值班日历' })
  await expect(week.getByRole('row', { name: /江晚舟/ })).toContainText('15:00–22:00')
  await expect(page.getByText('周小满')).toHaveCount(0)
  await week
    .getByRole('link', { name: /15:00–22:00/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/channels\/\d+$/)

  await page.goto('/reports/licence')
  await expect(page.getByRole('table', { name: '有权限' }).getByRole('row', { name: /梅若雨/ })).toBeVisible()
  await expect(page.getByRole('button', { name: '重新检查' })).toHaveCount(0) // for those who run syncs
})
