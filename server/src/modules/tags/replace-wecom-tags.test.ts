import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { type ReplaceOptions, replaceWecomTags, type WecomPair } from './replace-wecom-tags.ts'
import { addTags, removeTags } from './tag-pairs.ts'

const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const byHand = (seconds: number) => ({ source: 'staff' as const, reason: { by: '周岚' }, now: later(seconds) })

async function aPair(db: TestDb) {
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId })
  const replace = (tagWecomIds: string[], seconds: number, options: Partial<ReplaceOptions & WecomPair> = {}) =>
    inCorp(db.api, corpId, (tx) =>
      replaceWecomTags(tx, corpId, [{ contactId, staffId, tagWecomIds, isNew: options.isNew }], {
        source: 'callback',
        now: later(seconds),
        ...options,
      }),
    )
  const held = () =>
    inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('followTag')
        .select(['tagId', 'source', 'pushedAt'])
        .where('corpId', '=', corpId)
        .orderBy('tagId')
        .execute(),
    )
  const events = () =>
    inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('event')
        .select(['kind', 'props'])
        .where('corpId', '=', corpId)
        .orderBy('at')
        .orderBy('kind')
        .execute(),
    )
  return { corpId, staffId, contactId, replace, held, events }
}

const jobNames = async (db: TestDb) =>
  (
    (await db.owner
      .selectFrom('graphileWorker.jobs' as never)
      .select('taskIdentifier' as never)
      .execute()) as { taskIdentifier: string }[]
  ).map((j) => j.taskIdentifier)

test('what WeCom says becomes the set: new ones come as read from WeCom, missing ones go, and each is journaled once', async () => {
  await using db = await freshDb()
  const { corpId, replace, held, events } = await aPair(db)
  const [a, b, c] = [
    await aTag(db, corpId, { name: '甲', wecomTagId: 'et1' }),
    await aTag(db, corpId, { name: '乙', wecomTagId: 'et2' }),
    await aTag(db, corpId, { name: '丙', wecomTagId: 'et3' }),
  ]
  expect(await replace(['et1', 'et2'], 0)).toMatchObject({ added: 2, removed: 0 })
  expect(await replace(['et2', 'et3'], 60)).toMatchObject({ added: 1, removed: 1 })
  expect((await held()).map((t) => [t.tagId, t.source])).toEqual([
    [b, 'wecom'],
    [c, 'wecom'],
  ])
  expect((await events()).map((e) => [e.kind, (e.props as { tagId: string }).tagId])).toEqual([
    ['tag.added', a],
    ['tag.added', b],
    ['tag.added', c],
    ['tag.removed', a],
  ])
})

test('a second reading of the same tags changes no row and writes no event', async () => {
  await using db = await freshDb()
  const { corpId, contactId, replace, events } = await aPair(db)
  await aTag(db, corpId, { wecomTagId: 'et1' })
  await replace(['et1'], 0)
  const rows = () =>
    inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('followTag')
        .select((eb) => ['tagId', eb.ref('xmin' as never).as('xmin')])
        .where('corpId', '=', corpId)
        .where('contactId', '=', contactId)
        .execute(),
    )
  const before = await rows()
  expect(await replace(['et1'], 60)).toMatchObject({ added: 0, removed: 0 })
  expect(await rows()).toEqual(before)
  expect(await events()).toHaveLength(1)
})

test('a tag put on here stays although WeCom does not list it, until WeCom has been told; then a missing one goes', async () => {
  await using db = await freshDb()
  const { corpId, contactId, staffId, replace, held } = await aPair(db)
  const tagId = await aTag(db, corpId, { wecomTagId: 'et1' })
  await inCorp(db.api, corpId, (tx) => addTags(tx, corpId, [{ contactId, staffId, tagId }], byHand(0)))
  await replace([], 10)
  expect((await held()).map((t) => t.tagId)).toEqual([tagId])

  const pushed = later(20)
  await inCorp(db.api, corpId, (tx) =>
    tx.updateTable('followTag').set({ pushedAt: pushed }).where('corpId', '=', corpId).execute(),
  )
  await replace([], 30, { askedAt: later(15) }) // WeCom answered before it was told
  expect((await held()).map((t) => t.tagId)).toEqual([tagId])
  await replace([], 40)
  expect(await held()).toEqual([])
})

test('a tag of ours that WeCom already lists keeps its provenance and needs no push', async () => {
  await using db = await freshDb()
  const { corpId, contactId, staffId, replace, held, events } = await aPair(db)
  const tagId = await aTag(db, corpId, { wecomTagId: 'et1' })
  await inCorp(db.api, corpId, (tx) => addTags(tx, corpId, [{ contactId, staffId, tagId }], byHand(0)))
  expect(await replace(['et1'], 10)).toMatchObject({ added: 0, removed: 0 })
  expect(await held()).toEqual([{ tagId, source: 'staff', pushedAt: later(10) }])
  expect(await events()).toHaveLength(1)
})

