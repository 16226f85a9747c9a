import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aJourneyHouse, BOSS, base, onSearch, START, wait } from '../../../test/journey-house.ts'
import { Oracle, type Person } from '../../../test/journey-oracle.ts'
import { seeded } from '../../../test/random.ts'
import { freshDb } from '../../../test/world.ts'
import { appendEvents } from '../events/journal.ts'
import type { Span } from '../segments/schema.ts'
import { readPlaces, readStats } from './read.ts'
import { Draft, type Step } from './schema.ts'
import { publish, setState } from './service.ts'
import { armOf } from './step.ts'

const PEOPLE = Number(process.env.SIYU_JOURNEY_PEOPLE ?? 120)
const ROUNDS = 40
const MINUTE = 60_000
const KINDS = ['search.made', 'favourite.added', 'cart.added', 'message.sent'] as const

/** A graph drawn at random: ways come together again, every step is reached, none leads back. */
function aGraph(draw: () => number, tags: string[]): Draft {
  const one = <T>(of: readonly T[]): T => of[Math.floor(draw() * of.length)]!
  const span = (): Span => ({ n: 1 + Math.floor(draw() * 5), unit: one(['minute', 'hour', 'day'] as const) })
  const size = 6 + Math.floor(draw() * 8)
  const later = (nr: number) =>
    nr >= size || draw() < 0.1 ? null : `n${Math.min(size, nr + 1 + Math.floor(draw() * 2))}`
  const steps: Step[] = []
  for (let nr = 1; nr <= size; nr++) {
    const key = `n${nr}`
    const next = nr === size ? null : `n${nr + 1}`
    const kind = one(['wait', 'wait', 'until', 'event', 'event', 'split', 'random', 'tag', 'goal'] as const)
    const deed = { kind: one(['favourite.added', 'cart.added'] as const), where: [], untrusted: false }
    if (kind === 'wait')
      steps.push({ key, kind, next, span: span(), at: draw() < 0.4 ? '10:30' : null, workdays: draw() < 0.4 })
    if (kind === 'until') steps.push({ key, kind, next, weekdays: draw() < 0.5 ? [] : [2, 6], at: '18:00' })
    if (kind === 'event') steps.push({ key, kind, next, deed, within: span(), otherwise: later(nr) })
    if (kind === 'split')
      steps.push({
        key,
        kind,
        arms: [
          {
            name: '甲',
            next: later(nr),
            rule: { is: 'all', not: false, of: [{ is: 'tags', not: draw() < 0.3, any: [one(tags)] }] },
          },
        ],
        otherwise: next,
      })
    if (kind === 'random')
      steps.push({
        key,
        kind,
        arms: [
          { name: 'A', weight: 1, next },
          { name: 'B', weight: 3, next: later(nr) },
        ],
      })
    if (kind === 'tag')
      steps.push({
        key,
        kind,
        next,
        ...(draw() < 0.6 ? { add: [one(tags)], remove: [] } : { add: [], remove: [one(tags)] }),
      })
    if (kind === 'goal') steps.push({ key, kind, next, name: '到了' })
  }
  const goal = draw() < 0.4 ? { deed: { kind: 'cart.added', where: [], untrusted: false }, within: span() } : null
  return Draft.parse({
    ...base,
    trigger: onSearch,
    first: 'n1',
    steps,
    goal,
    again: draw() < 0.5 ? { kind: 'never' } : { kind: 'after', span: span() },
    leaveOn: { reply: draw() < 0.5, order: false, segmentId: null },
  })
}

test.each([1, 2, 3])(
  'whoever is where, until when, and how it ended is what a replay person by person says (seed %i)',
  async (seed) => {
    await using db = await freshDb()
    const house = await aJourneyHouse(db, PEOPLE)
    const draw = seeded(seed)
    const graph = aGraph(draw, house.tags)
    const journeyId = await house.run(graph)
    const oracle = new Oracle(graph, (key, id) =>
      armOf(journeyId, graph.steps.find((step) => step.key === key) as never, id),
    )
    const people = new Map<string, Person>(
      house.contacts.map((id) => [
        id,
        { id, tags: new Set<string>(), open: null, runs: 0, endedAt: null, ended: null, goals: 0 },
      ]),
    )
    for (let round = 0; round < ROUNDS; round++) {
      house.at(house.now() + Math.floor(draw() ** 3 * 3_000 + 1) * MINUTE)
      const happened = house.contacts
        .filter(() => draw() < 0.25)
        .map((contactId) => ({ contactId, kind: KINDS[Math.floor(draw() ** 2 * KINDS.length)]! }))
      if (happened.length > 0) await house.tell(happened)
      for (const { contactId, kind } of happened) oracle.tell(people.get(contactId)!, kind, house.now())
      for (const person of people.values()) oracle.pass(person, house.now())
      await house.settle()
      const found = await house.standing(journeyId)
      const engine = house.contacts.map((id) => {
        const row = found.get(id)
        if (!row) return { id, runs: 0 }
        return row.endedAt
          ? { id, runs: row.run, ended: row.ended, endedAt: row.endedAt.toISOString() }
          : { id, runs: row.run, since: row.enteredAt.toISOString(), key: row.step, until: row.dueAt?.toISOString() }
      })
      const plain = [...people.values()].map(({ id, runs, open, ended, endedAt }) => {
        if (runs === 0) return { id, runs: 0 }
        return open
          ? {
              id,
              runs,
              since: new Date(open.since).toISOString(),
              key: open.key,
              until: new Date(open.until).toISOString(),
            }
          : { id, runs, ended, endedAt: new Date(endedAt!).toISOString() }
      })
      expect(engine).toEqual(plain)
    }
    const stats = await house.within((tx) => readStats(tx, house.corpId, journeyId, new Date(house.now())))
    expect(new Map(stats.steps.map(({ key, came }) => [key, came]))).toEqual(oracle.came)
    expect(stats.entered).toBe([...people.values()].reduce((sum, { runs }) => sum + runs, 0))
    expect(stats.underWay).toBe([...people.values()].filter(({ open }) => open).length)
  },
  300_000,
)

