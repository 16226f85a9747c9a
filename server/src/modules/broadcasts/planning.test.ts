import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { ASKER, aBroadcastHouse, CHECKER, TEN } from '../../../test/broadcast-house.ts'
import { Killed, killing } from '../../../test/killing.ts'
import { aContact, aContext, aCorp, aStaff, aTag, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { refreshContacts } from '../contacts/service.ts'
import { readPolicy, savePolicy } from '../touches/policy.ts'
import { USUAL } from '../touches/schema.ts'
import { beginDue } from './claim.ts'
import { addList } from './lists.ts'
import { planRun } from './plan-run.ts'
import { previewBroadcast } from './preview.ts'
import { nextOccurrence } from './rhythm.ts'
import { NewBroadcast, PreviewBroadcast } from './schema.ts'
import { createBroadcast } from './service.ts'

async function aHouse(db: TestDb, people = 0) {
  const clock = { now: () => TEN }
  const corpId = await aCorp(db)
  const context = aContext(db, { clock })
  const [amy, ben] = [await aStaff(db, corpId, { name: '艾米' }), await aStaff(db, corpId, { name: '阿本' })]
  const contacts: string[] = []
  for (let i = 0; i < people; i++) contacts.push(await aContact(db, corpId, { staffId: amy, name: `客户${i}` }))
  return { ...aBroadcastHouse(db, corpId, context), ...{ db, corpId, context, amy, ben, contacts } }
}
type House = Awaited<ReturnType<typeof aHouse>>

const alsoFollows = (house: House, contactId: string, staffId: string, addedAt: Date) =>
  house.within((tx) =>
    tx
      .insertInto('follow')
      .values({ corpId: house.corpId, contactId, staffId, remark: '', addedAt, updatedAt: TEN })
      .execute(),
  )
const preview = (house: House, given: Partial<PreviewBroadcast> = {}, scope?: string[]) =>
  previewBroadcast(
    house.db.api,
    house.corpId,
    PreviewBroadcast.parse({
      ...{ topic: '营销', priority: 5, holdout: 0, audience: { include: [{ kind: 'all' }] } },
      ...{ senders: { kind: 'recent' }, schedule: { kind: 'now' } },
      ...given,
    }),
    { scope },
    TEN,
  )
const tagOf = (house: House, tagId: string, contactId: string, staffId: string) =>
  house.within(async (tx) => {
    await sql`insert into follow_tag (corp_id, contact_id, staff_id, tag_id, source, added_at) values (${house.corpId}::bigint, ${contactId}::bigint, ${staffId}::bigint, ${tagId}::bigint, 'staff', now())`.execute(
      tx,
    )
    await refreshContacts(tx, house.corpId, [contactId], TEN)
  })

test('fifty identical requests at once make one broadcast, and another’s key is not his', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 1)
  const body = NewBroadcast.parse({
    ...{ requestKey: 'page-0001', name: '双旦', topic: '营销' },
    ...{ audience: { include: [{ kind: 'all' }] }, variants: [{ text: '双旦快乐' }] },
  })
  const made = await Promise.all(
    Array.from({ length: 50 }, () => house.within((tx) => createBroadcast(tx, house.corpId, body, ASKER, TEN))),
  )
  expect(new Set(made.map(({ broadcastId }) => broadcastId)).size).toBe(1)
  expect(made.filter(({ made }) => made)).toHaveLength(1)
  await expect(house.within((tx) => createBroadcast(tx, house.corpId, body, CHECKER, TEN))).rejects.toThrow('没有找到')
})

test('whoever is in a part and in none of those left out gets it, within what the asker may see', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 5)
  const [a, b, c, d] = house.contacts as [string, string, string, string]
  const bens = await aContact(db, house.corpId, { staffId: house.ben })
  const [tea, cake] = [await aTag(db, house.corpId), await aTag(db, house.corpId)]
  for (const contactId of [a, b, c]) await tagOf(house, tea, contactId, house.amy)
  await tagOf(house, cake, b, house.amy)
  const list = await house.within((tx) =>
    addList(
      tx,
      house.corpId,
      { name: '到店', lines: [d, bens, '999999', 'wmnobody'] },
      { name: '小满', scope: undefined },
      TEN,
    ),
  )
  expect(list).toMatchObject({ people: 2, unknown: 2 })
  const audience = {
    include: [
      { kind: 'tags' as const, tagIds: [tea], match: 'any' as const },
      { kind: 'list' as const, broadcastListId: list.broadcastListId },
      { kind: 'filter' as const, filter: { staffIds: house.ben } },
    ],
    exclude: [{ kind: 'tags' as const, tagIds: [cake], match: 'all' as const }],
  }
  expect(await preview(house, { audience })).toMatchObject({ included: 5, excluded: 1, reached: 4 })
  expect((await house.chunks(await house.run({ audience }))).flatMap((chunk) => chunk.contactIds)).toEqual([
    a,
    c,
    d,
    bens,
  ])
  // Who sees amy's customers alone reaches none of ben's, not even by a list.
  expect(await preview(house, { audience }, [house.amy])).toMatchObject({ included: 4, excluded: 1, reached: 3 })
})

