import { countScan } from '../src/modules/channels/landing/count-scan.ts'
import { NewChannelCode } from '../src/modules/channels/schema.ts'
import { createChannelCode } from '../src/modules/channels/service.ts'
import { identifyContacts } from '../src/modules/contacts/identify.ts'
import { mergeContacts } from '../src/modules/contacts/merge-contacts.ts'
import { appendEvents } from '../src/modules/events/journal.ts'
import { recordAudit } from '../src/modules/staff/audit.ts'
import { inCorp, type Tx } from '../src/platform/db.ts'
import { aContact, aCorp, aGroup, aStaff, aTag, at, type TestDb, testVault } from './world.ts'

/** Somebody or something with a name nobody else has, so that it is found wherever it leaks. */
export interface Named {
  staffId: string
  contactId: string
  externalUserid: string
  channelCodeId: string
  contactName: string
  staffName: string
  /** Somebody without friends who may be the customer, and one who became part of him. */
  otherId: string
  mergeId: string
  /** Something he is to do for the customer, asked by a card. */
  taskId: string
  workCardId: string
  /** What the customer answered to a form. */
  answerId: string
  /** Something he alone is asked to send to his customers, and its only task. */
  broadcastId: string
  runId: string
  number: string
  /** A group of his in which the customer sits. */
  groupChatId: string
  chatId: string
}

let made = 0

/** A member in a department, his customer with a history, and his channel code, all named after him. */
export async function aMember(db: TestDb, corpId: string, departmentId: string, word: string): Promise<Named> {
  const nr = ++made
  const [contactName, staffName] = [`客户${word}${nr}之`, `成员${word}${nr}之`]
  const staffId = await aStaff(db, corpId, { name: staffName, departmentId })
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('staffDepartment')
      .values({ corpId, staffId, departmentId })
      .onConflict((c) => c.doNothing())
      .execute(),
  )
  const externalUserid = `wm${word.codePointAt(0)}x${nr}`
  const contactId = await aContact(db, corpId, {
    name: contactName,
    staffId,
    externalUserid,
    remark: `备注${word}${nr}之`,
  })
  const channelCodeId = await inCorp(db.api, corpId, async (tx) => {
    await appendEvents(
      tx,
      corpId,
      [{ contactId, staffId, at, kind: 'contact.added', source: 'sync', props: {}, key: `added ${contactId}` }],
      at,
    )
    const code = NewChannelCode.parse({ name: `码${word}${nr}之`, staffIds: [staffId] })
    return createChannelCode(tx, corpId, code, { createdBy: '1', now: at })
  })
  await countScan(db.api, corpId, channelCodeId, 'visitor', at)
  const [{ otherId }, { mergeId }] = [await aLookAlike(db, corpId, contactId), await aMerge(db, corpId, contactId)]
  const asked = await aTask(db, corpId, staffId, contactId)
  const { answerId } = await anAnswer(db, corpId, { contactId, staffId })
  const sat = [{ userid: externalUserid, name: contactName }, { userid: `wmstranger${nr}` }]
  const chatId = `wr${word.codePointAt(0)}x${nr}`
  const groupChatId = await aGroup(db, corpId, { ownerId: staffId, name: `群${word}${nr}之`, chatId, sat })
  const named = { staffId, contactId, externalUserid, channelCodeId, contactName, staffName, otherId, mergeId }
  const broadcast = await aBroadcast(db, corpId, staffId, contactId)
  return { ...named, ...asked, ...broadcast, answerId, groupChatId, chatId }
}

const aVisitor = async (db: TestDb, corpId: string) =>
  inCorp(db.api, corpId, async (tx) => {
    const identifiers = [{ kind: 'device', value: `visitor ${++made}`, trust: 0 }] as const
    const [contactId] = await identifyContacts(tx, corpId, testVault, [{ identifiers }], at)
    return contactId!
  })

