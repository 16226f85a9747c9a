import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { Killed, killing } from '../../../test/killing.ts'
import { aStageHouse, boss } from '../../../test/stage-house.ts'
import { aContact, aStaff, aTag, at, freshDb } from '../../../test/world.ts'
import { addNote } from '../contacts/notes.ts'
import { appendEvents } from '../events/journal.ts'
import { followFlips } from '../segments/follow.ts'
import { keepCorp } from '../segments/keep.ts'
import { addTags } from '../tags/tag-pairs.ts'
import { removeStage } from './edit-stages.ts'
import { stageFollower } from './follow-rules.ts'
import { emptyStage } from './jobs.ts'
import { advances } from './move.ts'
import { undoByHand } from './move-by-hand.ts'
import { placeNew } from './place-new.ts'
import { saveLostReasons } from './settings.ts'

const once = { number: 1, last: false, signal: new AbortController().signal }

test('a move ends one stay, begins the next and stands in the timeline; nothing of it reaches another corp', async () => {
  await using db = await freshDb()
  const [house, other] = [await aStageHouse(db), await aStageHouse(db)]
  const staffId = await aStaff(db, house.corpId)
  const contactId = await aContact(db, house.corpId, { staffId })
  await house.move(contactId, house.ids.talking)
  house.turn(27)
  await house.move(contactId, house.ids.keen, { reason: '想办卡' }, { name: '许曼', staffId, scope: [staffId] })

  const [now, before] = await house.stays(contactId)
  expect(now).toMatchObject({ stage: '意向客户', until: null, way: 'hand', actor: '许曼', reason: '想办卡' })
  // Tuesday noon to Wednesday three o'clock: six hours and six of nine.
  expect(before).toMatchObject({ stage: '初步沟通', workedDays: 1.3 })
  const told = await house.within((tx) =>
    sql<{
      props: object
    }>`select props from event where corp_id = ${house.corpId}::bigint and kind = 'stage.moved' order by at`.execute(
      tx,
    ),
  )
  expect(told.rows.map((row) => row.props)).toEqual([
    { to: '初步沟通', toId: house.ids.talking, way: 'hand', by: '店长' },
    {
      from: '初步沟通',
      fromId: house.ids.talking,
      to: '意向客户',
      toId: house.ids.keen,
      way: 'hand',
      by: '许曼',
      reason: '想办卡',
    },
  ])
  await expect(house.move(contactId, house.ids.keen)).rejects.toThrow('已经在')
  await expect(house.move(contactId, other.ids.talking)).rejects.toThrow('客户阶段')
  await expect(other.move(contactId, other.ids.talking)).rejects.toThrow('客户')
  await expect(house.move(contactId, house.ids.won, {}, { ...boss, scope: ['999'] })).rejects.toThrow('客户')
})

test('two members who move one customer at once leave one open stay, and a history without gaps', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const contactId = await aContact(db, house.corpId, { staffId: await aStaff(db, house.corpId) })
  const { talking, keen, won } = house.ids
  await Promise.all(
    [talking, keen, won, talking, keen, won].map((id) => house.move(contactId, id).catch(() => undefined)),
  )
  const stays = await house.stays(contactId)
  expect(stays.filter((stay) => stay.until === null)).toHaveLength(1)
  expect(stays.length).toBeGreaterThanOrEqual(3)
})

test('a gate says what is still to be done, and opens once it is; notes and tags of members outside the scope do not open it', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const { corpId } = house
  const [own, colleague] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const contactId = await aContact(db, corpId, { staffId: own })
  const tagId = await aTag(db, corpId, { name: '爱喝红茶' })
  const { contactFieldId } = await house.within((tx) =>
    tx
      .insertInto('contactField')
      .values({ corpId, name: '生日', kind: 'date', sortOrder: 1, createdAt: at })
      .returning('contactFieldId')
      .executeTakeFirstOrThrow(),
  )
  await house.edit(house.ids.keen, { gate: { fieldIds: [contactFieldId], tagIds: [tagId], note: true } })
  const mover = { name: '许曼', staffId: own, scope: [own] }
  const tried = () => house.move(contactId, house.ids.keen, {}, mover)
  await expect(tried()).rejects.toThrow(
    '还不能移到「意向客户」：请先填写「生日」、打上标签「爱喝红茶」、写一条跟进记录，再移过来。',
  )
  const author = { accountId: '1', name: '同事', staffId: colleague, scope: undefined }
  await house.within(async (tx) => {
    await tx
      .insertInto('contactFieldValue')
      .values({ corpId, contactId, contactFieldId, value: JSON.stringify('1990-01-01'), updatedAt: at })
      .execute()
    await addNote(tx, corpId, contactId, { text: '聊过', mentions: [] }, author, house.now())
  })
  await expect(tried()).rejects.toThrow('请先打上标签「爱喝红茶」、写一条跟进记录')
  await house.within(async (tx) => {
    await addNote(tx, corpId, contactId, { text: '又聊过', mentions: [] }, { ...author, staffId: own }, house.now())
    await addTags(tx, corpId, [{ contactId, staffId: own, tagId }], { source: 'staff', reason: {}, now: house.now() })
  })
  await tried()
  expect(await house.where(contactId)).toBe('意向客户')
})

