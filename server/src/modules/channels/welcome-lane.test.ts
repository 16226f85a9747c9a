import { setTimeout as sleep } from 'node:timers/promises'
import { createCanvas } from '@napi-rs/canvas'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aSimulatedCorp, type SimulatedCorp } from '../../../test/simulated-corp.ts'
import { aCorp, aStaff, at, freshDb, type TestDb, testLog } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { createListener, type Listener } from '../../platform/listen.ts'
import { sha256 } from '../../platform/secrets.ts'
import { refreshMedia } from '../content/files/refresh.ts'
import { storePicture } from '../content/files/store.ts'
import { welcomePlace } from '../events/intake.ts'
import { NewChannelCode, type Welcome } from './schema.ts'
import { createChannelCode, saveDefaultWelcome } from './service.ts'
import { loadContents } from './welcome-content.ts'
import { claimWelcomes, closeOverdue, sendWelcome, startWelcomeLane, type WelcomeLane } from './welcome-lane.ts'
import { createSettler } from './welcome-settle.ts'

interface Said {
  text: string
  attachments: { msgtype: string }[]
}

/** A simulated corp whose default welcome is `text`, and what it takes to let somebody come. */
async function aStage(db: TestDb, welcome: Partial<Welcome> = { text: '你好，我是{成员姓名}' }) {
  const corp = await aSimulatedCorp(db)
  const { corpId } = corp
  await inCorp(db.api, corpId, (tx) => saveDefaultWelcome(tx, corpId, { text: '', attachments: [], ...welcome }))
  const listener = await createListener(db.url, testLog)
  const said = async (): Promise<Said[]> =>
    (
      await corp.world.control<{ effects: { kind: string; content: Said }[] }>(
        'GET',
        `/corps/${corp.world.corp.corpid}/effects`,
      )
    ).effects
      .filter((e) => e.kind === 'welcome')
      .map((e) => e.content)
  const attempts = () =>
    [...corp.world.sim.world.corps.get(corp.world.corp.corpid)!.welcomes.values()].flatMap((w) =>
      w.attempts.map((a) => a.errcode),
    )
  const tasks = () =>
    db.api
      .selectFrom('welcomeTask')
      .select(['state', 'cause', 'attempts'])
      .where('corpId', '=', corpId)
      .orderBy('receivedAt')
      .execute()
  return {
    corp,
    corpId,
    listener,
    said,
    attempts,
    tasks,
    lanes: [] as WelcomeLane[],
    start(of: Listener = listener) {
      const lane = startWelcomeLane(corp.context, { listener: of })
      this.lanes.push(lane)
      return lane
    },
    /** Somebody adds amy, and the callback is stored as intake stores it, `agoMs` ago. */
    async comes({
      agoMs = 0,
      name = '林晚',
      state = '',
      code,
    }: {
      agoMs?: number
      name?: string
      state?: string
      code?: string
    } = {}) {
      const { externalUserid } = await corp.world.act<{ externalUserid: string }>({ type: 'new_customer', name })
      const met = await corp.world.act<{ welcomeCode: string }>({
        type: 'add',
        userid: 'amy',
        externalUserid,
        ...(state ? { state } : {}),
      })
      await storeTask(db, corp, { code: code ?? met.welcomeCode, externalUserid, agoMs, state })
      return { externalUserid, code: met.welcomeCode }
    },
    async [Symbol.asyncDispose]() {
      for (const lane of this.lanes) await lane.stop()
      await listener.stop()
      await corp[Symbol.asyncDispose]()
    },
  }
}

async function storeTask(
  db: TestDb,
  corp: SimulatedCorp,
  task: { code: string; externalUserid: string; agoMs: number; state: string },
): Promise<void> {
  const hash = sha256(task.code)
  await sql`insert into welcome_task (corp_id, code_hash, code_sealed, external_userid, userid, state_param, received_at, deadline_at)
    values (${corp.corpId}, ${hash}, ${corp.context.vault.seal(task.code, welcomePlace(corp.corpId, hash))}, ${task.externalUserid}, 'amy', ${task.state || null},
      clock_timestamp() - ${task.agoMs} * interval '1 ms', clock_timestamp() + ${18_000 - task.agoMs} * interval '1 ms')`.execute(
    db.api,
  )
  await sql`select pg_notify('siyu_welcome', '')`.execute(db.api)
}