test('a tag taken off here is not brought back by an answer WeCom gave before it heard of it, but by a later one', async () => {
  await using db = await freshDb()
  const { corpId, contactId, staffId, replace, held } = await aPair(db)
  const tagId = await aTag(db, corpId, { wecomTagId: 'et1' })
  await replace(['et1'], 0)
  await inCorp(db.api, corpId, (tx) => removeTags(tx, corpId, [{ contactId, staffId, tagId }], byHand(5)))
  await replace(['et1'], 10)
  expect(await held()).toEqual([])

  const told = later(20)
  await inCorp(db.api, corpId, (tx) =>
    tx.updateTable('followTagRemoval').set({ pushedAt: told }).where('corpId', '=', corpId).execute(),
  )
  await replace(['et1'], 30, { askedAt: later(15) })
  expect(await held()).toEqual([])
  await replace(['et1'], 40) // tagged anew in WeCom
  expect((await held()).map((t) => t.source)).toEqual(['wecom'])
})

test('answers read in the wrong order end in the younger one', async () => {
  await using db = await freshDb()
  const { corpId, replace, held } = await aPair(db)
  const [, kept] = [await aTag(db, corpId, { wecomTagId: 'et1' }), await aTag(db, corpId, { wecomTagId: 'et2' })]
  await replace(['et1'], 0)
  await replace(['et2'], 30) // a callback: et1 was taken off in WeCom, et2 put on
  await replace(['et1'], 40, { askedAt: later(20), source: 'sync' }) // a page of a sync that asked before that
  expect((await held()).map((t) => t.tagId)).toEqual([kept])
})

test('a pair read for the first time gets its tags without a word in the journal', async () => {
  await using db = await freshDb()
  const { corpId, replace, held, events } = await aPair(db)
  await aTag(db, corpId, { wecomTagId: 'et1' })
  await replace(['et1'], 0, { isNew: true, source: 'sync' })
  expect(await held()).toHaveLength(1)
  expect(await events()).toEqual([])
})

test('an unknown tag is kept aside for a reading of the library; a rule group’s tag is not', async () => {
  await using db = await freshDb()
  const { replace } = await aPair(db)
  await replace(['stRuleGroupTag'], 0)
  expect(await jobNames(db)).toEqual([])
  await replace(['etNobodyKnows'], 1)
  expect(await jobNames(db)).toEqual(['tags.learn'])
})

test('many pairs at once: each gets what was said of it and nothing else', async () => {
  await using db = await freshDb()
  const { corpId, staffId } = await aPair(db)
  const tagId = await aTag(db, corpId, { wecomTagId: 'et1' })
  const pairs: WecomPair[] = []
  for (let i = 0; i < 40; i++)
    pairs.push({ contactId: await aContact(db, corpId, { staffId }), staffId, tagWecomIds: i % 2 ? ['et1'] : [] })
  expect(
    await inCorp(db.api, corpId, (tx) => replaceWecomTags(tx, corpId, pairs, { source: 'sync', now: at })),
  ).toMatchObject({ added: 20, removed: 0 })
  const held = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('followTag').select(['contactId', 'tagId']).where('corpId', '=', corpId).execute(),
  )
  expect(held.map((h) => h.contactId).sort()).toEqual(
    pairs
      .filter((p) => p.tagWecomIds.length > 0)
      .map((p) => p.contactId)
      .sort(),
  )
  expect(new Set(held.map((h) => h.tagId))).toEqual(new Set([tagId]))
})

test('another corp’s tags and pairs are passed over by every write', async () => {
  await using db = await freshDb()
  const ours = await aPair(db)
  const theirs = await aPair(db)
  const theirTag = await aTag(db, theirs.corpId, { wecomTagId: 'etTheirs' })
  const ourTag = await aTag(db, ours.corpId, { wecomTagId: 'etOurs' })
  const as = { source: 'staff' as const, reason: {}, now: at }
  const tried = await inCorp(db.api, ours.corpId, (tx) =>
    addTags(
      tx,
      ours.corpId,
      [
        { contactId: ours.contactId, staffId: ours.staffId, tagId: theirTag },
        { contactId: theirs.contactId, staffId: theirs.staffId, tagId: ourTag },
      ],
      as,
    ),
  )
  expect(tried).toBe(0)
  expect(await ours.replace(['etTheirs'], 0)).toMatchObject({ added: 0, removed: 0 })
  await theirs.replace(['etTheirs'], 0)
  expect(
    await inCorp(db.api, ours.corpId, (tx) =>
      removeTags(tx, ours.corpId, [{ contactId: theirs.contactId, staffId: theirs.staffId, tagId: theirTag }], as),
    ),
  ).toBe(0)
  expect(await theirs.held()).toHaveLength(1)
})
