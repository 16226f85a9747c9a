import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { seeded } from '../../../../test/random.ts'
import { aSimulatedCorp, type SimulatedCorp } from '../../../../test/simulated-corp.ts'
import { aCorp, aStaff, freshDb, type TestDb } from '../../../../test/world.ts'
import { standingClock } from '../../../platform/clock.ts'
import { inCorp } from '../../../platform/db.ts'
import { hearContactEvents } from '../hear-contacts.ts'
import { jobs } from '../jobs.ts'
import { createPlacements } from '../placements/service.ts'
import { NewChannelCode } from '../schema.ts'
import { createChannelCode, editChannelCode } from '../service.ts'
import { setDuty } from './duty.ts'
import { readRoster } from './read-roster.ts'
import type { Roster } from './schema.ts'
import { hearAddressBook, turnDue } from './turn.ts'
import { noteTurns } from './turn-queue.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440
/** A Thursday, midnight in Shanghai. */
const START = Date.parse('2026-11-19T00:00:00+08:00')
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]

async function aTeam(db: TestDb) {
  const clock = standingClock(new Date(START))
  const corp = await aSimulatedCorp(db, { clock })
  await corp.world.act({ type: 'member_add', userid: 'dan', name: 'DAN' })
  const [bob, cat, dan] = [
    await aStaff(db, corp.corpId, { userid: 'Bob' }),
    await aStaff(db, corp.corpId, { userid: 'cat' }),
    await aStaff(db, corp.corpId, { userid: 'dan' }),
  ]
  return { clock, corp, amy: corp.amyId, bob, cat, dan }
}

const roster = (given: Partial<Roster> & Pick<Roster, 'week' | 'backupIds'>): Roster => ({
  days: [],
  dailyCap: null,
  caps: [],
  autoAccept: null,
  ...given,
})

const aCode = (db: TestDb, corpId: string, rostered: Roster, name = '静安寺店') =>
  inCorp(db.api, corpId, (tx) =>
    createChannelCode(tx, corpId, NewChannelCode.parse({ name, roster: rostered }), {
      createdBy: '1',
      now: new Date(START),
    }),
  )
const stateOf = async (db: TestDb, corpId: string, channelCodeId: string) =>
  (
    await inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('channelCode')
        .select('state')
        .where('corpId', '=', corpId)
        .where('channelCodeId', '=', channelCodeId)
        .executeTakeFirstOrThrow(),
    )
  ).state
const wayOf = (corp: SimulatedCorp, state: string) =>
  [...corp.world.sim.world.corps.get(corp.world.corp.corpid)!.contactWays.values()].find((way) => way.state === state)!
const updates = (corp: SimulatedCorp) =>
  corp.world.sim.world.corps.get(corp.world.corp.corpid)!.effects.filter((it) => it.api.endsWith('update_contact_way'))
    .length
const anyJob = async (db: TestDb) =>
  (await sql<{ any: boolean }>`select exists (select from graphile_worker._private_jobs) as any`.execute(db.owner))
    .rows[0]!.any

const came = (db: TestDb, corpId: string, staffId: string, state: string, now: Date) =>
  inCorp(db.api, corpId, (tx) =>
    hearContactEvents(tx, corpId, [{ contactId: '1', staffId, kind: 'contact.added', at: now, props: { state } }], now),
  )

