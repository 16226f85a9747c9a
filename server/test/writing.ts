import { createPlacements } from '../src/modules/channels/placements/service.ts'
import { ensureFirstAdmin, grantCorp } from '../src/modules/staff/sign-in.ts'
import { USUAL as POLICY } from '../src/modules/touches/schema.ts'
import { inCorp } from '../src/platform/db.ts'
import { aCookieOf } from './cookies.ts'
import { aKey } from './open-api.ts'
import type { aWholeApp } from './whole-app.ts'
import { aMember, type Named, things } from './whole-house.ts'
import type { TestDb } from './world.ts'

type WholeApp = Awaited<ReturnType<typeof aWholeApp>>

/** Opened by a key of the corp, not by a cookie. */
const BY_KEY: ReadonlySet<string> = new Set([
  'POST /collect',
  'POST /open/orders',
  'POST /open/members',
  'POST /open/orders/{platform}',
  'POST /api/openapi/person-token',
])

const LATER = '2099-01-01T00:00:00Z'
const BROADCAST = {
  ...{ name: '冬至', topic: '营销', variants: [{ text: '冬至快乐' }] },
  audience: { include: [{ kind: 'all' }] },
}
/** Of a journey anybody may publish. */
const JOURNEY = {
  ...{ name: '新客', first: 'n1', priority: 5, again: { kind: 'never' }, goal: null, workdays: false },
  trigger: { kind: 'friend', staffIds: [], channelCodeIds: [] },
  leaveOn: { reply: true, order: false, segmentId: null },
  steps: [{ key: 'n1', kind: 'wait', span: { n: 1, unit: 'day' }, at: null, workdays: false, next: null }],
}
const EVERYBODY = { is: 'all', of: [{ is: 'lost', not: true }] }

