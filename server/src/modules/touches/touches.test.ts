import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, aTag, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp, type Tx } from '../../platform/db.ts'
import { addDays } from '../../platform/shanghai.ts'
import { readBudgets } from './budget.ts'
import { readTouchDays } from './calendar.ts'
import { limitsOn } from './caps.ts'
import { agree, lift, listRefusals, refuse, withdraw, writeText } from './consent.ts'
import { FATE, fateName, isLive } from './fates.ts'
import { type NewTouch, nextOpen, planTouch } from './plan.ts'
import { readPolicy, savePolicy } from './policy.ts'
import { replay } from './replay.ts'
import type { Policy } from './schema.ts'
import { NewRefusal, USUAL } from './schema.ts'
import { confirmTouch, contactsOfFate, fatesOf, type Outcome, releaseTouch, settleTouch } from './send.ts'
import { readTouchesOf } from './why.ts'

/** Wednesday, ten in the morning in Shanghai. */
const TEN = new Date('2026-12-02T02:00:00Z')
const DAY = '2026-12-02'
const onDay = (days: number) => new Date(TEN.getTime() + days * 86_400_000)

async function aHouse(db: TestDb, people = 0) {
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const contacts: string[] = []
  for (let i = 0; i < people; i++) contacts.push(await aContact(db, corpId, { staffId }))
  const within = <T>(work: (tx: Tx) => Promise<T>) => inCorp(db.api, corpId, work)
  let made = 0
  return {
    ...{ corpId, staffId, contacts, within },
    rules: (given: Partial<Policy>) =>
      within(async (tx) => {
        const { version } = await readPolicy(tx, corpId)
        await savePolicy(tx, corpId, { ...USUAL, ...given }, version, '管理员', TEN)
      }),
    plan: (given: Partial<NewTouch> = {}, contactIds: readonly string[] = contacts, staffIds?: readonly string[]) =>
      within((tx) => {
        const touch: NewTouch = {
          ...{
            channel: 'mass',
            topic: '营销',
            sourceKind: 'broadcast',
            sourceId: `${++made}`,
            title: '冬至特惠',
            at: TEN,
            priority: 5,
          },
          ...given,
        }
        return planTouch(tx, corpId, touch, { contactIds, staffIds }, TEN)
      }),
    confirm: (touchId: string, contactIds: readonly string[] = contacts, now = TEN) =>
      within((tx) => confirmTouch(tx, corpId, touchId, contactIds, now)),
    settle: (touchId: string, fate: Outcome['fate'], contactIds: readonly string[] = contacts, now = TEN) =>
      within((tx) => settleTouch(tx, corpId, touchId, [{ contactIds, fate, staffId }], now)),
    release: (touchId: string) => within((tx) => releaseTouch(tx, corpId, touchId, TEN)),
    async fates(touchId: string) {
      const found = await within((tx) => fatesOf(tx, corpId, touchId, contacts))
      return contacts.map((contactId) => fateName(found.get(contactId) ?? 0))
    },
    left: async (contactId: string, day = 0) => {
      const budgets = await within((tx) => readBudgets(tx, corpId, [contactId], { channel: 'mass', at: onDay(day) }))
      return budgets.get(contactId)!
    },
  }
}
type House = Awaited<ReturnType<typeof aHouse>>

