import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { demoReady, scanAs, signInAsOwner, staffIdOf } from './people.ts'

test('a long list: the operator asks, the owner agrees, the operator downloads it once; a number is shown for a purpose', async ({
  page,
  browser,
}) => {
  const owners = await (await browser.newContext()).newPage()
  await signInAsOwner(owners)
  await demoReady(owners)
  const rules = await owners.request.put('/api/export-rules', { data: { approvalAbove: 100, dailyMax: 50_000 } })
  expect(rules.status()).toBe(204)
  const access = await owners.request.put(`/api/staff/${await staffIdOf(owners, '陈屿')}/access`, {
    data: { role: 'operator' },
  })
  expect(access.status()).toBe(204)

  await scanAs(page, '陈屿')
  await page.goto('/contacts')
  await page.getByRole('button', { name: '导出' }).click()
  await page.getByText('CSV（.csv）').click()
  await page.getByLabel('用途').fill('给老客户寄年货')
  await page.getByRole('button', { name: '提交申请' }).click()
  await expect(page.getByRole('row', { name: /给老客户寄年货/ })).toContainText('等同事同意')

  await owners.goto('/exports')
  await expect(owners.getByRole('navigation').getByLabel('1 件等你处理')).toBeVisible()
  const asked = owners.getByRole('row', { name: /给老客户寄年货/ })
  await asked.getByRole('button', { name: '同意', exact: true }).click()
  await owners.getByLabel('说一句（可不填）').fill('发给物流后删掉')
  await owners.getByRole('tooltip').getByRole('button', { name: '同意', exact: true }).click()
  await expect(asked).toContainText('可以下载')

  await page.reload()
  const row = page.getByRole('row', { name: /给老客户寄年货/ })
  await expect(row).toContainText('发给物流后删掉')
  const downloading = page.waitForEvent('download')
  await row.getByRole('button', { name: '下载' }).click()
  const lines = readFileSync(await (await downloading).path(), 'utf8')
    .trim()
    .split('\r\n')
  expect(lines.length).toBeGreaterThan(1_000)
  expect(lines[1]).toMatch(/E\d+-陈屿/)
  await expect(row).toContainText('已下载')
  await owners.context().close()
})
