import { expect, test } from 'vitest'
import { aSimulatedCorp } from '../../../test/simulated-corp.ts'
import { aContact, aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { standingClock } from '../../platform/clock.ts'
import { inCorp } from '../../platform/db.ts'
import { appendEvents, type NewEvent } from '../events/journal.ts'
import { hearContactEvents } from './hear-contacts.ts'
import { jobs } from './jobs.ts'
import { listChannelCodes } from './list-codes.ts'
import { NewChannelCode } from './schema.ts'
import { createChannelCode } from './service.ts'
import { readChannelStats } from './stats/read-stats.ts'

async function aCode(db: TestDb, corpId: string, staffId: string, given: { tagIds?: string[]; remark?: string } = {}) {
  return inCorp(db.api, corpId, async (tx) => {
    const id = await createChannelCode(
      tx,
      corpId,
      NewChannelCode.parse({ name: '进店', staffIds: [staffId], ...given }),
      { createdBy: '1', now: at },
    )
    const { state } = await tx
      .selectFrom('channelCode')
      .select('state')
      .where('corpId', '=', corpId)
      .where('channelCodeId', '=', id)
      .executeTakeFirstOrThrow()
    return { id, state }
  })
}

/** As the contacts room does it: append, then hand over what was new, in one transaction. */
const tell = (db: TestDb, corpId: string, events: NewEvent[], now = at) =>
  inCorp(db.api, corpId, async (tx) => hearContactEvents(tx, corpId, await appendEvents(tx, corpId, events, now), now))

const added = (contactId: string, staffId: string, state: string | undefined, when = at): NewEvent => ({
  contactId,
  staffId,
  at: when,
  kind: 'contact.added',
  source: 'callback',
  key: `added ${contactId} ${staffId} ${when.getTime()}`,
  props: { addWay: 1, ...(state ? { state } : {}) },
})
const lost = (contactId: string, staffId: string, when = at, state?: string): NewEvent => ({
  contactId,
  staffId,
  at: when,
  kind: 'contact.lost',
  source: 'callback',
  key: `lost ${contactId} ${staffId} ${when.getTime()}`,
  props: { by: 'customer', ...(state ? { state } : {}) },
})
const shanghai = (text: string) => new Date(`${text}+08:00`)

test('adds and losses are counted once each by Shanghai day and staff member, however often callbacks repeat', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId, { name: '艾米' }), await aStaff(db, corpId, { name: '鲍勃' })]
  const { id, state } = await aCode(db, corpId, amy)
  const people = [
    await aContact(db, corpId, { staffId: amy, state }),
    await aContact(db, corpId, { staffId: bob, state, addedAt: shanghai('2026-11-19T23:59:59') }),
    await aContact(db, corpId, { staffId: amy, state: 'sy_other' }),
  ]
  const facts = [
    added(people[0]!, amy, state, shanghai('2026-11-20T00:00:00')), // 16:00 of the 19th in UTC
    added(people[1]!, bob, state, shanghai('2026-11-19T23:59:59')),
    added(people[2]!, amy, 'sy_other', shanghai('2026-11-20T09:00:00')), // somebody else’s code
    added(people[2]!, amy, undefined, shanghai('2026-11-20T09:30:00')),
  ]
  await tell(db, corpId, facts)
  await tell(db, corpId, facts)
  await Promise.all([tell(db, corpId, [...facts].reverse()), tell(db, corpId, facts)])
  await tell(db, corpId, [
    lost(people[0]!, amy, shanghai('2026-11-21T10:00:00')),
    lost(people[2]!, amy, shanghai('2026-11-21T10:00:00')),
  ]) // the first without its state: the follow knows
  await tell(db, corpId, [lost(people[0]!, amy, shanghai('2026-11-21T10:00:00'))])
  await inCorp(db.api, corpId, (tx) =>
    tx
      .updateTable('follow')
      .set({ lostAt: shanghai('2026-11-21T10:00:00') })
      .where('corpId', '=', corpId)
      .where('contactId', '=', people[0]!)
      .execute(),
  )

  const stats = await inCorp(db.api, corpId, (tx) =>
    readChannelStats(tx, corpId, id, { from: '2026-11-20', to: '2026-11-21' }, at),
  )
  expect(stats.byDay).toEqual([
    { day: '2026-11-20', scans: 0, adds: 1, losses: 0, net: 1, replied: null },
    { day: '2026-11-21', scans: 0, adds: 0, losses: 1, net: -1, replied: null },
  ])
  expect(stats.totals).toEqual({ scans: 0, adds: 1, losses: 1, net: 0 })
  expect(stats.previous).toEqual({ scans: 0, adds: 1, losses: 0, net: 1 })
  expect(stats.byStaff).toEqual([{ staffId: amy, name: '艾米', adds: 1, losses: 1, net: 0, replied: null }])
  expect(stats.funnel.map((f) => f.count)).toEqual([0, 1, null, 0, 0])

  const {
    items: [row],
  } = await inCorp(db.api, corpId, (tx) =>
    listChannelCodes(tx, corpId, { archived: '0', limit: 10 }, shanghai('2026-11-21T12:00:00')),
  )
  expect(row!.last7Days).toEqual({ scans: 0, adds: 2, losses: 1, net: 1 })
  expect(row!.sparkline).toEqual([...Array(11).fill(0), 1, 1, 0])
})