const events = (db: TestDb, corpId: string) =>
  inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('event').select(['kind', 'props', 'staffId']).where('corpId', '=', corpId).execute(),
  )
const failures = (db: TestDb, corpId: string) =>
  inCorp(db.api, corpId, (tx) =>
    tx
      .selectFrom('laneFailure')
      .select(['cause', 'subject', 'times'])
      .where('corpId', '=', corpId)
      .where('lane', '=', 'welcome')
      .where('resolvedAt', 'is', null)
      .execute(),
  )

test('a new friend is welcomed once, with the names filled in, and the journal says so', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db, { text: '{客户昵称}你好，我是{企业名称}的{成员姓名}' })
  const lane = stage.start()
  await stage.comes({ name: '苏晓棠' })
  await lane.idle()
  expect(await stage.said()).toEqual([{ text: '苏晓棠你好，我是测试企业的艾米', attachments: [] }])
  expect(await stage.tasks()).toEqual([{ state: 'sent', cause: null, attempts: 1 }])
  const [event] = await events(db, stage.corpId)
  expect(event).toMatchObject({
    kind: 'welcome.sent',
    staffId: stage.corp.amyId,
    props: { text: '苏晓棠你好，我是测试企业的艾米', attachments: 0, leftOut: 0 },
  })
})

test('CB-15: with several lanes racing for many new friends every code is used exactly once', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  const lanes = [stage.start(), stage.start(), stage.start()]
  await Promise.all(Array.from({ length: 40 }, (_, i) => stage.comes({ name: `客${i}` })))
  for (const lane of lanes) await lane.idle()
  expect(stage.attempts()).toEqual(Array(40).fill(0))
  expect((await stage.tasks()).every((task) => task.state === 'sent' && task.attempts === 1)).toBe(true)
  expect(await events(db, stage.corpId)).toHaveLength(40)
})

test('CB-15: killed between the claim and the call, or between the call and its settling: never called again, shown as unknown', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  const before = await stage.comes({ name: '死在调用前' })
  const [claimed] = await claimWelcomes(db.api, 1)
  expect(claimed!.externalUserid).toBe(before.externalUserid) // and here the process dies
  await stage.comes({ name: '死在记账前' })
  const [sent] = await claimWelcomes(db.api, 1)
  const contents = await loadContents(
    db.api,
    stage.corpId,
    [{ key: 'k', externalUserid: sent!.externalUserid, userid: 'amy', state: null }],
    at,
  )
  expect((await sendWelcome(stage.corp.context, sent!, contents.get('k'), performance.now())).state).toBe('sent') // and here, before it is written

  const lane = stage.start()
  await sleep(700)
  await lane.idle()
  expect(stage.attempts()).toEqual([0]) // the second one’s call; nobody called for either again
  expect((await stage.tasks()).map((t) => t.state)).toEqual(['sending', 'sending'])

  await sql`update welcome_task set received_at = received_at - interval '22 s', deadline_at = deadline_at - interval '22 s'`.execute(
    db.api,
  )
  await expect
    .poll(async () => (await stage.tasks()).map((t) => [t.state, t.cause]), { timeout: 5_000 })
    .toEqual([
      ['unknown', 'welcome.unknown'],
      ['unknown', 'welcome.unknown'],
    ])
  await lane.idle()
  expect(stage.attempts()).toEqual([0])
  expect((await events(db, stage.corpId)).map((e) => [e.kind, (e.props as { cause: string }).cause])).toEqual([
    ['welcome.failed', 'welcome.unknown'],
    ['welcome.failed', 'welcome.unknown'],
  ])
  expect(await failures(db, stage.corpId)).toEqual([{ cause: 'welcome.unknown', subject: 'default', times: 2 }])
})

test('CB-15: past its deadline a welcome is never called for; it is closed as late and said so', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  await stage.comes({ agoMs: 18_001 })
  await stage.comes({ agoMs: 17_900 }) // too little time for an answer
  const lane = stage.start()
  await expect
    .poll(async () => (await stage.tasks()).map((t) => [t.state, t.attempts]), { timeout: 5_000 })
    .toEqual([
      ['late', 0],
      ['late', 0],
    ])
  await lane.idle()
  expect(stage.attempts()).toEqual([])
  expect(await failures(db, stage.corpId)).toEqual([{ cause: 'welcome.too_late', subject: 'default', times: 2 }])
})

