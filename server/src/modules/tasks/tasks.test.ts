import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Killed, killing } from '../../../test/killing.ts'
import { aSimulatedCorp } from '../../../test/simulated-corp.ts'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { bulkWorks } from '../../bulk-works.ts'
import { inCorp, type Tx } from '../../platform/db.ts'
import type { BulkActor } from '../tags/bulk-runs.ts'
import { takeStep } from '../tags/bulk-step.ts'
import { listCards, readCard, startWorkCard, withdrawCard } from './cards.ts'
import { countTasks, listTasks } from './list-tasks.ts'
import { remindStep } from './remind.ts'
import { NewTask, NewWorkCard, TaskEnd, TaskQuery } from './schema.ts'
import { addTask, type Doer, endTask, reopenTask } from './service.ts'
import { tellJob } from './tell.ts'

/** Tuesday, noon in Shanghai. */
const NOON = new Date('2026-11-24T04:00:00Z')
const HOUR = 3_600_000
const once = { number: 1, last: false, signal: new AbortController().signal }
const WRITE = ['tasks.read', 'tasks.write']

async function aHouse(db: TestDb, given: { corpId?: string } = {}) {
  const corpId = given.corpId ?? (await aCorp(db))
  let now = NOON
  const within = <T>(work: (tx: Tx) => Promise<T>) => inCorp(db.api, corpId, work)
  const boss: Doer & BulkActor = {
    ...{ accountId: '1', name: '店长', staffId: null, scope: undefined, permissions: [...WRITE, 'tasks.assign'] },
    ...{ mayBulk: true, mayMove: true, mayAssign: true },
  }
  const member = (staffId: string): Doer => ({
    ...{ accountId: `9${staffId}`, name: `成员${staffId}`, staffId, scope: [staffId], permissions: WRITE },
  })
  return {
    corpId,
    within,
    boss,
    member,
    now: () => now,
    turn(hours: number) {
      now = new Date(now.getTime() + hours * HOUR)
    },
    in: (hours: number) => new Date(now.getTime() + hours * HOUR).toISOString(),
    add: (task: object, doer: Doer = boss) =>
      within((tx) => addTask(tx, corpId, NewTask.parse({ title: '回访', ...task }), doer, now)),
    end: (taskId: string, as: string, doer: Doer = boss) =>
      within((tx) => endTask(tx, corpId, taskId, TaskEnd.parse({ as, outcome: '聊过' }), doer, now)),
    reopen: (taskId: string, doer: Doer = boss) => within((tx) => reopenTask(tx, corpId, taskId, doer, now)),
    list: async (query: object = {}, scope?: readonly string[]) =>
      (await within((tx) => listTasks(tx, corpId, TaskQuery.parse(query), scope, now))).items,
    counts: (scope?: readonly string[]) => within((tx) => countTasks(tx, corpId, scope, now)),
    remind: () => within((tx) => remindStep(tx, corpId, now)),
    alerts: () =>
      within((tx) =>
        tx
          .selectFrom('taskAlert')
          .select(['taskId', 'staffId', 'what'])
          .where('corpId', '=', corpId)
          .orderBy('what')
          .orderBy('staffId')
          .orderBy('taskId')
          .execute(),
      ),
    async card(given: object, actor: BulkActor = boss) {
      const asked = { title: '春茶回访', dueAt: new Date(now.getTime() + 48 * HOUR).toISOString(), ...given }
      return within((tx) => startWorkCard(tx, corpId, NewWorkCard.parse(asked), actor, now))
    },
    /** All runs to their end, now and then killed before a commit. */
    async run(kill = false) {
      for (;;) {
        const { rows } = await within(async (tx) => ({
          rows: await tx
            .selectFrom('bulkRun')
            .select('bulkRunId')
            .where('corpId', '=', corpId)
            .where('state', 'in', ['waiting', 'running'])
            .orderBy('bulkRunId')
            .execute(),
        }))
        if (rows.length === 0) return
        for (const { bulkRunId } of rows) {
          if (kill)
            await inCorp(killing(db.api), corpId, (tx) => takeStep(tx, corpId, bulkRunId, bulkWorks, now)).catch(
              (error) => {
                if (!(error instanceof Killed)) throw error
              },
            )
          await within((tx) => takeStep(tx, corpId, bulkRunId, bulkWorks, now))
        }
      }
    },
  }
}

