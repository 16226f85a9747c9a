import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

test('a code for everybody in a department: previewed, made, downloaded in one zip, two compared, and taken back', async ({
  page,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  await page.goto('/channels/batches/new')
  await page.getByLabel('部门').click()
  await page.locator('.ant-select-item-option', { hasText: '玉林路店' }).click()
  await page.keyboard.press('Escape')
  await page.getByLabel('活动', { exact: true }).fill('五周年')
  const preview = page.getByRole('region').or(page.locator('section')).filter({ hasText: '将要建的码' }).last()
  await expect(preview.getByText(/会建 \d+ 个码/)).toBeVisible()
  const names = await preview.getByRole('listitem').locator('span').allTextContents()
  expect(names.length).toBeGreaterThan(1)
  await page
    .getByRole('radio', { name: '用默认的' })
    .or(page.getByText('用默认的', { exact: true }))
    .last()
    .click()
  await page.getByRole('button', { name: '开始建码' }).click()
  await expect(page.getByText('已建好').nth(names.length - 1)).toBeVisible()

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: /打包下载二维码/ }).click()
  await page.getByText('直达码，带名字的 PNG').click()
  const zip = await readFile(await (await download).path())
  expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  for (const name of names) expect(zip.includes(Buffer.from(`${name}.png`))).toBe(true)
  const batch = page.url()

  await page.goto('/channels')
  for (const name of names.slice(0, 2)) await page.getByRole('row', { name }).getByRole('checkbox').check()
  await page.getByRole('toolbar').getByRole('button', { name: '对比' }).click()
  const figures = page.getByRole('table', { name: '并排看' })
  for (const name of names.slice(0, 2)) await expect(figures.getByRole('columnheader', { name })).toBeVisible()

  await page.goto(batch)
  await page.getByRole('button', { name: '撤回' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤回' }).click()
  await expect(page.getByText('已撤回').nth(names.length - 1)).toBeVisible()
  await page.goto('/channels')
  await expect(page.getByRole('row', { name: '小红书探店' })).toBeVisible()
  await expect(page.getByRole('row', { name: names[0]! })).toHaveCount(0)
})
