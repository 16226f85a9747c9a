import { expect, test } from 'vitest'
import { aStageHouse } from '../../../test/stage-house.ts'
import { aContact, aStaff, freshDb } from '../../../test/world.ts'
import { bulkWorks } from '../../bulk-works.ts'
import { listContacts } from '../contacts/list-contacts.ts'
import { ContactListQuery } from '../contacts/schema.ts'
import { makeRunBulk } from '../tags/bulk-job.ts'
import { type BulkActor, undoBulk } from '../tags/bulk-runs.ts'
import { countBoard } from './board.ts'
import { startBulkMove } from './bulk-move.ts'
import { readFunnel } from './funnel.ts'
import { NewBulkMove } from './schema.ts'

const operator: BulkActor = {
  accountId: '1',
  name: '周岚',
  scope: undefined,
  mayBulk: true,
  mayMove: true,
  mayAssign: true,
}
const once = { number: 1, last: false, signal: new AbortController().signal }

test('the board counts whom the list shows, in each column and in none, of the scope’s customers alone', async () => {
  await using db = await freshDb()
  const [house, other] = [await aStageHouse(db), await aStageHouse(db)]
  const [own, colleague] = [await aStaff(db, house.corpId), await aStaff(db, house.corpId)]
  const make = (staffId: string) => aContact(db, house.corpId, { staffId })
  const [one, two, three] = [await make(own), await make(own), await make(colleague)]
  await make(own) // in no stage
  for (const contactId of [one, three]) await house.move(contactId, house.ids.talking)
  await house.move(two, house.ids.won)
  await other.move(await aContact(db, other.corpId, { staffId: await aStaff(db, other.corpId) }), other.ids.talking)
  const counts = async (scope: string[] | undefined) => {
    const { stages, none } = await house.within((tx) =>
      countBoard(tx, house.corpId, house.flowId, { state: 'following' }, scope),
    )
    return [...stages, none].map((column) => column.total)
  }
  expect(await counts(undefined)).toEqual([0, 2, 0, 1, 0, 1])
  expect(await counts([own])).toEqual([0, 1, 0, 1, 0, 1])
  const query = ContactListQuery.parse({ stageIds: house.ids.talking })
  const { items } = await house.within((tx) => listContacts(tx, house.corpId, query, [own]))
  expect(items.map((row) => [row.contactId, row.stages.map((stage) => stage.name)])).toEqual([[one, ['初步沟通']]])
  await expect(
    other.within((tx) => countBoard(tx, other.corpId, house.flowId, { state: 'following' }, undefined)),
  ).rejects.toThrow('流程')
})

test('many are moved at once and taken back: those a gate keeps out, who are not seen, and who moved on meanwhile stay', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const { corpId } = house
  const [own, colleague] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const people = await Promise.all([own, own, own, colleague].map((staffId) => aContact(db, corpId, { staffId })))
  const [first, second, third, unseen] = people as [string, string, string, string]
  await house.move(first, house.ids.fresh)
  await house.move(third, house.ids.keen)
  const runBulk = makeRunBulk(bulkWorks)
  const run = async (start: () => Promise<{ bulkRunId: string }>) => {
    const { bulkRunId } = await start()
    await runBulk.run(house.context, { corpId, bulkRunId }, once)
    const row = await house.within((tx) =>
      tx
        .selectFrom('bulkRun')
        .select(['changed', 'skipped', 'state'])
        .where('corpId', '=', corpId)
        .where('bulkRunId', '=', bulkRunId)
        .executeTakeFirstOrThrow(),
    )
    return { bulkRunId, ...row }
  }
  const bulk = NewBulkMove.parse({ contactIds: people, stageId: house.ids.keen })
  const moved = await run(() =>
    house.within((tx) => startBulkMove(tx, corpId, bulk, { ...operator, scope: [own] }, house.now())),
  )
  expect(moved).toMatchObject({ state: 'done', changed: 2, skipped: { unchanged: 1, not_found: 1 } })
  expect(await Promise.all(people.map(house.where))).toEqual(['意向客户', '意向客户', '意向客户', undefined])
  house.turn(1)
  await house.move(second, house.ids.won)
  const back = await run(() => house.within((tx) => undoBulk(tx, corpId, moved.bulkRunId, operator, house.now())))
  expect(back).toMatchObject({ state: 'done', changed: 1, skipped: { touched: 1 } })
  expect(await Promise.all(people.map(house.where))).toEqual(['新客户', '成交', '意向客户', undefined])
  await house.edit(house.ids.keen, { gate: { fieldIds: [], tagIds: [], note: true } })
  const gated = await run(() =>
    house.within((tx) => startBulkMove(tx, corpId, { ...bulk, contactIds: [first, unseen] }, operator, house.now())),
  )
  expect(gated).toMatchObject({ changed: 0, skipped: { gated: 2 } })
})

test('the funnel says of who came into a stage in a period where they went, how long half of them took, and why the lost were', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const { corpId, ids } = house
  const [own, colleague] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const make = (staffId = own) => aContact(db, corpId, { staffId })
  const [a, b, c, d, e] = [await make(), await make(), await make(), await make(), await make(colleague)]
  for (const contactId of [a, b, c, d, e]) await house.move(contactId, ids.talking)
  house.turn(3) // a third of a working day
  await house.move(a, ids.keen)
  house.turn(24)
  await house.move(b, ids.won)
  const [reason] = (await house.book()).lostReasons
  await house.move(c, ids.lost, { lostReasonId: reason!.lostReasonId })
  await house.move(d, ids.fresh)
  const read = (scope?: string[], days = {}) =>
    house.within((tx) => readFunnel(tx, corpId, house.flowId, days, scope, house.now()))
  const { stages, lostReasons } = await read()
  const talking = stages.find((stage) => stage.stageId === ids.talking)
  expect(talking).toEqual({ stageId: ids.talking, entered: 5, onward: 2, lost: 1, back: 1, still: 1, medianDays: 0.8 })
  expect(stages.map((stage) => stage.entered)).toEqual([1, 5, 1, 1, 1])
  expect(lostReasons).toEqual([{ lostReasonId: reason!.lostReasonId, name: reason!.name, customers: 1 }])
  const seen = await read([own])
  expect(seen.stages.find((stage) => stage.stageId === ids.talking)).toMatchObject({ entered: 4, still: 0 })
  const before = await read(undefined, { from: '2026-11-01', to: '2026-11-23' })
  expect(before.stages.map((stage) => stage.entered)).toEqual([0, 0, 0, 0, 0])
})
