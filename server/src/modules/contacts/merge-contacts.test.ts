import type { ContactOfUser } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { contactHooks } from '../../../test/contact-world.ts'
import { identify as identifyAll, of } from '../../../test/persons.ts'
import { aContact, aCorp, aStaff, at, freshDb, type TestDb, testVault } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { appendEvents, readTimeline } from '../events/journal.ts'
import { applyContacts } from './apply-contacts.ts'
import type { Identifier } from './identifiers.ts'
import { contactIdsOf, mergeContacts } from './merge-contacts.ts'
import { readProfile } from './read-profile.ts'
import { undoMerge } from './undo-merge.ts'

const identify = async (db: TestDb, corpId: string, ...identifiers: Identifier[]) =>
  (await identifyAll(db, corpId, [identifiers]))[0]!
/** Everything that is kept by contact, but the journal of merging itself. */
async function snapshot(db: TestDb, corpId: string) {
  const { rows } = await sql<{ row: string }>`
    select 'identity ' || to_jsonb(i)::text as row from contact_identity i where corp_id = ${corpId}::bigint
    union all select 'field ' || to_jsonb(v)::text from contact_field_value v where corp_id = ${corpId}::bigint
    union all select 'note ' || to_jsonb(n)::text from contact_note n where corp_id = ${corpId}::bigint
    union all select 'root ' || contact_id || ' ' || coalesce(merged_into, 0) from contact where corp_id = ${corpId}::bigint`.execute(
    db.owner,
  )
  return rows.map(({ row }) => row).sort()
}

/** A contact with a note and the given fields filled in. */
async function furnish(db: TestDb, corpId: string, contactId: string, fields: Record<string, string>) {
  await inCorp(db.api, corpId, async (tx) => {
    await sql`insert into contact_note (corp_id, contact_id, account_id, author, text, created_at) values (${corpId}, ${contactId}, 1, '周岚', ${`记 ${contactId}`}, ${at})`.execute(
      tx,
    )
    for (const [id, value] of Object.entries(fields))
      await sql`insert into contact_field_value (corp_id, contact_id, contact_field_id, value, updated_at) values (${corpId}, ${contactId}, ${id}, ${JSON.stringify(value)}::jsonb, ${new Date(at.getTime() - 60_000)})`.execute(
        tx,
      )
  })
}
async function aField(db: TestDb, corpId: string, name: string) {
  const { rows } = await sql<{ id: string }>`
    insert into contact_field (corp_id, name, kind, sort_order, created_at) values (${corpId}::bigint, ${name}, 'text', 1, ${at}) returning contact_field_id as id`.execute(
    db.owner,
  )
  return rows[0]!.id
}
const merge = (db: TestDb, corpId: string, from: string, into: string) =>
  inCorp(db.api, corpId, (tx) => mergeContacts(tx, corpId, { from, into }, { why: 'review', actor: '周岚' }, at))
const undo = async (db: TestDb, corpId: string, contactId: string, now = at) => {
  const { rows } = await sql<{ id: string }>`
    select max(merge_id) as id from contact_merge where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint`.execute(
    db.owner,
  )
  return inCorp(db.api, corpId, (tx) => undoMerge(tx, corpId, { contactId, mergeId: rows[0]!.id }, '周岚', now))
}

test('a merge moves identities, notes and the fields the root lacks; undoing it restores every row exactly', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [city, size] = [await aField(db, corpId, '城市'), await aField(db, corpId, '尺码')]
  const root = await aContact(db, corpId, { staffId: await aStaff(db, corpId) })
  const other = await identify(db, corpId, of('phone', '13800001234'), of('device', 'd1'))
  await furnish(db, corpId, root, { [city]: '杭州' })
  await furnish(db, corpId, other, { [city]: '苏州', [size]: 'M' })
  const before = await snapshot(db, corpId)

  // Told the wrong way round: whoever has friends stays, for follows never move.
  expect(await merge(db, corpId, root, other)).toBe(root)
  const { rows: told } = await sql<{
    contactIds: string[]
  }>`select contact_ids from contact_change where corp_id = ${corpId}::bigint order by change_id desc limit 1`.execute(
    db.owner,
  )
  expect(told).toEqual([{ contactIds: [other, root] }])
  const merged = (await snapshot(db, corpId)).join('\n')
  expect(merged).toContain(`root ${other} ${root}`)
  expect(merged).not.toMatch(new RegExp(`identity .*"contact_id": ${other}\\b`))
  expect(merged).toMatch(new RegExp(`field .*"value": "M", .*"contact_id": ${root}\\b`))
  expect(merged).toMatch(new RegExp(`field .*"value": "杭州", .*"contact_id": ${root}\\b`))
  expect(merged).toMatch(new RegExp(`note .*记 ${other}.*"contact_id": ${root}\\b`))

  await undo(db, corpId, other)
  expect(await snapshot(db, corpId)).toEqual(before)
  await expect(undo(db, corpId, other)).rejects.toMatchObject({ code: 'contacts.merge_settled' })
})