test('a new friend of a code gets its tags by rule with the code named, and its remark in WeCom cut to 20 characters', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db, { clock: standingClock(at) })
  const { corpId, amyId } = corp
  const tagId = await aTag(db, corpId, { name: '进店客' })
  const { id, state } = await aCode(db, corpId, amyId, { tagIds: [tagId], remark: '静安寺-{客户昵称}-{成员姓名}经手' })
  const { contactId, externalUserid } = await corp.aFriend({ name: '一二三四五六七八九十甲乙', state })
  await tell(db, corpId, [added(contactId, amyId, state)])
  await corp.work(jobs)

  const held = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('followTag').select(['tagId', 'source', 'reason']).where('corpId', '=', corpId).execute(),
  )
  expect(held).toEqual([{ tagId, source: 'rule', reason: { channelCodeId: id, channelCode: '进店' } }])
  const told = (await corp.world.apiGet('externalcontact/get', { external_userid: externalUserid })) as {
    follow_user: { remark: string }[]
  }
  expect(told.follow_user[0]!.remark).toBe('静安寺-一二三四五六七八九十甲乙-艾米经')
  const edits = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('event').select('props').where('corpId', '=', corpId).where('kind', '=', 'contact.edited').execute(),
  )
  expect(edits).toEqual([{ props: { remark: { from: '', to: '静安寺-一二三四五六七八九十甲乙-艾米经' } } }])
})

test('a remark the staff member wrote first stays; history read in by a sync tags nobody', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db, { clock: standingClock(at) })
  const { corpId, amyId } = corp
  const tagId = await aTag(db, corpId)
  const { id, state } = await aCode(db, corpId, amyId, { tagIds: [tagId], remark: '进店-{客户昵称}' })
  const friend = await corp.aFriend({ name: '林晚', state })
  await inCorp(db.api, corpId, (tx) =>
    tx.updateTable('follow').set({ remark: '林姐' }).where('corpId', '=', corpId).execute(),
  )
  await tell(db, corpId, [added(friend.contactId, amyId, state)])
  await corp.work(jobs)
  const told = (await corp.world.apiGet('externalcontact/get', { external_userid: friend.externalUserid })) as {
    follow_user: { remark: string }[]
  }
  expect(told.follow_user[0]!.remark).not.toContain('进店')

  const longAgo = new Date(at.getTime() - 90 * 24 * 3_600_000)
  const old = await corp.aFriend({ name: '老客', state })
  await tell(db, corpId, [{ ...added(old.contactId, amyId, state, longAgo), source: 'sync' }])
  const tagged = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('followTag').select('contactId').where('corpId', '=', corpId).execute(),
  )
  expect(tagged.map((t) => t.contactId)).toEqual([friend.contactId])
  const stats = await inCorp(db.api, corpId, (tx) =>
    readChannelStats(tx, corpId, id, { from: '2026-08-01', to: '2026-11-20' }, at),
  )
  expect(stats.totals.adds).toBe(2) // counted all the same, on its own day
})

test('another corp’s state counts for and tags nobody here', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const [amy, theirStaff] = [await aStaff(db, ours), await aStaff(db, theirs)]
  const theirTag = await aTag(db, theirs)
  const { id, state } = await aCode(db, theirs, theirStaff, { tagIds: [theirTag] })
  await tell(db, ours, [added(await aContact(db, ours, { staffId: amy, state }), amy, state)])
  const stats = await inCorp(db.api, theirs, (tx) => readChannelStats(tx, theirs, id, {}, at))
  expect(stats.totals.adds).toBe(0)
  expect(
    await inCorp(db.api, ours, (tx) => tx.selectFrom('channelDaily').selectAll().where('corpId', '=', ours).execute()),
  ).toEqual([])
  await expect(inCorp(db.api, ours, (tx) => readChannelStats(tx, ours, id, {}, at))).rejects.toMatchObject({
    status: 404,
  })
})

test('a period that ends before it begins, or is too long, is refused', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const { id } = await aCode(db, corpId, await aStaff(db, corpId))
  const stats = (from: string, to: string) =>
    inCorp(db.api, corpId, (tx) => readChannelStats(tx, corpId, id, { from, to }, at))
  await expect(stats('2026-11-02', '2026-11-01')).rejects.toMatchObject({ code: 'channels.stats_period' })
  await expect(stats('2025-01-01', '2026-11-01')).rejects.toMatchObject({ code: 'channels.stats_period' })
  expect((await stats('2026-11-01', '2026-11-01')).byDay).toHaveLength(1)
})