test('for every minute of a fortnight WeCom’s code names exactly whom the roster says, with caps, backups and breaks, at one call a change', async () => {
  await using db = await freshDb()
  const { clock, corp, amy, bob, cat, dan } = await aTeam(db)
  await using _ = corp
  const { corpId } = corp
  const id = await aCode(
    db,
    corpId,
    roster({
      week: [
        { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '15:00', staffIds: [amy] },
        { weekdays: EVERY_DAY, from: '14:30', to: '22:00', staffIds: [bob] },
        { weekdays: [6, 7], from: '10:00', to: '18:00', staffIds: [cat] },
        { weekdays: [5, 6], from: '22:00', to: '01:30', staffIds: [cat] },
      ],
      days: [
        { on: '2026-11-25', shifts: [{ from: '08:00', to: '12:00', staffIds: [cat] }] },
        { on: '2026-11-29', shifts: [] },
      ],
      dailyCap: 6,
      caps: [{ staffId: bob, dailyCap: 3 }],
      backupIds: [dan],
    }),
  )
  await corp.work(jobs)
  const way = () => wayOf(corp, state)
  const state = await stateOf(db, corpId, id)
  const before = { configId: way().configId, updates: updates(corp) }
  const userid = new Map([
    [amy, 'amy'],
    [bob, 'Bob'],
    [cat, 'cat'],
    [dan, 'dan'],
  ])
  const staffOf = (name: string) => [...userid].find(([, it]) => it === name)![0]

  // Who should be there, told apart from the code under test: hours by hand.
  const adds = new Map<string, number>()
  const offUntil = new Map<string, number>()
  const wanted = (minute: number) => {
    const day = Math.floor(minute / DAY_MINUTES)
    const hour = (minute % DAY_MINUTES) / 60
    const weekday = ((day + 3) % 7) + 1 // the 19th is a Thursday
    const on = new Set<string>()
    if (day === 6) {
      if (hour >= 8 && hour < 12) on.add(cat) // the 25th
    } else if (day !== 10) {
      if (weekday <= 5 && hour >= 9 && hour < 15) on.add(amy)
      if (hour >= 14.5 && hour < 22) on.add(bob)
      if (weekday >= 6 && hour >= 10 && hour < 18) on.add(cat)
      if ((weekday === 5 || weekday === 6) && hour >= 22) on.add(cat)
    }
    if ((weekday === 6 || weekday === 7) && hour < 1.5 && day > 0) on.add(cat)
    const free = [...on].filter((it) => (adds.get(it) ?? 0) < (it === bob ? 3 : 6) && (offUntil.get(it) ?? 0) <= minute)
    return (free.length > 0 ? free : [dan])
      .map((it) => userid.get(it))
      .sort()
      .join()
  }

  const draw = seeded(20_261_119)
  const below = (n: number) => Math.floor(draw() * n)
  const wrong: string[] = []
  let changes = 0
  let last = wanted(0)
  const note = (minute: number) => {
    const now = wanted(minute)
    if (now !== last) changes++
    last = now
  }
  for (let minute = 0; minute < 14 * DAY_MINUTES; minute++) {
    if (minute > 0) clock.move(MINUTE_MS)
    if (minute % DAY_MINUTES === 0) adds.clear()
    note(minute)
    await turnDue(corp.context)
    if (await anyJob(db)) await corp.work(jobs)
    const is = [...way().users].sort().join()
    if (is !== last)
      wrong.push(`day ${Math.floor(minute / DAY_MINUTES)}, minute ${minute % DAY_MINUTES}: ${is}, not ${last}`)
    if (below(30) === 0) {
      const staffId = staffOf(way().users[below(way().users.length)]!) // WeCom picks one
      await came(db, corpId, staffId, state, clock.now())
      adds.set(staffId, (adds.get(staffId) ?? 0) + 1)
      note(minute)
      if (await anyJob(db)) await corp.work(jobs)
    }
    if (below(1_500) === 0) {
      const [staffId, minutes] = [[amy, bob, cat][below(3)]!, 20 + below(200)]
      const until = new Date(clock.now().getTime() + minutes * MINUTE_MS).toISOString()
      await inCorp(db.api, corpId, (tx) =>
        setDuty(tx, corpId, staffId, { onDuty: false, until }, { saidBy: '店长', now: clock.now() }),
      )
      offUntil.set(staffId, minute + minutes)
      note(minute)
      if (await anyJob(db)) await corp.work(jobs)
    }
  }
  expect(wrong).toEqual([])
  expect(changes).toBeGreaterThan(50)
  // One call for each change and none besides: far from the 10 000 calls a minute WeCom allows one API (path/90312, 2026-11).
  expect(updates(corp) - before.updates).toBe(changes)
  expect(way().configId).toBe(before.configId)
}, 180_000)

test('placements follow their code: the same people, told apart by their own state, and capped together', async () => {
  await using db = await freshDb()
  const { clock, corp, amy, bob } = await aTeam(db)
  await using _ = corp
  const { corpId } = corp
  const week = [{ weekdays: EVERY_DAY, from: '00:00', to: '24:00', staffIds: [amy] }]
  const id = await aCode(db, corpId, roster({ week, dailyCap: 2, backupIds: [bob] }))
  const place = { kind: 'print' as const, costFen: 100, startsOn: null, endsOn: null }
  const [counter] = await inCorp(db.api, corpId, (tx) =>
    createPlacements(tx, corpId, id, [{ name: '收银台台卡', ...place }], { createdBy: '1', now: clock.now() }),
  )
  await corp.work(jobs)
  const [state, counterState] = [await stateOf(db, corpId, id), await stateOf(db, corpId, counter!)]
  expect(wayOf(corp, counterState)).toMatchObject({ users: ['amy'], remark: '静安寺店·收银台台卡' })
  await came(db, corpId, amy, state, clock.now())
  await came(db, corpId, amy, counterState, clock.now())
  await corp.work(jobs)
  expect([wayOf(corp, state).users, wayOf(corp, counterState).users]).toEqual([['Bob'], ['Bob']])
  await inCorp(db.api, corpId, (tx) => editChannelCode(tx, corpId, id, { staffIds: [bob, amy] }, clock.now()))
  await corp.work(jobs)
  expect([wayOf(corp, state).users, wayOf(corp, counterState).users].map((users) => users.sort())).toEqual([
    ['Bob', 'amy'],
    ['Bob', 'amy'],
  ])
})

