import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { identify, of, stand } from '../../../test/persons.ts'
import { aContact, aCorp, aStaff, at, freshDb, testVault } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import type { Identifier } from './identifiers.ts'
import { identifyContacts } from './identify.ts'
import { countContacts, listContacts } from './list-contacts.ts'
import { pickContacts } from './pick-contacts.ts'
import { readHome } from './read-home.ts'
import { ContactListQuery } from './schema.ts'

test('eight writers who meet the same people at once agree on everybody; none is made twice and nothing is half', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const visits = Array.from({ length: 60 }, (_, i) => [of('device', `d${i}`)])
  const names = Array.from({ length: 60 }, (_, i) => [of('device', `d${i}`), of('unionid', `u${i % 30}`)])
  const words = Array.from({ length: 60 }, (_, i) => [
    of('unionid', `u${i % 30}`),
    of('phone', `138000000${10 + (i % 30)}`),
  ])
  const seats = await Promise.all(
    [visits, names, words, names.toReversed(), words.toReversed(), visits.toReversed(), names, words].map((groups) =>
      identify(db, corpId, groups),
    ),
  )
  const { root, identities } = await stand(db, corpId)
  expect(new Set(seats.flat().map((id) => root.get(id)))).toHaveLength(30)
  expect(identities).toHaveLength(60 + 30 + 30)
  for (let i = 0; i < 30; i++) {
    const person = identities.find(({ value }) => value === `u${i}`)!.contactId
    for (const device of [`d${i}`, `d${i + 30}`])
      expect(identities.find(({ value }) => value === device)!.contactId).toBe(person)
  }
})

test('one person met again costs one statement, and a batch of five hundred a constant number', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const counted = async (groups: Identifier[][]) => {
    let statements = 0
    const watched = db.api.withPlugin({
      transformQuery: ({ node }) => {
        statements++
        return node
      },
      transformResult: async ({ result }) => result,
    })
    await inCorp(watched, corpId, (tx) =>
      identifyContacts(
        tx,
        corpId,
        testVault,
        groups.map((identifiers) => ({ identifiers })),
        at,
      ),
    )
    return statements - 1 // the corp is set first
  }
  const people = (n: number, from = 0) =>
    Array.from({ length: n }, (_, i) => [of('device', `d${from + i}`), of('unionid', `u${from + i}`)])
  const few = await counted(people(2))
  expect(await counted(people(500, 10))).toBe(few)
  expect(await counted(people(500, 10))).toBe(1)
})

test('a visitor without a name is nobody’s customer: no list, count or home figure has him', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await aContact(db, corpId, { staffId: await aStaff(db, corpId) })
  const [visitorId] = await identify(db, corpId, [[of('device', 'd1')]])
  const seen = await inCorp(db.api, corpId, async (tx) => ({
    list: await listContacts(tx, corpId, ContactListQuery.parse({ state: 'all' }), undefined),
    count: await countContacts(tx, corpId, ContactListQuery.parse({ state: 'all' }), undefined),
    home: await readHome(tx, corpId, at, undefined),
    picked: await pickContacts(tx, corpId, ContactListQuery.parse({ state: 'all' }), undefined, {
      after: '0',
      upto: visitorId!,
      limit: 9,
    }),
  }))
  expect(seen.list.items).toHaveLength(1)
  expect([seen.count.total, seen.home.contacts]).toEqual([1, 1])
  expect(seen.picked).not.toContain(visitorId)
})

test('a phone number is kept as a mark with its mask; written another way it is the same one', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [first, again] = await identify(db, corpId, [[of('phone', '138 0000-1234')], [of('phone', '+8613800001234')]])
  expect(again).toBe(first)
  const { rows } = await sql<{
    row: string
    hint: string
  }>`select i::text as row, hint from contact_identity i`.execute(db.owner)
  expect(rows.map(({ hint }) => hint)).toEqual(['138****1234'])
  expect(rows[0]!.row).not.toContain('00001234')
})

test('the same identifiers in two corps are two persons', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const [a] = await identify(db, ours, [[of('unionid', 'u1')]])
  const [b] = await identify(db, theirs, [[of('unionid', 'u1')]])
  expect(a).not.toBe(b)
})