async function aLookAlike(db: TestDb, corpId: string, contactId: string) {
  const otherId = await aVisitor(db, corpId)
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('mergeReview')
      .values({ corpId, contactId, otherId, met: '[]', state: 'open', createdAt: at })
      .execute(),
  )
  return { otherId }
}

async function aMerge(db: TestDb, corpId: string, contactId: string) {
  const from = await aVisitor(db, corpId)
  return inCorp(db.api, corpId, async (tx) => {
    const now = new Date()
    await mergeContacts(tx, corpId, { from, into: contactId }, { why: 'review', actor: '测试' }, now)
    return tx
      .selectFrom('contactMerge')
      .select('mergeId')
      .where('corpId', '=', corpId)
      .where('contactId', '=', from)
      .executeTakeFirstOrThrow()
  })
}

async function aTask(db: TestDb, corpId: string, staffId: string, contactId: string) {
  const asked = {
    corpId,
    note: '',
    dueAt: new Date('2099-01-01T00:00:00Z'),
    accountId: '0',
    actor: '某',
    createdAt: at,
  }
  return inCorp(db.api, corpId, async (tx) => {
    const { workCardId } = await tx
      .insertInto('workCard')
      .values({ ...asked, title: `卡${++made}之`, say: '', coupon: '', choice: 'longest' })
      .returning('workCardId')
      .executeTakeFirstOrThrow()
    const { taskId } = await tx
      .insertInto('task')
      .values({ ...asked, workCardId, staffId, contactId, title: `事${made}之`, state: 'open', byOther: true })
      .returning('taskId')
      .executeTakeFirstOrThrow()
    await tx.insertInto('workCardStaff').values({ corpId, workCardId, staffId, open: 1 }).execute()
    return { taskId, workCardId }
  })
}

/** What a customer told by a form that reached him through a member. */
export async function anAnswer(
  db: TestDb,
  corpId: string,
  { contactId, staffId }: Pick<Named, 'contactId' | 'staffId'>,
) {
  const { answerId } = await inCorp(db.api, corpId, (tx) => aForm(tx, corpId, { contactId, staffId }))
  return { answerId }
}

/** A broadcast to the customers of one member, waiting for somebody's word. */
export async function aBroadcast(db: TestDb, corpId: string, staffId: string, contactId: string) {
  const nr = ++made
  const text = `话${nr}之`
  const frozen = { name: `群发${nr}之`, topic: '营销', priority: 5, holdout: 0, windowDays: 7, scope: [staffId] }
  const audience = { include: [{ kind: 'all' }], exclude: [] }
  const senders = { kind: 'recent' }
  const content = { ...frozen, audience, senders, variants: [{ weight: 1, text, attachments: [] }] }
  return inCorp(db.api, corpId, async (tx) => {
    const { broadcastId } = await tx
      .insertInto('broadcast')
      .values({
        ...{
          corpId,
          requestKey: `request ${nr}`,
          name: frozen.name,
          topic: '营销',
          priority: 5,
          holdout: 0,
          windowDays: 7,
        },
        ...{ audience: JSON.stringify(audience), variants: JSON.stringify([{ weight: 1, text, materialIds: [] }]) },
        ...{ senders: JSON.stringify(senders), schedule: JSON.stringify({ kind: 'now' }), state: 'draft' },
        ...{ accountId: '0', actor: '某', scope: [staffId], createdAt: at, updatedAt: at },
      })
      .returning('broadcastId')
      .executeTakeFirstOrThrow()
    const { runId } = await tx
      .insertInto('broadcastRun')
      .values({
        ...{ corpId, broadcastId, occurrence: 'asked 1', at, content: JSON.stringify(content), state: 'waiting' },
        ...{ askedBy: '0', askedName: '某', askedAt: at, people: 1, picked: 1, unsendable: 0 },
      })
      .returning('runId')
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('broadcastChunk')
      .values({
        ...{ corpId, runId, number: 1, staffId, variant: 0, text, contactIds: [contactId] },
        ...{ hash: Buffer.alloc(32), state: 'planned' },
      })
      .execute()
    return { broadcastId, runId, number: '1' }
  })
}