test('a loss needs one of the reasons offered; what was said with a reason taken off the list stays', async () => {
  await using db = await freshDb()
  const [house, other] = [await aStageHouse(db), await aStageHouse(db)]
  const contactId = await aContact(db, house.corpId, { staffId: await aStaff(db, house.corpId) })
  await expect(house.move(contactId, house.ids.lost)).rejects.toThrow('要选一个流失原因')
  const [theirs] = (await other.book()).lostReasons
  await expect(house.move(contactId, house.ids.lost, { lostReasonId: theirs!.lostReasonId })).rejects.toThrow(
    '流失原因',
  )
  const [first, second] = (await house.book()).lostReasons
  await house.move(contactId, house.ids.lost, { lostReasonId: first!.lostReasonId })
  await house.within((tx) => saveLostReasons(tx, house.corpId, { reasons: [second!, { name: '搬走了' }] }, house.now()))
  expect((await house.book()).lostReasons.map((reason) => reason.name)).toEqual([second!.name, '搬走了'])
  expect((await house.stays(contactId))[0]).toMatchObject({ stage: '无意向客户', lostReason: first!.name })
})

test('taken back, a move never was: he stands where he stood since then; whoever moved on is not taken back', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const contactId = await aContact(db, house.corpId, { staffId: await aStaff(db, house.corpId) })
  await house.move(contactId, house.ids.talking)
  const [before] = await house.stays(contactId)
  house.turn(5)
  const moved = await house.move(contactId, house.ids.won)
  const undo = (stayId: string) =>
    house.within((tx) => undoByHand(tx, house.corpId, { contactId, stayId }, boss, house.now()))
  await undo(moved.stayId)
  const after = await house.stays(contactId)
  expect(after).toHaveLength(1)
  expect(after[0]).toMatchObject({ stage: '初步沟通', since: before!.since, until: null })
  await expect(undo(moved.stayId)).rejects.toThrow('不能撤销')
  house.turn(30)
  await expect(undo(after[0]!.stayId)).rejects.toThrow('不能撤销') // older than a day
})

test('who becomes a customer begins in the first stage, once; who comes back stays where he was', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const [known, fresh] = [
    await aContact(db, house.corpId, { staffId: await aStaff(db, house.corpId) }),
    await aContact(db, house.corpId, { staffId: await aStaff(db, house.corpId) }),
  ]
  await house.move(known, house.ids.keen)
  const added = [known, fresh].map((contactId) => ({
    contactId,
    at,
    kind: 'contact.added' as const,
    source: 'sync' as const,
    props: {},
    key: `a ${contactId}`,
    eventId: '',
  }))
  for (let twice = 0; twice < 2; twice++) await house.within((tx) => placeNew(tx, house.corpId, added))
  expect(await house.where(known)).toBe('意向客户')
  expect(await house.stays(fresh)).toMatchObject([{ stage: '新客户', since: at.toISOString(), way: 'added' }])
})

