import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { countContacts, listContacts } from './list-contacts.ts'
import { type ContactCount, ContactFilter, ContactListQuery, type ContactPage } from './schema.ts'
import { refreshContacts } from './service.ts'

const list = (db: TestDb, corpId: string, query: Record<string, unknown> = {}, scope?: string): Promise<ContactPage> =>
  inCorp(db.api, corpId, (tx) =>
    listContacts(tx, corpId, ContactListQuery.parse(query), scope === undefined ? scope : [scope]),
  )
const count = (
  db: TestDb,
  corpId: string,
  query: Record<string, unknown> = {},
  scope?: string,
): Promise<ContactCount> =>
  inCorp(db.api, corpId, (tx) =>
    countContacts(tx, corpId, ContactFilter.parse(query), scope === undefined ? scope : [scope]),
  )
const names = async (...asked: Parameters<typeof list>) => (await list(...asked)).items.map((row) => row.name).sort()

const putTag = (db: TestDb, corpId: string, pair: { contactId: string; staffId: string; tagId: string }) =>
  inCorp(db.api, corpId, async (tx) => {
    await tx
      .insertInto('followTag')
      .values({ corpId, ...pair, source: 'staff', addedAt: at })
      .execute()
    await refreshContacts(tx, corpId, [pair.contactId], at)
  })

/** One more follow of a contact who has one. */
const follow = (
  db: TestDb,
  corpId: string,
  contactId: string,
  staffId: string,
  given: { remark?: string; state?: string; lostAt?: Date } = {},
) =>
  inCorp(db.api, corpId, async (tx) => {
    await tx
      .insertInto('follow')
      .values({
        corpId,
        contactId,
        staffId,
        remark: given.remark ?? '',
        state: given.state ?? null,
        addedAt: at,
        lostAt: given.lostAt ?? null,
        updatedAt: at,
      })
      .execute()
    await refreshContacts(tx, corpId, [contactId], at)
  })

test('pages by keyset meet every customer once, newest first, forward and back, though many were added in one second', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const made: { id: bigint; at: number }[] = []
  for (let i = 0; i < 57; i++) {
    const addedAt = new Date(at.getTime() + (i % 4) * 1000)
    made.push({ id: BigInt(await aContact(db, corpId, { staffId, addedAt })), at: addedAt.getTime() })
  }
  const expected = made.toSorted((a, b) => b.at - a.at || (b.id > a.id ? 1 : -1)).map((c) => `${c.id}`)

  const forward: string[][] = []
  let page = await list(db, corpId, { limit: 10 })
  expect(page.prevCursor).toBeNull()
  expect(await count(db, corpId)).toEqual({ total: 57, isFloor: false })
  for (;;) {
    forward.push(page.items.map((row) => row.contactId))
    // Whoever is added meanwhile stands before the first page and moves nothing.
    await aContact(db, corpId, { staffId, addedAt: new Date(at.getTime() + 9_000), name: '后来' })
    if (!page.nextCursor) break
    page = await list(db, corpId, { limit: 10, cursor: page.nextCursor })
  }
  expect(forward.map((rows) => rows.length)).toEqual([10, 10, 10, 10, 10, 7])
  expect(forward.flat()).toEqual(expected)

  const back: string[][] = [page.items.map((row) => row.contactId)]
  for (let step = 0; step < 5; step++) {
    page = await list(db, corpId, { limit: 10, cursor: page.prevCursor })
    back.unshift(page.items.map((row) => row.contactId))
  }
  expect(back).toEqual(forward)
  const top = await list(db, corpId, { limit: 10, cursor: page.prevCursor })
  expect(top.items.map((row) => row.name)).toEqual(Array.from({ length: 6 }, () => '后来'))
  expect(top.prevCursor).toBeNull()
  expect((await list(db, corpId, { limit: 10, cursor: top.nextCursor })).items.map((row) => row.contactId)).toEqual(
    forward[0],
  )
})

test('the lost are listed by when they were lost, page by page', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const ids: string[] = []
  for (const [i, seconds] of [3, 1, 2, 2, 5].entries())
    ids.push(
      await aContact(db, corpId, {
        staffId,
        addedAt: new Date(at.getTime() - i),
        lostAt: new Date(at.getTime() + seconds * 1000),
      }),
    )
  await aContact(db, corpId, { staffId })
  const first = await list(db, corpId, { state: 'lost', limit: 3 })
  const second = await list(db, corpId, { state: 'lost', limit: 3, cursor: first.nextCursor })
  expect([...first.items, ...second.items].map((row) => row.contactId)).toEqual([
    ids[4],
    ids[0],
    ids[3],
    ids[2],
    ids[1],
  ])
  expect(second.nextCursor).toBeNull()
})

