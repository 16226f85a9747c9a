import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aSimulatedCorp } from '../../../test/simulated-corp.ts'
import { aContact, aContext, aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { bulkWorks } from '../../bulk-works.ts'
import { standingClock } from '../../platform/clock.ts'
import { inCorp } from '../../platform/db.ts'
import { refreshContacts } from '../contacts/service.ts'
import { makeRunBulk } from './bulk-job.ts'
import { registerBulkRoutes } from './bulk-routes.ts'
import { type BulkActor, cancelBulk, listBulkRuns, startBulk, undoBulk } from './bulk-runs.ts'
import { takeStep } from './bulk-step.ts'
import { jobs } from './jobs.ts'
import { NewBulk } from './schema.ts'
import { addTags, removeTags } from './tag-pairs.ts'

const runBulk = makeRunBulk(bulkWorks)

const operator: BulkActor = {
  accountId: '1',
  name: '周岚',
  scope: undefined,
  mayBulk: true,
  mayMove: true,
  mayAssign: true,
}
const byHand = (minute: number) => ({ source: 'staff' as const, reason: { by: '许曼' }, now: later(minute) })
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000)

/** So many friends of one member, in two statements. */
async function aCrowd(db: TestDb, corpId: string, staffId: string, size: number): Promise<string[]> {
  return inCorp(db.api, corpId, async (tx) => {
    const { rows } = await sql<{ contactId: string }>`
      insert into contact (corp_id, name, first_added_at, last_added_at, followers, created_at, updated_at)
      select ${corpId}::bigint, '客户' || n, ${at}::timestamptz, ${at}::timestamptz, 1, ${at}::timestamptz, ${at}::timestamptz from generate_series(1, ${size}::int) n returning contact_id`.execute(
      tx,
    )
    const ids = rows.map((row) => row.contactId)
    await sql`insert into follow (corp_id, contact_id, staff_id, added_at, updated_at)
      select ${corpId}::bigint, id, ${staffId}::bigint, ${at}::timestamptz, ${at}::timestamptz from unnest(${ids}::bigint[]) id`.execute(
      tx,
    )
    await refreshContacts(tx, corpId, ids, at)
    return ids
  })
}

const start = (db: TestDb, corpId: string, bulk: unknown, actor: BulkActor = operator, now = at) =>
  inCorp(db.api, corpId, async (tx) => (await startBulk(tx, corpId, NewBulk.parse(bulk), actor, now)).bulkRunId)

async function work(db: TestDb, corpId: string, bulkRunId: string, now = at): Promise<void> {
  await using context = aContext(db, { clock: standingClock(now) })
  await runBulk.run(context, { corpId, bulkRunId }, { number: 1, last: false, signal: new AbortController().signal })
}

const runOf = async (db: TestDb, corpId: string, bulkRunId: string, now = at) =>
  (await inCorp(db.api, corpId, (tx) => listBulkRuns(tx, corpId, operator, now))).find(
    (run) => run.bulkRunId === bulkRunId,
  )

/** Every pair and tag of the corp, as `contact staff tag`. */
const held = async (db: TestDb, corpId: string) =>
  (
    await inCorp(db.api, corpId, (tx) =>
      tx.selectFrom('followTag').select(['contactId', 'staffId', 'tagId']).where('corpId', '=', corpId).execute(),
    )
  )
    .map((row) => `${row.contactId} ${row.staffId} ${row.tagId}`)
    .sort()

const eventsOf = (db: TestDb, corpId: string, kind: string) =>
  inCorp(db.api, corpId, (tx) =>
    tx
      .selectFrom('event')
      .select(['contactId', 'props'])
      .where('corpId', '=', corpId)
      .where('kind', '=', kind)
      .execute(),
  )

test('all who match the filter are tagged on the follows of the actor’s scope; the lost, the others’ and another corp’s are left', async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const [amy, bob] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const [old, vip, theirs] = [await aTag(db, corpId), await aTag(db, corpId), await aTag(db, other)]
  const hers = await aContact(db, corpId, { staffId: amy })
  const shared = await aContact(db, corpId, { staffId: amy })
  const his = await aContact(db, corpId, { staffId: bob })
  const gone = await aContact(db, corpId, { staffId: amy, lostAt: at })
  await aContact(db, other, { staffId: await aStaff(db, other) })
  await inCorp(db.api, corpId, async (tx) => {
    await tx
      .insertInto('follow')
      .values({ corpId, contactId: shared, staffId: bob, addedAt: at, updatedAt: at })
      .execute()
    await addTags(tx, corpId, [{ contactId: hers, staffId: amy, tagId: old }], byHand(0))
  })

  const actor = { ...operator, scope: [amy] }
  const id = await start(db, corpId, { filter: { state: 'all' }, add: [vip], remove: [old] }, actor)
  await work(db, corpId, id)
  expect(await held(db, corpId)).toEqual([`${hers} ${amy} ${vip}`, `${shared} ${amy} ${vip}`].sort())
  expect(await runOf(db, corpId, id)).toMatchObject({
    state: 'done',
    total: 3,
    done: 3,
    changed: 2,
    skipped: { not_followed: 1 },
  })
  const picked = await start(db, corpId, { contactIds: [his, gone, hers], add: [vip] }, actor)
  await work(db, corpId, picked)
  expect((await runOf(db, corpId, picked))?.skipped).toEqual({ not_found: 1, not_followed: 1, unchanged: 1 })
  expect(await held(db, other)).toEqual([])
  await expect(start(db, corpId, { contactIds: [hers], add: [theirs] })).rejects.toMatchObject({
    code: 'platform.not_found',
  })
})