/** Sums and counts are what the fates add up to. */
async function audit(db: TestDb, { corpId }: Pick<House, 'corpId'>): Promise<void> {
  const { rows: fates } = await sql<{
    touchId: string
    block: string
    day: string
    channel: string
    topic: string
    fates: Buffer
  }>`
    select f.touch_id, f.block, f.day::text as day, t.channel, t.topic, f.fates from touch_fate f join touch t using (corp_id, touch_id) where f.corp_id = ${corpId}::bigint`.execute(
    db.owner,
  )
  const days = new Map<string, number>()
  const counts = new Map<string, number>()
  for (const row of fates)
    for (const [place, fate] of row.fates.entries()) {
      if (fate === 0) continue
      const count = `${row.touchId} ${fate}`
      counts.set(count, (counts.get(count) ?? 0) + 1)
      if (!isLive(fate)) continue
      const day = `${row.block} ${place} ${row.day} ${row.channel} ${row.topic}`
      days.set(day, (days.get(day) ?? 0) + 1)
    }
  const { rows: sums } = await sql<{ block: string; day: string; channel: string; topic: string; counts: Buffer }>`
    select block, day::text as day, channel, topic, counts from touch_day where corp_id = ${corpId}::bigint`.execute(
    db.owner,
  )
  const summed = sums.flatMap((row) =>
    [...row.counts.entries()].flatMap(([place, n]) =>
      n === 0 ? [] : [[`${row.block} ${place} ${row.day} ${row.channel} ${row.topic}`, n] as const],
    ),
  )
  expect(new Map(summed)).toEqual(days)
  const { rows: told } = await sql<{ touchId: string; fate: number; people: number }>`
    select touch_id, fate, people from touch_count where corp_id = ${corpId}::bigint and people <> 0`.execute(db.owner)
  expect(new Map(told.map((row) => [`${row.touchId} ${row.fate}`, row.people]))).toEqual(counts)
}

test('two a week means two: the third is capped, and a place given back can be taken', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 2)
  const [one, two] = [await house.plan(), await house.plan({ at: onDay(3) })]
  expect(one.counts).toEqual({ reserved: 2 })
  const third = await house.plan({ at: onDay(6) })
  expect(third.counts).toEqual({ capped: 2 })
  expect(third.contactIds).toEqual([])
  // Seven days after the first the window has moved on, though the second is still in it.
  expect((await house.plan({ at: onDay(7) })).counts).toEqual({ reserved: 2 })
  expect(await house.release(two.touchId)).toBe(2)
  expect((await house.plan({ at: onDay(2) })).counts).toEqual({ reserved: 2 })
  // A touch between two reserved ones would make three in seven days, whichever was planned first.
  expect((await house.plan({ at: onDay(4) })).counts).toEqual({ capped: 2 })
  await audit(db, house)
})

test('fifty campaigns planned at once share the places there are: nobody is reached more often, and no place stays empty', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 30)
  await house.rules({ caps: [{ channels: [], topics: [], window: { kind: 'days', days: 7 }, limit: 3 }] })
  const planned = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      house.plan(
        { at: onDay(i % 5), sourceId: `at once ${i}` },
        house.contacts.filter((_, j) => (i + j) % 3 > 0),
      ),
    ),
  )
  const reached = new Map<string, number>()
  for (const { contactIds } of planned) for (const id of contactIds) reached.set(id, (reached.get(id) ?? 0) + 1)
  expect([...reached.values()]).toEqual(house.contacts.map(() => 3))
  await audit(db, house)
})

test('what is more important takes the place of what has not begun, and of nothing else', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 3)
  const [first] = house.contacts
  const early = await house.plan({ priority: 7, title: '先排的' })
  const late = await house.plan({ priority: 8, title: '后排的', at: onDay(1) })
  await house.confirm(late.touchId, [first!], onDay(1))
  const urgent = await house.plan({ priority: 2, at: onDay(2) })
  expect(urgent.counts).toEqual({ reserved: 3 })
  // Of the first the later one is being sent already, so the more important of the two gives way.
  expect(await house.fates(late.touchId)).toEqual(['sending', 'displaced', 'displaced'])
  expect(await house.fates(early.touchId)).toEqual(['displaced', 'reserved', 'reserved'])
  expect((await house.confirm(early.touchId)).contactIds).toEqual(house.contacts.slice(1))
  // As important as one another: who was first stays.
  expect((await house.plan({ priority: 2, at: onDay(3) })).counts).toEqual({ capped: 3 })
  await audit(db, house)
})