/** A corp with two departments under its root. */
export async function aHouse(db: TestDb): Promise<{ corpId: string }> {
  const corpId = await aCorp(db)
  await inCorp(db.api, corpId, async (tx) => {
    await tx
      .insertInto('department')
      .values([
        { corpId, departmentId: '1', name: '总部', parentId: null },
        { corpId, departmentId: '2', name: '华东', parentId: '1' },
        { corpId, departmentId: '3', name: '华南', parentId: '1' },
      ])
      .execute()
    await recordAudit(
      tx,
      { accountId: '1', corpId, name: `记录人${corpId}之`, ip: '127.0.0.1', requestId: 'r' },
      { action: 'tag.create', kind: 'tag', id: '1', detail: {}, at },
    )
  })
  return { corpId }
}

/** Things of a corp that belong to nobody in it, fresh for every use: a use may end them. */
export async function things(db: TestDb, corpId: string) {
  const tagId = await aTag(db, corpId, { group: `组${++made}之` })
  const ruledTagId = await aTag(db, corpId, { group: `规${made}之` })
  return inCorp(db.api, corpId, async (tx) => {
    const { tagGroupId } = await tx
      .selectFrom('tag')
      .select('tagGroupId')
      .where('corpId', '=', corpId)
      .where('tagId', '=', tagId)
      .executeTakeFirstOrThrow()
    const { roleId } = await tx
      .insertInto('role')
      .values({ corpId, name: `角色${made}之`, permissions: ['tags.read'], scopeKind: 'own', createdAt: at })
      .returning('roleId')
      .executeTakeFirstOrThrow()
    const { mediaAssetId } = await tx
      .insertInto('mediaAsset')
      .values({
        corpId,
        sha256: Buffer.from(`picture ${made}`),
        mime: 'image/png',
        fileName: 'a.png',
        sizeBytes: 9,
        createdAt: at,
      })
      .returning('mediaAssetId')
      .executeTakeFirstOrThrow()
    const { failureId } = await tx
      .insertInto('laneFailure')
      .values({
        corpId,
        lane: 'tags',
        cause: 'tags.failed',
        subject: `标签${made}之`,
        detail: '{}',
        replay: JSON.stringify({ job: 'tags.sync-library', payload: { corpId } }),
        firstAt: at,
        lastAt: at,
      })
      .returning('failureId')
      .executeTakeFirstOrThrow()
    const { segmentId } = await tx
      .insertInto('segment')
      .values({ corpId, name: `人群${made}之`, version: 1, createdBy: '试', createdAt: at, updatedAt: at })
      .returning('segmentId')
      .executeTakeFirstOrThrow()
    const rule = JSON.stringify({ is: 'all', not: false, of: [{ is: 'lost', not: true }] })
    await tx
      .insertInto('segmentVersion')
      .values({ corpId, segmentId, version: 1, rule, state: 'live', madeBy: '试', madeAt: at, liveAt: at })
      .execute()
    const { ruleId } = await tx
      .insertInto('autoTagRule')
      .values({
        corpId,
        tagId: ruledTagId,
        segmentId,
        keep: false,
        rank: 1,
        state: 'on',
        createdBy: '试',
        createdAt: at,
        updatedAt: at,
      })
      .returning('ruleId')
      .executeTakeFirstOrThrow()
    const { segmentId: radarSegmentId } = await tx
      .insertInto('segment')
      .values({
        ...{ corpId, name: `雷达${made}之`, version: 1, usedBy: 'radar', createdBy: '试' },
        ...{ createdAt: at, updatedAt: at },
      })
      .returning('segmentId')
      .executeTakeFirstOrThrow()
    const { readingRuleId } = await tx
      .insertInto('radarRule')
      .values({
        ...{ corpId, asks: 'opens', atLeast: 3, points: 5, taskNote: '', taskHours: 24, segmentId: radarSegmentId },
        ...{ accountId: '0', createdBy: '试', createdAt: at },
      })
      .returning('radarRuleId as readingRuleId')
      .executeTakeFirstOrThrow()
    const { contactFieldId } = await tx
      .insertInto('contactField')
      .values({ corpId, name: `字段${made}之`, kind: 'text', sortOrder: made, createdAt: at })
      .returning('contactFieldId')
      .executeTakeFirstOrThrow()
    const { keyId } = await tx
      .insertInto('apiKey')
      .values({
        corpId,
        name: `钥${made}之`,
        kind: 'server',
        hash: Buffer.from(`key ${made}`),
        hint: '之之之之',
        revokedAt: at,
        createdBy: '某',
        createdAt: at,
      })
      .returning('keyId')
      .executeTakeFirstOrThrow()
    const { kind } = await tx
      .insertInto('eventType')
      .values({ corpId, kind: `own.kind${made}`, title: `事件${made}之`, properties: '[]', createdAt: at })
      .returning('kind')
      .executeTakeFirstOrThrow()
    const { contactViewId } = await tx
      .insertInto('contactView')
      .values({
        corpId,
        accountId: '0',
        name: `视图${made}之`,
        filter: '{}',
        shared: true,
        sortOrder: made,
        createdAt: at,
      })
      .returning('contactViewId')
      .executeTakeFirstOrThrow()
    const { bulkRunId } = await tx
      .insertInto('bulkRun')
      .values({
        corpId,
        kind: 'tag',
        state: 'waiting',
        filter: '{}',
        addIds: [tagId],
        accountId: '0',
        actor: `批量人${made}之`,
        total: 1,
        upto: '1',
        createdAt: at,
      })
      .returning('bulkRunId')
      .executeTakeFirstOrThrow()
    const { contactExportId } = await tx
      .insertInto('contactExport')
      .values({
        corpId,
        accountId: '0',
        askedBy: `申请人${made}之`,
        filter: '{}',
        format: 'csv',
        customers: 1,
        reason: '用途',
        state: 'waiting',
        createdAt: at,
      })
      .returning('contactExportId')
      .executeTakeFirstOrThrow()
    const codeBatchId = await aCodeBatch(tx, corpId)
    const orderThings = await someOrderWork(tx, corpId)
    const contentThings = await someContent(tx, corpId)
    const { formId, linkId } = await aForm(tx, corpId)
    const { journeyId } = await aJourney(tx, corpId)
    const owned = {
      roleId,
      mediaAssetId,
      failureId,
      readingRuleId,
      contactFieldId,
      contactViewId,
      bulkRunId,
      codeBatchId,
      contactExportId,
      ...orderThings,
      ...contentThings,
      formId,
      linkId,
      journeyId,
    }
    return { tagId, tagGroupId, ...owned, ...(await aFlow(tx, corpId)), segmentId, ruleId, keyId, kind, noteId: '1' }
  })
}