/** What a route may be asked to do, with bodies that would be taken. Ids in braces are put in from the objects at hand. */
export const BODIES: Readonly<Record<string, (of: Ids) => object>> = {
  'PUT /api/staff/{staffId}/access': () => ({ role: 'staff' }),
  'PUT /api/staff/{staffId}/duty': () => ({ onDuty: true }),
  'POST /api/session/view-as': (of) => ({ staffId: of.staffId }),
  'PUT /api/sign-in-rules': () => ({ idleMinutes: 30, absoluteHours: 12, secondFactor: false }),
  'POST /api/contact-exports': () => ({ filter: {}, format: 'csv', reason: '门店活动' }),
  'POST /api/contact-exports/{contactExportId}/decision': () => ({ approve: false }),
  'PUT /api/export-rules': () => ({ approvalAbove: 5_000, dailyMax: 50_000 }),
  'POST /api/contacts/{contactId}/mobiles': () => ({ purpose: 'call' }),
  'PUT /api/loss-alert': () => ({ tell: 'member' }),
  'POST /api/contacts/{contactId}/merge-reviews/{otherId}': () => ({ decision: 'apart' }),
  'POST /api/events/types': (of) => ({ kind: `new.kind${of.tagId}`, title: '新事件', properties: [] }),
  'PUT /api/events/types/{kind}': () => ({ title: '改事件', properties: [] }),
  'POST /api/openapi/keys': () => ({ kind: 'web', name: '官网', allowedOrigins: ['https://shop.example.com'] }),
  'POST /open/orders': () => ({ orders: [{}] }),
  'POST /open/members': () => ({ members: [{}] }),
  'POST /open/orders/{platform}': () => ({ orders: [{}] }),
  'POST /api/order-imports': () => ({ kind: 'orders', fileName: '订单.csv', toldAt: '2026-11-20T00:00:00Z' }),
  'POST /api/order-imports/{orderImportId}/preview': () => ({ mapping: { columns: { orderNo: '订单编号' } } }),
  'POST /api/order-imports/{orderImportId}/start': () => ({ mapping: { columns: { orderNo: '订单编号' } } }),
  'POST /api/shop-connections': () => ({ platform: 'youzan', name: '有赞店', appKey: 'k', secret: SECRET }),
  'PATCH /api/shop-connections/{shopConnectionId}': () => ({ name: '改名', secret: SECRET }),
  'POST /api/guide-rule/preview': () => ({ lockDays: 30, lockBy: 'add' }),
  'PUT /api/guide-rule': () => ({ lockDays: 30, lockBy: 'add' }),
  'POST /api/segments': (of) => ({ name: `群${of.tagId}`, rule: ruleOf(of.ownTagId) }),
  'POST /api/segments/preview': (of) => ({ rule: ruleOf(of.ownTagId) }),
  'POST /api/segments/preview/parts': (of) => ({ rule: ruleOf(of.ownTagId) }),
  'PATCH /api/segments/{segmentId}': (of) => ({ name: `改群${of.tagId}` }),
  'POST /api/contacts/{contactId}/stages': (of) => ({ stageId: of.ownStageId }),
  'POST /api/tasks': (of) => ({ title: '回访', dueAt: LATER, contactId: of.contactId, staffId: of.staffId }),
  'PATCH /api/tasks/{taskId}': () => ({ title: '改' }),
  'POST /api/tasks/{taskId}/end': () => ({ as: 'done' }),
  'POST /api/work-cards': (of) => ({ title: '回访', dueAt: LATER, contactIds: [of.contactId] }),
  'POST /api/journeys': () => ({ requestKey: 'request-one', draft: JOURNEY }),
  'PUT /api/journeys/{journeyId}': () => ({ draft: JOURNEY, revision: 1 }),
  'POST /api/journeys/{journeyId}/publish': () => ({ revision: 1, people: 'stay' }),
  'POST /api/journeys/{journeyId}/dry-run': (of) => ({ draft: JOURNEY, contactId: of.contactId, days: 30 }),
  'POST /api/broadcasts': () => ({ ...BROADCAST, requestKey: 'request-one' }),
  'POST /api/broadcasts/preview': () => ({
    ...{ topic: '营销', priority: 5, holdout: 0, audience: BROADCAST.audience },
    ...{ senders: { kind: 'recent' }, schedule: { kind: 'now' } },
  }),
  'PUT /api/broadcasts/{broadcastId}': () => ({ ...BROADCAST, version: 1 }),
  'POST /api/broadcasts/{broadcastId}/submit': () => ({ version: 1 }),
  'POST /api/broadcasts/{broadcastId}/try': (of) => ({ variant: 0, staffIds: [of.staffId] }),
  'POST /api/broadcast-lists': (of) => ({ name: '名单', lines: [of.contactId] }),
  'PUT /api/broadcast-setting': () => ({ approvalAbove: 300 }),
  'POST /api/broadcast-runs/{runId}/decide': () => ({ hash: '0'.repeat(64), approve: false }),
  'POST /api/broadcast-runs/{runId}/stop': () => ({}),
  'POST /api/broadcast-runs/{runId}/remind': () => ({}),
  'POST /api/broadcast-runs/{runId}/chunks/{number}/resolve': () => ({ as: 'again' }),
  'PUT /api/touch-policy': () => ({ ...POLICY, version: 0 }),
  'POST /api/touch-policy/replay': () => ({ from: '2026-11-01', to: '2026-11-30', policy: POLICY }),
  'POST /api/agreement-texts': () => ({ kind: 'member', body: '我愿意成为会员' }),
  'PUT /api/contacts/{contactId}/touch-refusal': () => ({ why: 'customer' }),
  'POST /api/contacts/{contactId}/agreements': () => ({ kind: 'member', how: '门店签字' }),
  'POST /api/contacts/{contactId}/agreements/withdraw': () => ({ kind: 'member', how: '电话' }),
  'POST /api/m/sidebar/{externalUserid}/tags': (of) => ({ add: [of.ownTagId], remove: [] }),
  'POST /api/m/sidebar/{externalUserid}/stages': (of) => ({ stageId: of.ownStageId }),
  'POST /api/m/sidebar/{externalUserid}/notes': () => ({ text: '聊过' }),
  'PATCH /api/m/sidebar/{externalUserid}/notes/{noteId}': () => ({ text: '改' }),
  'POST /api/m/sidebar/{externalUserid}/outgoing': (of) => ({ piece: 'material', id: of.ownMaterialId }),
  'POST /api/m/sidebar/{externalUserid}/sent': (of) => ({
    piece: 'material',
    id: of.ownMaterialId,
    version: 1,
    key: '00000000-0000-4000-8000-000000000001',
    at: new Date(Date.now() - 1_000).toISOString(),
  }),
  'POST /api/m/sidebar/chats/{chatId}/outgoing': (of) => ({ piece: 'material', id: of.ownMaterialId }),
  'POST /api/m/sidebar/chats/{chatId}/sent': (of) => ({
    piece: 'material',
    id: of.ownMaterialId,
    version: 1,
    key: '00000000-0000-4000-8000-000000000001',
    at: new Date(Date.now() - 1_000).toISOString(),
  }),
  'POST /api/m/sidebar/{externalUserid}/tasks': () => ({ title: '回访', dueAt: LATER }),
  'POST /api/m/tasks/{taskId}/end': () => ({ as: 'done' }),
  'PUT /api/m/sidebar/{externalUserid}/remark': () => ({ remark: '老客' }),
  'POST /api/stage-moves': (of) => ({ contactIds: [of.contactId], stageId: of.ownStageId }),
  'POST /api/stage-flows': (of) => ({ name: `流${of.tagId}` }),
  'PATCH /api/stage-flows/{flowId}': (of) => ({ name: `改流${of.tagId}` }),
  'POST /api/stage-flows/{flowId}/stages': (of) => ({ name: `段${of.tagId}` }),
  'PUT /api/stage-flows/{flowId}/order': (of) => ({ stageIds: of.flowStageIds }),
  'PATCH /api/stages/{stageId}': (of) => ({ name: `改段${of.tagId}` }),
  'POST /api/stages/{stageId}/removal': () => ({ moveTo: null }),
  'PUT /api/lost-reasons': (of) => ({ reasons: [{ name: `因${of.tagId}` }] }),
  'PUT /api/stage-calendar': () => ({ weekdays: [1, 2, 3], from: '09:00', to: '18:00', holidays: [], workdays: [] }),
  'PUT /api/rfm': () => RFM,
  'POST /api/rfm/preview': () => RFM,
  'POST /api/auto-tags': (of) => ({ tagId: of.ownTagId, rule: EVERYBODY }),
  'POST /api/auto-tags/dry-run': (of) => ({ tagId: of.ownTagId, rule: EVERYBODY }),
  'PATCH /api/auto-tags/{ruleId}': () => ({ keep: true }),
  'PATCH /api/auto-tags/groups/{tagGroupId}': () => ({ exclusive: true }),
  'POST /api/auto-tags/{ruleId}/stop': () => ({ state: 'off', tags: 'stay' }),
  'POST /collect': () => ({ batch: [{}] }),
  'POST /api/openapi/person-token': () => ({ ids: { unionid: 'u1' } }),
  'POST /api/roles': () => ({ name: '新角色', permissions: ['tags.read'] }),
  'PUT /api/roles/{roleId}': (of) => ({ name: `改名${of.roleId}`, permissions: ['tags.read'] }),
  'PUT /api/duty': () => ({ onDuty: true }),
  'POST /api/tag-groups': () => ({ name: '新组', tags: ['新标签'] }),
  'PATCH /api/tag-groups/{tagGroupId}': (of) => ({ name: `组${of.tagGroupId}改` }),
  'POST /api/tags': (of) => ({ tagGroupId: of.tagGroupId, name: '又一个' }),
  'PATCH /api/tags/{tagId}': (of) => ({ name: `签${of.tagId}改` }),
  'POST /api/contacts/{contactId}/tags': (of) => ({ add: [of.ownTagId], remove: [] }),
  'POST /api/contacts/{contactId}/notes': () => ({ text: '聊过' }),
  'PATCH /api/contacts/{contactId}/notes/{noteId}': () => ({ text: '改' }),
  'PUT /api/contacts/{contactId}/fields': (of) => ({ values: { [of.ownFieldId]: '甲' } }),
  'POST /api/contact-fields': (of) => ({ name: `新段${of.tagId}`, kind: 'text' }),
  'PATCH /api/contact-fields/{contactFieldId}': (of) => ({ name: `段${of.contactFieldId}改` }),
  'POST /api/contact-views': (of) => ({ name: `图${of.tagId}`, filter: {} }),
  'PATCH /api/contact-views/{contactViewId}': () => ({ name: '改图' }),
  'POST /api/bulk-runs': (of) => ({ contactIds: [of.contactId], add: [of.ownTagId] }),
  'POST /api/channel-codes': (of) => ({ name: '新码', staffIds: [of.staffId] }),
  'PATCH /api/channel-codes/{channelCodeId}': () => ({ name: '改码' }),
  'POST /api/channel-codes/roster/check': (of) => ({ roster: rosterOf(of.staffId) }),
  'POST /api/channel-codes/{channelCodeId}/placements': () => ({ placements: [{ name: '台卡', kind: 'print' }] }),
  'PUT /api/placements/{channelCodeId}': () => ({ name: '改位', kind: 'ad', costFen: 5 }),
  'PUT /api/reports/workload/figure': () => ({ customersEach: 300 }),
  'POST /api/code-batches/preview': (of) => ({ staffIds: [of.staffId], activity: '活动' }),
  'POST /api/code-batches': (of) => ({ staffIds: [of.staffId], activity: `活动${of.tagId}` }),
  'PUT /api/welcome': () => ({ welcome: { text: '你好' } }),
  'PUT /api/radar/settings': () => ({
    notify: true,
    digestMinutes: 60,
    hourlyMax: 4,
    quietFrom: '22:00',
    quietUntil: '08:00',
    hosts: ['shop.example.com'],
  }),
  'POST /api/radar/rules': (of) => ({ materialId: of.ownMaterialId, asks: 'opens', atLeast: 3, points: 5 }),
  'POST /api/radar/links': (of) => ({ materialId: of.ownMaterialId, channel: 'chat' }),
  'POST /api/m/radar/views': () => ({ token: 'A'.repeat(22) }),
  'POST /api/m/radar/beats': () => ({ view: 'A'.repeat(100), n: 1, seconds: 2, depth: 10 }),
  'PUT /api/m/radar/quiet': () => ({ view: 'A'.repeat(100), quiet: true }),
  'POST /api/forms': () => ({ content: A_FORM }),
  'PUT /api/forms/{formId}': () => ({ revision: 2, content: A_FORM }),
  'PUT /api/forms/{formId}/state': () => ({ open: false }),
  'POST /api/forms/{formId}/exports': () => ({ format: 'csv', reason: '门店活动' }),
  'POST /api/form-answers/{answerId}/erasure': () => ({ reason: '客户要求' }),
  'POST /api/forms/{formId}/links': () => ({ placement: '桌卡' }),
  'POST /api/m/forms/visits': () => ({ visit: 'A'.repeat(100), what: 'opened' }),
  'POST /api/m/forms/answers': () => ({ visit: 'A'.repeat(100), answers: { q1: '答' } }),
  'POST /api/materials': (of) => ({ said: SAID, publish: true, folderId: of.ownFolderId }),
  'POST /api/materials/{materialId}/versions': () => ({ said: SAID, basedOn: 2 }),
  'PATCH /api/materials/{materialId}': () => ({ labels: ['春茶'] }),
  'POST /api/materials/{materialId}/decision': () => ({ version: 2, approve: true }),
  'POST /api/material-withdrawals': (of) => ({ materialIds: [of.ownMaterialId] }),
  'POST /api/material-deletions': (of) => ({ materialIds: [of.ownMaterialId] }),
  'POST /api/material-moves': (of) => ({ materialIds: [of.ownMaterialId], folderId: of.ownFolderId }),
  'POST /api/material-folders': (of) => ({ name: `夹${of.tagId}` }),
  'PUT /api/material-folders/order': (of) => ({ folderIds: of.allFolderIds }),
  'PATCH /api/material-folders/{folderId}': (of) => ({ name: `改夹${of.tagId}` }),
  'PUT /api/content-settings': () => ({ asksApproval: false }),
  'POST /api/material-imports': () => ({ url: 'http://10.0.0.1/', as: 'link' }),
  'POST /api/poster-samples': () => ({ width: 300, height: 300, items: [] }),
  'POST /api/scripts': (of) => aScript(of.ownGroupId),
  'PUT /api/scripts/order': (of) => ({ scriptGroupId: of.fullGroupId, scriptIds: [of.scriptId] }),
  'PUT /api/scripts/{scriptId}': (of) => aScript(of.ownGroupId),
  'POST /api/script-groups': (of) => ({ name: `组${of.tagId}` }),
  'PUT /api/script-groups/order': (of) => ({ scriptGroupIds: of.allGroupIds }),
  'PATCH /api/script-groups/{scriptGroupId}': (of) => ({ name: `改组${of.tagId}` }),
  'POST /api/own-scripts': (of) => aScript(of.mine.groupIds[0]!),
  'PUT /api/own-scripts/order': (of) => ({ scriptGroupId: of.mine.groupIds[0], scriptIds: [of.mine.scriptId] }),
  'PUT /api/own-scripts/{ownScriptId}': (of) => aScript(of.mine.groupIds[0]!),
  'POST /api/own-script-groups': (of) => ({ name: `我组${of.tagId}` }),
  'PUT /api/own-script-groups/order': (of) => ({ scriptGroupIds: of.mine.groupIds }),
  'PATCH /api/own-script-groups/{ownScriptGroupId}': (of) => ({ name: `改我组${of.tagId}` }),
  'PUT /api/contact-views/order': (of) => ({ contactViewIds: [of.contactViewId] }),
  'PUT /api/contact-fields/order': (of) => ({ contactFieldIds: [of.contactFieldId] }),
  'PUT /api/tag-groups/order': (of) => ({ tagGroupIds: of.allTagGroupIds }),
  'POST /api/imports': (of) => ({
    fileName: '名单.csv',
    content: Buffer.from(`客户ID,标签\n${of.externalUserid},无此标签`).toString('base64'),
  }),
  'PUT /api/account/password': () => ({ current: PASSWORD, next: PASSWORD }),
  'PUT /api/account/totp': () => ({ code: '000000' }),
  'POST /api/session': () => ({ login: LOGIN, password: PASSWORD }),
  'POST /api/session/step-up': () => ({ password: PASSWORD }),
  'POST /api/session/corp': (of) => ({ corpId: of.ownCorpId }),
  'POST /api/corps': () => ({
    name: '又一家',
    wecomCorpid: 'ww0123456789abcdef',
    agentId: '1000002',
    appSecret: SECRET,
  }),
  'POST /api/corps/corpid': () => ({ wecomCorpid: 'ww0123456789abcdef' }),
  'PUT /api/corp/credentials': () => ({ agentId: '1000002', appSecret: SECRET }),
  'PUT /api/corp/domain-proof': (of) => ({ fileName: `WW_verify_abcdefgh${of.tagId}.txt` }),
}

