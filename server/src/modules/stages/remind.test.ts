import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Killed, killing } from '../../../test/killing.ts'
import { aSimulatedCorp } from '../../../test/simulated-corp.ts'
import { aStageHouse, TUESDAY } from '../../../test/stage-house.ts'
import { aContact, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { addNote } from '../contacts/notes.ts'
import { addWorked, dayMs, USUAL } from './calendar.ts'
import { rescheduleStage } from './jobs.ts'
import { nextStep, remindStep } from './remind.ts'
import { tellJob } from './tell.ts'

const once = { number: 1, last: false, signal: new AbortController().signal }
const DAY = 24

/** A member with a head, and two customers of his. */
async function aTeam(db: TestDb, corpId: string) {
  const [own, head] = [await aStaff(db, corpId, { name: '许曼' }), await aStaff(db, corpId, { name: '周岚' })]
  await inCorp(db.api, corpId, async (tx) => {
    await tx.insertInto('department').values({ corpId, departmentId: '9', name: '门店' }).execute()
    for (const [staffId, isLeader] of [
      [own, false],
      [head, true],
    ] as const)
      await tx.insertInto('staffDepartment').values({ corpId, staffId, departmentId: '9', isLeader }).execute()
  })
  return {
    own,
    head,
    people: [await aContact(db, corpId, { staffId: own }), await aContact(db, corpId, { staffId: own })],
  }
}

test('after so many working days the member is told, after so many more his head, each once, however often it is looked and broken off', async () => {
  await using db = await freshDb()
  const [house, other] = [await aStageHouse(db), await aStageHouse(db)]
  const { own, head, people } = await aTeam(db, house.corpId)
  const alerts = () =>
    house.within((tx) =>
      tx
        .selectFrom('stageAlert')
        .select(['contactId', 'staffId'])
        .where('corpId', '=', house.corpId)
        .orderBy('staffId')
        .orderBy('contactId')
        .execute(),
    )
  const look = async () => {
    await inCorp(killing(db.api), house.corpId, (tx) => remindStep(tx, house.corpId, house.now())).catch((error) => {
      if (!(error instanceof Killed)) throw error
    })
    for (let twice = 0; twice < 2; twice++) await house.within((tx) => remindStep(tx, house.corpId, house.now()))
    await other.within((tx) => remindStep(tx, other.corpId, house.now()))
    return alerts()
  }
  await house.edit(house.ids.talking, { remind: { days: 3, of: 'stage', headDays: 1 } })
  for (const contactId of people) await house.move(contactId, house.ids.talking)
  house.turn(3 * DAY - 1) // Friday, eleven: an hour short
  expect(await look()).toEqual([])
  house.turn(1)
  expect(await look()).toEqual(people.map((contactId) => ({ contactId, staffId: own })))
  await house.move(people[1]!, house.ids.keen) // moved on: nobody else hears of him
  house.turn(2 * DAY) // Sunday is no working day
  expect(await look()).toHaveLength(2)
  house.turn(DAY) // Monday noon
  expect(await look()).toEqual([
    ...people.map((contactId) => ({ contactId, staffId: own })),
    { contactId: people[0], staffId: head },
  ])
  house.turn(30 * DAY)
  expect(await look()).toHaveLength(3)
  expect((await house.stays(people[0]!))[0]).toMatchObject({ dueAt: null, toldAt: '2026-11-27T04:00:00.000Z' })
})

test('silence is broken by a note, and counted anew from it', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const { own, people } = await aTeam(db, house.corpId)
  const [contactId = ''] = people
  const author = { accountId: '1', name: '许曼', staffId: own, scope: undefined }
  const look = async () => {
    await house.within((tx) => remindStep(tx, house.corpId, house.now()))
    return house.within((tx) =>
      tx.selectFrom('stageAlert').select('stayId').where('corpId', '=', house.corpId).execute(),
    )
  }
  await house.move(contactId, house.ids.talking)
  await house.edit(house.ids.talking, { remind: { days: 2, of: 'silence', headDays: null } })
  await rescheduleStage.run(house.context, { corpId: house.corpId, stageId: house.ids.talking }, once)
  house.turn(DAY)
  await house.within((tx) => addNote(tx, house.corpId, contactId, { text: '聊过', mentions: [] }, author, house.now()))
  house.turn(DAY) // two days in the stage, one since the note
  expect(await look()).toEqual([])
  house.turn(DAY)
  expect(await look()).toHaveLength(1)
  house.turn(10 * DAY)
  expect(await look()).toHaveLength(1)
})