/** A form with a draft newer than what is published, the shop's link to it, and an answer of whoever is named. */
async function aForm(tx: Tx, corpId: string, of: { contactId?: string; staffId?: string } = {}) {
  const content = JSON.stringify({
    title: `表${++made}之`,
    fields: [{ key: 'q1', kind: 'text', label: '问' }],
    thanks: { words: '谢谢', addStaff: false, channelCodeId: null },
  })
  const { formId } = await tx
    .insertInto('form')
    .values({
      ...{ corpId, title: `表${made}之`, state: 'open', draft: content, revision: 2, liveVersion: 1, liveRevision: 1 },
      ...{ createdBy: '某', createdAt: at, updatedAt: at },
    })
    .returning('formId')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('formVersion')
    .values({ corpId, formId, version: 1, content, publishedBy: '某', publishedAt: at })
    .execute()
  const placement = '收银台'
  const place = `form_link.${corpId}.${formId}.0.${placement}`
  const { linkId } = await tx
    .insertInto('formLink')
    .values({ corpId, formId, placement, tokenSealed: testVault.seal('A'.repeat(22), place), createdAt: at })
    .returning('linkId')
    .executeTakeFirstOrThrow()
  const { contactId = null, staffId = null } = of
  const mark = Buffer.from(`visit ${made}`)
  const { answerId } = await tx
    .insertInto('formAnswer')
    .values({
      ...{ corpId, formId, version: 1, linkId, staffId, fillerId: contactId, known: contactId !== null },
      ...{ visitMark: mark, visitor: mark, answers: '{"q1":"答"}', consents: '[]', seconds: 9, submittedAt: at },
    })
    .returning('answerId')
    .executeTakeFirstOrThrow()
  return { formId, linkId, answerId }
}

