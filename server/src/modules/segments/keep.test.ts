import { expect, test } from 'vitest'
import { aContact, aContext, aCorp, aStaff, aTag, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'
import { appendEvents, type NewEvent } from '../events/journal.ts'
import { addTags } from '../tags/tag-pairs.ts'
import { buildSegment } from './build.ts'
import { type Flip, type FlipFollower, followFlips, readBehind } from './follow.ts'
import { keepCorp } from './keep.ts'
import { listSegments, previewRule, readMemberships, readOverlaps, readSegment, readWhy } from './read.ts'
import { Rule } from './schema.ts'
import { archiveSegment, createSegment, editSegment, restoreSegment } from './service.ts'

const NOON = new Date('2026-11-23T04:00:00Z')
const HOUR = 3_600_000
const boss = { name: '店长', scope: undefined }

/** A corp whose clock the test turns. */
async function aHouse(db: TestDb) {
  const corpId = await aCorp(db)
  let now = NOON
  const context: WorkContext = aContext(db, { clock: { now: () => now } as never })
  const keep = async () => {
    while (await keepCorp(context, corpId)) await undefined
  }
  const build = async (segmentId: string, version = 1) => {
    await buildSegment.run(
      context,
      { corpId, segmentId, version },
      { number: 1, last: false, signal: new AbortController().signal },
    )
    await keep()
  }
  return {
    corpId,
    context,
    keep,
    build,
    now: () => now,
    turn(hours: number) {
      now = new Date(now.getTime() + hours * HOUR)
    },
    make: async (rule: unknown, name = '人群') => {
      const segmentId = await inCorp(db.api, corpId, (tx) =>
        createSegment(tx, corpId, { name, note: '', rule: Rule.parse(rule) }, boss, now),
      )
      await build(segmentId)
      return segmentId
    },
    tell: (contactId: string, kind: string, key: string, at = now) =>
      inCorp(db.api, corpId, async (tx) => {
        const event: NewEvent = { contactId, kind: kind as NewEvent['kind'], at, source: 'system', props: {}, key }
        await appendEvents(tx, corpId, [event], now)
      }),
    members: async (segmentId: string) =>
      (await inCorp(db.api, corpId, (tx) => listSegments(tx, corpId, undefined, now))).find(
        (one) => one.segmentId === segmentId,
      )?.members,
    flips: () =>
      inCorp(db.api, corpId, (tx) =>
        tx
          .selectFrom('segmentFlip')
          .select(['why', 'entered', 'exited', 'at'])
          .where('corpId', '=', corpId)
          .orderBy('flipId')
          .execute(),
      ),
  }
}

const viewed = (within: number) => ({
  is: 'all',
  of: [{ is: 'did', deed: { kind: 'product.viewed' }, within: { n: within, unit: 'hour' } }],
})

test('an event brings somebody in, time alone takes him out; a read is right with the sweeper stopped, and each turn is announced once', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const { corpId } = house
  const staffId = await aStaff(db, corpId)
  const [lin, other] = [await aContact(db, corpId, { staffId }), await aContact(db, corpId, { staffId })]
  await house.tell(other, 'product.viewed', 'long ago', new Date(NOON.getTime() - 30 * HOUR))
  const segmentId = await house.make(viewed(24))
  expect(await house.members(segmentId)).toBe(0)

  await house.tell(lin, 'product.viewed', 'now')
  await house.keep()
  expect(await house.members(segmentId)).toBe(1)
  house.turn(24) // nobody sweeps
  expect(await house.members(segmentId)).toBe(0)
  await house.keep()
  await house.keep()
  expect(await house.flips()).toEqual([
    { why: 'event', entered: [lin], exited: [], at: NOON },
    { why: 'time', entered: [], exited: [lin], at: house.now() },
  ])
  await house.tell(lin, 'product.viewed', 'now', NOON) // told again: nothing
  await house.keep()
  expect((await house.flips()).length).toBe(2)
})

