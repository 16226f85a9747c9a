import { expect, test } from 'vitest'
import { aContact, aCorp, at, freshDb, testVault } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { identifyContacts } from '../contacts/identify.ts'
import { mergeContacts } from '../contacts/merge-contacts.ts'
import { appendEvents, type NewEvent, takeBackEvents } from './journal.ts'

const day = (on: unknown) => (on as Date).toISOString().slice(0, 10)

test('the day moves on by what he does himself, never back, by Shanghai’s midnight, and goes with a merge', async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const [lin, theirs] = [await aContact(db, corpId), await aContact(db, other)]
  const visitor = await inCorp(db.api, corpId, async (tx) => {
    const identifiers = [{ kind: 'device', value: 'v1', trust: 0 }] as const
    return (await identifyContacts(tx, corpId, testVault, [{ identifiers }], at))[0]!
  })
  let nr = 0
  const tell = (contactId: string, kind: string, time: string, corp = corpId) =>
    inCorp(db.api, corp, (tx) => {
      const event: NewEvent = {
        contactId,
        kind: kind as NewEvent['kind'],
        at: new Date(time),
        source: 'api',
        props: {},
        key: `${nr++}`,
      }
      return appendEvents(tx, corp, [event], at)
    })
  const days = async () =>
    Object.fromEntries(
      (await db.owner.selectFrom('contactActive').selectAll().execute()).map((row) => [row.contactId, day(row.lastOn)]),
    )
  await tell(lin, 'page.viewed', '2026-11-20T15:59:59Z')
  expect(await days()).toEqual({ [lin]: '2026-11-20' })
  await tell(lin, 'product.viewed', '2026-11-20T16:00:00Z')
  await tell(lin, 'page.viewed', '2026-11-18T00:00:00Z') // told late
  await tell(lin, 'tag.added', '2026-11-25T00:00:00Z') // not his doing
  await tell(theirs, 'page.viewed', '2026-11-26T00:00:00Z', other)
  await tell(visitor, 'search.made', '2026-11-23T00:00:00Z')
  expect(await days()).toEqual({ [lin]: '2026-11-21', [theirs]: '2026-11-26', [visitor]: '2026-11-23' })
  await inCorp(db.api, corpId, (tx) =>
    mergeContacts(tx, corpId, { from: visitor, into: lin }, { why: 'review', actor: '试' }, at),
  )
  expect((await days())[lin]).toBe('2026-11-23')
  await tell(visitor, 'search.made', '2026-11-24T00:00:00Z')
  expect((await days())[lin]).toBe('2026-11-24')
  // Taken back, he was last seen the day before, by what the visitor did.
  await inCorp(db.api, corpId, (tx) => takeBackEvents(tx, corpId, lin, [lin, visitor], [String(nr - 1)]))
  expect((await days())[lin]).toBe('2026-11-23')
})