test('a cursor nobody was given begins at the top, and none is an error', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  for (let i = 0; i < 3; i++) await aContact(db, corpId, { staffId, name: `客户${i}` })
  const real = (await list(db, corpId, { limit: 1 })).nextCursor!
  const forged = [
    '',
    'x',
    "n_' or 1=1 --_1",
    'n_2026-13-45T99:99:99.999Z_1',
    'n_2026-11-20T02:00:00.000Z_0',
    'n_2026-11-20T02:00:00.000Z_9223372036854775808',
    'n_2026-11-20T02:00:00.000Z_9999999999999999999',
    `${real} `,
    real.replace('n_', 'q_'),
  ]
  for (const cursor of forged) expect((await list(db, corpId, { cursor })).items, cursor).toHaveLength(3)
  for (const cursor of ['n_0000-01-01T00:00:00.000Z_1', 'n_2026-02-31T00:00:00.000Z_9223372036854775807'])
    await expect(list(db, corpId, { cursor }), cursor).resolves.toBeDefined()
})

test.each([
  ['%', ['100%纯茶']],
  ['_', ['林_晚']],
  ['\\', ['反\\斜']],
  ["'", ['O\'Brien "双"']],
  ['"', ['O\'Brien "双"']],
  ['0%纯', ['100%纯茶']],
  ['林', ['林_晚', '林晚']],
  ["o'br", ['O\'Brien "双"']],
  ['静安店vip', ['有备注']], // a remark, in any case of letters
  ['wmKnown', ['有备注']], // WeCom's id, whole
  ['wmKnow', []],
  ['  林晚  ', ['林晚']],
  ["'; drop table contact; --", []],
])('a search for %j takes every character as it stands', async (q, found) => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  for (const name of ['100%纯茶', '100纯茶', '林_晚', '林晚', '反\\斜', 'O\'Brien "双"'])
    await aContact(db, corpId, { name, staffId })
  await aContact(db, corpId, { name: '有备注', remark: '静安店VIP', externalUserid: 'wmKnown', staffId })
  expect(await names(db, corpId, { q })).toEqual(found.toSorted())
})

test('days are days in Shanghai, both ends included', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  for (const when of [
    '2026-11-19T15:59:59.999Z',
    '2026-11-19T16:00:00.000Z',
    '2026-11-20T15:59:59.999Z',
    '2026-11-20T16:00:00.000Z',
  ])
    await aContact(db, corpId, { name: when, addedAt: new Date(when), staffId })
  expect(await names(db, corpId, { addedFrom: '2026-11-20', addedTo: '2026-11-20' })).toEqual([
    '2026-11-19T16:00:00.000Z',
    '2026-11-20T15:59:59.999Z',
  ])
  expect(await names(db, corpId, { addedFrom: '2026-11-21' })).toEqual(['2026-11-20T16:00:00.000Z'])
  expect(await names(db, corpId, { addedTo: '2026-11-19' })).toEqual(['2026-11-19T15:59:59.999Z'])
  expect(await names(db, corpId, { addedTo: '9999-12-31' })).toHaveLength(4)
})

test('filters by tag, member, state and channel take what they name, and together only what all name', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId, { userid: 'amy' }), await aStaff(db, corpId, { userid: 'bob' })]
  const [tea, cold] = [await aTag(db, corpId, { name: '爱茶' }), await aTag(db, corpId, { name: '爱冷泡' })]
  const both = await aContact(db, corpId, { name: '两人的', staffId: amy, state: 'c1' })
  await follow(db, corpId, both, bob, { state: 'c2' })
  const left = await aContact(db, corpId, { name: '离开艾米', staffId: bob })
  await follow(db, corpId, left, amy, { lostAt: new Date(at.getTime() + 1000), state: 'c1' })
  await aContact(db, corpId, { name: '走了', staffId: amy, state: 'c1', lostAt: new Date(at.getTime() + 1000) })
  await putTag(db, corpId, { contactId: both, staffId: bob, tagId: tea })
  await putTag(db, corpId, { contactId: left, staffId: bob, tagId: cold })

  expect(await names(db, corpId)).toEqual(['两人的', '离开艾米'])
  expect(await names(db, corpId, { state: 'all' })).toEqual(['两人的', '离开艾米', '走了'])
  expect(await names(db, corpId, { state: 'lost' })).toEqual(['走了'])
  expect(await names(db, corpId, { staffIds: amy })).toEqual(['两人的'])
  expect(await names(db, corpId, { staffIds: amy, state: 'lost' })).toEqual(['走了'])
  expect(await names(db, corpId, { staffIds: bob })).toEqual(['两人的', '离开艾米'])
  expect(await names(db, corpId, { tagsAll: tea })).toEqual(['两人的'])
  expect(await names(db, corpId, { channelState: 'c1' })).toEqual(['两人的', '离开艾米'])
  expect(await names(db, corpId, { channelState: 'c1', state: 'all' })).toEqual(['两人的', '离开艾米', '走了'])
  expect(await names(db, corpId, { channelState: 'c' })).toEqual([])
  expect(await names(db, corpId, { staffIds: bob, tagsAll: cold, q: '艾米' })).toEqual(['离开艾米'])
  expect(await names(db, corpId, { staffIds: amy, tagsAll: cold })).toEqual([])
})

