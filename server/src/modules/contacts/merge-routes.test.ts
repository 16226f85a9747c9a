import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { identify as identifyAll } from '../../../test/persons.ts'
import { aWholeApp } from '../../../test/whole-app.ts'
import { aContact, aCorp, aStaff, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import type { Identifier } from './identifiers.ts'

const identify = async (db: TestDb, corpId: string, identifiers: Identifier[]) =>
  (await identifyAll(db, corpId, [identifiers]))[0]!
const phone = (trust: 1 | 2): Identifier => ({ kind: 'phone', value: '13800001234', trust })

/** A customer whose number somebody else has typed on a device. */
async function aDoubt() {
  const db = await freshDb()
  const there = await aWholeApp(db)
  const corpId = await aCorp(db)
  const amy = await aStaff(db, corpId, { name: '陈梅' })
  const customer = await aContact(db, corpId, { name: '林晚', staffId: amy, externalUserid: 'wm1' })
  await identify(db, corpId, [{ kind: 'external_userid', value: 'wm1', trust: 2 }, phone(2)])
  const visitor = await identify(db, corpId, [{ kind: 'device', value: 'd1', trust: 0 }])
  await identify(db, corpId, [{ kind: 'device', value: 'd1', trust: 0 }, phone(1)])
  const cookie = await there.signedIn(corpId, 'operator')
  const ask = async (method: string, url: string, body?: object, as = cookie) => {
    const { status, code, text } = await there.ask(method, url, as, body)
    return { status, code, body: text === '' ? null : JSON.parse(text) }
  }
  return {
    db,
    there,
    corpId,
    amy,
    customer,
    visitor,
    ask,
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}

test('a pair in doubt is shown side by side with what they share, and nothing of a number but its mask', async () => {
  await using doubt = await aDoubt()
  const { body } = await doubt.ask('GET', '/api/merge-reviews')
  expect(body).toMatchObject({ waiting: 1, nextCursor: null })
  const [review] = body.items
  expect(review.met).toEqual([{ kind: 'phone', shown: '138****1234', trust: 1 }])
  expect(review.apartOnly).toBe(false)
  expect([review.stays.contactId, review.joins.contactId]).toEqual([doubt.customer, doubt.visitor])
  expect(review.stays).toMatchObject({ name: '林晚', staff: ['陈梅'] })
  expect(JSON.stringify(body)).not.toContain('0000123')
})

test('merged by a person it is decided once, shows who did it, and comes apart for good when undone', async () => {
  await using doubt = await aDoubt()
  const { customer, visitor, ask } = doubt
  const decide = (decision: string) => ask('POST', `/api/contacts/${visitor}/merge-reviews/${customer}`, { decision })
  expect(await decide('merge')).toMatchObject({ status: 200, body: { contactId: customer } })
  expect(await decide('apart')).toMatchObject({ status: 409, code: 'contacts.review_settled' })
  expect((await ask('GET', '/api/merge-reviews')).body.items).toEqual([])
  expect((await ask('GET', `/api/contacts/${visitor}`)).body).toMatchObject({ contactId: customer })
  const { body: merges } = await ask('GET', '/api/merges')
  expect(merges).toMatchObject([
    { contactId: customer, name: '林晚', actor: 'operator', identities: [{ kind: 'device' }] },
  ])

  const undo = () => ask('DELETE', `/api/contacts/${customer}/merges/${merges[0].mergeId}`)
  expect(await undo()).toMatchObject({ status: 200, body: { contactId: visitor } })
  expect(await undo()).toMatchObject({ status: 409, code: 'contacts.merge_settled' })
  expect((await ask('GET', '/api/merges')).body).toEqual([])
  const { rows } = await sql<{ action: string }>`select action from audit_log order by line`.execute(doubt.db.owner)
  expect(rows.map(({ action }) => action)).toEqual(['contact.merge', 'contact.part'])
  // Even a server's word does not join them again.
  await identify(doubt.db, doubt.corpId, [{ kind: 'device', value: 'd1', trust: 0 }, phone(2)])
  expect((await ask('GET', `/api/contacts/${visitor}`)).body).toMatchObject({ contactId: visitor })
})

test('kept apart they are not asked about again', async () => {
  await using doubt = await aDoubt()
  const { customer, visitor, ask } = doubt
  expect((await ask('POST', `/api/contacts/${customer}/merge-reviews/${visitor}`, { decision: 'apart' })).status).toBe(
    200,
  )
  await identify(doubt.db, doubt.corpId, [{ kind: 'device', value: 'd1', trust: 0 }, phone(1)])
  expect((await ask('GET', '/api/merge-reviews')).body).toMatchObject({ items: [], waiting: 0 })
})

test('AC-03: whoever sees some customers joins his own and nobody’s, never a colleague’s; another corp finds nothing', async () => {
  await using doubt = await aDoubt()
  const { there, corpId, customer, visitor, ask } = doubt
  const { roleId } = await inCorp(doubt.db.api, corpId, (tx) =>
    tx
      .insertInto('role')
      .values({
        corpId,
        name: '导购',
        permissions: ['contacts.read', 'contacts.merge'],
        scopeKind: 'own',
        createdAt: at,
      })
      .returning('roleId')
      .executeTakeFirstOrThrow(),
  )
  const as = (staffId: string) => there.signedIn(corpId, 'custom', { staffId, roleId })
  const [hers, his] = [await as(doubt.amy), await as(await aStaff(doubt.db, corpId))]
  expect((await ask('GET', '/api/merge-reviews', undefined, hers)).body.items).toHaveLength(1)
  expect((await ask('GET', '/api/merge-reviews', undefined, his)).body).toMatchObject({ items: [], waiting: 0 })
  const url = `/api/contacts/${customer}/merge-reviews/${visitor}`
  for (const stranger of [his, await there.signedIn(await aCorp(doubt.db), 'owner')])
    expect((await ask('POST', url, { decision: 'merge' }, stranger)).status).toBe(404)
  expect((await ask('POST', url, { decision: 'merge' }, hers)).status).toBe(200)
})

test('what waits comes page by page without a gap or a repeat; two friends of members can only be kept apart', async () => {
  await using doubt = await aDoubt()
  const { db, corpId, amy, ask } = doubt
  for (let i = 0; i < 24; i++) {
    await aContact(db, corpId, { staffId: amy, externalUserid: `wx${i}` })
    await identify(db, corpId, [
      { kind: 'external_userid', value: `wx${i}`, trust: 2 },
      { kind: 'phone', value: `1390000${1000 + i}`, trust: 2 },
    ])
    await identify(db, corpId, [
      { kind: 'external_userid', value: 'wm1', trust: 2 },
      { kind: 'phone', value: `1390000${1000 + i}`, trust: 2 },
    ])
  }
  const first = (await ask('GET', '/api/merge-reviews')).body
  const second = (await ask('GET', `/api/merge-reviews?cursor=${first.nextCursor}`)).body
  expect([first.items.length, second.items.length, second.nextCursor, first.waiting]).toEqual([20, 5, null, 25])
  const pairs = [...first.items, ...second.items].map((item) => `${item.stays.contactId} ${item.joins.contactId}`)
  expect(new Set(pairs)).toHaveLength(25)
  expect(first.items[0].apartOnly).toBe(true)
  const { stays: one, joins: two } = first.items[0]
  const answer = await ask('POST', `/api/contacts/${one.contactId}/merge-reviews/${two.contactId}`, {
    decision: 'merge',
  })
  expect(answer.code).toBe('contacts.both_followed')
})