/** A draft of one wait, as far as it may be published. */
function aJourney(tx: Tx, corpId: string) {
  const draft = JSON.stringify({
    ...{ name: `旅程${made}之`, first: 'n1', priority: 5, again: { kind: 'never' }, goal: null, workdays: false },
    trigger: { kind: 'friend', staffIds: [], channelCodeIds: [] },
    leaveOn: { reply: true, order: false, segmentId: null },
    steps: [{ key: 'n1', kind: 'wait', span: { n: 1, unit: 'day' }, at: null, workdays: false, next: null }],
  })
  return tx
    .insertInto('journey')
    .values({
      ...{ corpId, requestKey: `request ${++made}`, name: `旅程${made}之`, state: 'draft', draft },
      ...{ accountId: '0', actor: `旅人${made}之`, createdAt: at, updatedAt: at },
    })
    .returning('journeyId')
    .executeTakeFirstOrThrow()
}

/** A flow of two stages, and a number no stay has. */
async function aFlow(tx: Tx, corpId: string) {
  const { flowId } = await tx
    .insertInto('stageFlow')
    .values({ corpId, name: `流程${made}之`, sortOrder: made, createdAt: at })
    .returning('flowId')
    .executeTakeFirstOrThrow()
  const gate = JSON.stringify({ fieldIds: [], tagIds: [], note: false })
  const stages = await tx
    .insertInto('stage')
    .values(
      [1, 2].map((n) => ({
        corpId,
        flowId,
        name: `阶段${made}之${n}`,
        color: 'grey',
        kind: 'open',
        sortOrder: n,
        gate,
      })),
    )
    .returning('stageId')
    .execute()
  const flowStageIds = stages.map((stage) => stage.stageId)
  return { flowId, stageId: flowStageIds[0]!, flowStageIds, stayId: '999999999' }
}