export interface Ids extends Named, Awaited<ReturnType<typeof things>> {
  /** Of the asker's corp, whatever the relation. */
  ownTagId: string
  ownFieldId: string
  ownStageId: string
  ownCorpId: string
  allTagGroupIds: string[]
  ownFolderId: string
  ownMaterialId: string
  ownGroupId: string
  allFolderIds: string[]
  allGroupIds: string[]
  /** Of the library of whoever asks. */
  mine: { groupIds: string[]; scriptId: string }
  platform: string
  part: string
}

const [LOGIN, PASSWORD, SECRET] = ['root', 'a long pass phrase', 'x'.repeat(43)]

export const ownOf = (
  corpId: string,
  {
    tagId,
    tagGroupId,
    contactFieldId,
    stageId,
    folderId,
    materialId,
    scriptGroupId,
  }: Awaited<ReturnType<typeof things>>,
) => ({
  ownTagId: tagId,
  ownFieldId: contactFieldId,
  ownStageId: stageId,
  ownCorpId: corpId,
  allTagGroupIds: [tagGroupId],
  ownFolderId: folderId,
  ownMaterialId: materialId,
  ownGroupId: scriptGroupId,
  allFolderIds: [folderId],
  allGroupIds: [scriptGroupId],
  mine: { groupIds: [scriptGroupId], scriptId: '1' },
  platform: 'youzan',
  part: '0',
})