test('a task is for a customer its member follows; nobody gives another one without the right to', async () => {
  await using db = await freshDb()
  const [house, other] = [await aHouse(db), await aHouse(db)]
  const [amy, bob] = [await aStaff(db, house.corpId), await aStaff(db, house.corpId)]
  const lin = await aContact(db, house.corpId, { name: '林晚', staffId: amy })
  const theirs = await aContact(db, other.corpId)
  const dueAt = house.in(3)
  const mine = await house.add({ contactId: lin, dueAt }, house.member(amy))
  await house.add({ contactId: lin, staffId: amy, dueAt })
  await expect(house.add({ contactId: lin, staffId: bob, dueAt })).rejects.toMatchObject({
    code: 'tasks.not_his_customer',
  })
  await expect(house.add({ staffId: bob, dueAt }, house.member(amy))).rejects.toMatchObject({ code: 'tasks.not_yours' })
  await expect(house.add({ dueAt })).rejects.toMatchObject({ code: 'tasks.no_member' })
  await expect(house.add({ contactId: theirs, staffId: amy, dueAt })).rejects.toMatchObject({
    code: 'platform.not_found',
  })
  await expect(house.add({ dueAt: house.in(-1) }, house.member(amy))).rejects.toMatchObject({ code: 'tasks.due_past' })
  await expect(house.end(mine, 'done', house.member(bob))).rejects.toMatchObject({ code: 'platform.not_found' })
  await expect(other.end(mine, 'done')).rejects.toMatchObject({ code: 'platform.not_found' })
  expect((await house.list({}, [amy])).map((task) => task.contact?.name)).toEqual(['林晚', '林晚'])
  expect(await house.list({}, [bob])).toEqual([])
  expect(await other.list()).toEqual([])
})

test('a task ends once, is taken back within a day, and stands in the customer’s timeline each time', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const amy = await aStaff(db, house.corpId)
  const lin = await aContact(db, house.corpId, { staffId: amy })
  const me = house.member(amy)
  const taskId = await house.add({ contactId: lin, dueAt: house.in(2) }, me)
  await house.end(taskId, 'done', me)
  await expect(house.end(taskId, 'skipped', me)).rejects.toMatchObject({ code: 'tasks.ended' })
  expect(await house.list()).toEqual([])
  house.turn(24)
  await house.reopen(taskId, me)
  expect(await house.list()).toMatchObject([{ taskId, late: true, state: 'open', outcome: '' }])
  await house.end(taskId, 'skipped', me)
  house.turn(24.1)
  await expect(house.reopen(taskId, me)).rejects.toMatchObject({ code: 'tasks.not_reopenable' })
  const kinds = await house.within((tx) =>
    tx
      .selectFrom('event')
      .select('kind')
      .where('corpId', '=', house.corpId)
      .where('contactId', '=', lin)
      .where('kind', 'like', 'task.%')
      .orderBy('eventId')
      .execute(),
  )
  expect(kinds.map(({ kind }) => kind)).toEqual(['task.added', 'task.done', 'task.reopened', 'task.dropped'])
})

test('lists and counts know today by Shanghai’s midnight, and what is past its time', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const amy = await aStaff(db, house.corpId)
  const me = house.member(amy)
  for (const hours of [1, 11.9, 12, 30]) await house.add({ title: `${hours}`, dueAt: house.in(hours) }, me)
  house.turn(2)
  expect(await house.counts()).toMatchObject({ open: 4, late: 1, today: 2 })
  expect((await house.list({ view: 'today' })).map((task) => task.title)).toEqual(['1', '11.9'])
  expect((await house.list({ view: 'late' })).map((task) => task.title)).toEqual(['1'])
  const first = await house.within((tx) =>
    listTasks(tx, house.corpId, TaskQuery.parse({ limit: 3 }), undefined, house.now()),
  )
  const rest = await house.list({ limit: 3, after: first.nextCursor })
  expect([...first.items, ...rest].map((task) => task.title)).toEqual(['1', '11.9', '12', '30'])
})