test('of several members the newest friend, the oldest, the one with least to do or the one named writes; who has left writes nothing', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 4)
  const day = (n: number) => new Date(TEN.getTime() + n * 86_400_000)
  for (const contactId of house.contacts) await alsoFollows(house, contactId, house.ben, day(-1))
  const alone = await aContact(db, house.corpId, { staffId: house.amy })
  const by = async (senders: PreviewBroadcast['senders']) => {
    const runId = await house.run({ senders, topic: '服务' })
    const chunks = await house.chunks(runId)
    await house.stop(runId)
    return chunks.map(({ staffId, contactIds }) => [staffId === house.amy ? 'amy' : 'ben', contactIds.length])
  }
  expect(await by({ kind: 'recent' })).toEqual([
    ['amy', 1],
    ['ben', 4],
  ])
  expect(await by({ kind: 'owner' })).toEqual([['amy', 5]])
  // The fifth has nobody but amy, so three of the others go to ben.
  expect((await by({ kind: 'balanced' })).map(([, n]) => n).sort()).toEqual([2, 3])
  expect(await by({ kind: 'one', staffId: house.ben })).toEqual([['ben', 4]])
  await sql`update staff set left_at = now() where staff_id = ${house.amy}::bigint`.execute(db.owner)
  expect(await by({ kind: 'owner' })).toEqual([['ben', 4]])
  expect(await preview(house)).toMatchObject({ reached: 4, unsendable: 1 })
  expect(alone).toBeDefined()
})

test('the preview says what planning then does, keeps nothing, and shows who is dropped and why', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 6)
  for (let day = 0; day < 2; day++)
    await house.run({
      audience: { include: [{ kind: 'filter', filter: { q: '客户1' } }], exclude: [] },
    })
  await sql`update contact set followers = 0 where contact_id = ${house.contacts[2]}::bigint`.execute(db.owner)
  const before =
    await sql`select (select count(*) from touch) t, (select count(*) from touch_fate) f, (select string_agg(encode(counts, 'hex'), '') from touch_day) d`.execute(
      db.owner,
    )
  const seen = await preview(house)
  expect(
    await sql`select (select count(*) from touch) t, (select count(*) from touch_fate) f, (select string_agg(encode(counts, 'hex'), '') from touch_day) d`.execute(
      db.owner,
    ),
  ).toMatchObject({ rows: before.rows })
  expect(seen).toMatchObject({ included: 6, reached: 4, members: 1, needsWord: false, moved: false })
  expect(seen.drops.map(({ fate, people, samples }) => [fate, people, samples.map(({ name }) => name)])).toEqual([
    ['capped', 1, ['客户1']],
    ['noFriend', 1, ['客户2']],
  ])
  const runId = await house.run()
  expect((await house.rowOf(runId)).people).toBe(4)
  expect(await house.fates(runId, house.contacts)).toEqual([
    'reserved',
    'capped',
    'noFriend',
    'reserved',
    'reserved',
    'reserved',
  ])
  // Another that day meets the same people.
  expect((await preview(house, { topic: '服务' })).overlaps[0]).toMatchObject({ title: '冬至饺子节', people: 4 })
})