test('who must not be written to is skipped with the reason, when planned and again when sent', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 7)
  const { corpId, contacts, staffId, within } = house
  const [lost, refused, tagged, agreed, plain, later, gone] = contacts as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const quietTag = await aTag(db, corpId, { name: '勿扰' })
  await house.rules({ forbiddenTagIds: [quietTag], agreements: [{ topic: '关怀', kind: 'subscribe' }] })
  const say = (id: string) =>
    within((tx) => refuse(tx, corpId, [id], NewRefusal.parse({ why: 'customer' }), '小满', TEN))
  const end = (id: string) =>
    within((tx) =>
      sql`update contact set followers = 0, lost_at = ${TEN}::timestamptz where corp_id = ${corpId}::bigint and contact_id = ${id}::bigint`.execute(
        tx,
      ),
    )
  await end(lost)
  await say(refused)
  await within((tx) =>
    tx
      .insertInto('followTag')
      .values({ corpId, contactId: tagged, staffId, tagId: quietTag, source: 'staff', addedAt: TEN })
      .execute(),
  )
  await within(async (tx) => {
    await writeText(tx, corpId, 'subscribe', '我愿意收到活动消息', '管理员', TEN)
    await agree(tx, corpId, agreed, { kind: 'subscribe', how: '门店签字' }, '小满', TEN)
  })
  const care = await house.plan({ topic: '关怀' })
  expect(await house.fates(care.touchId)).toEqual([
    'noFriend',
    'refused',
    'noAgreement', // and the tag: what weighs more is said
    'reserved',
    'noAgreement',
    'noAgreement',
    'noAgreement',
  ])
  const sale = await house.plan({ at: onDay(1) })
  expect(sale.contactIds).toEqual([agreed, plain, later, gone])
  // Between planning and sending one says no, one ends the friendship, and one takes his agreement back.
  await say(later)
  await end(gone)
  await within((tx) => withdraw(tx, corpId, agreed, { kind: 'subscribe', how: '电话里说的' }, '小满', TEN))
  expect((await house.confirm(sale.touchId, contacts, onDay(1))).contactIds).toEqual([agreed, plain])
  expect(await house.fates(sale.touchId)).toEqual([
    'noFriend',
    'refused',
    'forbiddenTag',
    'sending',
    'sending',
    'refused',
    'noFriend',
  ])
  expect((await house.confirm(care.touchId)).contactIds).toEqual([])
  expect((await house.left(agreed, 8)).left).toBeGreaterThan(0)
  expect(await house.left(later)).toMatchObject({ left: 0, objection: 'refused' })
  await within((tx) => lift(tx, corpId, [later], '小满', TEN))
  expect((await house.left(later)).objection).toBeNull()
  await audit(db, house)
})

test('who is not to be written to is listed page by page, everybody once, however many were noted at one moment', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 4)
  const { corpId, within, staffId } = house
  const others: string[] = []
  for (let i = 0; i < 120; i++) others.push(await aContact(db, corpId, { staffId }))
  await within((tx) => refuse(tx, corpId, others, NewRefusal.parse({ why: 'blacklist' }), '小满', TEN))
  await within((tx) => refuse(tx, corpId, house.contacts, NewRefusal.parse({ why: 'customer' }), '小满', onDay(1)))
  const seen: string[] = []
  let before: string | undefined
  do {
    const page = await within((tx) => listRefusals(tx, corpId, { before, scope: undefined, now: onDay(2) }))
    seen.push(...page.items.map(({ contactId }) => contactId))
    before = page.next ?? undefined
  } while (before)
  expect(seen.slice(0, 4).toSorted()).toEqual(house.contacts.toSorted())
  expect(seen.toSorted()).toEqual([...others, ...house.contacts].toSorted())
  const made = { before: '0000-01-01T00:00:00Z_1_*_customer', scope: undefined, now: onDay(2) }
  expect((await within((tx) => listRefusals(tx, corpId, made))).items).toEqual([])
})

test('nothing is planned or sent in quiet hours, and whoever asks learns when it may be', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 1)
  const night = new Date('2026-12-02T14:30:00Z') // half past ten
  await expect(house.plan({ at: night })).rejects.toThrow('12月3日 09:00')
  expect(await house.within((tx) => nextOpen(tx, house.corpId, night))).toEqual(new Date('2026-12-03T01:00:00Z'))
  const planned = await house.plan()
  expect(await house.confirm(planned.touchId, house.contacts, night)).toEqual({
    contactIds: [],
    waitUntil: new Date('2026-12-03T01:00:00Z'),
  })
  expect(await house.fates(planned.touchId)).toEqual(['reserved'])
})