test('a worker killed in a step, or told to stop between two, is followed by one who does the rest, and nothing twice', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, vip] = [await aStaff(db, corpId), await aTag(db, corpId)]
  const crowd = await aCrowd(db, corpId, amy, 1_203)
  // The run itself changes what its filter asks: nobody may be passed over for that.
  const id = await start(db, corpId, { filter: { state: 'following', tagsNone: vip }, add: [vip] })
  await using context = aContext(db, { clock: standingClock(at) })

  const stop = new AbortController()
  stop.abort()
  await runBulk.run(context, { corpId, bulkRunId: id }, { number: 1, last: false, signal: stop.signal })
  expect(await runOf(db, corpId, id)).toMatchObject({ state: 'running', done: 500, changed: 500 })
  await expect(
    inCorp(db.api, corpId, async (tx) => {
      await takeStep(tx, corpId, id, bulkWorks, at)
      throw new Error('killed before the commit')
    }),
  ).rejects.toThrow('killed')
  expect((await runOf(db, corpId, id))?.done).toBe(500)
  await Promise.all([work(db, corpId, id), work(db, corpId, id)]) // the queue may even give it to two

  expect(await runOf(db, corpId, id)).toMatchObject({
    state: 'done',
    total: 1_203,
    done: 1_203,
    changed: 1_203,
    skipped: {},
  })
  expect((await eventsOf(db, corpId, 'tag.added')).map((event) => event.contactId).sort()).toEqual(crowd.toSorted())
  const again = await start(db, corpId, { filter: { state: 'following' }, add: [vip] }, operator, later(1))
  await work(db, corpId, again, later(1))
  expect(await runOf(db, corpId, again)).toMatchObject({ changed: 0, skipped: { unchanged: 1_203 }, undoUntil: null })
  expect((await eventsOf(db, corpId, 'tag.added')).length).toBe(1_203)
})

test('undoing takes back exactly what the run changed and nobody touched since, with the provenance that was there', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, vip, old] = [await aStaff(db, corpId), await aTag(db, corpId), await aTag(db, corpId)]
  const [plain, had, retagged, restored] = await aCrowd(db, corpId, amy, 4)
  const pair = (contactId: string | undefined, tagId: string) => [{ contactId: contactId!, staffId: amy, tagId }]
  await inCorp(db.api, corpId, async (tx) => {
    await addTags(tx, corpId, pair(had, vip), byHand(0)) // the run adds nothing here, so nothing is taken back
    for (const one of [plain, retagged, restored])
      await addTags(tx, corpId, pair(one, old), { source: 'rule', reason: { channelCodeId: '7' }, now: at })
  })
  const before = await held(db, corpId)
  const id = await start(db, corpId, { filter: {}, add: [vip], remove: [old] }, operator, later(1))
  await work(db, corpId, id, later(1))
  await inCorp(db.api, corpId, async (tx) => {
    await removeTags(tx, corpId, pair(retagged, vip), byHand(2))
    await addTags(tx, corpId, pair(retagged, vip), byHand(3)) // it is hers now
    await addTags(tx, corpId, pair(restored, old), byHand(2))
    await removeTags(tx, corpId, pair(restored, old), byHand(3)) // she decided against it
  })
  const { bulkRunId: undo } = await inCorp(db.api, corpId, (tx) => undoBulk(tx, corpId, id, operator, later(4)))
  await work(db, corpId, undo, later(4))
  expect(await held(db, corpId)).toEqual(
    [...before.filter((line) => line !== `${restored} ${amy} ${old}`), `${retagged} ${amy} ${vip}`].sort(),
  )
  const back = await inCorp(db.api, corpId, (tx) =>
    tx
      .selectFrom('followTag')
      .select(['source', 'reason', 'addedAt'])
      .where('corpId', '=', corpId)
      .where('contactId', '=', plain!)
      .executeTakeFirst(),
  )
  expect(back).toEqual({ source: 'rule', reason: { channelCodeId: '7' }, addedAt: at })
  expect(await runOf(db, corpId, undo)).toMatchObject({ kind: 'undo', ofRunId: id, total: 3, changed: 3, done: 3 })
  const refusal = { code: 'tags.bulk_not_undoable' }
  await expect(inCorp(db.api, corpId, (tx) => undoBulk(tx, corpId, id, operator, later(5)))).rejects.toMatchObject(
    refusal,
  )
})