const A_FORM = { title: '新表', fields: [{ key: 'q1', kind: 'text', label: '问' }] }
const SAID = { kind: 'text', title: '春茶到了', content: { text: '{客户称呼}，今年的头采到了' } }
const aScript = (scriptGroupId: string) => ({ scriptGroupId, title: '问价', parts: [{ type: 'text', text: '您好' }] })

const ruleOf = (tagId: string) => ({ is: 'all', of: [{ is: 'tags', any: [tagId] }] })

const RFM = {
  mode: 'own',
  monthly: false,
  withinDays: null,
  money: 'sum',
  cuts: { r: [1, 2, 3, 4], f: [1, 2, 3, 4], m: [1, 2, 3, 4] },
  cells: [{ name: '全部', box: { r: [1, 5], f: [1, 5], m: [1, 5] }, atRisk: false, play: '问候' }],
}

export const rosterOf = (staffId: string) => ({
  week: [{ weekdays: [1], from: '09:00', to: '18:00', staffIds: [staffId] }],
  days: [],
  backupIds: [staffId],
  dailyCap: null,
  caps: [],
  autoAccept: null,
})

/** Of the contract, all that take a body of JSON, with the fields each knows. */
export function writingRoutes({ app }: WholeApp): { route: string; fields: string[] }[] {
  const { paths } = app.swagger() as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: JsonSchema }> } }>>
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema
      return schema ? [{ route: `${method.toUpperCase()} ${path}`, fields: Object.keys(schema.properties ?? {}) }] : []
    }),
  )
}
interface JsonSchema {
  properties?: Record<string, unknown>
}