test('whoever comes in by time and is taken out by an event is announced in that order', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const lin = await aContact(db, house.corpId, { staffId: await aStaff(db, house.corpId) })
  await house.tell(lin, 'product.viewed', 'first')
  await house.make({
    is: 'all',
    of: [{ is: 'when', deed: { kind: 'product.viewed' }, which: 'last', olderThan: { n: 2, unit: 'hour' } }],
  })
  house.turn(3)
  await house.tell(lin, 'product.viewed', 'second')
  await house.keep()
  expect((await house.flips()).map(({ why, entered, exited }) => [why, entered, exited])).toEqual([
    ['time', [lin], []],
    ['event', [], [lin]],
  ])
})

test('a changed rule is built beside the old one and takes its place at once; who differs is announced; what happens meanwhile counts', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const { corpId } = house
  const staffId = await aStaff(db, corpId)
  const [lin, wang, zhao] = [
    await aContact(db, corpId, { staffId }),
    await aContact(db, corpId, { staffId }),
    await aContact(db, corpId, { staffId }),
  ]
  await house.tell(lin, 'product.viewed', '1')
  await house.tell(wang, 'cart.added', '2')
  const segmentId = await house.make(viewed(24))
  await inCorp(db.api, corpId, (tx) =>
    editSegment(
      tx,
      corpId,
      segmentId,
      { rule: Rule.parse({ is: 'all', of: [{ is: 'did', deed: { kind: 'cart.added' } }] }) },
      boss,
      house.now(),
    ),
  )
  expect(await house.members(segmentId)).toBe(1) // by the old rule still
  await house.tell(zhao, 'cart.added', '3') // while it is being built
  await house.keep()
  await house.build(segmentId, 2)
  expect(await house.members(segmentId)).toBe(2)
  const sorted = (ids: string[]) => [...ids].sort()
  expect((await house.flips()).map(({ why, entered, exited }) => [why, sorted(entered), exited])).toEqual([
    ['edit', [lin], []],
    ['edit', sorted([wang, zhao]), [lin]],
  ])
  const rows = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('segmentMember').select('version').distinct().where('corpId', '=', corpId).execute(),
  )
  expect(rows).toEqual([{ version: 2 }])
})

test('a segment in a segment follows it, also when its rule changes; neither may come round to itself, nor be taken away from under another', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const { corpId } = house
  const staffId = await aStaff(db, corpId)
  const [lin, wang] = [await aContact(db, corpId, { staffId }), await aContact(db, corpId, { staffId })]
  await house.tell(lin, 'product.viewed', '1')
  await house.tell(wang, 'cart.added', '2')
  const child = await house.make(viewed(24), '看过')
  const parent = await house.make({ is: 'all', of: [{ is: 'segment', segmentId: child, not: true }] }, '没看过')
  expect(await house.members(parent)).toBe(1)
  const edit = (id: string, rule: unknown) =>
    inCorp(db.api, corpId, (tx) => editSegment(tx, corpId, id, { rule: Rule.parse(rule) }, boss, house.now()))
  await expect(edit(child, { is: 'all', of: [{ is: 'segment', segmentId: parent }] })).rejects.toThrow('又用到了它自己')
  await expect(inCorp(db.api, corpId, (tx) => archiveSegment(tx, corpId, child, boss, house.now()))).rejects.toThrow(
    '没看过',
  )
  await edit(child, { is: 'all', of: [{ is: 'did', deed: { kind: 'nothing.done' } }] })
  await house.build(child, 2)
  await house.build(parent, 2)
  expect([await house.members(child), await house.members(parent)]).toEqual([0, 2])
})

test('tags and fields turn people too; an archived segment is forgotten and a restored one is right again', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const { corpId } = house
  const staffId = await aStaff(db, corpId)
  const lin = await aContact(db, corpId, { staffId })
  const tagId = await aTag(db, corpId)
  const segmentId = await house.make({ is: 'any', of: [{ is: 'tags', any: [tagId] }] })
  await inCorp(db.api, corpId, (tx) => archiveSegment(tx, corpId, segmentId, boss, house.now()))
  await inCorp(db.api, corpId, (tx) =>
    addTags(tx, corpId, [{ contactId: lin, staffId, tagId }], {
      source: 'staff',
      reason: {},
      now: house.now(),
    } as never),
  )
  await house.keep()
  expect(await house.members(segmentId)).toBeUndefined()
  await inCorp(db.api, corpId, (tx) => restoreSegment(tx, corpId, segmentId, boss, house.now()))
  await house.build(segmentId, 2)
  expect(await house.members(segmentId)).toBe(1)
})