test('one journey at a time: the more important one takes a person from the other, the less important one leaves him alone', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db)
  const [one] = house.contacts as [string]
  const graph = (priority: number, kind: string) =>
    Draft.parse({
      ...base,
      priority,
      trigger: { kind: 'event', deed: { kind } },
      first: 'n1',
      steps: [wait('n1', null)],
    })
  const low = await house.run(graph(3, 'search.made'))
  const high = await house.run(graph(7, 'cart.added'))
  await house.tell([{ contactId: one, kind: 'search.made' }])
  await house.settle()
  house.at(START + MINUTE)
  await house.tell([{ contactId: one, kind: 'cart.added' }])
  await house.settle()
  expect((await house.standing(low)).get(one)).toMatchObject({ ended: 'displaced' })
  expect((await house.standing(high)).get(one)).toMatchObject({ ended: null, step: 'n1' })
  const second = await house.run(graph(7, 'favourite.added'))
  house.at(START + 2 * MINUTE)
  await house.tell([{ contactId: one, kind: 'favourite.added' }])
  await house.settle()
  expect((await house.standing(second)).size).toBe(0)
})

test('last year’s events start nobody, nor do unproven ones, nor another corp’s', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db)
  const [one, two] = house.contacts as [string, string]
  const journeyId = await house.run(Draft.parse({ ...base, trigger: onSearch, first: 'n1', steps: [wait('n1', null)] }))
  house.at(START + 40 * 86_400_000)
  await house.within((tx) =>
    appendEvents(
      tx,
      house.corpId,
      [
        { contactId: one, at: new Date(START + 60_000), kind: 'search.made', source: 'api', props: {}, key: 'old' },
        {
          contactId: two,
          at: new Date(house.now()),
          kind: 'search.made',
          source: 'tracker',
          trusted: false,
          props: {},
          key: 'loose',
        },
      ],
      new Date(house.now()),
    ),
  )
  await house.settle()
  expect((await house.standing(journeyId)).size).toBe(0)
  const other = await aJourneyHouse(db)
  await other.tell([{ contactId: other.contacts[0]!, kind: 'search.made' }])
  await other.settle()
  expect((await house.standing(journeyId)).size).toBe(0)
})

test('paused, everybody stays where he is and nobody comes in; resumed, what is past its time goes on at once; ended, nobody is left', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db)
  const [one, two] = house.contacts as [string, string]
  const journeyId = await house.run(
    Draft.parse({ ...base, trigger: onSearch, first: 'n1', steps: [wait('n1', 'n2'), wait('n2', null, 5)] }),
  )
  await house.tell([{ contactId: one, kind: 'search.made' }])
  await house.settle()
  const to = (state: 'paused' | 'live' | 'ended') =>
    house.within((tx) => setState(tx, house.corpId, journeyId, state, BOSS, new Date(house.now())))
  await to('paused')
  house.at(START + 90 * MINUTE)
  await house.tell([{ contactId: two, kind: 'search.made' }])
  await house.settle()
  expect((await house.standing(journeyId)).get(one)).toMatchObject({ step: 'n1' })
  expect((await house.standing(journeyId)).has(two)).toBe(false)
  await to('live')
  await house.settle()
  expect((await house.standing(journeyId)).get(one)).toMatchObject({
    step: 'n2',
    dueAt: new Date(START + 360 * MINUTE),
  })
  await to('ended')
  const places = await house.within((tx) => readPlaces(tx, house.corpId, one))
  expect(places).toMatchObject([{ ended: 'ended', step: null }])
})

test('published anew: those under way stay on the old, or move to the same step of the new, or leave', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db)
  const old = Draft.parse({ ...base, trigger: onSearch, first: 'n1', steps: [wait('n1', 'n2'), wait('n2', null, 9)] })
  const fresh = Draft.parse({ ...old, first: 'n2', steps: [wait('n2', 'n3'), wait('n3', null)] })
  for (const people of ['stay', 'move', 'drain'] as const) {
    const journeyId = await house.run(old)
    house.at(house.now() + MINUTE)
    await house.tell([{ contactId: house.contacts[0]!, kind: 'search.made' }])
    await house.settle()
    await house.within(async (tx) => {
      await sql`update journey set draft = ${JSON.stringify(fresh)}::jsonb where journey_id = ${journeyId}::bigint`.execute(
        tx,
      )
      await publish(tx, house.corpId, journeyId, { revision: 1, people }, BOSS, new Date(house.now()))
    })
    await house.settle()
    const stood = (await house.standing(journeyId)).get(house.contacts[0]!)
    if (people === 'stay') expect(stood).toMatchObject({ step: 'n1', ended: null })
    if (people === 'move') expect(stood).toMatchObject({ step: 'n3', ended: null }) // n1 is gone, n2's hour was his already
    if (people === 'drain') expect(stood).toMatchObject({ step: null, ended: 'drained' })
    await house.within((tx) => setState(tx, house.corpId, journeyId, 'ended', BOSS, new Date(house.now())))
  }
})
