import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { contactHooks } from '../../../test/contact-world.ts'
import { aSignedApp, type SignedApp } from '../../../test/signed-app.ts'
import { aContact, aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { appendEvents } from '../events/journal.ts'
import { type LostBy, loseFollows } from './lose-follows.ts'

const day = (n: number) => new Date(at.getTime() + n * 86_400_000)

/** A friendship of this long, ended as WeCom tells it. */
async function aLoss(
  db: TestDb,
  corpId: string,
  given: { staffId: string; by: LostBy; from: number; to: number; name?: string; state?: string },
) {
  const { staffId, by, from, to } = given
  const contactId = await aContact(db, corpId, { ...given, addedAt: day(from) })
  const told = { source: 'callback' as const, now: day(to), askedAt: day(to) }
  await inCorp(db.api, corpId, async (tx) => {
    const added = { contactId, staffId, kind: 'contact.added' as const, source: 'callback' as const, props: {} }
    await appendEvents(tx, corpId, [{ ...added, at: day(from), key: `added ${contactId}` }], day(from))
    await loseFollows(tx, corpId, [{ contactId, staffId, by, at: day(to) }], told, contactHooks)
  })
  return contactId
}

const get = async (there: SignedApp, cookie: string, url: string) =>
  (await there.app.inject({ url: `/api${url}`, headers: { cookie } })).json()
const idsOf = async (there: SignedApp, cookie: string, url: string) =>
  (await get(there, cookie, url)).items.map((item: { contactId: string }) => item.contactId)

test('every ended friendship says who ended it, when, after how long, from which code and with which tags', async () => {
  await using db = await freshDb()
  await using there = await aSignedApp(db)
  const corpId = await aCorp(db)
  const [amy, vip] = [await aStaff(db, corpId, { name: '艾米' }), await aTag(db, corpId, { name: '常客' })]
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('channelCode')
      .values({ corpId, name: '收银台', state: 'sy-1', landingKey: 'k', createdAt: at, updatedAt: at })
      .execute(),
  )
  const left = await aLoss(db, corpId, { staffId: amy, by: 'unknown', from: -30, to: -2, name: '林晚', state: 'sy-1' })
  const cleaned = await aLoss(db, corpId, { staffId: amy, by: 'staff', from: -9, to: -1 })
  await inCorp(db.api, corpId, async (tx) => {
    await sql`insert into follow_tag (corp_id, contact_id, staff_id, tag_id, source, added_at) values (${corpId}::bigint, ${left}::bigint, ${amy}::bigint, ${vip}::bigint, 'staff', ${at}::timestamptz)`.execute(
      tx,
    )
    // What the reconciler did not know a callback told later.
    const told = { source: 'callback' as const, now: at, askedAt: at }
    await loseFollows(tx, corpId, [{ contactId: left, staffId: amy, by: 'customer', at: day(-3) }], told, contactHooks)
    // They made up: a new friendship, which is not what ended.
    await sql`update follow set lost_at = null, lost_by = null, added_at = ${at}::timestamptz where corp_id = ${corpId}::bigint and contact_id = ${cleaned}::bigint`.execute(
      tx,
    )
  })
  const admin = await there.signedIn(corpId, 'admin')
  const { items } = await get(there, admin, '/losses')
  expect(items).toMatchObject([
    {
      contactId: cleaned,
      by: 'staff',
      back: true,
      at: day(-1).toISOString(),
      addedAt: day(-9).toISOString(),
      tags: [],
    },
    {
      contactId: left,
      name: '林晚',
      staffName: '艾米',
      by: 'customer',
      back: false,
      addedAt: day(-30).toISOString(),
      channel: '收银台',
      tags: [{ name: '常客' }],
    },
  ])
  expect(await idsOf(there, admin, '/losses?by=customer')).toEqual([left])
  expect(await idsOf(there, admin, '/losses?by=unknown')).toEqual([])
  const only = `/losses?from=${day(-1).toISOString().slice(0, 10)}&to=${day(-1).toISOString().slice(0, 10)}`
  expect(await idsOf(there, admin, only)).toEqual([cleaned])
})

test('losses come page by page without a gap or a repeat, and only those of one’s own scope and corp', async () => {
  await using db = await freshDb()
  await using there = await aSignedApp(db)
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const hers: string[] = []
  for (const to of [-1, -1, -1, -2, -2]) // three at one instant
    hers.push(await aLoss(db, corpId, { staffId: amy, by: 'customer', from: -5, to }))
  const his = await aLoss(db, corpId, { staffId: bob, by: 'customer', from: -5, to: -3 })
  const [admin, staff] = [await there.signedIn(corpId, 'admin'), await there.signedIn(corpId, 'staff', amy)]
  const seen: string[] = []
  let before = ''
  for (let pages = 0; pages < 4; pages++) {
    const page = await get(there, admin, `/losses?limit=2${before && `&before=${before}`}`)
    seen.push(...page.items.map((item: { contactId: string }) => item.contactId))
    if (!page.nextCursor) break
    before = page.nextCursor
  }
  expect(seen.length).toBe(6)
  expect(seen.toSorted()).toEqual([...hers, his].sort())
  expect((await idsOf(there, staff, '/losses')).sort()).toEqual(hers.toSorted())
  expect(await idsOf(there, admin, `/losses?staffId=${bob}`)).toEqual([his])
  expect(await idsOf(there, await there.signedIn(await aCorp(db), 'admin'), '/losses')).toEqual([])
})

test('the same numbers in remarks, or the same name and picture, make a pair to compare; one of the two does not', async () => {
  await using db = await freshDb()
  await using there = await aSignedApp(db)
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const [amy, bob] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const person = async (of: string, staffId: string, given: { mark?: string; name?: string; avatar?: string }) => {
    const contactId = await aContact(db, of, { staffId, name: given.name ?? '客户' })
    await inCorp(db.api, of, async (tx) => {
      await sql`update follow set mobiles_mark = ${given.mark ?? null}, mobiles_masked = ${given.mark ? ['138****0000'] : []}::text[] where corp_id = ${of}::bigint and contact_id = ${contactId}::bigint`.execute(
        tx,
      )
      await sql`update contact set avatar = ${given.avatar ?? null} where corp_id = ${of}::bigint and contact_id = ${contactId}::bigint`.execute(
        tx,
      )
    })
    return contactId
  }
  const [a, b] = [await person(corpId, amy, { mark: 'm1' }), await person(corpId, bob, { mark: 'm1' })]
  await person(corpId, amy, { mark: 'm2' })
  await person(other, await aStaff(db, other), { mark: 'm2' })
  const face = { name: '林晚', avatar: 'https://a/1' }
  const [c, d] = [await person(corpId, amy, face), await person(corpId, amy, face)]
  await person(corpId, amy, { ...face, name: '林' })
  await person(corpId, amy, { ...face, avatar: 'https://a/2' })
  for (let n = 0; n < 11; n++) await person(corpId, amy, { name: '微信用户', avatar: 'https://a/default' })
  const [admin, staff] = [await there.signedIn(corpId, 'admin'), await there.signedIn(corpId, 'staff', amy)]
  const groups = async (cookie: string, by: string) =>
    (await get(there, cookie, `/duplicates?by=${by}`)).items.map(
      (group: { mobiles: string | null; contacts: { contactId: string }[] }) => [
        group.mobiles,
        ...group.contacts.map(({ contactId }) => contactId),
      ],
    )
  expect(await groups(admin, 'mobile')).toEqual([['138****0000', a, b]])
  expect(await groups(staff, 'mobile')).toEqual([])
  expect(await groups(admin, 'face')).toEqual([[null, c, d]])
})
