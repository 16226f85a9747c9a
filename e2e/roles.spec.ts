import { type Browser, expect, type Page, test } from '@playwright/test'
import { demoReady, scanAs, signInAsOwner, staffIdOf } from './people.ts'

/** The owner gives a member his access in the background of another's walk. */
async function give(browser: Browser, name: string, access: object): Promise<void> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signInAsOwner(page)
  await demoReady(page)
  const reply = await page.request.put(`/api/staff/${await staffIdOf(page, name)}/access`, { data: access })
  expect(reply.status(), await reply.text()).toBe(204)
  await context.close()
}

const namesInNav = async (page: Page) =>
  (await page.getByRole('navigation').first().getByRole('link').allInnerTexts()).map((text) => text.trim())

test('the owner’s day: makes a role, gives it to a member, and finds both on the log', async ({ page }) => {
  await signInAsOwner(page)
  await demoReady(page)
  await page.goto('/settings/roles')
  await page.getByRole('button', { name: '新建角色' }).click()
  await page.getByLabel('角色名字').fill('客服')
  await page.getByRole('checkbox', { name: '看活码' }).check()
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('columnheader', { name: /客服/ })).toBeVisible()

  await page.goto('/settings/staff?q=吴桐')
  await page.getByRole('button', { name: /吴桐的角色/ }).click()
  await page.getByRole('radio', { name: /客服/ }).check()
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('row', { name: /吴桐/ })).toContainText('客服')

  await page.goto('/settings/audit')
  await expect(page.getByRole('row', { name: /改角色和可见客户/ }).first()).toContainText('吴桐')
  await expect(page.getByText(/首尾相接，没有被改过/)).toBeVisible()
})

test('the owner looks as a colleague: his world, nothing to change, and the way back', async ({ page }) => {
  await signInAsOwner(page)
  await demoReady(page)
  await page.goto('/settings/staff?q=冯子墨')
  await page.getByRole('button', { name: /冯子墨的角色/ }).click()
  await page.getByRole('button', { name: '以 TA 的身份看看' }).click()
  await expect(page.getByText('正在以「冯子墨」')).toBeVisible()
  expect(await namesInNav(page)).not.toContain('角色与权限')
  const own = await (await page.request.get('/api/contacts/count')).json()
  const refused = await page.request.put('/api/duty', { data: { onDuty: false } })
  expect((await refused.json()).code).toBe('staff.view_only')
  await page.getByRole('button', { name: '退出查看' }).click()
  await expect(page.getByText('正在以「冯子墨」')).toBeHidden()
  const all = await (await page.request.get('/api/contacts/count')).json()
  expect(all.total).toBeGreaterThan(own.total)
})

test('the operator’s day: makes a code that runs a roster, hangs it somewhere, and finds the customers of a tag', async ({
  page,
  browser,
}) => {
  await give(browser, '陈屿', { role: 'operator' })
  await scanAs(page, '陈屿')
  await page.getByRole('link', { name: '引流获客' }).first().click()
  await page.getByRole('button', { name: '新建活码' }).click()
  await page.waitForURL('**/channels/new') // the list's search is labelled alike
  await page.getByLabel('名字').fill('周末市集')
  await page.getByText('按班表轮').click()
  const shift = page.getByRole('combobox', { name: '接待成员' }).first()
  await shift.fill('许云舟')
  await page.getByTitle('许云舟').last().click()
  await page.keyboard.press('Escape')
  await page.getByLabel('备用成员').fill('罗一帆')
  await page.getByTitle('罗一帆').last().click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('table', { name: '未来 7 天的班表' })).toBeVisible()
  await page.getByText('用默认的').click()
  await page.getByRole('button', { name: '创建活码' }).click()
  await expect(page.getByText(/下一位扫码的客户会加上|由备用的/)).toBeVisible()
  await expect(page.getByText('正在告诉企业微信')).toBeHidden({ timeout: 20_000 })

  await page.getByRole('button', { name: '加投放位' }).click()
  await page.getByRole('textbox', { name: '投放位' }).fill('摊位立牌')
  await page.getByLabel('花费').fill('88')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('row', { name: /摊位立牌/ })).toContainText('¥88')

  const { groups } = await (await page.request.get('/api/tag-groups')).json()
  const tag = groups
    .flatMap((group: { tags: { tagId: string; contacts: number }[] }) => group.tags)
    .find((it: { contacts: number }) => it.contacts > 0)
  await page.goto(`/contacts?tagsAll=${tag.tagId}`)
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  const { items } = await (await page.request.get(`/api/contacts?tagsAll=${tag.tagId}&limit=100`)).json()
  expect(items.length).toBeGreaterThan(0)
  for (const item of items) expect(item.tags.map((it: { tagId: string }) => it.tagId)).toContain(tag.tagId)
  await page.goto('/settings/audit')
  await expect(page.getByRole('table')).toHaveCount(0)
})

