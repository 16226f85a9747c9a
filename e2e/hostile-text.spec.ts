import { expect, type Page, test } from '@playwright/test'
import { signInAsOwner } from './people.ts'

const SIMULATOR = 'http://127.0.0.1:7791'
const FIRE = '__f=1'

/** Ways text has become script elsewhere: elements, handlers, addresses, styles, templates, broken markup, odd encodings. */
const ELEMENTS = [
  'img src=x',
  'svg',
  'body',
  'iframe',
  'details open',
  'video',
  'audio src=x',
  'input autofocus',
  'marquee',
  'object data=x',
]
const HANDLERS = ['onerror', 'onload', 'onfocus', 'ontoggle', 'onstart', 'onmouseover']
const PAYLOADS = [
  ...ELEMENTS.flatMap((element) => HANDLERS.map((handler) => `<${element} ${handler}=${FIRE}>`)),
  `<script>${FIRE}</script>`,
  `<scr<script>ipt>${FIRE}</script>`,
  `"><script>${FIRE}</script>`,
  `'><img src=x onerror=${FIRE}>`,
  `</title><script>${FIRE}</script>`,
  `</textarea><svg/onload=${FIRE}>`,
  `--><svg/onload=${FIRE}>`,
  `<a href="javascript:${FIRE}">点我</a>`,
  `javascript:${FIRE}`,
  `data:text/html,<script>${FIRE}</script>`,
  `<iframe srcdoc="<script>parent.__f=1</script>">`,
  `<math><mtext><img src=x onerror=${FIRE}>`,
  `<style>@import'javascript:${FIRE}'</style>`,
  `{{constructor.constructor('${FIRE}')()}}`,
  `\${${FIRE}}`,
  `&lt;img src=x onerror=${FIRE}&gt;`,
  `<img src=x onerror\u000A=${FIRE}>`,
  `<form><button formaction=javascript:${FIRE}>x`,
  `<base href=//127.0.0.1:9/>`,
  `<meta http-equiv=refresh content="0;url=javascript:${FIRE}">`,
]

async function control(page: Page, path: string, data: unknown) {
  const reply = await page.request.post(`${SIMULATOR}/control${path}`, { data })
  expect(reply.ok(), await reply.text()).toBe(true)
  return reply.json()
}

test(`${PAYLOADS.length} hostile texts in every name, remark and welcome fire on no screen`, async ({ page }) => {
  test.setTimeout(180_000)
  await signInAsOwner(page)
  const { corpid } = await control(page, '/corps', {
    name: '敌意茶行',
    persist: false,
    options: { rateLimits: false },
    generate: { customers: 1, staff: 2, tags: 1, followersEach: 1 },
  })
  const { staff } = await (await page.request.get(`${SIMULATOR}/control/corps/${corpid}/staff`)).json()
  const { userid } = staff[0]
  await expect(async () => {
    const { corps } = await (await page.request.get('/api/session')).json()
    const corp = corps.find((c: { wecomCorpid: string }) => c.wecomCorpid === corpid)
    expect((await page.request.post('/api/session/corp', { data: { corpId: corp.corpId } })).ok()).toBe(true)
    expect((await (await page.request.get('/api/contacts')).json()).items).toHaveLength(1)
  }).toPass({ timeout: 30_000 })

  const { results } = await control(
    page,
    `/corps/${corpid}/actions`,
    PAYLOADS.map((name) => ({ type: 'new_customer', name })),
  )
  const ids = results.map((result: { externalUserid: string }) => result.externalUserid)
  await control(page, `/corps/${corpid}/actions`, [
    ...ids.map((externalUserid: string) => ({ type: 'add', userid, externalUserid })),
    ...ids.map((externalUserid: string, i: number) => ({
      type: 'staff_edits',
      userid,
      externalUserid,
      remark: PAYLOADS[(i + 1) % PAYLOADS.length]!.slice(0, 20),
      description: PAYLOADS[(i + 2) % PAYLOADS.length]!.slice(0, 100),
    })),
    { type: 'member_add', userid: 'hostile', name: PAYLOADS[0]!.slice(0, 30) },
    { type: 'department_add', name: `<svg/onload=${FIRE}>` },
  ])
  const names = PAYLOADS.map((payload) => payload.slice(0, 30))
  expect(
    (
      await page.request.post('/api/tag-groups', { data: { name: names[1], tags: [...new Set(names.slice(0, 20))] } })
    ).ok(),
  ).toBe(true)
  const { items } = await (await page.request.get('/api/staff')).json()
  const code = await page.request.post('/api/channel-codes', {
    data: {
      name: names[2],
      staffIds: [items.find((s: { userid: string }) => s.userid === userid).staffId],
      tagIds: [],
      skipVerify: true,
      remark: '',
      welcome: {
        text: PAYLOADS.filter((text) => !text.includes('{'))
          .slice(-12)
          .join('\n'),
        attachments: [{ type: 'link', title: names[3], url: 'https://example.com/', description: PAYLOADS[5] }],
      },
    },
  })
  const { channelCodeId } = await code.json()
  expect(code.status(), JSON.stringify(await code.json())).toBe(201)
  await expect(async () => {
    const { total } = await (await page.request.get('/api/contacts/count')).json()
    expect(total).toBe(PAYLOADS.length + 1)
  }).toPass({ timeout: 60_000 })
  const contacts = (await (await page.request.get('/api/contacts?limit=100')).json()).items

  const screens = [
    '/',
    '/contacts',
    `/contacts?q=${encodeURIComponent(PAYLOADS[0]!)}`,
    ...contacts.slice(0, 12).map((c: { contactId: string }) => `/contacts/${c.contactId}`),
    '/tags',
    '/channels',
    `/channels/${channelCodeId}`,
    `/channels/${channelCodeId}/edit`,
    '/settings/staff',
    '/settings/audit',
    '/settings/health',
    `/world?corpid=${corpid}`,
  ]
  const fired: string[] = []
  page.on('dialog', (dialog) => {
    fired.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  for (const screen of screens) {
    await page.goto(screen)
    await page.waitForLoadState('load')
    await page.waitForTimeout(400)
    const hit = await page.evaluate(() => ({
      fired: '__f' in window,
      planted: document.querySelectorAll(
        'img[src="x"], [onerror], [onload], iframe[srcdoc], base, meta[http-equiv=refresh], a[href^="javascript:"]',
      ).length,
    }))
    if (hit.fired || hit.planted > 0) fired.push(`${screen}: ${JSON.stringify(hit)}`)
  }
  expect(fired).toEqual([])
  // The texts are there, as text: a page that shows none of them would prove nothing.
  await page.goto('/contacts')
  await expect(page.getByText(PAYLOADS.at(-1)!, { exact: false }).first()).toBeVisible()
})
