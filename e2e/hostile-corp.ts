import { expect, type Page } from '@playwright/test'

const SIMULATOR = `http://127.0.0.1:${Number(process.env.SIYU_E2E_PORT ?? 7790) + 1}`
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
export const PAYLOADS = [
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

/** Those that fit where twenty characters are all there is. */
const SHORT = PAYLOADS.filter((text) => text.length <= 20)
const FORMULAS = ['=1+1', '+cmd|0', '-2+3', '@SUM(1)']

async function write(page: Page, method: string, path: string, data: unknown) {
  const reply = await page.request.fetch(`/api${path}`, { method, data })
  expect(reply.ok(), `${method} ${path}: ${await reply.text()}`).toBe(true)
  return reply.status() === 204 ? undefined : reply.json()
}
const read = async (page: Page, path: string) => (await page.request.get(`/api${path}`)).json()

const NAMES = PAYLOADS.map((payload) => payload.slice(0, 30))
/** As long as a cell's name may be. */
const CELL = PAYLOADS[0]!.slice(0, 12).trim()
/** For texts whose braces would be variables. */
const LINES = PAYLOADS.filter((text) => !text.includes('{'))
const [OPTIONS_FIELD, TEXT_FIELD, ROLE, VIEW, ACTIVITY] = SHORT as [string, string, string, string, string]

interface Corp {
  corpid: string
  userid: string
  staffId: string
  /** External ids of customers who are named after the payloads, in their order. */
  external: string[]
  contactIds: string[]
}

/** A company whose people wrote hostile texts wherever something can be written, and what to look for where. */
export async function aHostileCorp(page: Page) {
  const corp = await enterCorp(page)
  const [contactId = ''] = corp.contactIds
  const { channelCodeId, landingUrl } = await hangCode(page, corp)
  const codeBatchId = await startBatch(page, corp)
  await writeAbout(page, contactId)
  await giveRole(page)
  await loseAndPair(page, corp)
  const segmentId = await segmentAll(page)
  await stageHim(page, contactId)
  await cellAll(page)
  await leaveAlone(page, contactId)
  const said = await sayToAll(page)
  const journeyId = await lead(page)
  await askAll(page, contactId)
  const formId = await askForm(page)
  const ruleId = await tagByRules(page)
  const orderImportId = await bringOrders(page, corp)
  const bulkRunId = await importSheet(page, corp)
  const materialId = await writeLibrary(page)
  const groupChatId = await gather(page, corp)
  await expect(async () => {
    expect((await read(page, '/losses')).items).toHaveLength(1)
    expect((await read(page, '/duplicates')).items).toHaveLength(1)
    expect((await read(page, '/bulk-runs'))[0].state).toBe('done')
    expect((await read(page, '/contacts?q=SUM')).items).toHaveLength(1)
  }).toPass({ timeout: 60_000 })
  const groupAddress = `/channels?group=${encodeURIComponent(NAMES[4]!)}`
  return {
    corpid: corp.corpid,
    landingUrl,
    bulkRunId,
    groupAddress,
    /** What the addresses of screens are completed with. */
    ids: {
      contactId: corp.contactIds.slice(0, 12),
      channelCodeId: [channelCodeId],
      externalUserid: corp.external.slice(1, 2),
      codeBatchId: [codeBatchId],
      segmentId: [segmentId],
      ruleId: [ruleId],
      orderImportId: [orderImportId],
      materialId: [materialId],
      formId: [formId],
      groupChatId: [groupChatId],
      broadcastId: [said.broadcastId],
      runId: [said.runId],
      journeyId: [journeyId],
    },
    /** Texts that stand on these screens, as text: one that shows none would prove nothing. */
    shown: {
      '/contacts': [VIEW],
      [`/contacts/${contactId}`]: [PAYLOADS.at(-1)!, OPTIONS_FIELD, TEXT_FIELD],
      '/tags': [NAMES[1]!, NAMES[12]!],
      '/content/materials': [NAMES[2]!, SHORT[0]!],
      [`/content/materials/${materialId}`]: [PAYLOADS[0]!, PAYLOADS.at(-1)!],
      '/content/scripts': [LINES[0]!, SHORT[1]!],
      '/segments': [NAMES[6]!],
      '/reports/rfm': [CELL],
      '/auto-tags': [NAMES[1]!, NAMES[12]!],
      [`/contacts?segment=${segmentId}`]: [NAMES[6]!],
      '/groups': [PAYLOADS[3]!.slice(0, 100)],
      [`/groups/${groupChatId}`]: [PAYLOADS[3]!.slice(0, 100), PAYLOADS[5]!],
      '/stages': [NAMES[8]!.slice(0, 20)],
      '/settings/stages': [NAMES[8]!.slice(0, 20), NAMES[9]!.slice(0, 20)],
      '/orders/imports': [PAYLOADS[9]!],
      [`/orders/imports/${orderImportId}`]: [PAYLOADS[11]!],
      '/products': [PAYLOADS[12]!],
      '/settings/shops': [NAMES[13]!],
      '/tasks': [NAMES[11]!],
      '/tasks?view=cards': [NAMES[12]!],
      '/content/forms': [NAMES[15]!],
      [`/content/forms/${formId}/answers`]: [NAMES[15]!],
      '/losses': [PAYLOADS[0]!],
      '/broadcasts': [NAMES[16]!],
      [`/broadcasts/runs/${said.runId}`]: [NAMES[16]!],
      '/journeys': [NAMES[17]!],
      [`/journeys/${journeyId}`]: [NAMES[17]!],
      '/touches?view=refusals': [PAYLOADS[3]!.slice(0, 200)],
      '/settings/touches': [PAYLOADS[4]!],
      '/duplicates': [PAYLOADS[1]!],
      '/bulk-runs': [PAYLOADS[7]!],
      '/channels': [NAMES[2]!],
      [groupAddress]: [NAMES[2]!, NAMES[4]!],
      [`/channels/${channelCodeId}`]: [NAMES[2]!, NAMES[5]!, NAMES[24]!],
      '/channels/batches': [ACTIVITY],
      [`/channels/batches/${codeBatchId}`]: [ACTIVITY],
      '/settings/fields': [OPTIONS_FIELD, TEXT_FIELD],
      '/settings/roles': [ROLE],
      '/settings/staff': [ROLE],
    } as Record<string, string[]>,
  }
}

/** He would rather not be written to, for a hostile reason; and hostile words for people to agree to. */
async function leaveAlone(page: Page, contactId: string): Promise<void> {
  const note = PAYLOADS[3]!.slice(0, 200)
  await write(page, 'PUT', `/contacts/${contactId}/touch-refusal`, { why: 'blacklist', note })
  await write(page, 'POST', '/agreement-texts', { kind: 'subscribe', body: PAYLOADS[4]! })
}

/** Said to everybody in hostile words, under a hostile name; planned, and sent by nobody. */
async function sayToAll(page: Page): Promise<{ broadcastId: string; runId: string }> {
  const { broadcastId } = await write(page, 'POST', '/broadcasts', {
    ...{ requestKey: `hostile-${Date.now()}`, name: NAMES[16]!, topic: '营销' },
    ...{
      audience: { include: [{ kind: 'all' }], exclude: [] },
      variants: [{ weight: 1, text: LINES[1]!, materialIds: [] }],
    },
  })
  const { runId } = await write(page, 'POST', `/broadcasts/${broadcastId}/submit`, { version: 1 })
  return { broadcastId, runId }
}

/** A journey under a hostile name whose every step has hostile words; nobody goes on it. */
async function lead(page: Page): Promise<string> {
  const within = { n: 1, unit: 'day' }
  const message = { text: LINES[1]!, materialIds: [], topic: '营销', within }
  const draft = {
    ...{
      name: NAMES[17]!,
      first: 'n1',
      priority: 5,
      again: { kind: 'never' },
      goal: null,
      workdays: false,
    },
    trigger: { kind: 'friend', staffIds: [], channelCodeIds: [] },
    leaveOn: { reply: false, order: false, segmentId: null },
    steps: [
      { key: 'n1', kind: 'message', ...message, next: 'n2' },
      {
        key: 'n2',
        kind: 'task',
        title: NAMES[18]!,
        note: PAYLOADS[8]!.slice(0, 400),
        due: within,
        next: 'n3',
      },
      { key: 'n3', kind: 'notice', title: NAMES[19]!, text: PAYLOADS[9]!.slice(0, 400), next: 'n4' },
      { key: 'n4', kind: 'goal', name: NAMES[20]!, next: null },
    ],
  }
  const { journeyId } = await write(page, 'POST', '/journeys', { requestKey: `hostile-${Date.now()}`, draft })
  return journeyId
}

/** Segments under every name, one of them with hostile words in its rule too. */
async function segmentAll(page: Page): Promise<string> {
  const deed = { kind: 'page.viewed', where: [{ prop: 'title', op: 'contains', values: [PAYLOADS[6]!.slice(0, 100)] }] }
  const rule = {
    is: 'all',
    of: [
      { is: 'did', not: true, deed },
      { is: 'lost', not: true },
    ],
  }
  let last = ''
  for (const name of [...NAMES.slice(7, 19), NAMES[6]!])
    last = (await write(page, 'POST', '/segments', { name, note: name, rule })).segmentId
  return last
}

/** A stage, a flow and a reason of hostile names, and a customer moved there for a hostile reason. */
async function stageHim(page: Page, contactId: string): Promise<void> {
  const [flow] = (await read(page, '/stage-flows')).flows
  await write(page, 'POST', '/stage-flows', { name: NAMES[9]!.slice(0, 20) })
  const stage = { name: NAMES[8]!.slice(0, 20), kind: 'lost' }
  const { stageId } = await write(page, 'POST', `/stage-flows/${flow.flowId}/stages`, stage)
  await write(page, 'PUT', '/lost-reasons', { reasons: [{ name: NAMES[10]!.slice(0, 20) }] })
  const { lostReasons } = await read(page, '/stage-flows')
  const reason = PAYLOADS[11]!.slice(0, 200)
  await write(page, 'POST', `/contacts/${contactId}/stages`, {
    stageId,
    reason,
    lostReasonId: lostReasons[0].lostReasonId,
  })
}

/** A group of a hostile name and notice, in which everybody of a hostile name sits. */
async function gather(page: Page, { corpid, userid, external }: Corp): Promise<string> {
  const act = (action: object) => control(page, `/corps/${corpid}/actions`, action)
  const name = PAYLOADS[3]!.slice(0, 100)
  const made = await act({ type: 'group_create', name, owner: userid, memberIds: external.slice(0, 12) })
  await act({ type: 'group_edit', chatId: made.result.chatId, notice: PAYLOADS[5]! })
  let groupChatId = ''
  await expect(async () => {
    const [group] = (await read(page, '/groups')).items
    groupChatId = group.groupChatId
    expect((await read(page, `/groups/${groupChatId}`)).notice).toBe(PAYLOADS[5]!)
  }).toPass({ timeout: 60_000 })
  return groupChatId
}

/** Tasks and a card of hostile words. */
async function askAll(page: Page, contactId: string): Promise<void> {
  const [staff] = (await read(page, `/contacts/${contactId}`)).follows
  const dueAt = '2099-01-01T00:00:00Z'
  const words = { note: PAYLOADS[12]!.slice(0, 200), dueAt }
  await write(page, 'POST', '/tasks', { ...words, title: NAMES[11]!, contactId, staffId: staff.staffId })
  const card = { ...words, title: NAMES[12]!, say: PAYLOADS[13]!.slice(0, 200), coupon: NAMES[14]! }
  await write(page, 'POST', '/work-cards', { ...card, contactIds: [contactId] })
}

/** A form of hostile words, and a hostile answer to it. */
async function askForm(page: Page): Promise<string> {
  const words = (at: number, most: number) => PAYLOADS[at]!.slice(0, most).trim()
  const content = {
    title: NAMES[15]!,
    intro: words(1, 200),
    action: words(2, 8),
    fields: [
      { key: 'q1', kind: 'choice', label: words(3, 30), hint: words(4, 60), options: [words(5, 30), words(6, 30)] },
      { key: 'q2', kind: 'long_text', label: words(7, 30) },
    ],
    consents: [{ purpose: 'profile', text: words(8, 200).padEnd(4, '意') }],
    privacy: words(9, 200),
    limits: { total: null, perPerson: null, opensAt: null, closesAt: null },
    thanks: { words: words(10, 200), addStaff: false, channelCodeId: null },
  }
  const { formId } = await write(page, 'POST', '/forms', { content })
  await write(page, 'POST', `/forms/${formId}/publish`, {})
  await write(page, 'POST', `/forms/${formId}/links`, { placement: words(11, 20) })
  const [link] = (await read(page, `/forms/${formId}/stats`)).links
  const html = await (await page.request.get(link.url)).text()
  const boot = JSON.parse(/<script type="application\/json" id="boot">(.*?)<\/script>/.exec(html)![1]!)
  await page.waitForTimeout(3_200)
  const answers = { q1: content.fields[0]!.options![0]!, q2: PAYLOADS[12]!.slice(0, 900) }
  await write(page, 'POST', '/m/forms/answers', { visit: boot.visit, answers })
  return formId
}

/** A model of one cell, with hostile words as its name and its play. */
async function cellAll(page: Page): Promise<void> {
  const box = { r: [1, 5], f: [1, 5], m: [1, 5] }
  await write(page, 'PUT', '/rfm', {
    mode: 'own',
    monthly: false,
    withinDays: null,
    money: 'sum',
    cuts: { r: [1, 2, 3, 4], f: [1, 2, 3, 4], m: [1, 2, 3, 4] },
    cells: [{ name: CELL, box, atRisk: true, play: PAYLOADS[0]!.slice(0, 200) }],
  })
}

/** A rule for every tag, with hostile words in it. */
async function tagByRules(page: Page): Promise<string> {
  const { groups } = await read(page, '/tag-groups')
  const group = groups.find((one: { name: string }) => one.name === NAMES[1])
  const where = [{ prop: 'words', op: 'contains', values: [PAYLOADS[9]!.slice(0, 100)] }]
  const rule = { is: 'all', of: [{ is: 'did', not: true, deed: { kind: 'message.sent', where } }] }
  let last = ''
  for (const { tagId } of group.tags) last = (await write(page, 'POST', '/auto-tags', { tagId, rule })).ruleId
  return last
}

/** Files of orders with hostile headings, cells and names: one let in, one still being settled; and a shop of such a name. */
async function bringOrders(page: Page, corp: Corp): Promise<string> {
  const upload = async (fileName: string, lines: string[][]) => {
    const toldAt = '2026-11-20T00:00:00Z'
    const { orderImportId } = await write(page, 'POST', '/order-imports', { kind: 'orders', fileName, toldAt })
    const file = lines.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')
    const part = await page.request.put(`/api/order-imports/${orderImportId}/parts/0`, {
      headers: { 'content-type': 'application/octet-stream' },
      data: Buffer.from(file),
    })
    expect(part.ok()).toBe(true)
    const draft = await write(page, 'POST', `/order-imports/${orderImportId}/read`, undefined)
    return { orderImportId, draft }
  }
  const head = ['订单编号', '下单时间', '实付金额', '商品名称', '商品编号', '商品类目', '客户ID']
  const rows = PAYLOADS.slice(0, 30).map((text, nr) => {
    const time = new Date(Date.now() - nr * 60_000).toISOString()
    return [`H${nr}`, nr === 29 ? text : time, '10', text, `P${nr}`, text.slice(0, 60), corp.external[nr] ?? '']
  })
  const whole = await upload(PAYLOADS[9]!.slice(0, 120), [head, ...rows])
  await write(page, 'POST', `/order-imports/${whole.orderImportId}/start`, {
    mapping: { ...whole.draft.guessed, shop: 'own' },
    saveAs: NAMES[14],
  })
  await write(page, 'POST', '/session/step-up', { password: 'e2e-password-1' })
  const shop = { platform: 'youzan', name: NAMES[13], appKey: PAYLOADS[13]!.slice(0, 100), secret: 'secret-of-a-shop' }
  await write(page, 'POST', '/shop-connections', shop)
  await expect(async () => {
    expect((await read(page, `/order-imports/${whole.orderImportId}`)).state).toBe('done')
  }).toPass({ timeout: 30_000 })
  const open = await upload(PAYLOADS[11]!.slice(0, 120), [
    [...head, PAYLOADS[10]!],
    [...rows[3]!, PAYLOADS[12]!],
  ])
  return open.orderImportId
}

/** Customers, remarks, a member and a department, as WeCom tells of them. */
async function enterCorp(page: Page): Promise<Corp> {
  const { corpid } = await control(page, '/corps', {
    name: `敌意茶行${PAYLOADS[0]}`,
    persist: false,
    options: { rateLimits: false },
    generate: { customers: 1, staff: 2, tags: 1, followersEach: 1 },
  })
  const { staff } = await (await page.request.get(`${SIMULATOR}/control/corps/${corpid}/staff`)).json()
  const { userid } = staff[0]
  await expect(async () => {
    const { corps } = await read(page, '/session')
    const corp = corps.find((c: { wecomCorpid: string }) => c.wecomCorpid === corpid)
    await write(page, 'POST', '/session/corp', { corpId: corp.corpId })
    expect((await read(page, '/contacts')).items).toHaveLength(1)
  }).toPass({ timeout: 30_000 })
  const newcomers = PAYLOADS.map((name) => ({ type: 'new_customer', name }))
  const { results } = await control(page, `/corps/${corpid}/actions`, newcomers)
  const external: string[] = results.map((result: { externalUserid: string }) => result.externalUserid)
  await control(page, `/corps/${corpid}/actions`, [
    ...external.map((externalUserid) => ({ type: 'add', userid, externalUserid })),
    ...external.map((externalUserid, i) => ({
      type: 'staff_edits',
      userid,
      externalUserid,
      remark: PAYLOADS[(i + 1) % PAYLOADS.length]!.slice(0, 20),
      description: PAYLOADS[(i + 2) % PAYLOADS.length]!.slice(0, 100),
    })),
    { type: 'member_add', userid: 'hostile', name: NAMES[0] },
    { type: 'department_add', name: `<svg/onload=${FIRE}>` },
  ])
  await expect(async () => {
    expect((await read(page, '/contacts/count')).total).toBe(PAYLOADS.length + 1)
  }).toPass({ timeout: 60_000 })
  const contacts: { contactId: string }[] = (await read(page, '/contacts?limit=100')).items
  const { staffId } = await memberOf(page, userid)
  return { corpid, userid, staffId, external, contactIds: contacts.map(({ contactId }) => contactId) }
}

const memberOf = async (page: Page, userid: string) =>
  (await read(page, '/staff')).items.find((s: { userid: string }) => s.userid === userid)

/** Tags, a code with all it can say, the places it hangs, and the company's own welcome. */
async function hangCode(page: Page, { staffId }: Corp): Promise<{ channelCodeId: string; landingUrl: string }> {
  await write(page, 'POST', '/tag-groups', { name: NAMES[1], tags: [...new Set(NAMES.slice(0, 20))] })
  const code = await write(page, 'POST', '/channel-codes', {
    name: NAMES[2],
    groupName: NAMES[4],
    staffIds: [staffId],
    blockedWords: SHORT,
    welcome: {
      text: LINES.slice(-12).join('\n'),
      attachments: [{ type: 'link', title: NAMES[3], url: 'https://example.com/', desc: PAYLOADS[5] }],
    },
    welcomeSlots: [{ weekdays: [1], from: '09:00', to: '18:00', welcome: { text: LINES.slice(12, 24).join('\n') } }],
  })
  const placements = NAMES.slice(5, 25).map((name) => ({ name, kind: 'print' }))
  await write(page, 'POST', `/channel-codes/${code.channelCodeId}/placements`, { placements })
  await write(page, 'PUT', '/welcome', { welcome: { text: LINES.slice(24, 36).join('\n') } })
  return code
}

/** Codes of an activity named so, greeting in turns by welcomes that say so. */
async function startBatch(page: Page, { staffId }: Corp): Promise<string> {
  const welcomeVariants = [LINES.slice(0, 8), LINES.slice(8, 16)].map((lines) => ({
    weight: 1,
    welcome: { text: lines.join('\n') },
  }))
  const batch = { staffIds: [staffId], activity: ACTIVITY, nameTemplate: `{成员}${SHORT[0]}`, welcomeVariants }
  return (await write(page, 'POST', '/code-batches', batch)).codeBatchId
}

/** Fields and their options and values, notes, and views of the list. */
async function writeAbout(page: Page, contactId: string): Promise<void> {
  const options = [...new Set(NAMES)].slice(0, 40)
  const choices = await write(page, 'POST', '/contact-fields', { name: OPTIONS_FIELD, kind: 'choices', options })
  const text = await write(page, 'POST', '/contact-fields', { name: TEXT_FIELD, kind: 'text' })
  await write(page, 'PUT', `/contacts/${contactId}/fields`, {
    values: { [choices.contactFieldId]: options.slice(0, 9), [text.contactFieldId]: PAYLOADS.slice(0, 9).join(' ') },
  })
  for (const note of PAYLOADS.slice(-20)) await write(page, 'POST', `/contacts/${contactId}/notes`, { text: note })
  for (const name of SHORT) await write(page, 'POST', '/contact-views', { name, filter: { q: name }, shared: true })
}

/** A role and departments, named so, to the member named so. */
async function giveRole(page: Page): Promise<void> {
  const { roleId } = await write(page, 'POST', '/roles', { name: ROLE, permissions: ['contacts.read'] })
  await expect(async () => {
    const departments: { departmentId: string }[] = await read(page, '/departments')
    const { staffId } = await memberOf(page, 'hostile')
    const scopeDepartments = departments.map(({ departmentId }) => departmentId)
    const access = { role: 'custom', roleId, scopeKind: 'departments', scopeDepartments }
    await write(page, 'PUT', `/staff/${staffId}/access`, access)
  }).toPass({ timeout: 30_000 })
}

/** One customer leaves, two have one number, and some remarks are formulas. */
async function loseAndPair(page: Page, { corpid, userid, external }: Corp): Promise<void> {
  const [lost, one, same, ...rest] = external
  const remarkMobiles = ['13800138000']
  await control(page, `/corps/${corpid}/actions`, [
    { type: 'customer_deletes', userid, externalUserid: lost },
    ...[one, same].map((externalUserid) => ({ type: 'staff_edits', userid, externalUserid, remarkMobiles })),
    ...FORMULAS.map((remark, i) => ({ type: 'staff_edits', userid, externalUserid: rest[i], remark })),
  ])
}

/** A file whose name, cells and refused rows are hostile, and formulas. */
async function importSheet(page: Page, { external }: Corp): Promise<string> {
  const sheet = [
    ['客户ID', '标签', TEXT_FIELD],
    [external[12]!, '', PAYLOADS[6]!],
    ...PAYLOADS.map((text) => [external[13]!, text, text]),
    ...FORMULAS.map((text) => [text, '没有的标签', text]),
  ]
  const csv = sheet.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')
  const content = Buffer.from(csv).toString('base64')
  return (await write(page, 'POST', '/imports', { fileName: PAYLOADS[7], content })).bulkRunId
}

/** A material that says every text, and a script that says some. */
async function writeLibrary(page: Page): Promise<string> {
  const { folderId } = await write(page, 'POST', '/material-folders', { name: SHORT[0] })
  const blocks = PAYLOADS.flatMap((text) => [
    { type: 'paragraph', text },
    { type: 'list', ordered: false, items: [text] },
  ])
  const { materialId } = await write(page, 'POST', '/materials', {
    said: {
      kind: 'article',
      title: NAMES[2],
      summary: PAYLOADS[3],
      content: { blocks, author: NAMES[3]?.slice(0, 20) },
    },
    folderId,
    labels: SHORT.slice(0, 5),
    publish: true,
  })
  const { scriptGroupId } = await write(page, 'POST', '/script-groups', { name: SHORT[1] })
  await write(page, 'POST', '/scripts', {
    scriptGroupId,
    title: NAMES[5],
    keywords: SHORT.slice(0, 5),
    parts: [...LINES.slice(0, 5).map((text) => ({ type: 'text', text })), { type: 'material', materialId }],
  })
  return materialId
}