test('when WeCom does not answer, the welcome is unknown and never repeated', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  await stage.corp.world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: 'timeout-after', ms: 300, match: 'externalcontact/send_welcome_msg', count: 1 }],
  })
  const lane = stage.start()
  await stage.comes()
  await lane.idle()
  await sleep(1_200)
  await lane.idle()
  expect(stage.attempts()).toEqual([0])
  expect(await stage.tasks()).toEqual([{ state: 'unknown', cause: 'welcome.unknown', attempts: 1 }])
})

test('what WeCom refuses before it does anything is tried again until the deadline', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  await stage.corp.world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: 'busy', match: 'externalcontact/send_welcome_msg', count: 2 }],
  })
  const lane = stage.start()
  await stage.comes()
  await expect.poll(async () => (await stage.tasks())[0]!.state, { timeout: 8_000 }).toBe('sent')
  await lane.idle()
  expect(await stage.tasks()).toEqual([{ state: 'sent', cause: null, attempts: 3 }])
  expect(stage.attempts()).toEqual([0])
})

test('41051 and 41050 end it at once: somebody who is chatting already is no failure, a dead code is', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  const { externalUserid } = await stage.corp.world.act<{ externalUserid: string }>({
    type: 'new_customer',
    name: '先说话的',
  })
  const { welcomeCode } = await stage.corp.world.act<{ welcomeCode: string }>({
    type: 'add',
    userid: 'amy',
    externalUserid,
  })
  await stage.corp.world.act({ type: 'staff_says', userid: 'amy', externalUserid, text: '你好' })
  const lane = stage.start()
  await storeTask(db, stage.corp, { code: welcomeCode, externalUserid, agoMs: 10, state: '' })
  await stage.comes({ name: '码是假的', code: 'not-a-code-of-wecom' })
  await lane.idle()
  await sleep(1_200)
  await lane.idle()
  expect(stage.attempts()).toEqual([41051])
  expect(await stage.tasks()).toEqual([
    { state: 'refused', cause: 'wecom.41051', attempts: 1 },
    { state: 'refused', cause: 'wecom.41050', attempts: 1 },
  ])
  expect(await failures(db, stage.corpId)).toEqual([{ cause: 'wecom.41050', subject: 'default', times: 1 }])
})

test('41096, another app is sending, is waited for; when that one wins, ours ends without a failure', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  const { code } = await stage.comes()
  await stage.corp.world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: 'slow', ms: 1_500, match: 'externalcontact/send_welcome_msg', count: 1 }],
  })
  const theirs = stage.corp.world.api('externalcontact/send_welcome_msg', {
    welcome_code: code,
    text: { content: '别的应用先到' },
  })
  await sleep(200)
  stage.start()
  await expect.poll(async () => (await stage.tasks())[0]!.cause, { timeout: 5_000 }).toBe('wecom.41096')
  expect(await theirs).toMatchObject({ errcode: 0 })
  await expect
    .poll(async () => (await stage.tasks())[0], { timeout: 5_000 })
    .toMatchObject({ state: 'refused', cause: 'wecom.41051' })
  expect((await stage.said()).map((s) => s.text)).toEqual(['别的应用先到'])
  expect(await failures(db, stage.corpId)).toEqual([])
})

test('when the name cannot be had in time, or the time is short, the welcome goes without it', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db, { text: '{客户昵称}你好' })
  await stage.corp.world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: '5xx', match: 'externalcontact/get', count: 1 }],
  })
  const lane = stage.start()
  await stage.comes({ name: '问不到' })
  await lane.idle()
  await stage.comes({ name: '来不及问', agoMs: 12_500 })
  await lane.idle()
  expect((await stage.said()).map((s) => s.text)).toEqual(['朋友你好', '朋友你好'])
  await stage.comes({ name: '赶得上', agoMs: 9_000 })
  await lane.idle()
  expect((await stage.said())[2]!.text).toBe('赶得上你好')
})

