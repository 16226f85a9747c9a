import { expect, test } from 'vitest'
import { type AutoTagHouse, aHouse, boss, viewed } from '../../../../test/auto-tag-house.ts'
import { aContact, aCorp, aStaff, aTag, freshDb } from '../../../../test/world.ts'
import { bulkWorks } from '../../../bulk-works.ts'
import { inCorp } from '../../../platform/db.ts'
import { makeRunBulk } from '../../tags/bulk-job.ts'
import { undoBulk } from '../../tags/bulk-runs.ts'
import { addTags, removeTags } from '../../tags/tag-pairs.ts'
import { Rule } from '../schema.ts'
import { createSegment, editSegment } from '../service.ts'
import { dryRun } from './dry-run.ts'
import { crons } from './jobs.ts'
import { listAutoTags } from './read.ts'
import { createAutoTag, editAutoTagGroup, startAutoTag, stopAutoTag } from './rules.ts'

const runBulk = makeRunBulk(bulkWorks)

test('an event puts the tag on every friendship that holds, with which rule and why; time alone takes it off; another member who comes later gets it too', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId } = house
  const [amy, bob] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const [lin, other] = [await aContact(db, corpId, { staffId: amy }), await aContact(db, corpId, { staffId: amy })]
  const tagId = await aTag(db, corpId, { name: '看过新品' })
  const ruleId = await house.make(tagId, viewed(24))
  await house.tell(lin, 'product.viewed', 'now')
  await house.work()
  const put = { tagId, source: 'rule', addedAt: house.now() }
  expect(await house.tags(lin)).toMatchObject([
    { ...put, staffId: amy, reason: { ruleId, version: '1', inBy: 'event' } },
  ])
  expect(await house.tags(other)).toEqual([])
  house.turn(1)
  await house.befriend(lin, bob)
  await house.work()
  expect((await house.tags(lin)).map((one) => one.staffId)).toEqual([amy, bob])
  house.turn(23)
  await house.work()
  await house.work()
  expect(await house.tags(lin)).toEqual([])
  expect(await house.journal(lin)).toEqual(['tag.added', 'tag.added', 'tag.removed', 'tag.removed'])
  const [group] = await inCorp(db.api, corpId, (tx) => listAutoTags(tx, corpId, undefined, house.now()))
  expect(group?.rules).toMatchObject([{ ruleId, members: 0, carriers: 0, week: { put: 2, taken: 1 } }])
})

test('a tag put by hand is never taken off by a rule, even where the rule had put it before; one taken off by hand stays off until he has gone out and come in again', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId } = house
  const staffId = await aStaff(db, corpId)
  const [lin, wang, zhao] = await house.customers(staffId)
  const tagId = await aTag(db, corpId)
  await house.make(tagId, viewed(24))
  const by = () => ({ source: 'staff', reason: { by: '周岚' }, now: house.now() }) as const
  await inCorp(db.api, corpId, (tx) => addTags(tx, corpId, [{ contactId: lin, staffId, tagId }], by()))
  for (const contactId of [lin, wang, zhao]) await house.tell(contactId, 'product.viewed', contactId)
  await house.work()
  await inCorp(db.api, corpId, async (tx) => {
    await addTags(tx, corpId, [{ contactId: wang, staffId, tagId }], by())
    await removeTags(tx, corpId, [{ contactId: zhao, staffId, tagId }], by())
  })
  house.turn(1)
  await house.tell(zhao, 'product.viewed', 'again while he is in')
  await house.work()
  expect(await house.tags(zhao)).toEqual([])
  house.turn(48)
  await house.work()
  expect((await house.tags(lin)).map((one) => one.source)).toEqual(['staff'])
  expect((await house.tags(wang)).map((one) => one.source)).toEqual(['staff'])
  await house.tell(zhao, 'product.viewed', 'in again')
  await house.work()
  expect((await house.tags(zhao)).map((one) => one.source)).toEqual(['rule'])
})