test('who is to do it is told at the time asked for, his head a day after it was due, each once, however often it is looked and broken off', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const [amy, head] = [await aStaff(db, house.corpId), await aStaff(db, house.corpId)]
  await house.within(async (tx) => {
    await tx.insertInto('department').values({ corpId: house.corpId, departmentId: '9', name: '门店' }).execute()
    for (const [staffId, isLeader] of [
      [amy, false],
      [head, true],
    ] as const)
      await tx
        .insertInto('staffDepartment')
        .values({ corpId: house.corpId, staffId, departmentId: '9', isLeader })
        .execute()
  })
  const asked = await house.add({ staffId: amy, dueAt: house.in(10), remindMinutes: 60 })
  const own = await house.add({ dueAt: house.in(10), remindMinutes: 60 }, house.member(amy))
  const silent = await house.add({ dueAt: house.in(1), remindMinutes: null }, house.member(amy))
  const done = await house.add({ staffId: amy, dueAt: house.in(10), remindMinutes: 60 })
  const look = async () => {
    await inCorp(killing(db.api), house.corpId, (tx) => remindStep(tx, house.corpId, house.now())).catch((error) => {
      if (!(error instanceof Killed)) throw error
    })
    for (let twice = 0; twice < 2; twice++) await house.remind()
    return (await house.alerts()).map(({ taskId, staffId, what }) => `${what} ${taskId} ${staffId}`).sort()
  }
  const newOnes = [`new ${asked} ${amy}`, `new ${done} ${amy}`].sort()
  house.turn(8.9)
  expect(await look()).toEqual(newOnes)
  await house.end(done, 'done')
  house.turn(0.1)
  const due = [`due ${asked} ${amy}`, `due ${own} ${amy}`, `new ${asked} ${amy}`].sort()
  expect(await look()).toEqual(due)
  house.turn(24.9)
  expect(await look()).toEqual(due)
  house.turn(0.1)
  const late = [...due, `late ${asked} ${head}`].sort()
  expect(await look()).toEqual(late)
  house.turn(1_000)
  expect(await look()).toEqual(late)
  expect(await house.list({ view: 'open' })).toHaveLength(3)
  expect(silent).toBeTruthy()
})

test('a card asks once of whoever follows, within the scope of who asked; killed and begun again it asks nobody twice', async () => {
  await using db = await freshDb()
  const [house, other] = [await aHouse(db), await aHouse(db)]
  const [amy, bob] = [await aStaff(db, house.corpId), await aStaff(db, house.corpId)]
  const early = new Date('2026-01-01T00:00:00Z')
  const both = await aContact(db, house.corpId, { staffId: amy })
  await house.within((tx) =>
    tx
      .insertInto('follow')
      .values({ corpId: house.corpId, contactId: both, staffId: bob, addedAt: early, updatedAt: early })
      .execute(),
  )
  const hers = await aContact(db, house.corpId, { staffId: amy })
  const lost = await aContact(db, house.corpId, { staffId: amy, lostAt: NOON })
  const theirs = await aContact(db, other.corpId)
  const contactIds = [both, hers, lost, theirs]
  const pairs = async () => (await house.list()).map((task) => `${task.contact?.contactId} ${task.staffId}`).sort()

  const { workCardId } = await house.card({ contactIds })
  await house.run(true)
  expect(await pairs()).toEqual([`${both} ${bob}`, `${hers} ${amy}`].sort()) // bob has followed longest
  const read = () => house.within((tx) => readCard(tx, house.corpId, workCardId, house.boss))
  expect((await read()).card).toMatchObject({ open: 2, done: 0, members: 2 })
  const mine = (await house.list({ staffId: amy }))[0]!
  await house.end(mine.taskId, 'done', house.member(amy))
  expect((await read()).card).toMatchObject({ open: 1, done: 1 })
  await house.within((tx) => withdrawCard(tx, house.corpId, workCardId, house.boss, house.now()))
  await house.run(true)
  expect((await read()).card).toMatchObject({ open: 0, done: 1, cancelled: 1 })
  await expect(
    house.within((tx) => withdrawCard(tx, house.corpId, workCardId, house.boss, house.now())),
  ).rejects.toMatchObject({ code: 'tasks.card_withdrawn' })

  await house.card({ contactIds, choice: 'each' })
  await house.run()
  expect(await pairs()).toEqual([`${both} ${amy}`, `${both} ${bob}`, `${hers} ${amy}`].sort())

  const narrow = { ...house.boss, accountId: '2', scope: [amy] }
  const seen = await house.card({ contactIds }, narrow)
  await house.run()
  const ofAmy = await house.within((tx) => readCard(tx, house.corpId, seen.workCardId, narrow))
  expect(ofAmy.staff).toMatchObject([{ staffId: amy, open: 2 }])
  const bobSees = { scope: [bob], accountId: '3' }
  const cards = await house.within((tx) => listCards(tx, house.corpId, bobSees))
  expect(cards.items.map((card) => [card.open + card.done + card.cancelled, card.members])).toEqual([
    [1, 1],
    [1, 1],
  ])
})

