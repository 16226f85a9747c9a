import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContactWorld } from '../../../../../test/contact-world.ts'
import { aMaterial, aRadarLink, aView } from '../../../../../test/radar-house.ts'
import { aContact, aStaff, aTag, freshDb, type TestDb, testVault } from '../../../../../test/world.ts'
import { inCorp, type Tx } from '../../../../platform/db.ts'
import { readInterest } from '../../../contacts/read-interest.ts'
import type { Actor } from '../../../corps/context.ts'
import { settleDue } from '../../../segments/auto-tags/due.ts'
import { autoTagFollower } from '../../../segments/auto-tags/follow-segments.ts'
import { createAutoTag } from '../../../segments/auto-tags/rules.ts'
import { buildSegment } from '../../../segments/build.ts'
import { followFlips } from '../../../segments/follow.ts'
import { keepCorp } from '../../../segments/keep.ts'
import { editStage } from '../../../stages/edit-stages.ts'
import { ensureFlow } from '../../../stages/flows.ts'
import { stageFollower } from '../../../stages/follow-rules.ts'
import { readStages } from '../../../stages/read-book.ts'
import { readStays } from '../../../stages/read-stays.ts'
import { StageEdit } from '../../../stages/schema.ts'
import { tellJob as tellTasks } from '../../../tasks/tell.ts'
import { tellJob as tellOpenings } from '../notices/tell.ts'
import { settleNamed } from '../reading/settle.ts'
import { takeBeats } from '../reading/take-beats.ts'
import { readingRuleFollower } from './follow.ts'
import { addReadingRule, listReadingRules, ruleOf, stopReadingRule } from './rules.ts'
import { type Asks, NewReadingRule } from './schema.ts'

const NOON = new Date('2026-11-24T04:00:00Z')
const once = { number: 1, last: false, signal: new AbortController().signal }

/** Two members of a simulated corp with phones, a customer of each and one of both, a material both have sent. */
async function aHouse(db: TestDb) {
  let now = NOON
  const there = await aContactWorld(db, { clock: { now: () => now } as never })
  const { corpId, context, world } = there
  const [amy, bob] = [
    await aStaff(db, corpId, { userid: 'amy', name: '艾米' }),
    await aStaff(db, corpId, { userid: 'Bob', name: '鲍勃' }),
  ]
  const customer = (name: string, staffId: string) =>
    aContact(db, corpId, { name, externalUserid: `wm-${name}`, staffId, addedAt: NOON })
  const ids = { lin: await customer('林晚', amy), chen: await customer('陈屿', bob), both: await customer('苏苏', amy) }
  await db.owner
    .insertInto('follow')
    .values({ corpId, contactId: ids.both, staffId: bob, addedAt: new Date(NOON.getTime() + 1_000), updatedAt: NOON })
    .execute()
  const materialId = await aMaterial(db, corpId)
  const links = {
    amy: (await aRadarLink(db, corpId, { materialId, staffId: amy })).linkId,
    bob: (await aRadarLink(db, corpId, { materialId, staffId: bob })).linkId,
  }
  const within = <T>(work: (tx: Tx) => Promise<T>) => inCorp(db.api, corpId, work)
  const accountId = '1'
  const boss = {
    accountId,
    corpId,
    name: '店长',
    staffId: null,
    scope: undefined,
    permissions: ['content.write', 'tasks.assign'],
  } as unknown as Actor
  const work = async () => {
    const building = await within((tx) =>
      tx
        .selectFrom('segmentVersion')
        .select(['segmentId', 'version'])
        .where('corpId', '=', corpId)
        .where('state', '=', 'building')
        .execute(),
    )
    for (const one of building) await buildSegment.run(context, { corpId, ...one }, once)
    for (let isMore = true; isMore; ) {
      isMore = false
      while (await keepCorp(context, corpId, [autoTagFollower])) isMore = true
      for (const follower of [autoTagFollower, stageFollower, readingRuleFollower])
        while (await followFlips(context, corpId, follower)) isMore = true
      while (await settleDue(context, corpId)) isMore = true
    }
  }
  let reads = 0
  return {
    ...there,
    there,
    amy,
    bob,
    ids,
    materialId,
    boss,
    within,
    work,
    turn(minutes: number) {
      now = new Date(now.getTime() + minutes * 60_000)
    },
    rule: (given: object) =>
      within((tx) => addReadingRule(tx, boss, NewReadingRule.parse({ materialId, atLeast: 1, ...given }), now)),
    /** He reads it by somebody's link, for so long, and leaves. */
    async read(name: string, by: 'amy' | 'bob', given: { seconds?: number; depth?: number; pages?: number[] } = {}) {
      const { seconds = 10, depth = 50, pages = [] } = given
      reads += 1
      const atMs = now.getTime()
      const view = aView(corpId, links[by], `phone of ${name}`, atMs)
      const ids = [{ kind: 'external_userid' as const, value: `wm-${name}`, trust: 2 as const }]
      const beat = { view, n: 1, seconds, depth, pages, heardMs: atMs + seconds * 1_000, ids }
      await takeBeats({ db: db.api, vault: testVault }, corpId, [beat], now)
      now = new Date(atMs + seconds * 1_000)
      await settleNamed(db.api, corpId, [view.viewId], now)
      await work()
    },
    score: async (contactId: string) => (await within((tx) => readInterest(tx, corpId, contactId, undefined))).score,
    tasks: async () =>
      (
        await sql<{ contactId: string; staffId: string; title: string; note: string }>`
          select contact_id, staff_id, title, note from task order by task_id`.execute(db.owner)
      ).rows,
    /** What the simulated phones of members were sent by our app. */
    async phones() {
      const { effects } = await world.control<{
        effects: { kind: string; userid: string; content: { text: { content: string } } }[]
      }>('GET', `/corps/${world.corp.corpid}/effects`)
      return effects
        .filter((effect) => effect.kind === 'app_message')
        .map((effect) => ({ userid: effect.userid, text: effect.content.text.content }))
    },
    reads: () => reads,
  }
}

