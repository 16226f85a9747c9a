import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aBroadcastHouse, CHECKER } from '../../../test/broadcast-house.ts'
import { Killed, killingAt } from '../../../test/killing.ts'
import { aSimulatedCorp } from '../../../test/simulated-corp.ts'
import { freshDb, type TestDb } from '../../../test/world.ts'
import { refuse } from '../touches/consent.ts'
import { NewRefusal } from '../touches/schema.ts'
import { jobs } from './jobs.ts'
import { turnOf } from './lane.ts'
import { remindMembers } from './remind.ts'
import { resolveUnclear } from './unclear.ts'

/** Wednesday, ten in the morning in Shanghai. */
const TEN_MS = Date.UTC(2026, 11, 2, 2)
const MINUTE = 60

async function aHouse(db: TestDb, people: number) {
  const corp = await aSimulatedCorp(db, { startAtMs: TEN_MS })
  const { corpid } = corp.world.corp
  const options = (given: object) => corp.world.control('PATCH', `/corps/${corpid}`, { options: given })
  await options({ massCreationMs: 0 })
  const friends: { contactId: string; externalUserid: string }[] = []
  for (let i = 0; i < people; i++) friends.push(await corp.aFriend({ name: `客户${i}` }))
  const simulated = corp.world.sim.world.corps.get(corpid)!
  return {
    ...aBroadcastHouse(db, corp.corpId, corp.context),
    ...{ db, corp, corpId: corp.corpId, friends, contacts: friends.map(({ contactId }) => contactId), options },
    turn: (context = corp.context) => turnOf(context, corp.corpId),
    jump: (seconds: number) => corp.world.control('POST', '/clock', { jumpSeconds: seconds }),
    /** Leases are on the database's own clock: whoever held one is dead. */
    leaseEnds: () =>
      sql`update broadcast_chunk set lease_until = '2000-01-01' where state = 'sending'`.execute(db.owner),
    fault: (kind?: string, count = 1) =>
      corp.world.control('PUT', '/faults', {
        rules: kind ? [{ where: 'api', kind, match: 'externalcontact/add_msg_template', count, ms: 50 }] : [],
      }),
    tasks: () => [...simulated.massTasks.values()],
    /** How many tasks that are not cancelled ask somebody to send to each friend. */
    askedOf: () =>
      friends.map(
        ({ externalUserid }) =>
          [...simulated.massTasks.values()].filter(
            ({ cancelledAt, notices }) =>
              cancelledAt === undefined && notices.some(({ to }) => to.includes(externalUserid)),
          ).length,
      ),
    press: (msgid: string) => corp.world.act({ type: 'mass_send', msgid, userid: 'amy' }),
    [Symbol.asyncDispose]: () => corp[Symbol.asyncDispose](),
  }
}
type House = Awaited<ReturnType<typeof aHouse>>

const fatesOf = (house: House, runId: string) => house.fates(runId, house.contacts)

test('from asking to orders: a task for the member, nothing said until he presses send, then each fate from WeCom, once in the journal', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 3)
  const runId = await house.run()
  await house.turn()
  expect(await house.rowOf(runId)).toMatchObject({ state: 'asked' })
  expect(house.tasks()).toMatchObject([
    { text: { content: '冬至快乐' }, notices: [{ userid: 'amy', state: 'waiting' }] },
  ])
  expect(await fatesOf(house, runId)).toEqual(['asked', 'asked', 'asked'])
  await house.jump(5 * MINUTE)
  await house.turn()
  expect(await fatesOf(house, runId)).toEqual(['asked', 'asked', 'asked'])
  await house.corp.world.act({
    ...{ type: 'customer_deletes', userid: 'amy', externalUserid: house.friends[1]!.externalUserid },
  })
  await house.press(house.tasks()[0]!.msgid)
  await house.jump(5 * MINUTE)
  await house.turn()
  await house.jump(20 * MINUTE)
  await house.turn()
  expect(await fatesOf(house, runId)).toEqual(['sent', 'notFriend', 'sent'])
  expect((await house.chunks(runId))[0]).toMatchObject({ task: 'sent', sent: 2, failed: 1, lookAt: null })
  const { rows } = await sql`select contact_id from event where kind = 'touch.sent'`.execute(db.owner)
  expect(rows).toHaveLength(2)
  await house.jump(8 * 86_400)
  await house.turn()
  expect((await house.rowOf(runId)).state).toBe('done')
})

