import { expect, test } from 'vitest'
import { aSimulatedCorp, type SimulatedCorp } from '../../../test/simulated-corp.ts'
import { aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { jobs } from './jobs.ts'
import { listChannelCodes, readChannelCode } from './list-codes.ts'
import { pushChannelCode } from './push-code.ts'
import { NewChannelCode } from './schema.ts'
import { archiveChannelCode, createChannelCode, editChannelCode } from './service.ts'

const PUBLIC = 'https://siyu.example.com'

async function aCode(
  db: TestDb,
  corpId: string,
  staffIds: string[],
  given: Partial<NewChannelCode> = {},
): Promise<string> {
  const code = NewChannelCode.parse({ name: '静安寺店・进店', staffIds, ...given })
  return inCorp(db.api, corpId, (tx) => createChannelCode(tx, corpId, code, { createdBy: '1', now: at }))
}
const read = (db: TestDb, corpId: string, id: string) =>
  inCorp(db.api, corpId, (tx) => readChannelCode(tx, corpId, id, PUBLIC))
const column = (db: TestDb, corpId: string) =>
  inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('channelCode').selectAll().where('corpId', '=', corpId).executeTakeFirstOrThrow(),
  )
const ways = async (corp: SimulatedCorp) => [
  ...corp.world.sim.world.corps.get(corp.world.corp.corpid)!.contactWays.values(),
]
const wakeStaff = (db: TestDb, corpId: string, staffId: string, left: boolean) =>
  inCorp(db.api, corpId, (tx) =>
    tx
      .updateTable('staff')
      .set({ leftAt: left ? at : null })
      .where('corpId', '=', corpId)
      .where('staffId', '=', staffId)
      .execute(),
  )

test('a code is “creating” until WeCom has made it; then its picture is read and says what WeCom’s says', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const id = await aCode(db, corp.corpId, [corp.amyId])
  expect(await read(db, corp.corpId, id)).toMatchObject({
    status: 'creating',
    qr: [{ countsScans: true }, { countsScans: false, content: null }],
  })
  await corp.work(jobs)
  const code = await read(db, corp.corpId, id)
  const [way] = await ways(corp)
  expect(way).toMatchObject({
    type: 2,
    scene: 2,
    state: code.state,
    users: ['amy'],
    skipVerify: true,
    remark: '静安寺店・进店',
  })
  expect(code.status).toBe('ready')
  expect(code.qr.map((q) => [q.landing, q.countsScans, q.content])).toEqual([
    [true, true, code.landingUrl],
    [false, false, `https://work.weixin.qq.com/u/vc${way!.configId}?v=5.0`],
  ])
})

test('a push that died after WeCom had made the code finds it by its state and makes no second one', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const other = await aCode(db, corp.corpId, [corp.amyId], { name: '别的码' })
  await corp.work(jobs)
  const id = await aCode(db, corp.corpId, [corp.amyId])
  await pushChannelCode(corp.context, corp.corpId, id)
  const made = (
    await inCorp(db.api, corp.corpId, (tx) =>
      tx
        .selectFrom('channelCode')
        .select('configId')
        .where('corpId', '=', corp.corpId)
        .where('channelCodeId', '=', id)
        .executeTakeFirstOrThrow(),
    )
  ).configId
  // As after a death between WeCom’s answer and our commit.
  await inCorp(db.api, corp.corpId, (tx) =>
    tx
      .updateTable('channelCode')
      .set({ configId: null, qrUrl: null, qrContent: null })
      .where('corpId', '=', corp.corpId)
      .where('channelCodeId', '=', id)
      .execute(),
  )
  await pushChannelCode(corp.context, corp.corpId, id)
  expect(await ways(corp)).toHaveLength(2)
  expect((await read(db, corp.corpId, id)).qr[1]!.content).toContain(made!)
  expect((await read(db, corp.corpId, other)).qr[1]!.content).not.toContain(made!)
})

test('when WeCom’s answer never came, the next try looks before it makes', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const id = await aCode(db, corp.corpId, [corp.amyId])
  await corp.world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: 'timeout-after', ms: 200, match: 'externalcontact/add_contact_way', count: 1 }],
  })
  await expect(pushChannelCode(corp.context, corp.corpId, id)).rejects.toMatchObject({ outcome: 'unknown' })
  await pushChannelCode(corp.context, corp.corpId, id)
  expect(await ways(corp)).toHaveLength(1)
  expect((await read(db, corp.corpId, id)).status).toBe('ready')
})

