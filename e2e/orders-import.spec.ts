import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

const HEAD = '订单编号,订单状态,订单创建时间,订单付款时间,买家实付金额,宝贝标题,宝贝总数量,买家会员名,收货人手机'

test('an operator brings a file of orders in: columns guessed, preview, refused rows mended and brought in again', async ({
  page,
}) => {
  test.setTimeout(120_000)
  await signInAsOwner(page)
  await demoReady(page)
  const nr = Date.now()
  const file = [
    HEAD,
    `I${nr}1,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,128.50,明前龙井,1,小王${nr},138****0000`,
    `I${nr}1,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,128.50,白瓷盖碗,2,小王${nr},138****0000`,
    `I${nr}2,交易成功,昨天下午,,59,桂花乌龙,1,小李${nr},`,
    `I${nr}3,交易关闭,2026/11/2 9:00,,66,熟普,1,小张${nr},`,
  ].join('\n')
  await page.goto('/orders')
  await page.getByRole('link', { name: '导入订单' }).click()
  const pick = (name: string, text: string) =>
    page.getByTestId('import-file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await pick(`订单${nr}.csv`, file)
  await expect(page.getByRole('heading', { name: '哪一列是什么' })).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('row', { name: /买家手机号/ })).toContainText('不用')
  await expect(page.getByRole('row', { name: /实付金额/ }).first()).toContainText('128.50')
  await page.getByRole('button', { name: '预览' }).click()
  const preview = page.getByTestId('import-preview')
  await expect(preview).toContainText('能导入的订单2')
  await expect(preview).toContainText('读不了的行1')
  await expect(page.getByText(/不是时间/)).toBeVisible()
  await page.getByRole('button', { name: '导入这 2 笔' }).click()
  await expect(page.getByText(/导完了/).first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/新增 2/)).toBeVisible()

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: /下载没导入的 1 行/ }).click()
  const refused = readFileSync(await (await download).path(), 'utf8')
  expect(refused).toContain('没导入的原因')
  await page.getByRole('link', { name: '再导一个' }).click()
  await pick(`改好的${nr}.csv`, refused.replace('昨天下午', '2026-11-03 15:00:00'))
  await page.getByRole('button', { name: '预览' }).click()
  await page.getByRole('button', { name: '导入这 1 笔' }).click()
  await expect(page.getByText(/新增 1/)).toBeVisible({ timeout: 30_000 })

  // Found again after leaving, and the whole file once more changes nothing.
  await page.goto('/orders/imports')
  await expect(page.getByRole('row', { name: new RegExp(`改好的${nr}`) })).toContainText('导完了')
  await pick(`订单${nr}.csv`, file)
  await page.getByRole('button', { name: '预览' }).click()
  await page.getByRole('button', { name: '导入这 2 笔' }).click()
  await expect(page.getByText(/没变 2|更新 2/)).toBeVisible({ timeout: 30_000 })
  await page.goto('/orders')
  await expect(page.getByRole('table', { name: '订单列表' })).toBeVisible()
})
