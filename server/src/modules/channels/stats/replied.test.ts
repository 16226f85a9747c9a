import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, freshDb, type TestDb, testVault } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { readCsv } from '../../../platform/tables/read-csv.ts'
import { identifyContacts } from '../../contacts/identify.ts'
import { mergeContacts } from '../../contacts/merge-contacts.ts'
import { undoMerge } from '../../contacts/undo-merge.ts'
import { appendEvents, type NewEvent } from '../../events/journal.ts'
import { hearContactEvents } from '../hear-contacts.ts'
import { ComparisonQuery, NewChannelCode, StatsFileQuery } from '../schema.ts'
import { createChannelCode } from '../service.ts'
import { compareCodes } from './compare.ts'
import { writeStats } from './export.ts'
import { readChannelStats } from './read-stats.ts'

const NOW = new Date('2026-11-20T12:00:00+08:00')
const PERIOD = { from: '2026-11-11', to: '2026-11-13' }
const at = (on: string) => new Date(`2026-${on}:00+08:00`)

async function aShop(db: TestDb, corpId: string, staffId: string) {
  let nr = 0
  const code = async (name: string) => {
    const given = NewChannelCode.parse({ name, staffIds: [staffId] })
    const id = await inCorp(db.api, corpId, (tx) => createChannelCode(tx, corpId, given, { createdBy: '1', now: NOW }))
    const { state } = await inCorp(db.api, corpId, (tx) =>
      tx.selectFrom('channelCode').select('state').where('channelCodeId', '=', id).executeTakeFirstOrThrow(),
    )
    return { id, state }
  }
  const tell = (contactId: string, on: string, more: Partial<NewEvent> = {}) =>
    inCorp(db.api, corpId, (tx) => {
      const event = {
        contactId,
        kind: 'message.sent',
        source: 'api',
        props: { words: '你好' },
        key: `${nr++}`,
      } as const
      return appendEvents(tx, corpId, [{ ...event, at: at(on), ...more }], NOW)
    })
  const hear = async (contactId: string, on: string, state: string, of = staffId) => {
    const fact = {
      contactId,
      staffId: of,
      kind: 'contact.added',
      at: at(on),
      source: 'callback',
      props: { state },
    } as const
    await inCorp(db.api, corpId, async (tx) => {
      await appendEvents(tx, corpId, [{ ...fact, key: `${nr++}` }], NOW)
      await hearContactEvents(tx, corpId, [fact], NOW)
    })
  }
  const came = async (on: string, state: string, of = staffId) => {
    const contactId = await aContact(db, corpId, { staffId: of, state, addedAt: at(on) })
    await hear(contactId, on, state, of)
    return contactId
  }
  /** A friendship of somebody who is there already. */
  const alsoAdds = async (contactId: string, on: string, state: string | null, of: string) => {
    await sql`insert into follow (corp_id, contact_id, staff_id, state, added_at, updated_at)
      values (${corpId}, ${contactId}, ${of}, ${state}, ${at(on)}, ${NOW})`.execute(db.owner)
    await hear(contactId, on, state ?? '', of)
  }
  const replied = async (id: string, period = PERIOD) => {
    const stats = await inCorp(db.api, corpId, (tx) => readChannelStats(tx, corpId, id, period, NOW))
    return stats.funnel.find(({ step }) => step === 'replied')!.count
  }
  return { code, tell, came, alsoAdds, replied }
}