test('a row shows who holds the friend, the newest remark, channel and tags with where they came from', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, bob, cat] = [
    await aStaff(db, corpId, { name: '艾米' }),
    await aStaff(db, corpId, { name: '鲍勃' }),
    await aStaff(db, corpId, { name: '卡特' }),
  ]
  const tagId = await aTag(db, corpId, { name: '爱茶', group: '口味' })
  const contactId = await aContact(db, corpId, {
    staffId: amy,
    remark: '旧备注',
    state: 'c1',
    addedAt: new Date(at.getTime() - 5_000),
  })
  await follow(db, corpId, contactId, bob, { remark: '新备注' })
  await follow(db, corpId, contactId, cat, { remark: '已走', lostAt: new Date(at.getTime() + 1) })
  for (const staffId of [amy, bob]) await putTag(db, corpId, { contactId, staffId, tagId })
  const [row] = (await list(db, corpId)).items
  expect(row).toMatchObject({
    remark: '新备注',
    state: 'c1',
    followerCount: 2,
    lostAt: null,
    lastAddedAt: at.toISOString(),
  })
  expect(row!.followers.map((f) => f.name)).toEqual(['鲍勃', '艾米'])
  expect(row!.tags).toEqual([{ tagId, name: '爱茶', groupName: '口味', source: 'staff' }])
})

test('AC-03: another corp sees, counts and filters nothing of this one', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const theirStaff = await aStaff(db, theirs)
  const theirTag = await aTag(db, theirs)
  const theirContact = await aContact(db, theirs, {
    name: '他们的',
    staffId: theirStaff,
    state: 'c1',
    externalUserid: 'wmTheirs',
  })
  await putTag(db, theirs, { contactId: theirContact, staffId: theirStaff, tagId: theirTag })
  const cursor = `n_${new Date(at.getTime() + 1_000).toISOString()}_${theirContact}`
  for (const query of [
    {},
    { q: '他们' },
    { q: 'wmTheirs' },
    { staffIds: theirStaff },
    { tagsAll: theirTag },
    { channelState: 'c1' },
    { cursor },
  ])
    expect(await list(db, ours, query), JSON.stringify(query)).toMatchObject({ items: [] })
  expect(await names(db, theirs, { tagsAll: theirTag, cursor })).toEqual(['他们的'])
})

test('AC-03, AC-05: a staff member finds his own customers alone, and none by what a colleague noted', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId, { name: '艾米' }), await aStaff(db, corpId, { name: '鲍勃' })]
  const tagId = await aTag(db, corpId)
  const shared = await aContact(db, corpId, { name: '共有', staffId: amy, remark: '艾米记的' })
  await follow(db, corpId, shared, bob, { remark: '鲍勃密记', state: 'bobs' })
  await putTag(db, corpId, { contactId: shared, staffId: bob, tagId })
  await aContact(db, corpId, { name: '鲍勃的', staffId: bob })
  const once = await aContact(db, corpId, { name: '曾是艾米的', staffId: bob })
  await follow(db, corpId, once, amy, { lostAt: new Date(at.getTime() + 1) })

  expect(await names(db, corpId, {}, amy)).toEqual(['共有'])
  expect(await names(db, corpId, { state: 'all' }, amy)).toEqual(['共有', '曾是艾米的'])
  expect(await count(db, corpId, {}, amy)).toEqual({ total: 1, isFloor: false })
  expect(await names(db, corpId, { tagsNone: tagId }, amy)).toEqual(['共有'])
  expect(await names(db, corpId, { q: '艾米记' }, amy)).toEqual(['共有'])
  for (const query of [
    { q: '密记' },
    { channelState: 'bobs' },
    { tagsAll: tagId },
    { tagsAny: tagId },
    { staffIds: bob },
    { q: '鲍勃的' },
  ])
    expect(await names(db, corpId, { ...query, state: 'all' }, amy), JSON.stringify(query)).toEqual([])
  const [row] = (await list(db, corpId, {}, amy)).items
  expect(row).toMatchObject({ remark: '艾米记的', state: null, tags: [], followers: [{ name: '艾米' }] })
  expect(await names(db, corpId, { state: 'all' }, '0')).toEqual([]) // a staff account without a member sees nobody
})

test('counting stops at ten thousand and says so; the last page before it is exact', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const fill = (count: number) =>
    sql`insert into contact (corp_id, name, last_added_at, created_at, updated_at) select ${corpId}::bigint, 'n', ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz from generate_series(1, ${count}::int)`.execute(
      db.owner,
    )
  await fill(10_000)
  expect(await count(db, corpId)).toEqual({ total: 10_000, isFloor: false })
  await fill(1)
  expect(await count(db, corpId)).toEqual({ total: 10_000, isFloor: true })
})