test('a member gets one message of all that is due, his head one of his own and of what the member left; once sent, nothing is told again', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const house = await aStageHouse(db, { corpId: corp.corpId })
  const bob = await aStaff(db, corp.corpId, { userid: 'Bob', name: '鲍勃' })
  await house.within(async (tx) => {
    await tx.insertInto('department').values({ corpId: corp.corpId, departmentId: '7', name: '静安店' }).execute()
    const member = { corpId: corp.corpId, departmentId: '7' }
    await tx
      .insertInto('staffDepartment')
      .values([
        { ...member, staffId: corp.amyId, isLeader: true },
        { ...member, staffId: bob, isLeader: false },
      ])
      .execute()
  })
  await house.edit(house.ids.talking, { remind: { days: 1, of: 'stage', headDays: 1 } })
  for (const [name, staffId] of [
    ['林晚', bob],
    ['陈屿', bob],
    ['苏晚秋', corp.amyId],
  ] as const)
    await house.move(await aContact(db, corp.corpId, { name, staffId }), house.ids.talking)
  const remind = async (hours: number) => {
    house.turn(hours)
    await house.within((tx) => remindStep(tx, corp.corpId, house.now()))
    for (let twice = 0; twice < 2; twice++) await tellJob.run(corp.context, { corpId: corp.corpId }, once)
  }
  const sent = async () => {
    const { effects } = await corp.world.control<{
      effects: { kind: string; userid: string; content: { text: { content: string } } }[]
    }>('GET', `/corps/${corp.world.corp.corpid}/effects`)
    return effects
      .filter((effect) => effect.kind === 'app_message')
      .map(({ userid, content }) => `${userid}: ${content.text.content.split('\n').slice(1, -1).join(' ')}`)
      .sort()
  }
  await remind(DAY)
  const first = ['Bob: 「初步沟通」林晚、陈屿', 'amy: 「初步沟通」苏晚秋']
  expect(await sent()).toEqual(first)
  await remind(DAY)
  expect(await sent()).toEqual([...first, 'amy: 鲍勃的「初步沟通」林晚、陈屿'].sort())
})

test('whatever the days: nobody is told before they have passed, and nobody twice in a row', () => {
  const instants = fc.integer({ min: 0, max: 40 * DAY }).map((hours) => new Date(TUESDAY.getTime() + hours * 3_600_000))
  fc.assert(
    fc.property(
      fc.record({
        remindDays: fc.integer({ min: 1, max: 9 }),
        remindOf: fc.constantFrom('stage' as const, 'silence' as const),
        headDays: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
        followedAt: fc.option(instants, { nil: null }),
      }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 5, maxLength: 40 }),
      (given, gaps) => {
        let [now, toldAt, dueAt] = [
          TUESDAY,
          null as Date | null,
          addWorked(USUAL, TUESDAY, given.remindDays * dayMs(USUAL)) as Date | null,
        ]
        const told: string[] = []
        for (const hours of gaps) {
          now = new Date(now.getTime() + hours * 3_600_000)
          if (!dueAt || dueAt > now) continue
          const followedAt = given.followedAt && given.followedAt <= now ? given.followedAt : null
          const step = nextStep({ ...given, followedAt, since: TUESDAY, toldAt }, USUAL, now)
          if (step.tell) told.push(step.tell)
          if (step.tell === 'member') {
            const from = given.remindOf === 'silence' && followedAt ? followedAt : TUESDAY
            expect(addWorked(USUAL, from, given.remindDays * dayMs(USUAL)).getTime()).toBeLessThanOrEqual(now.getTime())
          }
          ;({ toldAt, dueAt } = step)
        }
        expect(told.filter((who) => who === 'head').length).toBeLessThanOrEqual(1)
        expect(told.filter((who) => who === 'member').length).toBeLessThanOrEqual(
          given.remindOf === 'silence' && given.followedAt ? 2 : 1,
        )
      },
    ),
    { numRuns: 300 },
  )
})