test('past the size another than who asked agrees to exactly what he has seen; nobody agrees to his own, the table least of all', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 3)
  await house.approvalAbove(2)
  const runId = await house.run()
  expect(await house.rowOf(runId)).toMatchObject({ state: 'waiting', needsWord: true, people: 3 })
  expect(await house.within((tx) => beginDue(tx, house.corpId, TEN))).toBe(0)
  await expect(house.decide(runId, true, ASKER)).rejects.toThrow('另一位管理员')
  await expect(house.decide(runId, true, CHECKER, 'f'.repeat(64))).rejects.toThrow('不一样')
  await expect(
    sql`update broadcast_run set state = 'ready', approved_by = asked_by where run_id = ${runId}::bigint`.execute(
      db.owner,
    ),
  ).rejects.toThrow('maker_is_not_checker')
  await expect(
    sql`update broadcast_run set state = 'sending' where run_id = ${runId}::bigint`.execute(db.owner),
  ).rejects.toThrow('sent_only_with_a_word')
  await house.decide(runId)
  expect(await house.rowOf(runId)).toMatchObject({ state: 'ready', approvedBy: CHECKER.accountId })
  const small = await house.run({
    topic: '服务',
    audience: { include: [{ kind: 'filter', filter: { q: '客户1' } }], exclude: [] },
  })
  expect((await house.rowOf(small)).state).toBe('ready')
})

test('what is not what was frozen does not begin: words, people, member or material changed behind us stop it', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 3)
  const changes = [
    sql`text = '改过的话'`,
    sql`contact_ids = contact_ids[1:2]`,
    sql`staff_id = ${house.ben}::bigint`,
    sql`hash = sha256(hash)`,
  ]
  for (const change of changes.slice(0, 3)) {
    const runId = await house.run({ topic: '服务' })
    await sql`update broadcast_chunk set ${change} where run_id = ${runId}::bigint`.execute(db.owner)
    await house.within((tx) => beginDue(tx, house.corpId, TEN))
    expect(await house.rowOf(runId)).toMatchObject({ state: 'stopped', cause: 'broadcasts.snapshot_differs' })
    expect(await house.fates(runId, house.contacts)).toEqual(['released', 'released', 'released'])
  }
  const runId = await house.run({ topic: '服务' })
  await sql`update broadcast_run set content = jsonb_set(content, '{variants,0,text}', '"别的"') where run_id = ${runId}::bigint`.execute(
    db.owner,
  )
  await house.within((tx) => beginDue(tx, house.corpId, TEN))
  expect((await house.rowOf(runId)).state).toBe('stopped')
  const sound = await house.run({ topic: '服务' })
  await house.within((tx) => beginDue(tx, house.corpId, TEN))
  expect((await house.rowOf(sound)).state).toBe('sending')
})

test('each is told his own name and nobody else’s; who has none keeps everything in', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  const names = ['林晚', '陈述', '林晚', '{成员姓名}']
  const ids: string[] = []
  for (const name of names) ids.push(await aContact(db, house.corpId, { staffId: house.amy, name }))
  const runId = await house.run({ variants: [{ weight: 1, text: '{客户称呼}您好，我是{成员姓名}', materialIds: [] }] })
  const chunks = await house.chunks(runId)
  const told = new Map(chunks.flatMap(({ contactIds, text }) => contactIds.map((id) => [id, text])))
  expect(ids.map((id) => told.get(id))).toEqual(names.map((name) => `${name}您好，我是艾米`))
  expect(chunks).toHaveLength(3) // the two of one name share a task
  await house.stop(runId)
  await aContact(db, house.corpId, { staffId: house.amy, name: ' ' })
  const failed = await house.run({ variants: [{ weight: 1, text: '{客户称呼}您好', materialIds: [] }], topic: '服务' })
  expect(await house.rowOf(failed)).toMatchObject({ state: 'failed', touchId: null })
  expect((await house.rowOf(failed)).cause).toContain('客户称呼')
  expect(await house.chunks(failed)).toEqual([])
  const long = await house.run({
    variants: [{ weight: 1, text: `${'长'.repeat(1_328)}{成员姓名}`, materialIds: [] }],
    topic: '服务',
  })
  expect((await house.rowOf(long)).state).toBe('ready')
  await sql`update staff set name = ${'名'.repeat(20)} where staff_id = ${house.amy}::bigint`.execute(db.owner)
  const longer = await house.run({
    variants: [{ weight: 1, text: `${'长'.repeat(1_323)}{成员姓名}`, materialIds: [] }],
    topic: '服务',
  })
  expect((await house.rowOf(longer)).cause).toContain('4029 字节')
})

