import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aBroadcastHouse } from '../../../test/broadcast-house.ts'
import { aJourneyHouse, base, onSearch, START, wait } from '../../../test/journey-house.ts'
import { Killed, killingAt } from '../../../test/killing.ts'
import { aContext, freshDb } from '../../../test/world.ts'
import { planRun } from '../broadcasts/plan-run.ts'
import { createField } from '../contacts/fields.ts'
import { appendEvents } from '../events/journal.ts'
import { ensureFlow } from '../stages/flows.ts'
import { readStages } from '../stages/read-book.ts'
import { refuse } from '../touches/consent.ts'
import { NewRefusal } from '../touches/schema.ts'
import { dryRun } from './dry-run.ts'
import { startJourneyLane } from './lane.ts'
import { readStats } from './read.ts'
import { Draft, DryRunAsked, type Step } from './schema.ts'

const MINUTE = 60_000
const then = { next: null }
const message = (key: string, given: object = {}): Step =>
  ({
    ...{ key, kind: 'message', topic: '营销', text: '冬至快乐', materialIds: [] },
    ...{ within: { n: 2, unit: 'hour' }, next: null },
    ...given,
  }) as Step

test('steps do what they say, for everybody who comes by and nobody else', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db)
  const [one, two, three] = house.contacts as [string, string, string]
  const now = new Date(house.now())
  const { stageId, fieldId } = await house.within(async (tx) => {
    await ensureFlow(tx, house.corpId, now)
    const field = await createField(tx, house.corpId, { name: '口味', kind: 'text', options: [] }, now)
    return { stageId: (await readStages(tx, house.corpId))[1]!.stageId, fieldId: field.contactFieldId }
  })
  const [add] = house.tags as [string]
  const journeyId = await house.run(
    Draft.parse({
      ...base,
      trigger: onSearch,
      first: 'n1',
      steps: [
        { key: 'n1', kind: 'tag', add: [add], remove: [], next: 'n2' },
        { key: 'n2', kind: 'stage', stageId, next: 'n3' },
        { key: 'n3', kind: 'field', fieldId, value: '甜', next: 'n4' },
        { key: 'n4', kind: 'task', title: '问清口味', note: '', due: { n: 1, unit: 'day' }, next: 'n5' },
        { key: 'n5', kind: 'notice', title: '新客来了', text: '', next: 'n6' },
        { key: 'n6', kind: 'goal', name: '到了', ...then },
      ],
    }),
  )
  await house.tell([one, two].map((contactId) => ({ contactId, kind: 'search.made' })))
  await house.settle()
  const { rows } = await sql<{ contactId: string }>`
    select c.contact_id, c.tag_ids @> array[${add}::bigint] as tagged, (select stage_id from stage_stay s where s.contact_id = c.contact_id and s.until is null) as stage_id,
      (select value #>> '{}' from contact_field_value v where v.contact_id = c.contact_id) as taste, (select count(*)::int from task t where t.contact_id = c.contact_id and t.asked_by = ${`journey ${journeyId}/n4`}) as tasks,
      (select count(*)::int from journey_notice n where n.contact_id = c.contact_id) as notices, (select goal_at is not null from journey_enrolment e where e.contact_id = c.contact_id) as goal
    from contact c where c.contact_id = any(${house.contacts}::bigint[]) order by c.contact_id`.execute(db.owner)
  const done = { tagged: true, stageId, taste: '甜', tasks: 1, notices: 1, goal: true }
  expect(rows).toEqual([
    { contactId: one, ...done },
    { contactId: two, ...done },
    { contactId: three, tagged: false, stageId: null, taste: null, tasks: 0, notices: 0, goal: null },
  ])
  const stats = await house.within((tx) =>
    readStats(tx, house.corpId, journeyId, new Date(house.now() + 3 * 86_400_000)),
  )
  expect(stats.steps.find(({ key }) => key === 'n4')).toMatchObject({ came: 2, done: 0, late: 2 })
  expect(stats.members).toMatchObject([{ due: 2, late: 2 }])
})