test('what was sent stands in the journal once; old news and repeats change nothing; an end is overruled by having been sent', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 3)
  const [a, b, c] = house.contacts as [string, string, string]
  const { touchId } = await house.plan()
  await house.confirm(touchId)
  await house.settle(touchId, 'asked')
  await house.settle(touchId, 'sent', [a])
  await house.settle(touchId, 'sent', [a])
  await house.settle(touchId, 'notSent', [a, b])
  await house.settle(touchId, 'overPlatform', [c])
  expect(await house.fates(touchId)).toEqual(['sent', 'notSent', 'overPlatform'])
  await house.settle(touchId, 'asked')
  expect(await house.fates(touchId)).toEqual(['sent', 'notSent', 'overPlatform'])
  await house.settle(touchId, 'sent', [b])
  expect(await house.fates(touchId)).toEqual(['sent', 'sent', 'overPlatform'])
  const events = await house.within((tx) =>
    tx
      .selectFrom('event')
      .select(['contactId', 'kind'])
      .where('corpId', '=', house.corpId)
      .orderBy('contactId')
      .execute(),
  )
  expect(events).toEqual([a, b].map((contactId) => ({ contactId, kind: 'touch.sent' })))
  // WeCom said his limit is used up: until the month ends nothing is asked for him.
  expect((await house.plan({ at: onDay(8) }, [c])).counts).toEqual({ platformFull: 1 })
  expect((await house.plan({ at: onDay(30) }, [c])).counts).toEqual({ reserved: 1 }) // the first of January
  await audit(db, house)
})

test('a member is asked to write to as many as he may that day, by all touches together', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 5)
  await house.rules({ memberDaily: 3 })
  const staffIds = (n: number) => Array.from({ length: n }, () => house.staffId)
  expect((await house.plan({}, house.contacts.slice(0, 2), staffIds(2))).counts).toEqual({ reserved: 2 })
  const second = await house.plan({}, house.contacts.slice(2), staffIds(3))
  expect(second.counts).toEqual({ reserved: 1, memberFull: 2 })
  await house.release(second.touchId)
  expect((await house.plan({}, house.contacts.slice(3, 4), staffIds(1))).counts).toEqual({ reserved: 1 })
})

test('held-out people stay the same, are compared with, and are told what is exempt', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 60)
  await house.rules({ holdout: 300 })
  const sale = await house.plan()
  const held = sale.counts.heldOut!
  expect(held).toBeGreaterThan(5)
  expect(held).toBeLessThan(32)
  expect((await house.plan({ at: onDay(1) })).counts).toEqual(sale.counts)
  expect((await house.plan({ topic: '服务', at: onDay(1) })).counts).toEqual({ reserved: 60 })
  const out = await house.within((tx) => contactsOfFate(tx, house.corpId, sale.touchId, [FATE.heldOut]))
  expect(out).toHaveLength(held)
  const own = await house.plan({ holdout: 500, topic: '关怀', at: onDay(8) })
  expect(own.counts.heldOutHere).toBeGreaterThan(8)
  await audit(db, house)
})

test('the same touches under other rules: as many as the rules of then let through, fewer under stricter ones', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 4)
  for (let day = 0; day < 5; day++) await house.plan({ at: onDay(day) })
  const under = (given: Partial<Policy>) =>
    house.within((tx) => replay(tx, house.corpId, { ...USUAL, ...given }, { from: DAY, to: addDays(DAY, 10) }))
  const same = await under({})
  expect(same.touches.map(({ meant, was, would }) => [meant, was, would])).toEqual([
    [4, 4, 4],
    [4, 4, 4],
    [4, 0, 0],
    [4, 0, 0],
    [4, 0, 0],
  ])
  expect(same.was).toEqual(same.would)
  const strict = await under({ caps: [{ channels: [], topics: [], window: { kind: 'month' }, limit: 1 }] })
  expect(strict.touches.map(({ would }) => would)).toEqual([4, 0, 0, 0, 0])
  expect(strict.would[1]).toBe(4)
  const loose = await under({ caps: [] })
  expect(loose.would[5]).toBe(4)
})