/** A folder with nothing in it, a material of two versions, a group with nothing in it, and a script. */
async function someContent(tx: Tx, corpId: string) {
  const { folderId } = await tx
    .insertInto('materialFolder')
    .values({ corpId, name: `夹${made}之`, sortOrder: made, createdAt: at })
    .returning('materialFolderId as folderId')
    .executeTakeFirstOrThrow()
  const found = {
    titleFolded: '素材',
    words: '素材',
    grams: [],
    createdBy: `写手${made}之`,
    createdAt: at,
    updatedAt: at,
  }
  const said = { title: `素材${made}之`, summary: '', content: JSON.stringify({ text: '您好' }), fileIds: [] }
  const { materialId } = await tx
    .insertInto('material')
    .values({ ...found, ...said, corpId, kind: 'text', liveVersion: 1, openVersion: 2, newestVersion: 2, labels: [] })
    .returning('materialId')
    .executeTakeFirstOrThrow()
  const by = { accountId: '0', author: `写手${made}之`, madeAt: at }
  await tx
    .insertInto('materialVersion')
    .values([
      { ...said, ...by, corpId, materialId, version: 1, state: 'live' },
      { ...said, ...by, corpId, materialId, version: 2, state: 'waiting' },
    ])
    .execute()
  const aGroup = async (name: string) =>
    tx
      .insertInto('scriptGroup')
      .values({ corpId, name: `${name}${made}之`, sortOrder: made, createdAt: at })
      .returning('scriptGroupId')
      .executeTakeFirstOrThrow()
  const { scriptGroupId } = await aGroup('组')
  const { scriptGroupId: fullGroupId } = await aGroup('满')
  const { scriptId } = await tx
    .insertInto('script')
    .values({
      ...found,
      corpId,
      scriptGroupId: fullGroupId,
      title: `话术${made}之`,
      keywords: [],
      parts: JSON.stringify([{ type: 'text', text: '您好' }]),
      stageIds: [],
      isQuick: false,
      fileIds: [],
      sortOrder: 1,
    })
    .returning('scriptId')
    .executeTakeFirstOrThrow()
  // A member's own are made as himself; here are the corp's, which are nobody's own.
  const own = { ownScriptId: scriptId, ownScriptGroupId: scriptGroupId }
  return { folderId, materialId, version: '1', scriptGroupId, fullGroupId, scriptId, ...own }
}

/** A batch of one code, still being made. */
async function aCodeBatch(tx: Tx, corpId: string): Promise<string> {
  const { codeBatchId } = await tx
    .insertInto('codeBatch')
    .values({ corpId, activity: `活动${made}之`, nameTemplate: '{成员}', actor: `建码人${made}之`, createdAt: at })
    .returning('codeBatchId')
    .executeTakeFirstOrThrow()
  const [state, landingKey] = [`sy_batch_${corpId}_${made}`, `batch_${corpId}_${made}`]
  await tx
    .insertInto('channelCode')
    .values({ corpId, codeBatchId, name: `批量码${made}之`, state, landingKey, createdAt: at, updatedAt: at })
    .execute()
  return codeBatchId
}

/** A file of orders that waits for its columns, and a way to read such files. */
async function someOrderWork(tx: Tx, corpId: string) {
  const kept = { corpId, kind: 'orders', createdAt: at }
  const { orderImportId } = await tx
    .insertInto('orderImport')
    .values({
      ...kept,
      state: 'uploaded',
      fileName: `文件${made}之`,
      toldAt: at,
      format: 'utf-8',
      head: ['订单编号'],
      accountId: '0',
      actor: `导入人${made}之`,
    })
    .returning('orderImportId')
    .executeTakeFirstOrThrow()
  const { importMappingId } = await tx
    .insertInto('importMapping')
    .values({ ...kept, name: `读法${made}之`, mapping: '{"columns":{}}', createdBy: `导入人${made}之` })
    .returning('importMappingId')
    .executeTakeFirstOrThrow()
  const { guideRecountId } = await tx
    .insertInto('guideRecount')
    .values({
      corpId,
      state: 'done',
      lockDays: 30,
      lockBy: 'add',
      accountId: '0',
      actor: `重算人${made}之`,
      total: 1,
      createdAt: at,
    })
    .returning('guideRecountId')
    .executeTakeFirstOrThrow()
  const door = `${corpId}-${String(made).padStart(32, '0')}`
  const { shopConnectionId } = await tx
    .insertInto('shopConnection')
    .values({
      corpId,
      platform: 'youzan',
      name: `店${made}之`,
      door,
      secretSealed: testVault.seal('secret', `shop_connection.${corpId}.${door}.secret`),
      secretMark: 'x',
      createdBy: `接店人${made}之`,
      createdAt: at,
    })
    .returning('shopConnectionId')
    .executeTakeFirstOrThrow()
  return { orderImportId, importMappingId, guideRecountId, shopConnectionId }
}
