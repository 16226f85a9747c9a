import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

test('an operator asks for something to be done, takes its end back, hands a card out to many and withdraws it', async ({
  page,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  const { items } = await (await page.request.get('/api/contacts?limit=40')).json()
  const one = items[30] as { contactId: string; name: string }

  await page.goto(`/contacts/${one.contactId}`)
  const todo = page.getByRole('region', { name: '待办' })
  await todo.getByRole('button', { name: '新建任务' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('做什么').fill('约周末试饮')
  await dialog.getByRole('button', { name: '3 天后' }).click()
  await dialog.getByRole('combobox', { name: '谁来做' }).click()
  await page.locator('.ant-select-item-option').first().click()
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(todo.getByText('约周末试饮')).toBeVisible()

  await todo.getByRole('button', { name: '完成' }).first().click()
  await page.getByRole('dialog').getByLabel('结果').fill('周六下午来')
  await page.getByRole('dialog').getByRole('button', { name: '完成' }).click()
  await expect(todo.getByText('约周末试饮')).toBeHidden()
  await expect(page.getByText(/做完了「约周末试饮」/).first()).toBeVisible()
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(todo.getByText('约周末试饮')).toBeVisible()

  await page.goto('/contacts')
  const rows = page.getByRole('table').getByRole('checkbox')
  for (const nth of [3, 4, 5]) await rows.nth(nth).check()
  await page.getByRole('toolbar').getByRole('button', { name: '安排跟进' }).click()
  await page.getByRole('dialog').getByLabel('做什么').fill('问问新茶怎么样')
  await page.getByRole('dialog').getByLabel('可以这样说').fill('新到的桂花乌龙，您尝过了吗？')
  await page.getByRole('dialog').getByRole('button', { name: '发出工作卡片' }).click()
  await page.goto('/tasks?view=cards')
  const card = page.getByRole('row', { name: /问问新茶怎么样/ })
  await expect(card).toContainText('0 / 3', { timeout: 30_000 })
  await card.click()
  const detail = page.getByRole('complementary')
  await expect(detail.getByText('新到的桂花乌龙，您尝过了吗？')).toBeVisible()
  await detail.getByRole('button', { name: '撤回' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤回' }).click()
  await expect(card).toContainText('已撤回', { timeout: 30_000 })
})