test('an edit of the people behind a code reaches WeCom, the picture stays; those who left are not sent', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId, amyId } = corp
  const [bob, cat] = [await aStaff(db, corpId, { userid: 'Bob' }), await aStaff(db, corpId, { userid: 'cat' })]
  const id = await aCode(db, corpId, [amyId])
  await corp.work(jobs)
  const before = await column(db, corpId)
  await inCorp(db.api, corpId, (tx) => editChannelCode(tx, corpId, id, { staffIds: [bob, cat], skipVerify: false }, at))
  expect((await read(db, corpId, id)).updating).toBe(true)
  await wakeStaff(db, corpId, cat, true)
  await corp.work(jobs)
  expect((await ways(corp))[0]).toMatchObject({ users: ['Bob'], skipVerify: false })
  expect((await read(db, corpId, id)).updating).toBe(false)
  expect((await column(db, corpId)).qrContent).toBe(before.qrContent)
})

test('what WeCom refuses is shown on the health page with its replay, and the replay heals it', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const stranger = await aStaff(db, corp.corpId, { userid: 'nobody-in-wecom' })
  const id = await aCode(db, corp.corpId, [stranger])
  await corp.work(jobs)
  expect(await read(db, corp.corpId, id)).toMatchObject({
    status: 'failed',
    failureCause: expect.stringMatching(/^wecom\.\d+$/),
  })
  const failure = () =>
    inCorp(db.api, corp.corpId, (tx) =>
      tx
        .selectFrom('laneFailure')
        .select(['replay', 'resolvedAt', 'subject'])
        .where('corpId', '=', corp.corpId)
        .where('lane', '=', 'channel_codes')
        .executeTakeFirstOrThrow(),
    )
  expect(await failure()).toMatchObject({
    subject: `channel_code ${id}`,
    replay: { job: 'channels.push-code', payload: { corpId: corp.corpId, channelCodeId: id } },
    resolvedAt: null,
  })

  await inCorp(db.api, corp.corpId, (tx) => editChannelCode(tx, corp.corpId, id, { staffIds: [corp.amyId] }, at))
  await corp.work(jobs)
  expect((await read(db, corp.corpId, id)).status).toBe('ready')
  expect((await failure()).resolvedAt).not.toBeNull()
})

test('a code whose people have all left is a failure of its own, and WeCom is not asked', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const id = await aCode(db, corp.corpId, [corp.amyId])
  await wakeStaff(db, corp.corpId, corp.amyId, true)
  await corp.work(jobs)
  expect(await read(db, corp.corpId, id)).toMatchObject({ status: 'failed', failureCause: 'channels.no_staff_left' })
  expect(await ways(corp)).toHaveLength(0)
})

test('another corp’s people, tags and codes are as unknown as missing ones', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const [staff, theirStaff] = [await aStaff(db, ours), await aStaff(db, theirs)]
  const theirTag = await aTag(db, theirs)
  await expect(aCode(db, ours, [staff, theirStaff])).rejects.toMatchObject({ status: 404 })
  await expect(aCode(db, ours, [staff], { tagIds: [theirTag] })).rejects.toMatchObject({ status: 404 })
  await expect(
    aCode(db, ours, [staff], { welcome: { text: '', attachments: [{ type: 'image', mediaAssetId: '999' }] } }),
  ).rejects.toMatchObject({ status: 404 })
  const theirCode = await aCode(db, theirs, [theirStaff])
  await expect(read(db, ours, theirCode)).rejects.toMatchObject({ status: 404 })
  await expect(
    inCorp(db.api, ours, (tx) => editChannelCode(tx, ours, theirCode, { name: '我的了' }, at)),
  ).rejects.toMatchObject({ status: 404 })
  await expect(inCorp(db.api, ours, (tx) => archiveChannelCode(tx, ours, theirCode, true, at))).rejects.toMatchObject({
    status: 404,
  })
  expect(
    (await inCorp(db.api, ours, (tx) => listChannelCodes(tx, ours, { archived: '0', limit: 50 }, at))).items,
  ).toEqual([])
  await expect(aCode(db, ours, [staff], { remark: '{店名}' })).rejects.toMatchObject({
    code: 'channels.unknown_variable',
  })
})

test('the list pages by key, newest first, finds by name, and keeps archived codes apart', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staff = await aStaff(db, corpId)
  const ids: string[] = []
  for (const name of ['静安寺', '五角场', '外卖卡']) ids.push(await aCode(db, corpId, [staff], { name }))
  await inCorp(db.api, corpId, (tx) => archiveChannelCode(tx, corpId, ids[0]!, true, at))
  const list = (query: Partial<Parameters<typeof listChannelCodes>[2]>) =>
    inCorp(db.api, corpId, (tx) => listChannelCodes(tx, corpId, { archived: '0', limit: 1, ...query }, at))
  const first = await list({})
  expect([first.items.map((c) => c.name), first.nextCursor]).toEqual([['外卖卡'], ids[2]])
  const second = await list({ before: first.nextCursor! })
  expect([second.items.map((c) => c.name), second.nextCursor]).toEqual([['五角场'], null])
  expect((await list({ archived: '1' })).items.map((c) => [c.name, c.status])).toEqual([['静安寺', 'archived']])
  expect((await list({ search: '角' })).items.map((c) => c.name)).toEqual(['五角场'])
  expect((await list({ search: '%' })).items).toEqual([])
})