test('what a card counts is what its tasks are, whatever is done to them in whatever order', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const staff = [await aStaff(db, house.corpId), await aStaff(db, house.corpId)]
  const contactIds: string[] = []
  for (let i = 0; i < 6; i++) contactIds.push(await aContact(db, house.corpId, { staffId: staff[i % 2]! }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ which: fc.nat(5), act: fc.constantFrom('done', 'skipped', 'cancelled', 'reopen', 'turn') }),
        {
          maxLength: 20,
        },
      ),
      async (acts) => {
        const { workCardId } = await house.card({ contactIds })
        await house.run()
        const tasks = await house.list({ workCardId })
        for (const { which, act } of acts) {
          const taskId = tasks[which]!.taskId
          if (act === 'turn') house.turn(1)
          else if (act === 'reopen') await house.reopen(taskId)
          else await house.end(taskId, act).catch((error) => expect(error).toMatchObject({ code: 'tasks.ended' }))
        }
        const states = await house.within((tx) =>
          tx
            .selectFrom('task')
            .select(['staffId', 'state'])
            .where('corpId', '=', house.corpId)
            .where('workCardId', '=', workCardId)
            .execute(),
        )
        const { staff: counted } = await house.within((tx) => readCard(tx, house.corpId, workCardId, house.boss))
        const n = (staffId: string, state: string) =>
          states.filter((one) => one.staffId === staffId && one.state === state).length
        for (const one of counted)
          expect([one.open, one.done, one.skipped, one.cancelled], JSON.stringify(acts)).toEqual(
            ['open', 'done', 'skipped', 'cancelled'].map((state) => n(one.staffId, state)),
          )
        expect(counted).toHaveLength(2)
      },
    ),
    { numRuns: 25 },
  )
})

test('a member is told in one message what is new and what is due; once sent, nothing is told again', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const house = await aHouse(db, { corpId: corp.corpId })
  const contactIds: string[] = []
  for (const name of ['林晚', '陈屿', '苏晚秋', '何晓棠'])
    contactIds.push(await aContact(db, corp.corpId, { name, staffId: corp.amyId }))
  await house.card({ contactIds, title: '春茶回访' })
  await house.run()
  await house.add({ staffId: corp.amyId, title: '理货架', dueAt: house.in(1) })
  for (let twice = 0; twice < 2; twice++) await tellJob.run(corp.context, { corpId: corp.corpId }, once)
  const { effects } = await corp.world.control<{
    effects: { kind: string; userid: string; content: { text: { content: string } } }[]
  }>('GET', `/corps/${corp.world.corp.corpid}/effects`)
  const sent = effects.filter((effect) => effect.kind === 'app_message').map((effect) => effect.content.text.content)
  expect(sent).toHaveLength(1)
  expect(sent[0]!.split('\n').slice(0, 3)).toEqual([
    '有新的事要做：',
    '「理货架」，11月24日 13:00 前',
    '「春茶回访」林晚、陈屿、苏晚秋等 4 位客户，11月26日 12:00 前',
  ])
  expect(await house.alerts()).toEqual([])
})