test('variants get their share of the weights, the same at every look, and members their own tasks of each', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 200)
  const variants = [
    { weight: 3, text: '甲', materialIds: [] },
    { weight: 1, text: '乙', materialIds: [] },
  ]
  const chunks = await house.chunks(await house.run({ variants }))
  expect(chunks.map(({ text }) => text)).toEqual(['甲', '乙'])
  const [a, b] = chunks.map(({ contactIds }) => contactIds.length) as [number, number]
  expect(a + b).toBe(200)
  expect(b).toBeGreaterThan(28)
  expect(b).toBeLessThan(72)
})

test('a planning killed before its commit has planned nothing, and the next makes one plan', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 3)
  const runId = await house.submit(await house.draft())
  await expect(planRun({ ...house.context, db: killing(db.api) }, house.corpId, runId)).rejects.toThrow(Killed)
  expect(await house.rowOf(runId)).toMatchObject({ state: 'planning', touchId: null })
  await Promise.all([planRun(house.context, house.corpId, runId), planRun(house.context, house.corpId, runId)])
  expect(await house.chunks(runId)).toHaveLength(1)
  expect((await sql`select from touch`.execute(db.owner)).rows).toHaveLength(1)
})

test('stopped before it began, everybody has his place back and the broadcast is a draft again', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 2)
  const broadcastId = await house.draft()
  const runId = await house.submit(broadcastId)
  await planRun(house.context, house.corpId, runId)
  await house.stop(runId)
  expect(await house.fates(runId, house.contacts)).toEqual(['released', 'released'])
  expect((await house.chunks(runId)).map(({ state }) => state)).toEqual(['cancelled'])
  const again = await house.submit(broadcastId)
  await planRun(house.context, house.corpId, again)
  expect((await house.rowOf(again)).state).toBe('ready')
  await expect(house.stop(runId)).rejects.toThrow('刚刚变了')
})

test('where nobody can get it the run says so and the draft stays', async () => {
  await using db = await freshDb()
  const house = await aHouse(db, 2)
  await house.within(async (tx) => {
    const { version } = await readPolicy(tx, house.corpId)
    await savePolicy(
      tx,
      house.corpId,
      { ...USUAL, caps: [{ channels: [], topics: [], window: { kind: 'day' }, limit: 1 }] },
      version,
      '管理员',
      TEN,
    )
  })
  await house.run()
  const broadcastId = await house.draft()
  const runId = await house.submit(broadcastId)
  await planRun(house.context, house.corpId, runId)
  expect(await house.rowOf(runId)).toMatchObject({ state: 'failed', touchId: null })
  await house.submit(broadcastId)
})

test('a rhythm comes round: each day, each Sunday, the last day of a month that has no 31st, until its end', () => {
  const next = (given: object, after: string) =>
    nextOccurrence(
      { kind: 'every', every: 'day', on: 1, time: '09:30', until: null, ...given },
      new Date(after),
    )?.toISOString()
  expect(next({}, '2026-12-02T01:29:59Z')).toBe('2026-12-02T01:30:00.000Z')
  expect(next({}, '2026-12-02T01:30:00Z')).toBe('2026-12-03T01:30:00.000Z')
  expect(next({ every: 'week', on: 7 }, '2026-12-02T02:00:00Z')).toBe('2026-12-06T01:30:00.000Z')
  expect(next({ every: 'month', on: 31 }, '2027-02-02T02:00:00Z')).toBe('2027-02-28T01:30:00.000Z')
  expect(next({ every: 'month', on: 31 }, '2027-02-28T02:00:00Z')).toBe('2027-03-31T01:30:00.000Z')
  expect(next({ until: '2026-12-02' }, '2026-12-02T02:00:00Z')).toBeUndefined()
})

test('another corp’s broadcast, run, list and segment are not there', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aHouse(db, 1), await aHouse(db, 1)]
  const runId = await theirs.run()
  await expect(ours.stop(runId)).rejects.toThrow('没有找到')
  const list = await theirs.within((tx) =>
    addList(tx, theirs.corpId, { name: '名单', lines: theirs.contacts }, { name: '小满', scope: undefined }, TEN),
  )
  await expect(
    ours.draft({ audience: { include: [{ kind: 'list', broadcastListId: list.broadcastListId }], exclude: [] } }),
  ).rejects.toThrow('没有找到这个名单')
  expect(await inCorp(db.api, ours.corpId, (tx) => tx.selectFrom('broadcastRun').select('runId').execute())).toEqual([])
})