test('why, memberships, overlaps, days and preview say the same of somebody; a visitor and another corp’s customer are nowhere', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const { corpId } = house
  const staffId = await aStaff(db, corpId)
  const [lin, wang] = [await aContact(db, corpId, { staffId }), await aContact(db, corpId, { staffId })]
  await house.tell(lin, 'product.viewed', '1')
  const segmentId = await house.make(viewed(24), '看过')
  const all = await house.make({ is: 'all', of: [{ is: 'lost', not: true }] }, '在的')
  await inCorp(db.api, corpId, async (tx) => {
    const why = await readWhy(tx, corpId, segmentId, lin, undefined, house.now())
    expect(why).toMatchObject({
      inside: true,
      until: new Date(NOON.getTime() + 24 * HOUR).toISOString(),
      reason: { holds: true, of: [{ holds: true, found: { number: 1 } }] },
    })
    expect(await readWhy(tx, corpId, segmentId, wang, undefined, house.now())).toMatchObject({
      inside: false,
      entersAt: null,
      since: null,
    })
    expect(
      (await readMemberships(tx, corpId, lin, undefined, house.now())).map((one) => [one.name, one.until]),
    ).toEqual([
      ['看过', why.until],
      ['在的', null],
    ] as never)
    expect(await readOverlaps(tx, corpId, all, house.now())).toEqual([{ segmentId, name: '看过', members: 1, both: 1 }])
    const { past, coming } = await readSegment(tx, corpId, segmentId, undefined, house.now())
    expect([past?.at(-1), coming?.[0], coming?.[1]]).toEqual([
      { day: '2026-11-23', members: 1, entered: 1, exited: 0 },
      { day: '2026-11-23', members: 1, entered: 0, exited: 0 },
      { day: '2026-11-24', members: 0, entered: 0, exited: 1 },
    ])
    expect(await previewRule(tx, corpId, Rule.parse(viewed(24)), house.now())).toMatchObject({
      members: 1,
      customers: 2,
      sample: [{ contactId: lin }],
    })
    await expect(readWhy(tx, corpId, segmentId, lin, [String(Number(staffId) + 1)], house.now())).rejects.toThrow(
      '人群或客户',
    )
  })
})

test('a follower hears each turn once and in order, of its own segments alone, and begins again where a failure left it', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const contact = await aContact(db, house.corpId)
  const bought = { is: 'all', of: [{ is: 'did', deed: { kind: 'product.viewed' } }] }
  const [mine, other] = [await house.make(bought, '看过'), await house.make(bought, '别人的')]
  const heard: Flip[] = []
  let fails = true
  const follower: FlipFollower = {
    name: 'test',
    segmentIds: async () => [mine],
    async take(_tx, _corpId, flips) {
      if (fails) throw new Error('broken off')
      heard.push(...flips)
    },
  }
  await house.tell(contact, 'product.viewed', '1')
  await house.keep()
  expect(await readBehind(house.context, follower)).toEqual([house.corpId])
  await expect(followFlips(house.context, house.corpId, follower)).rejects.toThrow('broken off')
  fails = false
  while (await followFlips(house.context, house.corpId, follower)) await undefined
  expect(heard.map(({ segmentId, entered, exited }) => ({ segmentId, entered, exited }))).toEqual([
    { segmentId: mine, entered: [contact], exited: [] },
  ])
  expect(await readBehind(house.context, follower)).toEqual([])
  await followFlips(house.context, house.corpId, follower)
  expect(heard).toHaveLength(1)
  expect(other).not.toBe(mine)
})