test('what a member has not sent by the end of its days was not sent; that he refuses him meanwhile is asked before it is handed over', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 2)
  const runId = await house.run()
  await house.within((tx) =>
    refuse(
      tx,
      house.corpId,
      [house.contacts[0]!],
      NewRefusal.parse({ why: 'customer' }),
      '小满',
      house.corp.context.clock.now(),
    ),
  )
  await house.turn()
  expect(house.askedOf()).toEqual([0, 1])
  expect(await fatesOf(house, runId)).toEqual(['refused', 'asked'])
  await house.jump(8 * 86_400)
  await house.turn()
  expect(await fatesOf(house, runId)).toEqual(['refused', 'notSent'])
})

test('stopped: what is not handed over never is, whoever has not pressed send is told no more, what was sent stays', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 2)
  const first = await house.run()
  const second = await house.run({ topic: '服务' })
  await house.turn()
  await house.stop(first)
  await house.corp.work(jobs)
  expect(house.tasks().map(({ cancelledAt }) => cancelledAt !== undefined)).toEqual([true, false])
  expect(await fatesOf(house, first)).toEqual(['notSent', 'notSent'])
  await house.press(house.tasks()[1]!.msgid)
  await house.stop(second)
  await house.corp.work(jobs)
  expect(await fatesOf(house, second)).toEqual(['sent', 'sent'])
  const third = await house.run({ topic: '服务' })
  await house.stop(third)
  await house.turn()
  expect(house.tasks()).toHaveLength(2)
})

test('in the night it waits for the morning', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 1)
  const runId = await house.run()
  await house.jump(13 * 3600) // eleven at night
  await house.turn()
  expect(house.tasks()).toHaveLength(0)
  expect((await house.rowOf(runId)).notBefore).toEqual(new Date(TEN_MS + 23 * 3_600_000))
  await house.jump(10 * 3600 + MINUTE)
  await house.turn()
  expect(house.tasks()).toHaveLength(1)
})

test('what WeCom refuses is told with its reason, and the run goes on to its end', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 2)
  const runId = await house.run()
  await sql`update staff set userid = 'nobody' where staff_id = ${house.corp.amyId}::bigint`.execute(db.owner)
  await house.turn()
  const [chunk] = await house.chunks(runId)
  expect(chunk).toMatchObject({ state: 'refused', msgid: null })
  expect(chunk!.cause).toMatch(/^wecom\.\d+$/)
  expect(await fatesOf(house, runId)).toEqual(['failed', 'failed'])
  expect((await house.rowOf(runId)).state).toBe('asked')
})

test('an answer that was lost is looked for by time, words and member: nobody is asked twice, and who was not asked is asked once', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 2)
  for (const kind of ['reset-after', '5xx-after', 'reset', '5xx']) {
    const runId = await house.run({
      topic: '服务',
      variants: [{ weight: 1, text: `${kind} 冬至快乐`, materialIds: [] }],
    })
    const before = house.tasks().length
    await house.fault(kind)
    await house.turn()
    await house.fault()
    await house.jump(4 * MINUTE)
    await house.turn()
    await house.jump(2 * MINUTE)
    await house.turn()
    expect([kind, house.tasks().length - before]).toEqual([kind, 1])
    expect([kind, (await house.chunks(runId))[0]!.state]).toEqual([kind, 'accepted'])
    expect([kind, await fatesOf(house, runId)]).toEqual([kind, ['asked', 'asked']])
    await house.jump(86_400)
  }
})

test('killed before any commit of planning, handing over, noting and settling: each is asked once at most, and all come to an end', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 3)
  const seeds = Number(process.env.SIYU_SEEDS ?? 1)
  let run = 0
  for (let seed = 0; seed < seeds; seed++)
    for (let nth = 1; nth <= 16; nth++) {
      const text = `第 ${++run} 次`
      const runId = await house.run({
        topic: '服务',
        variants: [
          { weight: 1, text: `${text}甲`, materialIds: [] },
          { weight: 1 + seed, text: `${text}乙`, materialIds: [] },
        ],
      })
      const before = house.askedOf()
      const dying = { ...house.corp.context, db: killingAt(db.api, nth) }
      await turnOf(dying, house.corpId).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error
      })
      await house.leaseEnds()
      for (const minutes of [0, 4, 2, 1]) {
        await house.jump(minutes * MINUTE)
        await house.turn()
      }
      const after = house.askedOf()
      expect([nth, after.map((n, i) => n - before[i]!)]).toEqual([nth, [1, 1, 1]])
      expect([nth, await fatesOf(house, runId)]).toEqual([nth, ['asked', 'asked', 'asked']])
      expect([nth, (await house.rowOf(runId)).state]).toEqual([nth, 'asked'])
      await house.jump(3 * 3_600)
      if (run % 3 === 0) await house.jump(15 * 3_600)
    }
}, 240_000)

