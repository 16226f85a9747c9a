import { expect, type Page, test } from '@playwright/test'
import { demoReady, signInAsOwner } from './people.ts'

/** What the walk sends; made once, as whoever keeps the library would. */
async function aLibrary(page: Page): Promise<void> {
  const post = async (url: string, data: object) => (await page.request.post(url, { data })).json()
  const { scriptGroupId } = await post('/api/script-groups', { name: `口味${Date.now() % 100_000}` })
  const text = '几乎不苦，冷水里涩味出得慢。怕苦的话，我给您配份碧潭小样。'
  await post('/api/scripts', {
    scriptGroupId,
    title: '冷泡苦不苦',
    keywords: ['冷泡'],
    parts: [{ type: 'text', text }],
  })
}

/** Somebody scans and becomes a friend; the staff phone then has our page beside the chat. */
async function aFriendInTheWorld(world: Page, name: string) {
  await world.goto('/world')
  await world
    .getByRole('button', { name: new RegExp(name) })
    .first()
    .click()
  // Codes made in the console since stand before the printed ones.
  await world.locator('.cast-heading').filter({ hasText: '让顾客扫哪个' }).getByRole('button').click()
  await world.getByPlaceholder('搜码的名字、参数').fill('春熙路店桌贴')
  await world.getByRole('listitem').filter({ hasText: '春熙路店桌贴' }).getByRole('button', { name: '扫码' }).click()
  const phone = world.getByRole('region', { name: `${name}的手机` })
  await phone.getByRole('button', { name: /添加/ }).click()
  const sidebar = world.frameLocator('#phone-staff iframe')
  await expect(sidebar.getByRole('region', { name: '客户' }).getByText(name).first()).toBeVisible({ timeout: 30_000 })
  return { phone, sidebar }
}

test('beside the chat: who he is, a tag, a stage, a line found by two characters, sent by the member’s own tap', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000)
  await signInAsOwner(page)
  await demoReady(page)
  await aLibrary(page)
  const world = await context.newPage()
  const { phone, sidebar } = await aFriendInTheWorld(world, '苏苏')
  await sidebar.locator('[data-part="timeline"]').click()
  const whole = sidebar.getByRole('dialog', { name: '发生了什么' })
  await expect(whole.getByText(/扫「春熙路店桌贴」加了你/)).toBeVisible()
  await whole.getByRole('button', { name: '关闭' }).click()

  // A tag: put with one tap, in WeCom within two seconds, and taken back as easily.
  const suggested = sidebar.locator('[data-part="suggested-tag"]').first()
  const tag = (await suggested.innerText()).trim()
  await suggested.click()
  await expect(sidebar.getByText(`打上「${tag}」`).first()).toBeVisible()
  await expect(world.getByText(new RegExp(`给苏苏.*打上「${tag}」`)).first()).toBeVisible({ timeout: 10_000 })
  await sidebar.getByRole('button', { name: '撤销' }).click()
  await expect(sidebar.getByText('已撤销')).toBeVisible()

  // A stage.
  await sidebar.locator('[data-part="stage"]').click()
  const sheet = sidebar.getByRole('dialog', { name: '换客户阶段' })
  const next = sheet.locator('button:not([disabled]):not(.round)').first()
  const stage = (await next.innerText()).trim()
  await next.click()
  await expect(sidebar.locator('[data-part="stage"]')).toHaveText(stage)

  // Two characters, one tap of ours, one of the member's.
  await sidebar.getByRole('searchbox').fill('冷泡')
  const row = sidebar.getByRole('listitem').filter({ hasText: '冷泡苦不苦' })
  await row.getByRole('button', { name: '发送' }).click()
  await expect(row.getByRole('button', { name: '待你确认' })).toBeVisible()
  await expect(phone.getByText(/几乎不苦/)).toHaveCount(0)
  const strip = world.getByRole('alertdialog', { name: /发给苏苏/ })
  await expect(strip).toContainText('几乎不苦')
  await strip.getByRole('button', { name: '发送' }).click()
  await expect(row.getByRole('button', { name: '已发送' })).toBeVisible()
  await expect(phone.getByText(/几乎不苦/)).toBeVisible()

  // What was put into the chat and not sent is not sent.
  await row.getByRole('button', { name: '已发送' }).click()
  await world
    .getByRole('alertdialog', { name: /发给苏苏/ })
    .getByRole('button', { name: '不发' })
    .click()
  await expect(row.getByRole('button', { name: '发送' })).toBeVisible()
  await expect(phone.getByText(/几乎不苦/)).toHaveCount(1)
  await world.close()
})

test('each phone is its holder’s: another member’s sidebar shows his own customers, and a page out of a phone nobody', async ({
  page,
  context,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  const world = await context.newPage()
  const me = async () =>
    world
      .frames()
      .find((frame) => frame.url().includes('/m/sidebar'))
      ?.evaluate(async () => (await (await fetch('/api/m/me')).json()).name as string)
  await world.goto('/world')
  /** Whoever played last decides who is on stage and whether his phone shows a chat or all of them. */
  const lookInto = async (name: string) => {
    await world.getByRole('button', { name: new RegExp(`^看${name}.*的手机$`) }).click()
    const staffPhone = world.locator('#phone-staff')
    await expect(async () => {
      const back = staffPhone.getByRole('button', { name: '返回', exact: true })
      if (await back.isVisible()) await back.click()
      await staffPhone.locator('[data-chat]').first().click({ timeout: 2_000 })
    }).toPass()
  }
  await lookInto('周小满')
  await expect(async () => expect(await me()).toBe('周小满')).toPass()
  // The same browser, another phone.
  await lookInto('唐')
  await expect(async () => expect(await me()).toMatch(/^唐/)).toPass()
  const address = world
    .frames()
    .map((frame) => frame.url())
    .find((url) => url.includes('/m/sidebar'))!
  const alone = await context.newPage()
  await alone.goto(address)
  await expect(alone.getByText('请从聊天右侧打开')).toBeVisible()
})
