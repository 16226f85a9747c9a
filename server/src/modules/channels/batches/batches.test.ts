import type { Wecom } from '@siyu/wecom'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aSimulatedCorp, type SimulatedCorp } from '../../../../test/simulated-corp.ts'
import { aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import type { WorkContext } from '../../corps/context.ts'
import { hearContactEvents } from '../hear-contacts.ts'
import { jobs } from '../jobs.ts'
import { countScan } from '../landing/count-scan.ts'
import { listChannelCodes, readChannelCode } from '../list-codes.ts'
import { pushCode } from '../push-code.ts'
import { planBatch } from './plan-batch.ts'
import { pushBatch, removeCodes } from './push-batch.ts'
import { listBatches, readBatch } from './read-batches.ts'
import { BatchPicking, NewCodeBatch } from './schema.ts'
import { cancelBatch, retryBatch, startBatch, undoBatch } from './start-batch.ts'

const made = { accountId: '1', actor: '周岚', now: at }
const start = (db: TestDb, corpId: string, batch: unknown) =>
  inCorp(db.api, corpId, async (tx) => (await startBatch(tx, corpId, NewCodeBatch.parse(batch), made)).codeBatchId)
const plan = (db: TestDb, corpId: string, picking: unknown) =>
  inCorp(db.api, corpId, (tx) => planBatch(tx, corpId, BatchPicking.parse(picking)))
const read = (db: TestDb, corpId: string, id: string) => inCorp(db.api, corpId, (tx) => readBatch(tx, corpId, id))
const ways = (corp: SimulatedCorp) => [...corp.world.sim.world.corps.get(corp.world.corp.corpid)!.contactWays.values()]
const attempt = { number: 1, last: false, signal: new AbortController().signal }

/** So many members of WeCom, known here; returns their ids. */
async function aTeam(db: TestDb, corp: SimulatedCorp, size: number): Promise<string[]> {
  const ids: string[] = []
  for (let nr = 1; nr <= size; nr++) {
    await corp.world.act({
      type: 'member_add',
      userid: `m${nr}`,
      name: `成员${nr}`,
    })
    ids.push(await aStaff(db, corp.corpId, { userid: `m${nr}`, name: `成员${nr}` }))
  }
  return ids
}

/** Puts members into a tree of departments: 1 over 2, and 3 apart. */
async function aTree(db: TestDb, corpId: string, of: Record<string, string[]>): Promise<void> {
  await inCorp(db.api, corpId, async (tx) => {
    await tx
      .insertInto('department')
      .values([
        { corpId, departmentId: '1', name: '总部', parentId: null },
        { corpId, departmentId: '2', name: '门店', parentId: '1' },
        { corpId, departmentId: '3', name: '别处', parentId: null },
      ])
      .execute()
    const rows = Object.entries(of).flatMap(([departmentId, ids]) =>
      ids.map((staffId) => ({ corpId, departmentId, staffId })),
    )
    await tx.insertInto('staffDepartment').values(rows).execute()
  })
}

const change = (db: TestDb, corpId: string, staffId: string, set: object) =>
  inCorp(db.api, corpId, (tx) =>
    tx.updateTable('staff').set(set).where('corpId', '=', corpId).where('staffId', '=', staffId).execute(),
  )

test('a preview takes a department with all below it, names each code, and says of everybody left out why', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, amyToo, off, shy, gone, far] = [
    await aStaff(db, corpId, { name: '艾米' }),
    await aStaff(db, corpId, { name: '艾米' }),
    await aStaff(db, corpId, { name: '禁用' }),
    await aStaff(db, corpId, { name: '没开通' }),
    await aStaff(db, corpId, { name: '离职' }),
    await aStaff(db, corpId, { name: '远' }),
  ]
  await aTree(db, corpId, { 1: [amy], 2: [amyToo, off, shy], 3: [far] })
  await change(db, corpId, off, { status: 2 })
  await change(db, corpId, shy, { follows: false })
  await change(db, corpId, gone, { leftAt: at })
  const picking = { departmentIds: ['1'], staffIds: [gone], activity: '五周年', nameTemplate: '{活动}-{成员}' }
  const said = async () =>
    (await plan(db, corpId, picking)).people.map(({ staffId, codeName, skip }) => [staffId, codeName, skip])
  const before = await said()
  expect(before).toHaveLength(5)
  expect(before).toEqual(
    expect.arrayContaining([
      [amy, '五周年-艾米', null],
      [amyToo, '五周年-艾米 2', null],
      [off, '五周年-禁用', 'disabled'],
      [shy, '五周年-没开通', 'not_licensed'],
      [gone, '五周年-离职', 'left'],
    ]),
  )
  const id = await start(db, corpId, { ...picking, departmentIds: [], staffIds: [amy, shy] })
  expect(await read(db, corpId, id)).toMatchObject({
    total: 1,
    creating: 1,
    people: [{ staffId: amy, codeName: '五周年-艾米', status: 'creating' }],
    skippedPeople: [{ staffId: shy, reason: 'not_licensed' }],
  })
  expect((await said()).find(([staffId]) => staffId === amy)?.[2]).toBe('has_code')
  expect((await plan(db, corpId, { ...picking, activity: '双十一' })).people.find((p) => p.staffId === amy)?.skip).toBe(
    null,
  )
  const whole = await read(db, corpId, await start(db, corpId, { departmentIds: ['2'], activity: '双十一' }))
  expect(whole.people.map(({ staffId }) => staffId)).toEqual([amyToo])
  await expect(start(db, corpId, { staffIds: [amy], activity: '五周年' })).rejects.toMatchObject({
    code: 'channels.nobody_for_codes',
  })
  const theirs = await aCorp(db)
  await expect(plan(db, corpId, { staffIds: [await aStaff(db, theirs)], activity: 'x' })).rejects.toMatchObject({
    status: 404,
  })
  await expect(plan(db, corpId, { staffIds: [amy], activity: 'x', nameTemplate: '{成员}{店}' })).rejects.toMatchObject({
    code: 'channels.unknown_variable',
  })
})

