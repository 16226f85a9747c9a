import { expect, test } from 'vitest'
import { aSignedApp, type SignedApp } from '../../../test/signed-app.ts'
import { aContact, aCorp, aStaff, at, freshDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
const caller = (there: SignedApp) => async (cookie: string, method: Method, url: string, payload?: object) => {
  const answer = await there.app.inject({ method, url, headers: { cookie }, payload })
  return { status: answer.statusCode, body: answer.body && answer.statusCode !== 204 ? answer.json() : undefined }
}

test('a view is its maker’s alone until shared; colleagues open a shared one and cannot change it; another corp never sees it', async () => {
  await using db = await freshDb()
  await using there = await aSignedApp(db)
  const call = caller(there)
  const corpId = await aCorp(db)
  const [lan, man] = [await there.signedIn(corpId, 'admin'), await there.signedIn(corpId, 'operator')]
  const foreign = await there.signedIn(await aCorp(db), 'admin')
  const names = async (cookie: string) =>
    (await call(cookie, 'GET', '/api/contact-views')).body.map((view: { name: string }) => view.name)
  const made = await call(man, 'POST', '/api/contact-views', { name: '走掉的', filter: { state: 'lost' } })
  expect(made.status).toBe(201)
  const url = `/api/contact-views/${made.body.contactViewId}`
  expect([await names(man), await names(lan)]).toEqual([['走掉的'], []])
  expect((await call(lan, 'DELETE', url)).status).toBe(404)

  expect((await call(man, 'PATCH', url, { shared: true, name: '流失' })).status).toBe(204)
  expect([await names(man), await names(lan), await names(foreign)]).toEqual([['流失'], ['流失'], []])
  expect((await call(lan, 'PATCH', url, { name: '我的' })).status).toBe(404)
  expect((await call(foreign, 'DELETE', url)).status).toBe(404)
  expect((await call(lan, 'GET', '/api/contact-views')).body[0]).toMatchObject({
    filter: { state: 'lost' },
    mine: false,
    owner: 'operator',
  })
  expect((await call(lan, 'DELETE', url)).status).toBe(204)
  expect(await names(man)).toEqual([])
})

test('a name is taken once a person, thirty views are room enough, and a filter the list does not know is refused', async () => {
  await using db = await freshDb()
  await using there = await aSignedApp(db)
  const call = caller(there)
  const corpId = await aCorp(db)
  const [lan, man] = [await there.signedIn(corpId, 'admin'), await there.signedIn(corpId, 'operator')]
  const save = (cookie: string, name: string, filter: object = {}) =>
    call(cookie, 'POST', '/api/contact-views', { name, filter })
  expect((await save(lan, '坏', { tagsAll: 'x' })).status).toBe(400)
  expect((await save(lan, '坏', { corpId: '1' })).status).toBe(400)
  const ids: string[] = []
  for (let n = 0; n < 30; n++) ids.push((await save(lan, `视图${n}`)).body.contactViewId)
  expect((await save(lan, '又一个')).body.code).toBe('contacts.too_many_views')
  expect((await save(man, '视图0')).status).toBe(201)
  expect((await save(man, '视图0')).body.code).toBe('contacts.view_name_taken')
  expect((await call(lan, 'PATCH', `/api/contact-views/${ids[1]}`, { name: '视图0' })).body.code).toBe(
    'contacts.view_name_taken',
  )
  await call(lan, 'PUT', '/api/contact-views/order', { contactViewIds: ids.toReversed() })
  const shown = (await call(lan, 'GET', '/api/contact-views')).body.map(
    (v: { contactViewId: string }) => v.contactViewId,
  )
  expect(shown).toEqual(ids.toReversed())
})

test('one steps from customer to customer in the list’s own order and filter, past its pages, inside one’s scope', async () => {
  await using db = await freshDb()
  await using there = await aSignedApp(db)
  const call = caller(there)
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const added = (day: number) => new Date(at.getTime() - day * 86_400_000)
  const newest = await aContact(db, corpId, { staffId: amy, addedAt: added(0) })
  const bobs = await aContact(db, corpId, { staffId: bob, addedAt: added(1) })
  const [twin, other] = [
    await aContact(db, corpId, { staffId: amy, addedAt: added(2) }),
    await aContact(db, corpId, { staffId: amy, addedAt: added(2) }), // the same moment: the later id stands first
  ]
  await aContact(db, corpId, { staffId: amy, addedAt: added(3), lostAt: added(1) })
  const [all, hers] = [await there.signedIn(corpId, 'operator'), await there.signedIn(corpId, 'staff', amy)]
  const beside = async (cookie: string, id: string, query = '') =>
    (await call(cookie, 'GET', `/api/contacts/${id}/neighbours${query}`)).body
  expect(await beside(all, bobs)).toEqual({ previousId: newest, nextId: other })
  expect(await beside(all, other)).toEqual({ previousId: bobs, nextId: twin })
  expect(await beside(all, twin)).toEqual({ previousId: other, nextId: null })
  expect(await beside(all, other, `?staffIds=${amy}`)).toEqual({ previousId: newest, nextId: twin })
  expect(await beside(hers, other)).toEqual({ previousId: newest, nextId: twin })
  expect((await call(hers, 'GET', `/api/contacts/${bobs}/neighbours`)).status).toBe(404)
})

test('the friends of a channel code are found by the code, and by nobody else’s', async () => {
  await using db = await freshDb()
  await using there = await aSignedApp(db)
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const amy = await aStaff(db, corpId)
  const scanned = await aContact(db, corpId, { staffId: amy, state: 'sy-1' })
  await aContact(db, corpId, { staffId: amy, state: 'sy-2' })
  await aContact(db, corpId, { staffId: amy })
  const code = async (of: string, state: string) =>
    (
      await inCorp(db.api, of, (tx) =>
        tx
          .insertInto('channelCode')
          .values({ corpId: of, name: state, state, landingKey: `key-${state}`, createdAt: at, updatedAt: at })
          .returning('channelCodeId')
          .executeTakeFirstOrThrow(),
      )
    ).channelCodeId
  const [mine, theirs] = [await code(corpId, 'sy-1'), await code(other, 'sy-2')]
  const cookie = await there.signedIn(corpId, 'admin')
  const found = async (id: string) =>
    (await caller(there)(cookie, 'GET', `/api/contacts?channelCodeId=${id}`)).body.items.map(
      (row: { contactId: string }) => row.contactId,
    )
  expect(await found(mine)).toEqual([scanned])
  expect(await found(theirs)).toEqual([])
})