test('whatever is planned, sent, given back, no window of any person is over its limit and sums are what fates add up to', async () => {
  await using db = await freshDb()
  const topics = ['营销', '关怀', '服务'] as const
  const aCap = fc.record({
    channels: fc.constantFrom<Policy['caps'][number]['channels']>([], ['mass'], ['chat', 'moment']),
    topics: fc.constantFrom<string[]>([], ['营销']),
    window: fc.oneof(
      fc.constantFrom<Policy['caps'][number]['window']>({ kind: 'day' }, { kind: 'week' }, { kind: 'month' }),
      fc.integer({ min: 2, max: 12 }).map((days) => ({ kind: 'days' as const, days })),
    ),
    limit: fc.integer({ min: 1, max: 3 }),
  })
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('plan' as const),
        day: fc.integer({ min: 0, max: 40 }),
        channel: fc.constantFrom('mass', 'chat', 'moment'),
        topic: fc.constantFrom(...topics),
        priority: fc.integer({ min: 1, max: 9 }),
        who: fc.integer({ min: 1, max: 31 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rules' as const), caps: fc.array(aCap, { maxLength: 3 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        which: fc.nat(),
        how: fc.constantFrom('release', 'sent', 'notSent', 'failed'),
      }),
    },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
      const house = await aHouse(db, 5)
      const touches: string[] = []
      let policy: Policy = USUAL
      for (const one of steps) {
        if (one.do === 'rules') {
          policy = { ...USUAL, caps: one.caps }
          await house.rules(policy)
        } else if (one.do === 'end') {
          const touchId = touches[one.which % Math.max(touches.length, 1)]
          if (!touchId) continue
          if (one.how === 'release') await house.release(touchId)
          else await house.settle(touchId, one.how as Outcome['fate'], house.contacts.slice(0, 3))
        } else {
          const who = house.contacts.filter((_, i) => (one.who >> i) & 1)
          const { channel, topic, priority } = one as { channel: NewTouch['channel']; topic: string; priority: number }
          const planned = await house.plan({ channel, topic, priority, at: onDay(one.day) }, who)
          touches.push(planned.touchId)
          await noneOver(house, policy, planned.contactIds, { channel, topic, day: addDays(DAY, one.day) })
        }
      }
      await audit(db, house)
    }),
    { numRuns: Number(process.env.SIYU_RUNS ?? 12) },
  )
}, 120_000)

/** Of whoever has just got a place, read plainly from everything he has: every window that holds the day. */
async function noneOver(
  house: House,
  policy: Policy,
  contactIds: readonly string[],
  { channel, topic, day }: { channel: NewTouch['channel']; topic: string; day: string },
) {
  const summaries = await house.within((tx) =>
    readTouchDays(tx, house.corpId, { from: '2026-01-01', to: '2027-12-31' }),
  )
  const about = new Map(summaries.map((touch) => [touch.touchId, touch]))
  for (const contactId of contactIds) {
    const { items } = await house.within((tx) => readTouchesOf(tx, house.corpId, contactId))
    const live = items.filter(({ fate }) => ['reserved', 'sending', 'asked', 'sent', 'unknown'].includes(fate))
    for (const limit of limitsOn(policy, day, channel, topic)) {
      for (let first = limit.from; addDays(first, limit.length - 1) <= limit.to; first = addDays(first, 1)) {
        const last = addDays(first, limit.length - 1)
        const inWindow = live.filter((touch) => {
          const on = about.get(touch.touchId)!.day
          return on >= first && on <= last && limit.counts(touch.channel, touch.topic)
        })
        expect(inWindow.length, `${contactId} ${first} to ${last}`).toBeLessThanOrEqual(limit.limit)
      }
    }
  }
}
