import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { demoReady, signInAsOwner, staffIdOf } from './people.ts'

const SIMULATOR = `http://127.0.0.1:${Number(process.env.SIYU_E2E_PORT ?? 7790) + 1}`
/** A browser without a screen names itself as one, and machines are not counted. */
test.use({
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
})
test.setTimeout(240_000)

const articleOf = (title: string) => ({
  kind: 'article',
  title,
  summary: '两分钟讲明白',
  content: {
    author: '见山茶事',
    source: null,
    blocks: Array.from({ length: 8 }, (_, i) => ({ type: 'paragraph', text: `第 ${i + 1} 段。三年的清，五年的醇。` })),
  },
})

interface Line {
  kind: string
  at: string
  props: { tagId?: string; title?: string }
}

/** An article whoever opens is tagged for, and notices at any hour. */
async function anArticle(page: Page, title: string, tagNr: number) {
  const settings = await (await page.request.get('/api/radar/settings')).json()
  const loud = { ...settings, notify: true, hourlyMax: 20, quietFrom: '00:00', quietUntil: '00:00' }
  expect((await page.request.put('/api/radar/settings', { data: loud })).ok()).toBe(true)
  const made = await page.request.post('/api/materials', { data: { said: articleOf(title), publish: true } })
  expect(made.ok()).toBe(true)
  const { materialId } = await made.json()
  const { groups } = await (await page.request.get('/api/tag-groups')).json()
  const tagId = groups[0].tags.at(-tagNr).tagId
  const where = [{ prop: 'pieceId', op: 'is', values: [materialId] }]
  const rule = { is: 'all', of: [{ is: 'did', deed: { kind: 'content.opened', where }, atLeast: 1 }] }
  expect((await page.request.post('/api/auto-tags', { data: { tagId, rule } })).ok()).toBe(true)
  return { materialId, tagId }
}

/** The demo company is dressed to the end: what its customers read comes last, and a machine that does so is busy. */
async function demoDressed(page: Page): Promise<void> {
  await expect(async () => {
    const { items } = await (await page.request.get('/api/radar/materials')).json()
    expect(items.length).toBeGreaterThan(5)
  }).toPass({ timeout: 120_000 })
}

async function lines(page: Page, externalUserid: string): Promise<Line[]> {
  const { contactId } = await (await page.request.get(`/api/contacts/by-external/${externalUserid}`)).json()
  return (await (await page.request.get(`/api/contacts/${contactId}/timeline?limit=50`)).json()).items
}

async function cast(context: BrowserContext) {
  const { corps } = await (await context.request.get(`${SIMULATOR}/control/corps`)).json()
  const { corpid } = corps.find(({ key }: { key: string }) => key === 'demo')
  const control = `${SIMULATOR}/control/corps/${corpid}`
  const { customers } = await (await context.request.get(`${control}/customers?cast=true`)).json()
  return {
    control,
    idOf: (name: string): string => customers.find((one: { name: string }) => one.name === name).externalUserid,
  }
}

/** Chooses somebody of the cast; the phones are his and the member's. */
async function choose(world: Page, name: string) {
  const phone = world.getByRole('region', { name: `${name}的手机` })
  await expect(async () => {
    await world
      .getByRole('button', { name: new RegExp(name) })
      .first()
      .click()
    await expect(phone).toBeVisible({ timeout: 2_000 })
  }).toPass()
  return phone
}

