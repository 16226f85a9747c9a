import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aContext, aCorp, aStaff, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { DAY_MS } from '../../../platform/shanghai.ts'
import { appendEvents } from '../../events/journal.ts'
import { previewRule } from '../../segments/read.ts'
import { expectAnswers, wilson } from './expect-response.ts'
import { countLife } from './life.ts'
import { readActivation } from './read-activation.ts'

const NOON = new Date('2026-11-23T04:00:00Z')
const ago = (days: number) => new Date(NOON.getTime() - days * DAY_MS)
let made = 0

const bought = (db: TestDb, corpId: string, contactId: string, daysAgo: readonly number[], amountFen = 1_000) =>
  inCorp(db.api, corpId, (tx) =>
    sql`insert into customer_order (corp_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, source, updated_at)
      select ${corpId}, ${contactId}, 'own', ${`n${++made}-`} || place, 'paid', at, at, ${amountFen}, 'import', at from unnest(${daysAgo.map((d) => ago(d).toISOString())}::timestamptz[]) with ordinality as p(at, place)`.execute(
      tx,
    ),
  )
const did = (db: TestDb, corpId: string, contactId: string, daysAgo: number) =>
  inCorp(db.api, corpId, (tx) =>
    appendEvents(
      tx,
      corpId,
      [
        {
          contactId,
          kind: 'product.viewed',
          at: ago(daysAgo),
          source: 'tracker',
          trusted: false,
          props: {},
          key: `k${++made}`,
        },
      ],
      NOON,
    ),
  )

test('customers stand where their last order puts them now; who answered is told of those who stood there when the days began', async () => {
  await using db = await freshDb()
  await using context = aContext(db, { clock: { now: () => NOON } as never })
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const [here, left, off] = [await aStaff(db, corpId), await aStaff(db, corpId), await aStaff(db, corpId)]
  await db.owner
    .updateTable('staff')
    .set({ leftAt: ago(3) })
    .where('staffId', '=', left)
    .execute()
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('offDuty')
      .values({ corpId, staffId: off, since: ago(1), until: null, saidBy: '自己' })
      .execute(),
  )
  const added = { addedAt: ago(400) }
  const friend = (staffId: string) => aContact(db, corpId, { ...added, staffId })
  const [fresh, month, quarter, half, old, never] = [
    await friend(here),
    await friend(left),
    await friend(off),
    await friend(here),
    await friend(here),
    await friend(here),
  ]
  const gone = await aContact(db, corpId, { ...added, staffId: here, lostAt: ago(20) })
  const newcomer = await aContact(db, corpId, { addedAt: ago(2), staffId: here })
  await bought(db, corpId, fresh, [1.9, 31]) // stood at 1 day when the thirty days began
  await bought(db, corpId, month, [2.1]) // had bought nothing then
  await bought(db, corpId, quarter, [30.1])
  await bought(db, corpId, half, [179.9])
  await bought(db, corpId, old, [180.1], 9_000)
  await bought(db, corpId, gone, [100])
  // More orders within the days than a fact keeps one by one: the one before them is found in the orders.
  await bought(db, corpId, newcomer, [])
  await bought(db, corpId, half, [])
  const busy = await friend(here)
  await bought(db, corpId, busy, [...Array.from({ length: 20 }, (_, n) => 1 + n), 100])
  await did(db, corpId, quarter, 29)
  await did(db, corpId, half, 31) // before the days began
  await did(db, corpId, never, 3)
  await did(db, other, await aContact(db, other), 3)

  const read = (scope?: string[]) => inCorp(db.api, corpId, (tx) => readActivation(tx, corpId, 30, scope, NOON))
  expect(await read()).toMatchObject({ counting: true })
  expect((await read()).rows.every((row) => row.answers === null)).toBe(true)
  await countLife(context, corpId)
  const found = await read()
  expect(found).toMatchObject({ counting: false, since: ago(30).toISOString() })
  const row = Object.fromEntries(found.rows.map((one) => [one.age, one]))
  expect(row.hours48).toMatchObject({ people: 2, reachable: 2, observed: { of: 2, alive: 2, bought: 1 } }) // fresh, busy; then: fresh and quarter
  expect(row.days30).toMatchObject({ people: 1, reachable: 0, observed: { of: 0, alive: 0, bought: 0 } })
  expect(row.days90).toMatchObject({ people: 1, reachable: 0, observed: { of: 2, alive: 1, bought: 1 } }) // then: gone and busy, at 70 days
  expect(row.days180).toMatchObject({ people: 2, reachable: 1, observed: { of: 2, alive: 0, bought: 0 } }) // half, gone; then: half and old
  expect(row.older).toMatchObject({
    people: 1,
    reachable: 1,
    totalFen: 9_000,
    averageFen: 9_000,
    observed: { of: 0 },
  })
  expect(row.never).toMatchObject({ people: 2, reachable: 2, observed: { of: 2, alive: 2, bought: 1 } }) // never, newcomer; then: never and month
  // Whoever is shown is whom the segment made of the row holds, but for those who are lost.
  for (const { age, rule, people } of found.rows)
    expect((await inCorp(db.api, corpId, (tx) => previewRule(tx, corpId, rule, NOON))).members).toBe(
      people - (age === 'days180' ? 1 : 0),
    )
  const seen = await read([left])
  expect(seen.rows.map((one) => one.people).reduce((a, b) => a + b)).toBe(1)
  expect(
    (await inCorp(db.api, other, (tx) => readActivation(tx, other, 30, undefined, NOON))).rows
      .map((one) => one.people)
      .reduce((a, b) => a + b),
  ).toBe(1)
})

test('few people are judged by the proportion others told of, over what was seen here; nobody where nothing was seen', () => {
  const nobody = { of: 0, alive: 0 }
  const expected = expectAnswers([
    { age: 'hours48', ...nobody },
    { age: 'days30', of: 29, alive: 29 },
    { age: 'days90', of: 100, alive: 20 },
    { age: 'days180', of: 100, alive: 10 },
    { age: 'never', of: 500, alive: 5 },
  ])
  expect(expected.get('days90')).toMatchObject({ rate: 0.2, by: 'own' })
  expect(expected.get('days30')).toMatchObject({ rate: expect.closeTo(0.6), by: 'reference' })
  expect(expected.get('hours48')).toMatchObject({ rate: expect.closeTo(0.6), by: 'reference' })
  expect(expected.get('never')).toMatchObject({ rate: 0.01, by: 'own' })
  expect(
    expectAnswers([
      { age: 'days30', of: 5, alive: 5 },
      { age: 'never', ...nobody },
    ]),
  ).toEqual(
    new Map([
      ['days30', null],
      ['never', null],
    ]),
  )
})

test('Wilson’s interval is what the textbook says, and stays within 0 and 1 for nobody and for everybody', () => {
  expect(wilson(8, 10)).toEqual({ rate: 0.8, low: expect.closeTo(0.4902, 3), high: expect.closeTo(0.9433, 3) })
  expect(wilson(0, 30)).toEqual({ rate: 0, low: 0, high: expect.closeTo(0.1135, 3) })
  expect(wilson(30, 30).high).toBe(1)
  expect(wilson(0, 0)).toEqual({ rate: 0, low: 0, high: 1 })
})