test('a cancelled run stops where it is and can be undone for seven days, not longer', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, vip] = [await aStaff(db, corpId), await aTag(db, corpId)]
  await aCrowd(db, corpId, amy, 700)
  const id = await start(db, corpId, { filter: {}, add: [vip] })
  await inCorp(db.api, corpId, (tx) => takeStep(tx, corpId, id, bulkWorks, at))
  await inCorp(db.api, corpId, (tx) => cancelBulk(tx, corpId, id, operator, at))
  await work(db, corpId, id)
  expect(await runOf(db, corpId, id)).toMatchObject({ state: 'cancelled', done: 500, changed: 500 })
  const day = 24 * 60
  await expect(
    inCorp(db.api, corpId, (tx) => undoBulk(tx, corpId, id, operator, later(7 * day))),
  ).rejects.toMatchObject({ code: 'tags.bulk_not_undoable' })
  const undone = await inCorp(db.api, corpId, (tx) => undoBulk(tx, corpId, id, operator, later(7 * day - 1)))
  await work(db, corpId, undone.bulkRunId, later(7 * day - 1))
  expect(await held(db, corpId)).toEqual([])
})

test('what a run puts on reaches WeCom', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db, { clock: standingClock(at) })
  const { corpId, world } = corp
  const { externalUserid } = await corp.aFriend()
  const made = (await world.api('externalcontact/add_corp_tag', { group_name: '测试', tag: [{ name: '常客' }] })) as {
    tag_group: { tag: { id: string }[] }
  }
  const vip = await aTag(db, corpId, { name: '常客', wecomTagId: made.tag_group.tag[0]!.id })
  await start(db, corpId, { filter: {}, add: [vip] })
  await corp.work([...jobs, runBulk])
  const { follow_user } = (await world.apiGet('externalcontact/get', { external_userid: externalUserid })) as {
    follow_user: { tags: { tag_name: string }[] }[]
  }
  expect(follow_user.flatMap((follow) => follow.tags.map((tag) => tag.tag_name))).toEqual(['常客'])
})

test('a manager tags up to 500 customers of his department, sees and cancels his own runs, and another’s never', async () => {
  await using db = await freshDb()
  await using work2 = aContext(db, { clock: standingClock(at) })
  const deps = { db: db.api, work: work2, demo: false, adminLogin: 'admin' }
  await using there = await aSignedApp(db, { work: work2, before: (app) => registerBulkRoutes(app, deps) })
  const corpId = await aCorp(db)
  const [amy, vip] = [await aStaff(db, corpId), await aTag(db, corpId)]
  const crowd = await aCrowd(db, corpId, amy, 501)
  const [admin, manager] = [await there.signedIn(corpId, 'admin'), await there.signedIn(corpId, 'manager', amy)]
  const call = async (cookie: string, method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await there.app.inject({ method, url, headers: { cookie }, payload })
    return { status: answer.statusCode, body: answer.body ? answer.json() : undefined }
  }
  const refused = await call(manager, 'POST', '/api/bulk-runs', { contactIds: crowd, add: [vip] })
  expect([refused.status, refused.body.code]).toEqual([403, 'tags.bulk_too_many'])
  const his = await call(manager, 'POST', '/api/bulk-runs', { contactIds: crowd.slice(1), add: [vip] })
  const hers = await call(admin, 'POST', '/api/bulk-runs', { filter: { q: '客户' }, add: [vip] })
  expect([his.status, hers.status]).toEqual([202, 202])

  const seen = async (cookie: string) =>
    (await call(cookie, 'GET', '/api/bulk-runs')).body.map((run: { bulkRunId: string }) => run.bulkRunId)
  expect(await seen(admin)).toEqual([hers.body.bulkRunId, his.body.bulkRunId])
  expect(await seen(manager)).toEqual([his.body.bulkRunId])
  expect((await call(manager, 'POST', `/api/bulk-runs/${hers.body.bulkRunId}/cancel`)).status).toBe(404)
  expect((await call(manager, 'POST', `/api/bulk-runs/${his.body.bulkRunId}/cancel`)).status).toBe(204)
  expect((await call(manager, 'POST', `/api/bulk-runs/${his.body.bulkRunId}/cancel`)).body.code).toBe('tags.bulk_ended')
  const foreign = await there.signedIn(await aCorp(db), 'admin')
  expect((await call(foreign, 'POST', `/api/bulk-runs/${hers.body.bulkRunId}/undo`)).status).toBe(404)
  const both = { contactIds: [crowd[0]], filter: {}, add: [vip] }
  expect((await call(admin, 'POST', '/api/bulk-runs', both)).status).toBe(400)
  const audited = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('auditLog').select(['action', 'objectId']).where('corpId', '=', corpId).orderBy('line').execute(),
  )
  expect(audited).toEqual([
    { action: 'bulk_run.start', objectId: his.body.bulkRunId },
    { action: 'bulk_run.start', objectId: hers.body.bulkRunId },
    { action: 'bulk_run.cancel', objectId: his.body.bulkRunId },
  ])
})