test('two who begin the same activity at the same moment give nobody two codes', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const people = await Promise.all(Array.from({ length: 40 }, () => aStaff(db, corpId)))
  const both = await Promise.allSettled([
    start(db, corpId, { staffIds: people, activity: '五周年' }),
    start(db, corpId, { staffIds: people.toReversed(), activity: '五周年' }),
  ])
  const batches = await inCorp(db.api, corpId, (tx) => listBatches(tx, corpId))
  expect(batches.reduce((sum, batch) => sum + batch.total, 0)).toBe(40)
  expect(both.filter(({ status }) => status === 'rejected')).toHaveLength(1)
})

test('every code of a batch is made, with its one person, tags and words; the one WeCom refuses stops nobody else and is tried again', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const team = await aTeam(db, corp, 24)
  const stranger = await aStaff(db, corp.corpId, { userid: 'not-in-wecom', name: '外人' })
  const tagId = await aTag(db, corp.corpId)
  const id = await start(db, corp.corpId, {
    staffIds: [stranger, ...team],
    activity: '五周年',
    groupName: '五周年组',
    tagIds: [tagId],
    remark: '{客户昵称}',
    welcome: { text: '你好，{客户昵称}' },
  })
  await corp.work(jobs)
  const done = await read(db, corp.corpId, id)
  expect(done).toMatchObject({ total: 25, ready: 24, failed: 1, creating: 0 })
  expect(done.people.find(({ staffId }) => staffId === stranger)).toMatchObject({
    status: 'failed',
    failureCause: expect.stringMatching(/^wecom/),
  })
  expect(
    ways(corp)
      .map((way) => way.users.join())
      .sort(),
  ).toEqual(team.map((_, nr) => `m${nr + 1}`).sort())
  const one = await inCorp(db.api, corp.corpId, (tx) =>
    readChannelCode(tx, corp.corpId, done.people.find(({ staffName }) => staffName === '成员7')!.channelCodeId, ''),
  )
  expect(one).toMatchObject({
    name: '成员7·五周年',
    groupName: '五周年组',
    tags: [{ tagId }],
    staff: [{ staffId: team[6] }],
    remark: '{客户昵称}',
    welcome: { text: '你好，{客户昵称}' },
    status: 'ready',
  })
  await corp.world.act({ type: 'member_add', userid: 'not-in-wecom', name: '外人' })
  await inCorp(db.api, corp.corpId, (tx) => retryBatch(tx, corp.corpId, id))
  await corp.work(jobs)
  expect(await read(db, corp.corpId, id)).toMatchObject({ ready: 25, failed: 0 })
})

/** As the context, but dying before or after calls of WeCom, as if by `kill -9`, until `lives` are used up. */
function mortal(context: WorkContext, random: () => number, deaths: { left: number }): WorkContext {
  const die = () => {
    if (deaths.left > 0 && random() < 0.3) {
      deaths.left--
      throw new Error('killed')
    }
  }
  return {
    ...context,
    async wecom(corpId) {
      const real = await context.wecom(corpId)
      const contactWay = new Proxy(real.contactWay, {
        get: (ways_, name: keyof Wecom['contactWay']) =>
          name === 'pages'
            ? ways_.pages
            : async (...given: unknown[]) => {
                die()
                const answer = await (ways_[name] as (...all: unknown[]) => Promise<unknown>)(...given)
                die() // WeCom has done it, and nobody here knows
                return answer
              },
      })
      return { ...real, contactWay }
    },
  }
}