test('in an exclusive group the first rule that holds wins; another order moves everybody; a rule turned off makes way, its tags stay', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId } = house
  const [lin] = await house.customers(await aStaff(db, corpId))
  const [high, low] = [
    await aTag(db, corpId, { name: '高', group: '价值' }),
    await aTag(db, corpId, { name: '低', group: '价值' }),
  ]
  const [first, second] = [await house.make(high, viewed(24)), await house.make(low, viewed(48))]
  const { tagGroupId } = (await inCorp(db.api, corpId, (tx) => listAutoTags(tx, corpId, undefined, house.now())))[0]!
  const group = (edit: { exclusive?: boolean; ruleIds?: string[] }) =>
    inCorp(db.api, corpId, (tx) => editAutoTagGroup(tx, corpId, tagGroupId, edit, boss, house.now()))
  const carried = async () => (await house.tags(lin)).map((one) => one.tagId)
  await house.tell(lin, 'product.viewed', '1')
  await house.work()
  expect(await carried()).toEqual([high, low])
  await group({ exclusive: true })
  await house.work()
  expect(await carried()).toEqual([high])
  await group({ ruleIds: [second, first] })
  await house.work()
  expect(await carried()).toEqual([low])
  await expect(group({ ruleIds: [second] })).rejects.toThrow('刷新')
  await inCorp(db.api, corpId, (tx) =>
    stopAutoTag(tx, corpId, second, { state: 'off', tags: 'stay' }, boss, house.now()),
  )
  await house.work()
  expect(await carried()).toEqual([high, low])
  await inCorp(db.api, corpId, (tx) => startAutoTag(tx, corpId, second, boss, house.now()))
  await house.work()
  expect(await carried()).toEqual([low])
})

test('a deleted rule takes off what it has put and nothing else, as a bulk run that can be undone; a tag’s deletion takes its rule along', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId } = house
  const staffId = await aStaff(db, corpId)
  const [lin, wang] = await house.customers(staffId)
  const tagId = await aTag(db, corpId)
  const ruleId = await house.make(tagId, viewed(24))
  await inCorp(db.api, corpId, (tx) =>
    addTags(tx, corpId, [{ contactId: wang, staffId, tagId }], {
      source: 'staff',
      reason: { by: '周岚' },
      now: house.now(),
    }),
  )
  for (const contactId of [lin, wang]) await house.tell(contactId, 'product.viewed', contactId)
  await house.work()
  house.turn(1)
  const bulkRunId = await inCorp(db.api, corpId, (tx) =>
    stopAutoTag(tx, corpId, ruleId, { state: 'deleted', tags: 'go' }, boss, house.now()),
  )
  const run = (id: string) =>
    runBulk.run(
      house.context,
      { corpId, bulkRunId: id },
      { number: 1, last: false, signal: new AbortController().signal },
    )
  await run(bulkRunId!)
  await house.work()
  expect([(await house.tags(lin)).length, (await house.tags(wang)).map((one) => one.source)]).toEqual([0, ['staff']])
  const undone = await inCorp(db.api, corpId, (tx) => undoBulk(tx, corpId, bulkRunId!, boss, house.now()))
  await run(undone.bulkRunId)
  expect(await house.tags(lin)).toMatchObject([{ tagId, source: 'rule', reason: { ruleId } }])

  const other = await aTag(db, corpId)
  await house.make(other, viewed(24))
  await inCorp(db.api, corpId, (tx) =>
    tx
      .updateTable('tag')
      .set({ deletedAt: house.now() })
      .where('corpId', '=', corpId)
      .where('tagId', '=', other)
      .execute(),
  )
  await crons[0]!.run(house.context)
  expect(await house.liveRules()).toEqual([])
})