test('whoever opens it often enough is tagged, scored, moved and given a task for; his member’s phone in WeCom rings', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  const { corpId, within, boss, ids, amy } = house
  const tagId = await aTag(db, corpId, { name: '反复看' })
  await within((tx) => ensureFlow(tx, corpId, NOON))
  const keen = (await within((tx) => readStages(tx, corpId)))[2]!
  const rule = ruleOf({ materialId: house.materialId, asks: 'opens', atLeast: 2 })
  const maker = { ...boss, mayBulk: true, mayMove: false, mayAssign: false }
  await within((tx) => createAutoTag(tx, corpId, { tagId, rule, keep: false }, maker, NOON))
  await within((tx) => editStage(tx, corpId, keen.stageId, StageEdit.parse({ rule }), boss, NOON))
  await house.rule({ asks: 'opens', atLeast: 2, points: 10, task: { title: '问问要哪一款', note: '', hours: 24 } })
  await house.work()

  await house.read('林晚', 'amy')
  expect(await house.score(ids.lin)).toBe(0)
  expect(await house.tasks()).toEqual([])
  await tellOpenings.run(house.context, { corpId }, once)
  expect(await house.phones()).toEqual([
    { userid: 'amy', text: expect.stringMatching(/^林晚看了《春茶怎么选》\n看看读到哪里：.+\/content\/radar\/\d+$/) },
  ])

  await house.read('林晚', 'amy')
  await house.read('林晚', 'amy')
  expect(await house.score(ids.lin)).toBe(10)
  expect(await house.tasks()).toEqual([
    { contactId: ids.lin, staffId: amy, title: '问问要哪一款', note: '打开《春茶怎么选》满 2 次' },
  ])
  const tagged = await db.owner.selectFrom('followTag').select(['contactId', 'staffId', 'tagId']).execute()
  expect(tagged).toEqual([{ contactId: ids.lin, staffId: amy, tagId }])
  const stays = await within((tx) => readStays(tx, corpId, ids.lin, undefined, NOON))
  expect(stays.find(({ until }) => until === null)?.stage).toBe(keen.name)
  await tellTasks.run(house.context, { corpId }, once)
  expect((await house.phones()).slice(1)).toEqual([
    { userid: 'amy', text: expect.stringMatching(/^有新的事要做：\n「问问要哪一款」林晚，/) },
  ])
  const [listed] = await within((tx) => listReadingRules(tx, corpId, house.materialId))
  expect(listed).toMatchObject({ met: 1, isReady: true, points: 10 })
})

test('each thing asked begins to hold with the reading that reaches it, and not with the one before', async () => {
  const asked: [Asks, number, { seconds?: number; depth?: number; pages?: number[] }[]][] = [
    ['seconds', 30, [{ seconds: 20 }, { seconds: 9 }, { seconds: 2 }]],
    ['depth', 80, [{ depth: 79 }, { depth: 80 }]],
    ['page', 3, [{ pages: [5, 5] }, { pages: [1, 0, 0] }]],
  ]
  for (const [asks, atLeast, readings] of asked) {
    await using db = await freshDb()
    const house = await aHouse(db)
    await using _ = house.there
    await house.rule({ asks, atLeast, points: 7 })
    await house.work()
    for (const [i, reading] of readings.entries()) {
      expect(await house.score(house.ids.lin), `${asks} before ${i}`).toBe(0)
      await house.read('林晚', 'amy', reading)
    }
    expect(await house.score(house.ids.lin), asks).toBe(7)
    expect(await house.score(house.ids.chen), asks).toBe(0)
  }
})

test('the task is for whoever sent what he read last; who read before the rule was made, and who reads after it was stopped, gets none', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  await house.read('陈屿', 'bob')
  const task = { title: '回访', note: '', hours: 1 }
  const ruleId = await house.rule({ materialId: null, asks: 'opens', atLeast: 1, points: -5, task })
  await house.work()
  expect(await house.tasks()).toEqual([])
  await house.read('苏苏', 'bob')
  expect(await house.tasks()).toMatchObject([{ contactId: house.ids.both, staffId: house.bob }])
  expect(await house.score(house.ids.both)).toBe(-5)
  await house.read('林晚', 'bob') // not his customer: amy alone follows her
  expect((await house.tasks()).at(-1)).toMatchObject({ contactId: house.ids.lin, staffId: house.amy })
  await house.within((tx) => stopReadingRule(tx, house.boss, ruleId, NOON))
  await house.read('陈屿', 'bob')
  expect(await house.tasks()).toHaveLength(2)
  expect(await house.score(house.ids.chen)).toBe(0)
})