test('the code’s own welcome goes before the default; without either nothing is sent and nothing failed', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  const { corpId } = stage
  const code = NewChannelCode.parse({
    name: '进店',
    staffIds: [stage.corp.amyId],
    welcome: { text: '欢迎来静安寺店', attachments: [{ type: 'link', title: '八元券', url: 'https://example.com/c' }] },
  })
  const channelCodeId = await inCorp(db.api, corpId, (tx) =>
    createChannelCode(tx, corpId, code, { createdBy: '1', now: at }),
  )
  const { state } = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('channelCode').select('state').where('corpId', '=', corpId).executeTakeFirstOrThrow(),
  )
  const lane = stage.start()
  await stage.comes({ state })
  await stage.comes({ state: 'sy_unknown' })
  await lane.idle()
  const said = await stage.said()
  expect(said.map((s) => s.text).sort()).toEqual(['你好，我是艾米', '欢迎来静安寺店'])
  expect(said.find((s) => s.text === '欢迎来静安寺店')!.attachments).toMatchObject([
    { msgtype: 'link', link: { title: '八元券', url: 'https://example.com/c' } },
  ])
  expect(
    (await events(db, corpId)).map((e) => (e.props as { channelCodeId?: string }).channelCodeId ?? null).sort(),
  ).toEqual([channelCodeId, null].sort())

  await inCorp(db.api, corpId, (tx) => saveDefaultWelcome(tx, corpId, null))
  await stage.comes({ state: '' })
  await lane.idle()
  expect((await stage.tasks()).at(-1)).toEqual({ state: 'none', cause: null, attempts: 1 })
  expect(await failures(db, corpId)).toEqual([])
})

test('a code says something else at some hours, and greets nobody whose name it blocks, in any case; the next is greeted', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  const { corpId } = stage
  const everyDay = [1, 2, 3, 4, 5, 6, 7]
  const code = NewChannelCode.parse({
    name: '夜班',
    staffIds: [stage.corp.amyId],
    welcome: { text: '白天好' },
    welcomeSlots: [
      { weekdays: [5], from: '22:00', to: '02:00', welcome: { text: '周五夜里好' } },
      { weekdays: everyDay, from: '22:00', to: '08:00', welcome: { text: '夜里好，明早九点回复您' } },
    ],
    blockedWords: ['同行', 'TEST'],
  })
  await inCorp(db.api, corpId, (tx) => createChannelCode(tx, corpId, code, { createdBy: '1', now: at }))
  const { state } = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('channelCode').select('state').where('corpId', '=', corpId).executeTakeFirstOrThrow(),
  )
  const saidAt = async (time: string) => {
    const wanted = [{ key: 'k', externalUserid: 'wmx', userid: 'amy', state }]
    return (await loadContents(db.api, corpId, wanted, new Date(`2026-11-${time}:00+08:00`))).get('k')?.text
  }
  // The 20th is a Friday.
  expect(
    await Promise.all(['19T21:59', '19T22:00', '20T22:00', '21T01:59', '21T02:00', '21T08:00'].map(saidAt)),
  ).toEqual(['白天好', '夜里好，明早九点回复您', '周五夜里好', '周五夜里好', '夜里好，明早九点回复您', '白天好'])
  const lane = stage.start()
  await stage.comes({ state, name: '茶叶同行老李' })
  await stage.comes({ state, name: 'my test phone' })
  await stage.comes({ state, name: '林晚' })
  await lane.idle()
  expect(await stage.said()).toHaveLength(1)
  expect((await stage.tasks()).map(({ state: ended, cause }) => [ended, cause])).toEqual([
    ['none', 'welcome.blocked'],
    ['none', 'welcome.blocked'],
    ['sent', null],
  ])
  expect(await failures(db, corpId)).toEqual([])
})