test('two lanes at once hand each task over once', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 4)
  await house.run({ variants: ['甲', '乙', '丙', '丁'].map((text) => ({ weight: 1, text, materialIds: [] })) })
  await Promise.all([house.turn(), house.turn(), house.turn()])
  expect(house.askedOf()).toEqual([1, 1, 1, 1])
})

test('what nobody can tell is shown to a person, whose word settles it', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 2)
  const now = () => house.corp.context.clock.now()
  for (const as of ['again', 'taken'] as const) {
    const runId = await house.run({ topic: '服务', variants: [{ weight: 1, text: `${as} 冬至快乐`, materialIds: [] }] })
    const before = house.tasks().length
    // The answer is lost, and WeCom gives no list for half an hour.
    await house.corp.world.control('PUT', '/faults', {
      rules: [
        { where: 'api', kind: '5xx-after', match: 'externalcontact/add_msg_template', count: 1 },
        { where: 'api', kind: '5xx', match: 'externalcontact/get_groupmsg_list_v2', count: 999 },
      ],
    })
    await house.turn()
    for (const minutes of [5, 30]) {
      expect((await house.chunks(runId))[0]).toMatchObject({ state: 'unknown', unclear: false })
      await house.jump(minutes * MINUTE)
      await house.turn()
    }
    expect((await house.chunks(runId))[0]).toMatchObject({ state: 'unknown', unclear: true })
    await house.fault()
    await house.turn()
    expect((await house.chunks(runId))[0]).toMatchObject({ unclear: true })
    await house.within((tx) => resolveUnclear(tx, house.corpId, runId, 1, as, now()))
    await house.turn()
    expect((await house.chunks(runId))[0]).toMatchObject({ state: 'accepted', unclear: false })
    expect(await fatesOf(house, runId)).toEqual(['asked', 'asked'])
    expect(house.tasks().length - before).toBe(as === 'again' ? 2 : 1)
    await house.jump(30 * MINUTE) // WeCom's token still holds
  }
})

test('reminded three times a day and no more, and only who has not sent', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 1)
  const runId = await house.run()
  await house.turn()
  const remind = async () => {
    const told = await house.within((tx) =>
      remindMembers(tx, house.corpId, runId, undefined, house.corp.context.clock.now()),
    )
    await house.corp.work(jobs)
    return told
  }
  for (let i = 0; i < 3; i++) expect(await remind()).toBe(1)
  await expect(remind()).rejects.toThrow('最多提醒 3 次')
  expect(house.tasks()[0]!.reminders).toHaveLength(3)
  await house.jump(25 * 3600)
  expect(await remind()).toBe(1)
  await house.press(house.tasks()[0]!.msgid)
  await house.jump(20 * MINUTE)
  await house.turn()
  await expect(remind()).rejects.toThrow('没有需要提醒的成员')
})

test('agreed to by another it goes out, refused it never does, and nobody’s word after its day lets it out', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 2)
  await house.approvalAbove(1)
  const [yes, no, late] = [
    await house.run({ topic: '服务' }),
    await house.run({ topic: '服务' }),
    await house.run({ topic: '服务' }),
  ]
  await house.turn()
  expect(house.tasks()).toHaveLength(0)
  await house.decide(yes)
  await house.decide(no, false)
  await house.turn()
  expect(house.tasks()).toHaveLength(1)
  expect(await fatesOf(house, no)).toEqual(['released', 'released'])
  await house.jump(20 * 3600)
  await house.decide(late, true, CHECKER)
  await house.turn()
  expect(house.tasks()).toHaveLength(1)
  expect(await house.rowOf(late)).toMatchObject({ state: 'lapsed' })
  expect(await fatesOf(house, late)).toEqual(['released', 'released'])
})

test('a rhythm plans its next run a day before, once, and again after it', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, 1)
  const runId = await house.run({
    topic: '服务',
    schedule: { kind: 'every', every: 'day', on: 1, time: '11:00', until: null },
  })
  const runs = async () => (await sql`select run_id from broadcast_run`.execute(db.owner)).rows.length
  await house.turn()
  expect([await runs(), house.tasks().length]).toEqual([1, 0])
  await house.jump(2 * 3600)
  await Promise.all([house.turn(), house.turn()])
  await house.corp.work(jobs)
  expect(house.tasks()).toHaveLength(1)
  expect((await house.rowOf(runId)).state).toBe('asked')
  expect(await runs()).toBe(2)
  await house.jump(23 * 3600)
  await house.turn()
  await house.corp.work(jobs)
  expect([await runs(), house.tasks().length]).toEqual([3, 2])
})