test.each([1, 2, 3, 4])(
  'killed again and again around its calls (seed %i), a batch makes one way for each person',
  async (seed) => {
    await using db = await freshDb()
    await using corp = await aSimulatedCorp(db)
    const { corpId, context } = corp
    const id = await start(db, corpId, { staffIds: await aTeam(db, corp, 12), activity: '五周年' })
    let state = seed * 7919
    const random = () => {
      state = (state * 48271) % 2147483647
      return state / 2147483647
    }
    const deaths = { left: 40 }
    for (let life = 0; life < 40; life++)
      await pushBatch
        .run(mortal(context, random, deaths), { corpId, codeBatchId: id, after: '0' }, attempt)
        .catch(() => undefined)
    expect(deaths.left).toBeLessThan(30)
    expect(await read(db, corpId, id)).toMatchObject({ ready: 12, creating: 0, failed: 0 })
    expect(ways(corp)).toHaveLength(12)
    // and taken back as thoroughly
    deaths.left = 30
    await inCorp(db.api, corpId, (tx) => undoBatch(tx, corpId, id, at))
    for (let life = 0; life < 40; life++)
      await removeCodes.run(mortal(context, random, deaths), { corpId }, attempt).catch(() => undefined)
    expect(ways(corp)).toHaveLength(0)
    expect(await read(db, corpId, id)).toMatchObject({ removed: 12, ready: 0 })
  },
)

test('refused for too many calls at once (45033), a batch waits and is finished, nobody twice', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId } = corp
  const id = await start(db, corpId, { staffIds: await aTeam(db, corp, 6), activity: '五周年' })
  await corp.world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: '45033', match: 'externalcontact/add_contact_way', count: 3 }],
  })
  const turn = () => pushBatch.run(corp.context, { corpId, codeBatchId: id, after: '0' }, attempt)
  await expect(turn()).rejects.toMatchObject({ outcome: 'retryable' })
  expect(await read(db, corpId, id)).toMatchObject({ failed: 0 })
  for (let again = 0; again < 4; again++) await turn().catch(() => undefined)
  expect(await read(db, corpId, id)).toMatchObject({ ready: 6, creating: 0, failed: 0 })
  expect(ways(corp)).toHaveLength(6)
})

test('cancelled, what WeCom was asked for stays and is finished, the rest is never made', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId } = corp
  const id = await start(db, corpId, { staffIds: await aTeam(db, corp, 5), activity: '五周年' })
  const [first, second] = (await read(db, corpId, id)).people
  await pushCode.run(corp.context, { corpId, channelCodeId: first!.channelCodeId }, attempt)
  // The second was asked for when the worker died.
  await sql`update channel_code set asked_at = ${at}::timestamptz where channel_code_id = ${second!.channelCodeId}`.execute(
    db.owner,
  )
  await inCorp(db.api, corpId, (tx) => cancelBatch(tx, corpId, id, at))
  await corp.work(jobs)
  expect(await read(db, corpId, id)).toMatchObject({ ready: 2, cancelled: 3, creating: 0 })
  expect(ways(corp)).toHaveLength(2)
  await expect(inCorp(db.api, corpId, (tx) => cancelBatch(tx, corpId, id, at))).rejects.toMatchObject({
    code: 'channels.batch_ended',
  })
})

test('undone, codes somebody scanned or came through stay; of the others the way is gone, and a late friend is still counted', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId } = corp
  const id = await start(db, corpId, { staffIds: await aTeam(db, corp, 4), activity: '五周年' })
  await expect(inCorp(db.api, corpId, (tx) => undoBatch(tx, corpId, id, at))).rejects.toMatchObject({
    code: 'channels.batch_open',
  })
  await corp.work(jobs)
  const [scanned, used, unused] = (await read(db, corpId, id)).people
  const came = async (channelCodeId: string, staffId: string) => {
    const { rows } = await sql<{
      state: string
    }>`select state from channel_code where channel_code_id = ${channelCodeId}`.execute(db.owner)
    const { contactId } = await corp.aFriend({ state: rows[0]!.state })
    const fact = { contactId, staffId, kind: 'contact.added' as const, at, props: { state: rows[0]!.state } }
    await inCorp(db.api, corpId, (tx) => hearContactEvents(tx, corpId, [fact], at))
  }
  await countScan(db.api, corpId, scanned!.channelCodeId, 'visitor', at)
  await came(used!.channelCodeId, used!.staffId)
  expect(await inCorp(db.api, corpId, (tx) => undoBatch(tx, corpId, id, at))).toBe(2)
  await corp.work(jobs)
  expect((await read(db, corpId, id)).people.map(({ status }) => status)).toEqual([
    'ready',
    'ready',
    'removed',
    'removed',
  ])
  expect(ways(corp)).toHaveLength(2)
  const listed = await inCorp(db.api, corpId, (tx) => listChannelCodes(tx, corpId, { archived: '0', limit: 50 }, at))
  expect(listed.items).toHaveLength(2)
  await came(unused!.channelCodeId, unused!.staffId)
  expect((await read(db, corpId, id)).people[2]).toMatchObject({ status: 'removed', adds: 1 })
  // The activity is free again for those whose code was taken back.
  const again = await plan(db, corpId, { staffIds: [scanned!.staffId, unused!.staffId], activity: '五周年' })
  expect(again.people.map(({ skip }) => skip)).toEqual(['has_code', null])
})