test('WO-08: a picture WeCom has forgotten is uploaded again ahead; one it does not have is left out, and said so', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  const { corpId, corp } = stage
  const asset = await storePicture(db.api, corp.context.dataDir, corpId, {
    bytes: await createCanvas(30, 30).encode('png'),
    name: '封面',
    now: at,
  })
  await inCorp(db.api, corpId, (tx) =>
    saveDefaultWelcome(tx, corpId, {
      text: '你好',
      attachments: [
        { type: 'image', mediaAssetId: asset.mediaAssetId },
        {
          type: 'miniprogram',
          title: '点单',
          appid: 'wx1234567890abcdef',
          page: 'pages/index',
          mediaAssetId: asset.mediaAssetId,
        },
      ],
    }),
  )
  const lane = stage.start()
  await stage.comes({ name: '太早' })
  await lane.idle()
  expect((await stage.said())[0]).toEqual({ text: '你好', attachments: [] })
  expect((await failures(db, corpId)).map((f) => f.cause)).toEqual(['welcome.attachment_left_out'])

  expect(await refreshMedia(corp.context, corpId)).toBe(1)
  expect(await refreshMedia(corp.context, corpId)).toBe(0)
  const mediaId = () =>
    inCorp(
      db.api,
      corpId,
      async (tx) =>
        (
          await tx
            .selectFrom('mediaAsset')
            .select('wecomMediaId')
            .where('corpId', '=', corpId)
            .executeTakeFirstOrThrow()
        ).wecomMediaId,
    )
  const old = await mediaId()
  await stage.comes({ name: '有图' })
  await lane.idle()
  expect((await stage.said())[1]!.attachments.map((a) => a.msgtype)).toEqual(['image', 'miniprogram'])

  await sql`update media_asset set wecom_media_at = wecom_media_at - interval '61 hours'`.execute(db.owner)
  expect(await refreshMedia(corp.context, corpId)).toBe(1)
  expect(await mediaId()).not.toBe(old)
})

test('a picture WeCom refuses does not cost the customer his welcome: the text goes alone', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  const { corpId, corp } = stage
  const asset = await storePicture(db.api, corp.context.dataDir, corpId, {
    bytes: await createCanvas(30, 30).encode('png'),
    name: '封面',
    now: at,
  })
  await inCorp(db.api, corpId, async (tx) => {
    await saveDefaultWelcome(tx, corpId, {
      text: '你好',
      attachments: [
        {
          type: 'miniprogram',
          title: '点单',
          appid: 'wx1234567890abcdef',
          page: 'p',
          mediaAssetId: asset.mediaAssetId,
        },
      ],
    })
    await tx
      .updateTable('mediaAsset')
      .set({ wecomMediaId: 'gone', wecomMediaAt: new Date() })
      .where('corpId', '=', corpId)
      .execute()
  })
  const lane = stage.start()
  await stage.comes()
  await lane.idle()
  expect(await stage.said()).toEqual([{ text: '你好', attachments: [] }])
  expect(await stage.tasks()).toEqual([{ state: 'sent', cause: null, attempts: 1 }])
  expect((await failures(db, corpId)).map((f) => f.cause)).toEqual(['welcome.attachment_left_out'])
})

test('two lanes closing the same overdue task tell it once; a lane given up for dead that did send is believed', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db)
  await stage.comes({ agoMs: 19_000 })
  const settle = createSettler(stage.corp.context)
  const [a, b] = [await closeOverdue(db.api), await closeOverdue(db.api)]
  await Promise.all([...a, ...b].map(settle))
  expect((await events(db, stage.corpId)).map((e) => e.kind)).toEqual(['welcome.failed'])

  await stage.comes({ name: '慢的' })
  const [task] = await claimWelcomes(db.api, 1)
  await sql`update welcome_task set deadline_at = clock_timestamp() - interval '10 s' where state = 'sending'`.execute(
    db.api,
  )
  for (const overdue of await closeOverdue(db.api)) await settle(overdue)
  await settle({
    ...task!,
    from: 'sending',
    state: 'sent',
    cause: null,
    channelCodeId: null,
    trial: null,
    said: { text: '你好', attachments: 0, ms: 900, leftOut: 0 },
  })
  expect((await stage.tasks()).map((t) => t.state).sort()).toEqual(['late', 'sent'])
})

test('another corp’s welcome and state are never used', async () => {
  await using db = await freshDb()
  await using stage = await aStage(db, { text: '我们的' })
  const theirCorp = await aCorp(db)
  const theirStaff = await aStaff(db, theirCorp)
  await inCorp(db.api, theirCorp, (tx) =>
    createChannelCode(
      tx,
      theirCorp,
      NewChannelCode.parse({ name: '别家', staffIds: [theirStaff], welcome: { text: '别家的' } }),
      { createdBy: '1', now: at },
    ),
  )
  const { state } = await inCorp(db.api, theirCorp, (tx) =>
    tx.selectFrom('channelCode').select('state').where('corpId', '=', theirCorp).executeTakeFirstOrThrow(),
  )
  const lane = stage.start()
  await stage.comes({ state })
  await lane.idle()
  expect((await stage.said()).map((s) => s.text)).toEqual(['我们的'])
})