test('whoever leaves stops receiving once the address book is read again; another corp’s codes are not touched', async () => {
  await using db = await freshDb()
  const { clock, corp, amy, bob, cat } = await aTeam(db)
  await using _ = corp
  const { corpId } = corp
  const week = [{ weekdays: EVERY_DAY, from: '00:00', to: '24:00', staffIds: [amy, bob] }]
  const id = await aCode(db, corpId, roster({ week, backupIds: [cat] }))
  await corp.work(jobs)
  const state = await stateOf(db, corpId, id)
  const theirs = await aCorp(db)
  const theirStaff = await aStaff(db, theirs)
  const theirCode = await aCode(
    db,
    theirs,
    roster({ week: [{ ...week[0]!, staffIds: [theirStaff] }], backupIds: [theirStaff] }),
  )
  clock.move(MINUTE_MS)
  await inCorp(db.api, corpId, (tx) =>
    tx
      .updateTable('staff')
      .set({ leftAt: clock.now(), updatedAt: clock.now() })
      .where('corpId', '=', corpId)
      .where('staffId', '=', bob)
      .execute(),
  )
  await hearAddressBook(corp.context, corpId)
  await corp.work(jobs)
  expect(wayOf(corp, state).users).toEqual(['amy'])
  const { next } = await inCorp(db.api, corpId, (tx) => readRoster(tx, corpId, id, clock.now()))
  expect([next.receives, next.onItsWay, next.people.find((p) => p.staffId === bob)?.verdict]).toEqual([
    [amy],
    false,
    'cannot',
  ])
  await expect(inCorp(db.api, corpId, (tx) => readRoster(tx, corpId, theirCode, clock.now()))).rejects.toMatchObject({
    status: 404,
  })
  await expect(
    inCorp(db.api, corpId, (tx) =>
      setDuty(tx, corpId, theirStaff, { onDuty: true }, { saidBy: 'x', now: clock.now() }),
    ),
  ).rejects.toMatchObject({ status: 404 })
})

test('what WeCom could not be told stands on the health page until it is told, though the shift has not changed', async () => {
  await using db = await freshDb()
  const { clock, corp, amy, bob } = await aTeam(db)
  await using _ = corp
  const { corpId } = corp
  const week = [
    { weekdays: EVERY_DAY, from: '00:00', to: '12:00', staffIds: [amy] },
    { weekdays: EVERY_DAY, from: '12:00', to: '24:00', staffIds: [bob] },
  ]
  const id = await aCode(db, corpId, roster({ week, backupIds: [amy] }))
  await corp.work(jobs)
  const state = await stateOf(db, corpId, id)
  // WeCom does not know him any more; nor do we know that yet.
  await corp.world.act({ type: 'member_remove', userid: 'Bob' })
  clock.move(12 * 60 * MINUTE_MS)
  await turnDue(corp.context)
  await corp.work(jobs)
  const read = async () => (await inCorp(db.api, corpId, (tx) => readRoster(tx, corpId, id, clock.now()))).next
  const failure = () =>
    inCorp(db.api, corpId, (tx) =>
      tx.selectFrom('laneFailure').select(['subject', 'resolvedAt']).where('corpId', '=', corpId).execute(),
    )
  expect(wayOf(corp, state).users).toEqual(['amy'])
  expect([(await read()).receives, (await read()).onItsWay]).toEqual([[bob], true])
  expect(await failure()).toEqual([{ subject: `channel_code ${id}`, resolvedAt: null }])
  await corp.world.act({ type: 'member_add', userid: 'Bob', name: 'BOB' })
  clock.move(MINUTE_MS)
  await inCorp(db.api, corpId, (tx) => noteTurns(tx, corpId, [id], clock.now()))
  await turnDue(corp.context)
  await corp.work(jobs)
  expect([wayOf(corp, state).users, (await read()).onItsWay]).toEqual([['Bob'], false])
  expect((await failure())[0]?.resolvedAt).not.toBeNull()
})