test('the manager’s day: sees the customers of his department and nobody else’s, and tags one', async ({
  page,
  browser,
}) => {
  await give(browser, '唐知夏', { role: 'manager' })
  await scanAs(page, '唐知夏')
  const { items: staff } = await (await page.request.get('/api/staff?limit=200')).json()
  const shop = staff
    .filter((person: { departments: { name: string }[] }) => person.departments.some(({ name }) => name === '春熙路店'))
    .map((person: { name: string }) => person.name)
  expect(shop.length).toBeGreaterThan(2)
  const { items } = await (await page.request.get('/api/contacts?limit=100')).json()
  expect(items.length).toBeGreaterThan(20)
  const followers = new Set(
    items.flatMap((item: { followers: { name: string }[] }) => item.followers.map(({ name }) => name)),
  )
  expect([...followers].filter((name) => !shop.includes(name))).toEqual([])
  expect(followers.size).toBeGreaterThan(1)

  await page.goto(`/contacts/${items[0].contactId}`)
  const { groups } = await (await page.request.get('/api/tag-groups')).json()
  const mine = await (await page.request.get(`/api/contacts/${items[0].contactId}`)).json()
  const carried = JSON.stringify(mine.follows)
  const tag = groups
    .flatMap((group: { tags: { tagId: string; name: string }[] }) => group.tags)
    .find((it: { tagId: string }) => !carried.includes(`"${it.tagId}"`))
  await page.getByRole('button', { name: '标签', exact: true }).first().click()
  await page.getByRole('option', { name: tag.name, exact: true }).first().click()
  await expect(page.getByText(`已打上「${tag.name}」`)).toBeVisible()
  expect(await namesInNav(page)).not.toContain('操作记录')
})

test('the staff member’s day: his own customers alone, and off duty and on again by himself', async ({ page }) => {
  await scanAs(page, '许云舟')
  const { items } = await (await page.request.get('/api/contacts?limit=100')).json()
  expect(items.length).toBeGreaterThan(0)
  for (const item of items) expect(item.followers.map((f: { name: string }) => f.name)).toEqual(['许云舟'])
  await page.goto('/account')
  await page.getByRole('button', { name: '先不接了' }).click()
  await expect(page.getByText('休息中，活码暂时不分给您')).toBeVisible()
  await page.getByRole('button', { name: '开始接' }).click()
  await expect(page.getByText(/个活码会分给您/)).toBeVisible()
  await page.goto('/settings/roles')
  expect((await page.request.get('/api/audit')).status()).toBe(403)
  expect((await page.request.post('/api/channel-codes', { data: { name: '偷建', staffIds: ['1'] } })).status()).toBe(
    403,
  )
})

test('the auditor’s day: reads the log and its verdict, and finds nothing to press that changes anything', async ({
  page,
  browser,
}) => {
  await give(browser, '罗一帆', { role: 'auditor' })
  await scanAs(page, '罗一帆')
  await page.goto('/settings/audit')
  await expect(page.getByText(/首尾相接，没有被改过/)).toBeVisible()
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  for (const [path, button] of [
    ['/channels', '新建活码'],
    ['/tags', '新建标签组'],
    ['/contacts', '导出'],
    ['/settings/staff', /的角色/],
  ] as const) {
    await page.goto(path)
    await expect(page.getByRole('main')).toBeVisible()
    await page.waitForTimeout(800) // until what might be pressed is there
    await expect(page.getByRole('button', { name: button })).toHaveCount(0)
  }
  for (const [method, path] of [
    ['post', '/api/tag-groups'],
    ['post', '/api/roles'],
    ['put', '/api/welcome'],
  ] as const)
    expect((await page.request[method](path, { data: {} })).status()).toBe(403)
})