test('of a chain of merges any link can be undone first, and all of them undone restore everything', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const field = await aField(db, corpId, '城市')
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const value = (n: number) => `${order.join('')}${n}`
    const ids: string[] = []
    for (const n of [0, 1, 2])
      ids.push(await identify(db, corpId, of('buyer', `jd:${value(n)}`), of('device', value(n))))
    await furnish(db, corpId, ids[0]!, { [field]: '杭州' })
    const before = await snapshot(db, corpId)
    await merge(db, corpId, ids[0]!, ids[1]!)
    await merge(db, corpId, ids[1]!, ids[2]!)
    expect(await inCorp(db.api, corpId, (tx) => contactIdsOf(tx, corpId, ids[2]!))).toEqual([ids[2], ids[0], ids[1]])
    for (const n of order) await undo(db, corpId, ids[n]!)
    expect(await snapshot(db, corpId)).toEqual(before)
  }
})

test('who was parted is not joined by the rules again, and after thirty days nothing is parted', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const a = await identify(db, corpId, of('phone', '13800001234'))
  const b = await identify(db, corpId, of('buyer', 'jd:1'))
  const met = [of('phone', '13800001234'), of('buyer', 'jd:1')]
  await identify(db, corpId, ...met)
  expect(await inCorp(db.api, corpId, (tx) => contactIdsOf(tx, corpId, a))).toEqual([a, b])
  await expect(undo(db, corpId, b, new Date(at.getTime() + 31 * 86_400_000))).rejects.toMatchObject({
    code: 'contacts.merge_settled',
  })
  await undo(db, corpId, b)
  expect(await identify(db, corpId, ...met)).toBe(a)
  expect(await inCorp(db.api, corpId, (tx) => contactIdsOf(tx, corpId, a))).toEqual([a])
})

test('two who both have WeCom’s id are two, whoever says otherwise', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const amy = await aStaff(db, corpId)
  const [a, b] = [await aContact(db, corpId, { staffId: amy }), await aContact(db, corpId, { staffId: amy })]
  await expect(merge(db, corpId, a, b)).rejects.toMatchObject({ code: 'contacts.both_followed' })
})

test('what an anonymous visitor did joins the person he proves to be; typing somebody’s number joins nothing', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const root = await identify(db, corpId, of('unionid', 'u1'), of('phone', '13800001234'))
  const visitor = await identify(db, corpId, of('device', 'd1'))
  await inCorp(db.api, corpId, (tx) =>
    appendEvents(
      tx,
      corpId,
      [{ contactId: visitor, at, kind: 'channel.scanned', source: 'landing', props: { name: '门店' }, key: 'seen' }],
      at,
    ),
  )
  const timeline = (contactId: string) =>
    inCorp(db.api, corpId, async (tx) =>
      (await readTimeline(tx, corpId, { contactIds: await contactIdsOf(tx, corpId, contactId), limit: 9 })).items.map(
        (item) => `${item.contactId} ${item.kind}`,
      ),
    )
  expect(await identify(db, corpId, of('device', 'd1'), of('phone', '13800001234', 1))).toBe(root)
  expect(await timeline(root)).toEqual([])
  expect(await identify(db, corpId, of('device', 'd1'))).toBe(visitor)

  expect(await identify(db, corpId, of('device', 'd1'), of('unionid', 'u1'))).toBe(root)
  expect((await timeline(root)).sort()).toEqual([`${root} channel.scanned`, `${root} contact.merged`])
  // A link to the visitor leads to the person.
  const profile = await inCorp(db.api, corpId, (tx) => readProfile(tx, corpId, visitor, undefined))
  expect(profile.contactId).toBe(root)
})

test('a customer of WeCom turns out to be somebody known by his unionid alone, and keeps that one’s history', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await aStaff(db, corpId, { userid: 'amy' })
  const known = await identify(db, corpId, of('unionid', 'u1'), of('openid', 'wx1:o1'))
  await inCorp(db.api, corpId, (tx) =>
    applyContacts(
      tx,
      corpId,
      testVault,
      [
        {
          contact: {
            external_userid: 'wm1',
            unionid: 'u1',
            name: '林晚',
            type: 1,
          } as ContactOfUser['external_contact'],
          follow: { userid: 'amy', createtime: at.getTime() / 1000 },
          tagWecomIds: [],
        },
      ],
      { source: 'sync', now: at, askedAt: at },
      contactHooks,
    ),
  )
  const profile = await inCorp(db.api, corpId, (tx) => readProfile(tx, corpId, known, undefined))
  expect(profile).toMatchObject({ contactId: known, externalUserid: 'wm1', name: '林晚' })
  expect(profile.follows).toHaveLength(1)
})

test('pairs merged at the same time wait for one another and never in a circle', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const ids = await identifyAll(
    db,
    corpId,
    Array.from({ length: 60 }, (_, i) => [{ kind: 'device' as const, value: `d${i}`, trust: 0 as const }]),
  )
  // Without the door that begins again after a deadlock.
  const once = (from: string, into: string) =>
    db.api.transaction().execute(async (tx) => {
      await sql`select set_config('siyu.corp_id', ${corpId}, true)`.execute(tx)
      await mergeContacts(tx, corpId, { from, into }, { why: 'review', actor: '周岚' }, at)
    })
  for (let round = 0; round < 5; round++)
    await Promise.all([0, 2, 4, 6, 8, 10].map((i) => once(ids[round * 12 + i]!, ids[round * 12 + i + 1]!)))
  const { rows } = await sql`select from contact_merge where corp_id = ${corpId}::bigint`.execute(db.owner)
  expect(rows).toHaveLength(30)
})