test('a message goes by the gate: who answers before it is handed over gives his place back, who refuses meanwhile never had one', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db)
  const [one, two, three] = house.contacts as [string, string, string]
  const context = aContext(db, { clock: { now: () => new Date(house.now()) } as never })
  const runs = aBroadcastHouse(db, house.corpId, context)
  const journeyId = await house.run(
    Draft.parse({
      ...base,
      ...{ trigger: onSearch, first: 'n1', leaveOn: { reply: true, order: false, segmentId: null } },
      steps: [wait('n1', 'n2'), message('n2', { next: 'n3' }), wait('n3', null)],
    }),
  )
  await house.tell(house.contacts.map((contactId) => ({ contactId, kind: 'search.made' })))
  await house.settle()
  house.at(START + 30 * MINUTE)
  await house.within((tx) =>
    refuse(tx, house.corpId, [three], NewRefusal.parse({ why: 'customer' }), '小满', new Date(house.now())),
  )
  house.at(START + 60 * MINUTE)
  await house.settle()
  const { rows } = await sql<{
    runId: string
  }>`select run_id from journey_ask where journey_id = ${journeyId}::bigint`.execute(db.owner)
  expect(rows).toHaveLength(1)
  const { runId } = rows[0]!
  await planRun(context, house.corpId, runId)
  expect(await runs.fates(runId, house.contacts)).toEqual(['reserved', 'reserved', 'refused'])
  await house.tell([{ contactId: one, kind: 'message.sent' }])
  await house.settle()
  expect(await runs.fates(runId, house.contacts)).toEqual(['released', 'reserved', 'refused'])
  const standing = await house.standing(journeyId)
  expect(standing.get(one)).toMatchObject({ ended: 'reply' })
  expect(standing.get(two)).toMatchObject({ step: 'n3', ended: null })
  const { steps } = await house.within((tx) => readStats(tx, house.corpId, journeyId, new Date(house.now())))
  expect(steps.find(({ key }) => key === 'n2')).toMatchObject({
    ...{ came: 3, done: 0, skipped: 2 },
    reasons: expect.arrayContaining([{ reason: 'refused', people: 1 }]),
  })
})

test('a dry run says the steps, ways and times the engine then takes', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db)
  const [one] = house.contacts as [string]
  const deed = { kind: 'cart.added', where: [], untrusted: false }
  const graph = Draft.parse({
    ...base,
    trigger: onSearch,
    first: 'n1',
    steps: [
      wait('n1', 'n2'),
      { key: 'n2', kind: 'event', deed, within: { n: 1, unit: 'day' }, next: 'n3', otherwise: 'n4' },
      { key: 'n3', kind: 'until', weekdays: [], at: '18:00', next: null },
      wait('n4', null, 3),
    ],
  })
  const journeyId = await house.run(graph)
  const asked = (given: object) => DryRunAsked.parse({ draft: graph, contactId: one, days: 9, ...given })
  const run = (given: object) =>
    house.within((tx) => dryRun(tx, house.corpId, asked(given), journeyId, new Date(START)))
  const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString()
  expect(await run({ happenings: [{ kind: 'event', event: 'cart.added', afterMinutes: 90 }] })).toEqual({
    ...{ standsAt: null, left: 'done' },
    stops: [
      { key: 'n1', at: at(0), port: 'next' },
      { key: 'n2', at: at(60), port: 'next' },
      { key: 'n3', at: at(90), port: 'next' }, // nine in the morning and an hour and a half; then until six
    ],
  })
  expect((await run({})).stops.map(({ key, port }) => `${key} ${port}`)).toEqual(['n1 next', 'n2 otherwise', 'n4 next'])
  expect(await run({ happenings: [{ kind: 'lost', afterMinutes: 61 }] })).toMatchObject({ left: 'lost' })
  await house.tell([{ contactId: one, kind: 'search.made' }])
  await house.settle()
  house.at(START + 90 * MINUTE)
  await house.tell([{ contactId: one, kind: 'cart.added' }])
  await house.settle()
  expect((await house.standing(journeyId)).get(one)).toMatchObject({
    step: 'n3',
    dueAt: new Date('2026-11-23T10:00:00Z'),
  })
})

