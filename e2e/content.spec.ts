import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

test('the library: found by two characters, written, published, changed, and an old version taken back', async ({
  page,
}) => {
  test.setTimeout(240_000)
  await signInAsOwner(page)
  await demoReady(page)
  await expect(async () => {
    const { items } = await (await page.request.get('/api/scripts?limit=100')).json()
    expect(items.length).toBeGreaterThan(50)
  }).toPass({ timeout: 60_000 })

  await page.goto('/content/materials')
  const list = page.getByRole('table', { name: '素材库' })
  await page.getByPlaceholder('标题、内容、标签').fill('白茶')
  await expect(list.getByText('老白茶 煮着喝')).toBeVisible()
  await expect(list.getByText('武夷大红袍 80 克')).toHaveCount(0)
  await expect(page).toHaveURL(/q=/)

  await page.goto('/content/materials/new?kind=text')
  await page.getByLabel('标题', { exact: true }).fill('初雪问候')
  await page.getByRole('textbox', { name: '内容' }).fill('，下雪了，来喝杯热的。')
  await page.getByRole('textbox', { name: '内容' }).press('Home')
  await page.getByRole('button', { name: '客户称呼', exact: true }).click()
  await expect(page.getByText('林姐')).toBeVisible() // the slot is filled in the preview
  await page.getByRole('button', { name: '发布给成员' }).click()
  await expect(page.getByRole('heading', { name: '初雪问候' })).toBeVisible()
  await expect(page.getByText('使用中')).toBeVisible()

  await page.getByRole('textbox', { name: '内容' }).fill('{客户称呼}，雪停了。')
  await page.getByRole('button', { name: '发布给成员' }).click()
  await expect(page.getByText('第 2 版').first()).toBeVisible()
  await page.getByRole('button', { name: '用回这一版' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '用回这一版' }).click()
  await expect(page.getByText('第 3 版').first()).toBeVisible()
  await expect(page.getByRole('textbox', { name: '内容' })).toHaveValue('{客户称呼}，下雪了，来喝杯热的。')
  const { items } = await (await page.request.get(`/api/library?q=${encodeURIComponent('下雪')}`)).json()
  expect(items.map((found: { title: string }) => found.title)).toEqual(['初雪问候'])
})

test('scripts: a group, a script with its keywords, its place in the order, and gone again', async ({ page }) => {
  test.setTimeout(240_000)
  await signInAsOwner(page)
  await page.goto('/content/scripts')
  await page.getByRole('navigation', { name: '分组' }).getByRole('button', { name: '新建' }).click()
  await page.getByRole('dialog').getByLabel('名字').fill('初雪')
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await page.getByRole('navigation', { name: '分组' }).getByRole('button', { name: /初雪/ }).first().click()
  for (const title of ['第一句', '第二句']) {
    await page.getByRole('button', { name: '新建话术' }).first().click()
    const dock = page.getByRole('complementary', { name: '新建话术' })
    await dock.getByLabel('标题', { exact: true }).fill(title)
    await dock.getByRole('textbox', { name: '说什么' }).fill(`${title}：路上慢点`)
    await dock.getByRole('button', { name: '保存' }).click()
    await expect(page.getByRole('list', { name: '话术库' }).getByText(title, { exact: true })).toBeVisible()
  }
  await page.getByRole('button', { name: '「第二句」上移' }).click()
  await expect(page.getByRole('list', { name: '话术库' }).getByRole('listitem').first()).toContainText('第二句')
  await page.getByRole('list', { name: '话术库' }).getByText('第二句', { exact: true }).click()
  await page.getByRole('button', { name: '删除' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await expect(page.getByRole('list', { name: '话术库' }).getByText('第二句', { exact: true })).toHaveCount(0)
})