test('whoever comes to fit a stage’s rule is moved there exactly once, however often the follower is killed; nobody is pushed back', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const { corpId, ids } = house
  const staffId = await aStaff(db, corpId)
  const people = await Promise.all(Array.from({ length: 6 }, () => aContact(db, corpId, { staffId })))
  const [fresh, keen, won, late] = people as [string, string, string, string]
  await house.move(fresh, ids.fresh)
  await house.move(keen, ids.keen)
  await house.move(won, ids.won)
  await house.edit(ids.talking, { rule: { is: 'all', of: [{ is: 'did', deed: { kind: 'note.added' } }] } })
  await house.follow()
  await house.within((tx) =>
    appendEvents(
      tx,
      corpId,
      people.slice(0, 4).map((contactId) => ({
        contactId,
        at: house.now(),
        kind: 'note.added',
        source: 'console',
        props: { noteId: '1' },
        key: `n ${contactId}`,
      })),
      house.now(),
    ),
  )
  while (await keepCorp(house.context, corpId)) await undefined
  let kills = 0
  for (let tries = 0; tries < 12; tries++)
    await followFlips({ ...house.context, db: killing(db.api) }, corpId, stageFollower).catch((error) => {
      if (!(error instanceof Killed)) throw error
      kills++
    })
  await house.follow()
  await house.follow()
  expect(kills).toBeGreaterThan(0)
  expect(await Promise.all(people.map(house.where))).toEqual([
    '初步沟通',
    '意向客户',
    '成交',
    '初步沟通',
    undefined,
    undefined,
  ])
  expect(await house.stays(late)).toHaveLength(1)
  expect((await house.stays(fresh)).map((stay) => stay.way)).toEqual(['rule', 'hand'])
  const { rows } = await house.within((tx) =>
    sql`select from event where corp_id = ${corpId}::bigint and kind = 'stage.moved' and source = 'system'`.execute(tx),
  )
  expect(rows).toHaveLength(2)
})

test('a rule that may push back does, and must not look at stages', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const contactId = await aContact(db, house.corpId, { staffId: await aStaff(db, house.corpId) })
  await house.move(contactId, house.ids.won)
  const rule = { is: 'all', of: [{ is: 'stage', ids: [house.ids.won] }] }
  await expect(house.edit(house.ids.talking, { rule, back: true })).rejects.toThrow('允许往回移')
  await house.edit(house.ids.talking, { rule: { is: 'all', of: [{ is: 'added' }] }, back: true })
  await house.follow()
  expect(await house.where(contactId)).toBe('初步沟通')
})

test('rules alone never go round in a circle: every move they make leads higher', () => {
  const stage = fc.record({
    kind: fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
    sortOrder: fc.nat(9),
  })
  const height = { open: 0, lost: 100, won: 200 }
  fc.assert(
    fc.property(stage, stage, (from, to) => {
      if (advances(from, to)) expect(height[to.kind] + to.sortOrder).toBeGreaterThan(height[from.kind] + from.sortOrder)
    }),
    { numRuns: 500 },
  )
  expect(advances({ kind: 'lost', sortOrder: 5 }, { kind: 'won', sortOrder: 4 })).toBe(true)
  expect(advances({ kind: 'lost', sortOrder: 5 }, { kind: 'open', sortOrder: 9 })).toBe(false)
})

test('a removed stage sends its people where they are to go; one that a segment asks for is not removed', async () => {
  await using db = await freshDb()
  const house = await aStageHouse(db)
  const people = await Promise.all(
    Array.from({ length: 3 }, async () => aContact(db, house.corpId, { staffId: await aStaff(db, house.corpId) })),
  )
  for (const contactId of people) await house.move(contactId, house.ids.talking)
  await house.edit(house.ids.won, {
    rule: { is: 'all', of: [{ is: 'stage', ids: [house.ids.talking], olderThan: { n: 900, unit: 'day' } }] },
  })
  const remove = (moveTo: string | null) =>
    house.within((tx) => removeStage(tx, house.corpId, house.ids.talking, moveTo, boss, house.now()))
  await expect(remove(house.ids.keen)).rejects.toThrow('规则里用到了这个阶段')
  await house.edit(house.ids.won, { rule: null })
  await remove(house.ids.keen)
  await emptyStage.run(house.context, { corpId: house.corpId, stageId: house.ids.talking }, once)
  await emptyStage.run(house.context, { corpId: house.corpId, stageId: house.ids.talking }, once)
  expect(await Promise.all(people.map(house.where))).toEqual(['意向客户', '意向客户', '意向客户'])
  expect((await house.stays(people[0]!)).map((stay) => [stay.stage, stay.way])).toEqual([
    ['意向客户', 'removed'],
    ['初步沟通', 'hand'],
  ])
})