/** Somebody who owns the corp, signs in with a password, and has at hand whatever a writing route asks for. */
export async function aWriter(db: TestDb, there: WholeApp, corpId: string) {
  await ensureFirstAdmin(db.api, { login: LOGIN, password: PASSWORD, now: new Date() })
  const { accountId } = await db.api
    .selectFrom('account')
    .select('accountId')
    .where('login', '=', LOGIN)
    .executeTakeFirstOrThrow()
  await grantCorp(db.api, { accountId, corpId, role: 'owner' })
  const { staffId } = await aMember(db, corpId, '2', '主')
  const { key } = await aKey(db, corpId, 'server')
  await db.owner.updateTable('accountCorp').set({ staffId }).where('accountId', '=', accountId).execute()
  return {
    accountId,
    /** What opens a route to him: a key of the corp's, else a cookie, fresh at every call, for some routes end the one they are called with. */
    credential: async (route: string) => (BY_KEY.has(route) ? `Bearer ${key}` : aCookieOf(db, accountId, corpId)),
    /** A route's address, and the ids its body may need: things nobody has used yet. */
    async prepare(route: string) {
      const path = route.split(' ')[1] ?? ''
      // Every route is given fields, flows, files and shops of its own; a corp has room for so many.
      await db.owner.updateTable('contactField').set({ deletedAt: new Date() }).where('corpId', '=', corpId).execute()
      await db.owner.updateTable('stageFlow').set({ archivedAt: new Date() }).where('corpId', '=', corpId).execute()
      await db.owner.updateTable('orderImport').set({ state: 'cancelled' }).where('corpId', '=', corpId).execute()
      await db.owner
        .updateTable('segment')
        .set({ archivedAt: new Date() })
        .where('corpId', '=', corpId)
        .where('usedBy', '=', 'radar')
        .execute()
      await db.owner.updateTable('radarRule').set({ stoppedAt: new Date() }).where('corpId', '=', corpId).execute()
      await db.owner.deleteFrom('shopConnection').where('corpId', '=', corpId).execute()
      await db.owner.deleteFrom('script').where('corpId', '=', corpId).execute()
      await db.owner.deleteFrom('scriptGroup').where('corpId', '=', corpId).execute()
      await db.owner.updateTable('material').set({ materialFolderId: null }).where('corpId', '=', corpId).execute()
      await db.owner.deleteFrom('materialFolder').where('corpId', '=', corpId).execute()
      await db.owner.deleteFrom('contactView').where('corpId', '=', corpId).where('accountId', '=', accountId).execute()
      const cookie = await aCookieOf(db, accountId, corpId)
      const named = await aMember(db, corpId, '2', '试')
      // What he gives himself to do beside a chat is for a customer of his own.
      if (path.endsWith('/tasks')) await befriend(db, corpId, named.contactId, staffId)
      const made = { ...named, ...(await things(db, corpId)) }
      const ownThing = async (url: string, body: object) =>
        JSON.parse((await there.ask('POST', url, cookie, body)).text)
      const ids: Ids = {
        ...made,
        ...(await ownThing(`/api/contacts/${named.contactId}/notes`, { text: '聊' })),
        ...(await ownThing('/api/contact-views', { name: `自己的${made.tagId}`, filter: {} })),
        ...ownOf(corpId, await things(db, corpId)),
        allTagGroupIds: await tagGroupsOf(db, corpId),
        ...(await librariesOf(db, corpId)),
      }
      const { scriptGroupId } = await ownThing('/api/own-script-groups', { name: `我的${made.tagId}` })
      const { scriptId } = await ownThing('/api/own-scripts', aScript(scriptGroupId))
      ids.mine = { groupIds: [scriptGroupId], scriptId }
      ids.ownScriptId = scriptId
      ids.ownScriptGroupId = scriptGroupId
      if (path.startsWith('/api/placements/')) ids.channelCodeId = await aPlacement(db, corpId, ids.channelCodeId)
      return { ids, url: addressOf(path, ids) }
    },
  }
}