test('who replied wrote after he was added, within thirty days, and somebody vouches for it; each once, on Shanghai’s day he came', async () => {
  await using db = await freshDb()
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const [staffId, theirStaff] = [await aStaff(db, corpId), await aStaff(db, theirs)]
  const ours = await aShop(db, corpId, staffId)
  const [a, b] = [await ours.code('甲'), await ours.code('乙')]
  const late = await ours.came('11-11T00:00', a.state)
  await ours.came('11-11T12:00', a.state) // says nothing
  const [before, doubted, other] = [
    await ours.came('11-11T12:00', a.state),
    await ours.came('11-11T12:00', a.state),
    await ours.came('11-11T12:00', a.state),
  ]
  const [lastMinute, dayAfter] = [await ours.came('11-13T23:59', a.state), await ours.came('11-14T00:00', a.state)]
  const slow = await ours.came('10-01T12:00', a.state)

  // Nothing tells what customers write: nobody can say that nobody replied.
  expect(await ours.replied(a.id)).toBeNull()
  await ours.tell(doubted, '11-12T12:00', { trusted: false, source: 'tracker' })
  expect(await ours.replied(a.id)).toBeNull()

  await ours.tell(before, '11-11T11:59')
  expect(await ours.replied(a.id)).toBe(0)
  await ours.tell(late, '11-12T09:00')
  await ours.tell(late, '11-11T08:00') // told later, said earlier
  await ours.tell(late, '11-11T08:00', { key: 'twice' })
  await ours.tell(late, '11-11T08:00', { key: 'twice' })
  await ours.tell(lastMinute, '11-14T00:10')
  await ours.tell(dayAfter, '11-14T00:10')
  await ours.tell(other, '11-12T09:00', { kind: 'page.viewed' })
  await ours.tell(slow, '10-31T12:00') // thirty days to the minute
  expect(await ours.replied(a.id)).toBe(2)
  expect(await ours.replied(a.id, { from: '2026-10-01', to: '2026-10-31' })).toBe(0)
  await ours.tell(slow, '10-31T11:59')
  expect(await ours.replied(a.id, { from: '2026-10-01', to: '2026-10-31' })).toBe(1)
  // The days before anything was told stay untold.
  expect(await ours.replied(a.id, { from: '2026-10-01', to: '2026-10-30' })).toBeNull()

  const stats = await inCorp(db.api, corpId, (tx) => readChannelStats(tx, corpId, a.id, PERIOD, NOW))
  expect(stats.byDay.map(({ replied }) => replied)).toEqual([1, 0, 1])
  expect(stats.byStaff.map(({ replied }) => replied)).toEqual([2])
  const kept = await db.owner.selectFrom('firstReply').select('at').where('contactId', '=', late).execute()
  expect(kept.map((row) => row.at)).toEqual([at('11-11T08:00')])

  await ours.came('11-12T12:00', b.state)
  const query = ComparisonQuery.parse({ ...PERIOD, codes: `${b.id},${a.id}` })
  const { subjects } = await inCorp(db.api, corpId, (tx) => compareCodes(tx, corpId, query, NOW))
  expect(subjects.map(({ replied }) => replied)).toEqual([
    { of: 1, count: 0 },
    { of: 6, count: 2 },
  ])
  const lines = async (period: typeof PERIOD) =>
    readCsv((await text(writeStats(db.api, corpId, { ...StatsFileQuery.parse({ codes: a.id }), ...period }))).slice(1))
  const last = (rows: string[][]) => rows.map((row) => [row[0], row[6], row[9]])
  expect(last(await lines(PERIOD))).toEqual([
    ['日期', '添加', '回复'],
    ['2026-11-11', '5', '1'],
    ['2026-11-13', '1', '1'],
  ])
  expect(last(await lines({ from: '2026-10-01', to: '2026-10-30' })).at(-1)).toEqual(['2026-10-01', '1', ''])

  const foreign = await aShop(db, theirs, theirStaff)
  const code = await foreign.code('别家')
  await foreign.came('11-11T12:00', code.state)
  expect(await foreign.replied(code.id)).toBeNull()
})

test('a reply is to the member the code brought him to: named, or else whoever added him last; so however late either is told', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [lin, su] = [await aStaff(db, corpId, { userid: 'Lin' }), await aStaff(db, corpId, { userid: 'su' })]
  const { code, tell, came, alsoAdds, replied } = await aShop(db, corpId, lin)
  const [a, b] = [await code('甲'), await code('乙')]
  const counts = async () => [await replied(a.id), await replied(b.id)]
  const both = await came('11-11T10:00', a.state, lin)
  await tell(both, '11-12T10:00')
  expect(await counts()).toEqual([1, 0])
  await alsoAdds(both, '11-12T09:00', b.state, su) // heard of only now: he wrote to her
  expect(await counts()).toEqual([0, 1])
  await tell(both, '11-12T11:00', { props: { userid: 'nobody' } })
  expect(await counts()).toEqual([0, 1])
  await tell(both, '11-12T11:00', { props: { userid: 'lin' } })
  expect(await counts()).toEqual([1, 1])

  // Told before we hear that he was added at all.
  const early = await aContact(db, corpId)
  await tell(early, '11-12T10:00')
  await alsoAdds(early, '11-12T09:00', a.state, lin)
  expect(await counts()).toEqual([2, 1])

  // What a visitor wrote is his once they turn out to be one, and not when that is taken back.
  const guest = await came('11-12T09:00', b.state, lin)
  const visitor = await inCorp(db.api, corpId, async (tx) => {
    const identifiers = [{ kind: 'device', value: 'v1', trust: 0 }] as const
    return (await identifyContacts(tx, corpId, testVault, [{ identifiers }], NOW))[0]!
  })
  await tell(visitor, '11-12T10:00')
  expect(await counts()).toEqual([2, 1])
  await inCorp(db.api, corpId, (tx) =>
    mergeContacts(tx, corpId, { from: visitor, into: guest }, { why: 'review', actor: '试' }, NOW),
  )
  expect(await counts()).toEqual([2, 2])
  const { mergeId } = await db.owner.selectFrom('contactMerge').select('mergeId').executeTakeFirstOrThrow()
  await inCorp(db.api, corpId, (tx) => undoMerge(tx, corpId, { contactId: visitor, mergeId }, '试', NOW))
  expect(await counts()).toEqual([2, 1])
})
