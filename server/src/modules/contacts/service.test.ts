import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, at, freshDb, type TestDb, testVault } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { applyContacts, type ContactHooks, type FollowTold } from './apply-contacts.ts'
import { ensureContacts, findContacts } from './service.ts'

const nobodyListens: ContactHooks = {
  afterFollows: async () => [],
  afterEvents: async () => {},
  afterLearnt: async () => {},
}
const count = async (db: TestDb, table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db.owner)).rows[0]!.n

test('eight writers that meet the same hundred customers at once make one contact each and agree on its id', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const known = await aContact(db, corpId, { externalUserid: 'wm007' })
  const values = Array.from({ length: 100 }, (_, i) => `wm${String(i).padStart(3, '0')}`)
  const found = await Promise.all(
    Array.from({ length: 8 }, (_, writer) =>
      inCorp(db.api, corpId, (tx) =>
        ensureContacts(tx, corpId, writer % 2 === 0 ? values : [...values.toReversed(), 'wm000'], at),
      ),
    ),
  )
  for (const ids of found) expect([...ids].sort()).toEqual([...found[0]!].sort())
  expect(new Set(found[0]!.values()).size).toBe(100)
  expect(found[0]!.get('wm007')).toBe(known)
  expect([await count(db, 'contact'), await count(db, 'contact_identity')]).toEqual([100, 100])
})

test('a writer that rolls back leaves nothing, and who waited for it makes the contact', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [made, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const first = inCorp(db.api, corpId, async (tx) => {
    await ensureContacts(tx, corpId, ['wm1'], at)
    made.resolve()
    await release.promise
    throw new Error('rolled back')
  })
  await made.promise
  const second = inCorp(db.api, corpId, (tx) => ensureContacts(tx, corpId, ['wm1'], at))
  release.resolve()
  await expect(first).rejects.toThrow('rolled back')
  const contactId = (await second).get('wm1')
  expect((await inCorp(db.api, corpId, (tx) => findContacts(tx, corpId, 'external_userid', ['wm1']))).get('wm1')).toBe(
    contactId,
  )
  expect(await count(db, 'contact')).toBe(1)
})

test('the same external_userid in two corps is two contacts', async () => {
  await using db = await freshDb()
  const corps = [await aCorp(db), await aCorp(db)]
  const ids = await Promise.all(
    corps.map((corpId) => inCorp(db.api, corpId, (tx) => ensureContacts(tx, corpId, ['wm1'], at))),
  )
  expect(ids[0]!.get('wm1')).not.toBe(ids[1]!.get('wm1'))
})

test('a unionid stays with the contact that had it first, and is learnt for one that has none', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await aStaff(db, corpId, { userid: 'amy' })
  const tell = (externalUserid: string, unionid: string) =>
    inCorp(db.api, corpId, (tx) =>
      applyContacts(
        tx,
        corpId,
        testVault,
        [
          {
            contact: { external_userid: externalUserid, name: externalUserid, type: 1, gender: 0, unionid },
            follow: { userid: 'amy', remark: '', description: '', createtime: at.getTime() / 1000, add_way: 1 },
            tagWecomIds: [],
          } as unknown as FollowTold,
        ],
        { source: 'sync', now: at, askedAt: at },
        nobodyListens,
      ),
    )
  await tell('wm1', 'o1')
  await tell('wm2', 'o1')
  await tell('wm2', 'o2')
  const [persons, unions] = await inCorp(db.api, corpId, async (tx) => [
    await findContacts(tx, corpId, 'external_userid', ['wm1', 'wm2']),
    await findContacts(tx, corpId, 'unionid', ['o1', 'o2']),
  ])
  expect(unions.get('o1')).toBe(persons!.get('wm1'))
  expect(unions.get('o2')).toBe(persons!.get('wm2'))
  expect(await count(db, 'contact')).toBe(2)
})
