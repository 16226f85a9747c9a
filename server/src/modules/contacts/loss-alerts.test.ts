import { expect, test } from 'vitest'
import { aContactWorld, type ContactWorld } from '../../../test/contact-world.ts'
import { aContact, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { loseFollows } from './lose-follows.ts'
import { tellLossesJob } from './loss-alerts.ts'

interface Sent {
  userid: string
  text: string
}

/** The address book of the simulated corp, amy at the head of the department Bob is in, and what its phones were sent. */
async function aHouse(db: TestDb) {
  const there = await aContactWorld(db)
  const { corpId, context, world } = there
  const [amy, bob] = [
    await aStaff(db, corpId, { userid: 'amy', name: '艾米' }),
    await aStaff(db, corpId, { userid: 'Bob', name: '鲍勃' }),
  ]
  await inCorp(db.api, corpId, async (tx) => {
    await tx.insertInto('department').values({ corpId, departmentId: '7', name: '静安店', parentId: null }).execute()
    await tx
      .insertInto('staffDepartment')
      .values([
        { corpId, staffId: amy, departmentId: '7', isLeader: true },
        { corpId, staffId: bob, departmentId: '7' },
      ])
      .execute()
  })
  const lose = async (
    staffId: string,
    names: string[],
    given: { by?: 'customer' | 'staff'; hoursAgo?: number } = {},
  ) => {
    const now = context.clock.now()
    const at = new Date(now.getTime() - (given.hoursAgo ?? 0) * 3_600_000)
    const added = new Date(at.getTime() - 1_000)
    const ids = await Promise.all(names.map((name) => aContact(db, corpId, { staffId, name, addedAt: added })))
    const losses = ids.map((contactId) => ({ contactId, staffId, by: given.by ?? ('customer' as const), at }))
    const told = { source: 'callback' as const, now, askedAt: now }
    const nobody = { afterFollows: async () => [], afterEvents: async () => {}, afterLearnt: async () => {} }
    await inCorp(db.api, corpId, (tx) => loseFollows(tx, corpId, losses, told, nobody))
  }
  const run = () =>
    tellLossesJob.run(context, { corpId }, { number: 1, last: false, signal: new AbortController().signal })
  const sent = async (): Promise<Sent[]> => {
    const path = `/corps/${world.corp.corpid}/effects`
    const { effects } = await world.control<{
      effects: { kind: string; userid: string; content: { text: { content: string } } }[]
    }>('GET', path)
    return effects
      .filter((effect) => effect.kind === 'app_message')
      .map((effect) => ({ userid: effect.userid, text: effect.content.text.content }))
  }
  return { ...there, there, amy, bob, lose, run, sent }
}

const tell = ({ corpId }: ContactWorld, db: TestDb, lossAlert: 'off' | 'member' | 'leader') =>
  db.owner.updateTable('corp').set({ lossAlert }).where('corpId', '=', corpId).execute()

test('a member hears in one message of the customers who deleted him, and of nobody else’s', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  await house.lose(house.amy, ['林晚', '陈屿'])
  await house.lose(
    house.bob,
    Array.from({ length: 7 }, (_, i) => `客户${i}`),
  )
  await house.lose(house.amy, ['我删的'], { by: 'staff' })
  await house.lose(house.amy, ['旧事'], { hoursAgo: 25 })
  await house.run()
  const [first, second, ...more] = (await house.sent()).toSorted((a, b) => (a.userid < b.userid ? 1 : -1))
  expect(more).toEqual([])
  expect(first).toMatchObject({ userid: 'amy', text: expect.stringMatching(/^(林晚、陈屿|陈屿、林晚)删除了你的好友/) })
  expect(second).toMatchObject({ userid: 'Bob', text: expect.stringMatching(/等 7 位客户删除了你的好友/) })
  expect(`${first?.text}${second?.text}`).not.toMatch(/我删的|旧事/)
  await house.run() // nothing is left to tell
  expect(await house.sent()).toHaveLength(2)
})

test('the head of the department hears of it where the corp asks so, of his own losses once; off is off, also for what waited', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  await tell(house.there, db, 'leader')
  await house.lose(house.bob, ['林晚'])
  await house.lose(house.amy, ['陈屿'])
  await house.run()
  expect((await house.sent()).map(({ userid, text }) => `${userid}: ${text.split('\n')[0]}`).sort()).toEqual([
    'Bob: 林晚删除了你的好友。',
    'amy: 林晚删除了成员 Bob的好友。',
    'amy: 陈屿删除了你的好友。',
  ])
  await house.lose(house.bob, ['苏晚'])
  await tell(house.there, db, 'off')
  await house.run()
  await tell(house.there, db, 'member')
  await house.run()
  expect(await house.sent()).toHaveLength(3)
})

test('cut off after WeCom had it, it is told again in the same words, which WeCom drops; what came meanwhile is a message of its own', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  await house.lose(house.amy, ['林晚'])
  house.line.before = async (api, body) => {
    if (api !== 'message/send') return undefined
    await house.world.api(api, body) // WeCom has it, we never hear so
    return { errcode: -1, errmsg: 'system busy' }
  }
  await expect(house.run()).rejects.toThrow()
  house.line.before = undefined
  await house.lose(house.amy, ['陈屿'])
  await house.run()
  expect((await house.sent()).map(({ text }) => text.split('\n')[0]).sort()).toEqual([
    '林晚删除了你的好友。',
    '陈屿删除了你的好友。',
  ])
})