test('a deed told late counts for whoever waited for it then, and for nobody who came to the step since', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db)
  const [one, two] = house.contacts as [string, string]
  const deed = { kind: 'cart.added', where: [], untrusted: false }
  const journeyId = await house.run(
    Draft.parse({
      ...base,
      trigger: onSearch,
      first: 'n1',
      steps: [
        { key: 'n1', kind: 'event', deed, within: { n: 5, unit: 'hour' }, next: 'n2', otherwise: null },
        wait('n2', null, 9),
      ],
    }),
  )
  await house.tell([{ contactId: one, kind: 'search.made' }])
  await house.settle()
  house.at(START + 120 * MINUTE)
  await house.tell([{ contactId: two, kind: 'search.made' }])
  await house.settle()
  const late = [one, two].map((contactId) => ({ contactId, kind: 'cart.added' as const, key: `late ${contactId}` }))
  await house.within((tx) =>
    appendEvents(
      tx,
      house.corpId,
      late.map((told) => ({ ...told, at: new Date(START + 60 * MINUTE), source: 'api', props: {} })),
      new Date(house.now()),
    ),
  )
  await house.settle()
  const standing = await house.standing(journeyId)
  expect(standing.get(one)).toMatchObject({ step: 'n2', dueAt: new Date(START + 600 * MINUTE) })
  expect(standing.get(two)).toMatchObject({ step: 'n1' })
})

test('killed before any of its commits, no step is done twice and nobody is lost', async () => {
  await using db = await freshDb()
  const house = await aJourneyHouse(db, 4)
  const [tag] = house.tags as [string]
  const journeyId = await house.run(
    Draft.parse({
      ...base,
      trigger: onSearch,
      first: 'n1',
      steps: [
        { key: 'n1', kind: 'task', title: '问好', note: '', due: { n: 1, unit: 'day' }, next: 'n2' },
        wait('n2', 'n3'),
        message('n3', { next: 'n4' }),
        { key: 'n4', kind: 'tag', add: [tag], remove: [], next: null },
      ],
    }),
  )
  let kills = 0
  for (const minutes of [0, 1, 60, 61]) {
    house.at(START + minutes * MINUTE)
    if (minutes < 60)
      await house.tell(
        house.contacts.slice(minutes * 2, minutes * 2 + 2).map((contactId) => ({ contactId, kind: 'search.made' })),
      )
    for (const nth of [1, 2, 3]) {
      const died = await house.settle(killingAt(db.api, nth)).catch((error: unknown) => error)
      if (died instanceof Killed) kills++
      else if (died) throw died
    }
    await house.settle()
  }
  expect(kills).toBeGreaterThan(6)
  const { rows } = await sql<{ tasks: number; asked: string[]; ended: number }>`
    select (select count(*)::int from task where asked_by is not null) as tasks, array(select unnest(contact_ids)::text from broadcast_list order by 1) as asked,
      (select count(*)::int from journey_enrolment where ended = 'done') as ended`.execute(db.owner)
  expect(rows[0]).toEqual({ tasks: 4, asked: [...house.contacts].sort(), ended: 4 })
  const stats = await house.within((tx) => readStats(tx, house.corpId, journeyId, new Date(house.now())))
  expect(stats).toMatchObject({ entered: 4, underWay: 0, done: 4 })
  expect(stats.steps.map(({ came }) => came)).toEqual([4, 4, 4, 4])
})

test('the lane has everybody go on by itself, in every corp', async () => {
  await using db = await freshDb()
  const houses = [await aJourneyHouse(db, 1), await aJourneyHouse(db, 1)]
  const graph = Draft.parse({ ...base, trigger: onSearch, first: 'n1', steps: [wait('n1', null)] })
  const journeys = await Promise.all(houses.map((house) => house.run(graph)))
  const lane = startJourneyLane(aContext(db, { clock: { now: () => new Date(START + 30 * MINUTE) } as never }))
  try {
    for (const house of houses) await house.tell([{ contactId: house.contacts[0]!, kind: 'search.made' }])
    for (const [nr, house] of houses.entries())
      await expect
        .poll(async () => (await house.standing(journeys[nr]!)).get(house.contacts[0]!)?.step, { timeout: 15_000 })
        .toBe('n1')
  } finally {
    await lane.stop()
  }
})