/** Every folder and every group of the corp's library, as an order must name them. */
async function librariesOf(db: TestDb, corpId: string) {
  const folders = await db.owner
    .selectFrom('materialFolder')
    .select('materialFolderId')
    .where('corpId', '=', corpId)
    .execute()
  const groups = await db.owner
    .selectFrom('scriptGroup')
    .select('scriptGroupId')
    .where('corpId', '=', corpId)
    .where('ownerStaffId', 'is', null)
    .execute()
  return {
    allFolderIds: folders.map((folder) => folder.materialFolderId),
    allGroupIds: groups.map((group) => group.scriptGroupId),
  }
}

const befriend = (db: TestDb, corpId: string, contactId: string, staffId: string) =>
  db.owner
    .insertInto('follow')
    .values({ corpId, contactId, staffId, addedAt: new Date(), updatedAt: new Date() })
    .execute()

/** A path with its ids put in. */
export const addressOf = (path: string, ids: Ids) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: keyof Ids) => String(ids[name]))

const tagGroupsOf = async (db: TestDb, corpId: string) =>
  (
    await inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('tagGroup')
        .select('tagGroupId')
        .where('corpId', '=', corpId)
        .orderBy('tagGroupId', 'desc')
        .execute(),
    )
  ).map((group) => group.tagGroupId)

/** A place the code hangs. */
export const aPlacement = async (db: TestDb, corpId: string, channelCodeId: string) =>
  (
    await inCorp(db.api, corpId, (tx) =>
      createPlacements(
        tx,
        corpId,
        channelCodeId,
        [{ name: '位', kind: 'print', costFen: 0, startsOn: null, endsOn: null }],
        {
          createdBy: null,
          now: new Date(),
        },
      ),
    )
  )[0]!