test('rules that come round to themselves are refused with the tags named: over a tag, a group, a segment people made, the journal; a chain is taken', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId } = house
  const [a, b, c] = [
    await aTag(db, corpId, { name: '甲' }),
    await aTag(db, corpId, { name: '乙' }),
    await aTag(db, corpId, { name: '丙', group: '别组' }),
  ]
  const reads = (...tagIds: string[]) => ({ is: 'all', of: [{ is: 'tags', any: tagIds }] })
  await expect(house.make(a, reads(a))).rejects.toThrow('「甲」 → 「甲」')
  await house.make(b, reads(a))
  await house.make(c, reads(b))
  await expect(house.make(a, reads(c))).rejects.toThrow('「乙」 → 「丙」 → 「甲」 → 「乙」')
  await expect(house.make(a, { is: 'all', of: [{ is: 'did', deed: { kind: 'tag.added' } }] })).rejects.toThrow(
    '绕成了一圈',
  )
  const segmentId = await inCorp(db.api, corpId, (tx) =>
    createSegment(tx, corpId, { name: '常客', note: '', rule: Rule.parse(viewed(24)) }, boss, house.now()),
  )
  await house.build()
  await house.make(a, { is: 'all', of: [{ is: 'segment', segmentId }] })
  await expect(
    inCorp(db.api, corpId, (tx) =>
      editSegment(tx, corpId, segmentId, { rule: Rule.parse(reads(c)) }, boss, house.now()),
    ),
  ).rejects.toThrow('绕成了一圈')
  await expect(
    inCorp(db.api, corpId, (tx) =>
      editSegment(
        tx,
        corpId,
        segmentId,
        { rule: Rule.parse({ is: 'all', of: [{ is: 'did', deed: { kind: 'product.viewed', untrusted: true } }] }) },
        boss,
        house.now(),
      ),
    ),
  ).rejects.toThrow('未经证实')
  const groups = await inCorp(db.api, corpId, (tx) => listAutoTags(tx, corpId, undefined, house.now()))
  const group = groups.find((one) => one.name === '测试')!
  await expect(
    inCorp(db.api, corpId, (tx) =>
      editAutoTagGroup(tx, corpId, group.tagGroupId, { exclusive: true }, boss, house.now()),
    ),
  ).rejects.toThrow('绕成了一圈')
  await expect(house.make(b, viewed(24))).rejects.toThrow('已经有自动规则')
})

test('a dry run says who gets the tag, who loses it, who moves and what time will bring, and writes nothing; another corp’s tag is not found', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId } = house
  const staffId = await aStaff(db, corpId)
  const [lin, wang, zhao] = await house.customers(staffId)
  const [high, low] = [
    await aTag(db, corpId, { name: '高', group: '价值' }),
    await aTag(db, corpId, { name: '低', group: '价值' }),
  ]
  const ruleId = await house.make(low, viewed(24 * 40))
  await house.tell(lin, 'product.viewed', 'long ago', new Date(house.now().getTime() - 35 * 24 * 3_600_000))
  await house.tell(wang, 'product.viewed', 'lately')
  await house.work()
  const { tagGroupId } = (await inCorp(db.api, corpId, (tx) => listAutoTags(tx, corpId, undefined, house.now())))[0]!
  await inCorp(db.api, corpId, (tx) => editAutoTagGroup(tx, corpId, tagGroupId, { exclusive: true }, boss, house.now()))
  await house.work()
  const try_ = (rule: unknown, given: { tagId: string; ruleId?: string }) =>
    inCorp(db.api, corpId, (tx) => dryRun(tx, corpId, { ...given, rule: Rule.parse(rule), keep: false }, house.now()))
  expect(await try_(viewed(24), { tagId: low, ruleId })).toMatchObject({
    members: 1,
    customers: 3,
    gains: 0,
    loses: 1,
    carry: 1,
    moves: [{ from: '低', to: null, number: 1 }],
    ahead: [
      { days: 7, members: 0, entered: 0, exited: 1 },
      { days: 30, members: 0, entered: 0, exited: 1 },
    ],
  })
  expect(await try_(viewed(24 * 40), { tagId: high })).toMatchObject({ members: 2, gains: 0, moves: [] }) // it would be asked last
  await inCorp(db.api, corpId, (tx) =>
    stopAutoTag(tx, corpId, ruleId, { state: 'off', tags: 'stay' }, boss, house.now()),
  )
  const dry = await try_(
    { is: 'all', of: [{ is: 'did', deed: { kind: 'product.viewed' }, atMost: 0 }] },
    { tagId: high },
  )
  expect(dry).toMatchObject({
    gains: 1,
    moves: [{ from: null, to: '高', number: 1 }],
    sample: [{ contactId: zhao, reason: { holds: true } }],
  })
  expect(await house.liveRules()).toEqual([ruleId])
  await expect(try_(viewed(24), { tagId: await aTag(db, await aCorp(db)) })).rejects.toThrow('标签')
})

test('whoever sees only some customers makes no rules, and another corp’s tag gets none', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId } = house
  const tagId = await aTag(db, corpId)
  const rule = Rule.parse(viewed(24))
  const make = (id: string, actor: AutoTagHouse['boss']) =>
    inCorp(db.api, corpId, (tx) => createAutoTag(tx, corpId, { tagId: id, rule, keep: false }, actor, house.now()))
  await expect(make(tagId, { ...boss, scope: ['1'] })).rejects.toThrow('只能看到一部分客户')
  await expect(make(await aTag(db, await aCorp(db)), boss)).rejects.toThrow('标签')
})
