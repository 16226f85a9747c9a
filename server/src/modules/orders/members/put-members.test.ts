import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aCaller, aKey } from '../../../../test/open-api.ts'
import { aWholeApp } from '../../../../test/whole-app.ts'
import { aContact, aCorp, at, freshDb, testVault } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { mergeContacts } from '../../contacts/merge-contacts.ts'
import { putMembers } from './put-members.ts'
import type { IncomingMember } from './schema.ts'

const day = (n: number) => new Date(Date.UTC(2026, 9, 1 + n))
const aMember = (given: Partial<IncomingMember> = {}): IncomingMember => ({
  memberNo: 'V1',
  level: '金卡',
  points: 100,
  joinedAt: day(0),
  identifiers: [{ kind: 'member', value: given.memberNo ?? 'V1', trust: 2 }],
  updatedAt: day(1),
  ...given,
})

test('whatever is repeated, split and shuffled, a member ends with his newest level and with what was last stated and came after it', async () => {
  await using db = await freshDb()
  const version = fc.record({
    level: fc.constantFrom('金卡', '银卡', null),
    points: fc.option(fc.integer({ min: 0, max: 500 })),
    joined: fc.option(fc.integer({ min: 0, max: 9 })),
    entries: fc.uniqueArray(fc.record({ nr: fc.nat(5), at: fc.nat(9) }), { selector: ({ nr }) => nr, maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(version, { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 4 }),
      async (versions, draws, size) => {
        const corpId = await aCorp(db)
        // An entry says the same wherever it is told: its number decides what it is.
        const told = versions.map(({ level, points, joined, entries }, n) =>
          aMember({
            level,
            points,
            joinedAt: joined === null ? null : day(joined),
            entries: entries.map(({ nr }) => ({
              entryNo: `P${nr}`,
              kind: 'earned',
              points: 10 + nr,
              note: '',
              at: day(nr + 0.5),
            })),
            updatedAt: day(n),
          }),
        )
        const arrivals = [...told, ...told.slice(0, 3)]
          .map((one) => ({ one, draw: draws.next().value as number }))
          .sort((a, b) => a.draw - b.draw)
          .map(({ one }) => one)
        for (let from = 0; from < arrivals.length; from += size)
          await inCorp(db.api, corpId, (tx) => putMembers(tx, corpId, testVault, arrivals.slice(from, from + size), at))
        const stated = versions.findLastIndex(({ points }) => points !== null)
        const numbers = [...new Set(versions.flatMap(({ entries }) => entries.map(({ nr }) => nr)))]
        const later = numbers.filter((nr) => stated < 0 || day(nr + 0.5) > day(stated))
        const joined = versions.flatMap((one) => (one.joined === null ? [] : [one.joined]))
        const { rows } = await sql<{ level: string; points: number; joinedAt: Date | null }>`
        select level, points::float8 as points, joined_at from member_account where corp_id = ${corpId}::bigint`.execute(
          db.owner,
        )
        expect(rows).toEqual([
          {
            level: versions.at(-1)!.level,
            points: (versions[stated]?.points ?? 0) + later.reduce((sum, nr) => sum + 10 + nr, 0),
            joinedAt: joined.length > 0 ? day(Math.min(...joined)) : null,
          },
        ])
      },
    ),
    { numRuns: 40 },
  )
})

test('a server tells members; each wrong one is named by its place; a page shows them under whoever the member became, and never another corp’s', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const contactId = await aContact(db, corpId, { name: '王', externalUserid: 'wm1' })
  const shop = aCaller(there, (await aKey(db, corpId, 'server')).key)
  const given = { memberNo: 'V1', level: '金卡', points: 50, updatedAt: '2026-11-01T00:00:00Z' }
  const entry = { entryNo: 'P1', kind: 'earned', points: 30, at: '2026-11-02T00:00:00Z' }
  const members = [
    { ...given, entries: [entry] },
    { ...given, memberNo: '' },
    null,
    { ...given, memberNo: 'V2', entries: [{ ...entry, points: -1 }] },
  ]
  const answer = await shop.post('/open/members', { members })
  expect([answer.status, answer.body.accepted, answer.body.refused.map((one: { index: number }) => one.index)]).toEqual(
    [202, 1, [1, 2, 3]],
  )
  expect((await shop.post('/open/members', { members: members.slice(0, 1) })).body).toEqual({
    accepted: 0,
    created: 0,
    unchanged: 1,
    refused: [],
  })
  const [{ contactId: from }] = (
    await sql<{ contactId: string }>`select contact_id from contact_identity where kind = 'member'`.execute(db.owner)
  ).rows as [{ contactId: string }]
  await inCorp(db.api, corpId, (tx) =>
    mergeContacts(tx, corpId, { from, into: contactId }, { why: 'review', actor: '周岚' }, new Date()),
  )
  const owner = await there.signedIn(corpId, 'owner')
  const { text } = await there.ask('GET', `/api/contacts/${contactId}/members`, owner)
  expect(JSON.parse(text).members).toMatchObject([
    { memberNo: 'V1', level: '金卡', points: 80, entries: [{ entryNo: 'P1', points: 30 }] },
  ])
  expect(
    (await there.ask('GET', `/api/contacts/${contactId}/members`, await there.signedIn(theirs, 'owner'))).status,
  ).toBe(404)
  expect(JSON.parse((await there.ask('GET', '/api/member-levels', owner)).text)).toEqual({
    levels: [{ level: '金卡', members: 1 }],
  })
  expect(
    JSON.parse((await there.ask('GET', '/api/member-levels', await there.signedIn(theirs, 'owner'))).text),
  ).toEqual({ levels: [] })
})
