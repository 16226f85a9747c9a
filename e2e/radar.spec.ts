import { expect, test } from '@playwright/test'
import { demoReady, signInAsOwner, staffIdOf } from './people.ts'

const SIMULATOR = `http://127.0.0.1:${Number(process.env.SIYU_E2E_PORT ?? 7790) + 1}`
/** A browser without a screen names itself as one, and machines are not counted. */
test.use({
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
})
const TITLE = '春茶怎么选：绿茶、白茶'
const ARTICLE = {
  kind: 'article',
  title: TITLE,
  summary: '三分钟讲明白',
  content: {
    author: '见山茶事',
    source: null,
    blocks: Array.from({ length: 20 }, (_, i) => ({
      type: 'paragraph',
      text: `第 ${i + 1} 段。春茶贵在一个「早」字，却不是越早越好喝。怕苦的人，先看茶芽，再看怎么泡。`,
    })),
  },
}

test.setTimeout(180_000)

test('sent → opened on the customer’s phone → the member’s notice, the timeline and the tag; forwarded, the friend is himself', async ({
  page,
  context,
  request,
}) => {
  await signInAsOwner(page)
  await demoReady(page)
  const { corps } = await (await request.get(`${SIMULATOR}/control/corps`)).json()
  const { corpid } = corps.find(({ key }: { key: string }) => key === 'demo')
  const control = `${SIMULATOR}/control/corps/${corpid}`
  const { customers } = await (await request.get(`${control}/customers?cast=true`)).json()
  const who = (name: string) => customers.find((one: { name: string }) => one.name === name).externalUserid
  const [chen, su] = [who('陈伯年'), who('何晓棠')]
  for (const externalUserid of [chen, su])
    await request.post(`${control}/actions`, {
      data: { type: 'add', userid: 'zhouxiaoman', externalUserid, accepted: true },
    })
  const made = await page.request.post('/api/materials', { data: { said: ARTICLE, publish: true } })
  expect(made.ok()).toBe(true)
  const { materialId } = await made.json()
  const { groups } = await (await page.request.get('/api/tag-groups')).json()
  const tagId = groups[0].tags[0].tagId
  const rule = {
    is: 'did',
    deed: { kind: 'content.opened', where: [{ prop: 'pieceId', op: 'is', values: [materialId] }] },
    atLeast: 1,
  }
  expect((await page.request.post('/api/auto-tags', { data: { tagId, rule: { is: 'all', of: [rule] } } })).ok()).toBe(
    true,
  )
  const staffId = await staffIdOf(page, '周小满')
  const link = await page.request.post('/api/radar/links', { data: { materialId, staffId, channel: 'chat' } })
  expect(link.ok()).toBe(true)
  const { url } = await link.json()
  await request.post(`${control}/actions`, {
    data: {
      type: 'staff_says',
      userid: 'zhouxiaoman',
      externalUserid: chen,
      text: TITLE,
      kind: 'link',
      content: { title: TITLE, desc: ARTICLE.summary, url },
    },
  })
  let contactId = ''
  await expect(async () => {
    const found = await page.request.get(`/api/contacts/by-external/${chen}`)
    expect(found.ok()).toBe(true)
    contactId = (await found.json()).contactId
  }).toPass()

  const world = await context.newPage()
  await world.goto(`${SIMULATOR}/world/`)
  const phone = world.getByRole('region', { name: '陈伯年的手机' })
  // The cast comes in with the first answer; before it there is nobody to be.
  await expect(async () => {
    const chosen = world.getByRole('button', { name: /陈伯年/ }).first()
    await chosen.click()
    await expect(phone).toBeVisible({ timeout: 2_000 })
  }).toPass()
  await phone
    .getByRole('button', { name: new RegExp(TITLE) })
    .last()
    .click()
  const read = world.frameLocator('iframe[title="陈伯年打开的网页"]')
  await expect(read.getByRole('heading', { name: TITLE })).toBeVisible()
  await expect(read.getByText('周小满能看到您读过这篇')).toBeVisible()
  await expect(world.getByText(/陈伯年打开了《春茶怎么选/)).toBeVisible()
  const openedAt = Date.now()

  await expect(async () => {
    const { items } = await (await page.request.get(`/api/contacts/${contactId}/timeline?limit=50`)).json()
    const kinds = items.map(({ kind }: { kind: string }) => kind)
    expect(kinds).toContain('content.opened')
    const tagged = items.find(
      ({ kind, props }: { kind: string; props: { tagId?: string } }) => kind === 'tag.added' && props.tagId === tagId,
    )
    expect(tagged).toBeTruthy()
  }).toPass({ timeout: 20_000, intervals: [200] })
  console.info(`timeline and tag ${Date.now() - openedAt} ms after the opening was counted`)

  await read.locator('body').evaluate(() => scrollTo(0, document.body.scrollHeight))
  await phone.getByRole('button', { name: '转发' }).click()
  await world
    .getByRole('dialog', { name: '转发给谁' })
    .getByRole('button', { name: /何晓棠/ })
    .click()
  await expect(world.getByText(/何晓棠打开了《春茶怎么选/)).toBeVisible({ timeout: 30_000 })
  await world.waitForTimeout(3_000) // she reads on for a while
  await world.getByRole('region', { name: '何晓棠的手机' }).getByRole('button', { name: '关掉网页' }).click()
  await expect(world.getByText(/何晓棠读到/)).toBeVisible()

  await page.goto(`/content/radar/${materialId}`)
  const readers = page.getByRole('table', { name: '谁看了' })
  await expect(readers.getByRole('link', { name: '陈伯年' })).toBeVisible()
  await expect(readers.getByRole('link', { name: '何晓棠' })).toBeVisible()
  await expect(page.getByRole('img', { name: '陈伯年转给何晓棠' })).toBeVisible()
})