test('found by two characters beside the chat, sent by the member’s tap, opened on the customer’s phone: notice at the member’s phone, tag and timeline, and how soon', async ({
  page,
  context,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  await demoDressed(page)
  const title = '陈皮怎么选：三年、五年'
  const { tagId } = await anArticle(page, title, 1)
  const { control, idOf } = await cast(context)
  const lin = idOf('林晚')
  const befriend = { type: 'add', userid: 'zhouxiaoman', externalUserid: lin, accepted: true }
  await context.request.post(`${control}/actions`, { data: befriend })
  await expect(async () => {
    expect((await page.request.get(`/api/contacts/by-external/${lin}`)).ok()).toBe(true)
  }).toPass()

  const world = await context.newPage()
  await world.goto(`${SIMULATOR}/world/`)
  const phone = await choose(world, '林晚')
  const sidebar = world.frameLocator('#phone-staff iframe')
  await expect(sidebar.getByRole('region', { name: '客户' }).getByText('林晚').first()).toBeVisible({ timeout: 30_000 })

  await sidebar.getByRole('searchbox').fill('陈皮')
  const row = sidebar.getByRole('listitem').filter({ hasText: title })
  await row.getByRole('button', { name: '发送' }).click()
  const strip = world.getByRole('alertdialog', { name: /发给林晚/ })
  await strip.getByRole('button', { name: '发送' }).click()
  await expect(row.getByRole('button', { name: '已发送' })).toBeVisible()

  await phone
    .getByRole('button', { name: new RegExp(title) })
    .last()
    .click()
  const read = world.frameLocator('iframe[title="林晚打开的网页"]')
  await expect(read.getByRole('heading', { name: title })).toBeVisible()
  await expect(phone.getByText(/雷达：打开了/)).toBeVisible()

  await expect(async () => {
    const told = await lines(page, lin)
    const opened = told.find(({ kind, props }) => kind === 'content.opened' && props.title === title)
    const tagged = told.find(({ kind, props }) => kind === 'tag.added' && props.tagId === tagId)
    expect(told.some(({ kind, props }) => kind === 'content.sent' && props.title === title)).toBe(true)
    expect(opened && tagged).toBeTruthy()
    const ms = Date.parse(tagged!.at) - Date.parse(opened!.at)
    console.info(`the tag ${ms} ms after the opening`)
  }).toPass({ timeout: 30_000, intervals: [200] })

  // WeCom rings at the member's phone, over whatever he looks at, and keeps the message.
  const staffPhone = world.locator('#phone-staff')
  await expect(staffPhone.getByRole('status').filter({ hasText: `看了《${title}》` })).toBeVisible({ timeout: 30_000 })
  await staffPhone.getByRole('button', { name: '返回' }).click()
  const messages = staffPhone.getByRole('button', { name: /应用消息/ })
  await expect(messages).toContainText(`看了《${title}》`)
  await messages.click()
  await expect(staffPhone.getByRole('list', { name: '应用消息' })).toContainText(
    // What others opened meanwhile comes in the same message, whose link then leads to the whole list.
    new RegExp(`看了《${title}》[^]*?/content/radar`),
  )
  await world.close()
})

test('of a link sent into a group each member who opens it is himself', async ({ page, context }) => {
  await signInAsOwner(page)
  await demoReady(page)
  const title = '团购开团：老白茶饼'
  const { materialId } = await anArticle(page, title, 2)
  const { control, idOf } = await cast(context)
  const members = ['阿哲', '郑一鸣'] as const
  const act = (data: object) => context.request.post(`${control}/actions`, { data })
  for (const name of members)
    await act({ type: 'add', userid: 'zhouxiaoman', externalUserid: idOf(name), accepted: true })
  const group = await act({
    type: 'group_create',
    name: '春熙路老客群',
    owner: 'zhouxiaoman',
    memberIds: members.map(idOf),
  })
  const { result } = await group.json()
  const chatId: string = result.chatId
  const staffId = await staffIdOf(page, '周小满')
  const link = await page.request.post('/api/radar/links', { data: { materialId, staffId, channel: 'group', chatId } })
  const { url } = await link.json()
  const world = await context.newPage()
  await world.goto(`${SIMULATOR}/world/`)
  for (const name of members) {
    // A group's chat is not drawn in the phones: the link that stands in it is shown to each of its members.
    await act({
      type: 'staff_says',
      userid: 'zhouxiaoman',
      externalUserid: idOf(name),
      text: title,
      kind: 'link',
      content: { title, desc: '', url },
    })
    const phone = await choose(world, name)
    await phone
      .getByRole('button', { name: new RegExp(title) })
      .last()
      .click()
    await expect(phone.getByText(/雷达：打开了/)).toBeVisible({ timeout: 30_000 })
    await world.waitForTimeout(2_500) // he reads for a while
    await phone.getByRole('button', { name: '关掉网页' }).click()
  }
  await page.goto(`/content/radar/${materialId}`)
  const readers = page.getByRole('table', { name: '谁看了' })
  for (const name of members) await expect(readers.getByRole('link', { name })).toBeVisible({ timeout: 45_000 })
  await expect(page.getByText('2 人打开 2 次').first()).toBeVisible()
  const radar = await (await page.request.get(`/api/radar/materials/${materialId}`)).json()
  expect(radar.channels).toMatchObject([{ channel: 'group', opens: 2, people: 2 }])
  await world.close()
})
