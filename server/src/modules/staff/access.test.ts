import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContact, aContext, aCorp, aStaff, at, freshDb, testLog } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { createHttp } from '../../platform/http.ts'
import { addSignIn } from './access.ts'
import { recordAudit } from './audit.ts'

test('AC-01: a route with an access nobody has, or none at all, stops the boot', async () => {
  await using db = await freshDb()
  await using work = aContext(db)
  const boot = async (access: string | undefined) => {
    const app = await createHttp({ log: testLog, trustedProxies: 0, ownOrigins: [] })
    await addSignIn(app, { db: db.api, work, demo: false, adminLogin: 'admin' })
    app.get('/api/new', { config: access === undefined ? {} : { access } }, () => '')
  }
  await expect(boot('contacts.raed')).rejects.toThrow('contacts.raed')
  await expect(boot(undefined)).rejects.toThrow('declares no access')
  await expect(boot('contacts.read')).resolves.toBeUndefined()
})

test('AC-03: staff, departments and the audit log of another corp are never seen, whatever is asked for', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  await aStaff(db, ours, { userid: 'amy', name: '艾米' })
  const foreigner = await aStaff(db, theirs, { userid: 'zhou', name: '周岚' })
  await aContact(db, theirs, { staffId: foreigner })
  await inCorp(db.api, theirs, async (tx) => {
    await tx.insertInto('department').values({ corpId: theirs, departmentId: '7', name: '他们的部门' }).execute()
    await recordAudit(
      tx,
      { accountId: '1', corpId: theirs, name: '周岚', ip: '127.0.0.1', requestId: 'r' },
      { action: 'tag.create', kind: 'tag', id: '1', detail: {}, at },
    )
  })
  await using there = await aSignedApp(db)
  const cookie = await there.signedIn(ours, 'admin')
  const get = async (url: string) => (await there.app.inject({ url, headers: { cookie } })).json()
  expect((await get('/api/staff')).items.map((s: { name: string }) => s.name)).toEqual(['艾米'])
  expect((await get('/api/staff?q=周岚')).items).toEqual([])
  expect((await get('/api/staff?departmentId=7')).items).toEqual([])
  expect(await get('/api/departments')).toEqual([])
  expect((await get('/api/audit')).items).toEqual([])
  const auditor = await there.signedIn(theirs, 'auditor')
  const seen = (await there.app.inject({ url: '/api/audit', headers: { cookie: auditor } })).json()
  expect(seen.items).toMatchObject([{ actor: '周岚', action: 'tag.create', at: at.toISOString() }])
})

test('the member list pages by keyset without gap or repeat, finds by name and by userid in any case, and counts friends that hold', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const ids = []
  for (let i = 0; i < 7; i++)
    ids.push(await aStaff(db, corpId, { userid: `Guide${i}`, name: i === 3 ? '100%好' : `导购${i}` }))
  await aContact(db, corpId, { staffId: ids[0] })
  await aContact(db, corpId, { staffId: ids[0], lostAt: at })
  await using there = await aSignedApp(db)
  const cookie = await there.signedIn(corpId, 'manager')
  const get = async (query: string) =>
    (await there.app.inject({ url: `/api/staff?${query}`, headers: { cookie } })).json<{
      items: { staffId: string; customers: number }[]
      nextCursor: string | null
    }>()
  const seen: string[] = []
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const page = await get(`limit=3${cursor === '0' ? '' : `&cursor=${cursor}`}`)
    seen.push(...page.items.map((s) => s.staffId))
    cursor = page.nextCursor
  }
  expect(seen).toEqual(ids)
  expect((await get('limit=1')).items[0]!.customers).toBe(1)
  expect((await get('q=gUIDE4')).items.map((s) => s.staffId)).toEqual([ids[4]])
  expect((await get(`q=${encodeURIComponent('%')}`)).items.map((s) => s.staffId)).toEqual([ids[3]])
})

test('what cannot be asked for is refused with 400, never 500', async () => {
  await using db = await freshDb()
  await using there = await aSignedApp(db)
  const cookie = await there.signedIn(await aCorp(db), 'admin')
  for (const url of [
    '/api/staff?q=%00',
    '/api/staff?cursor=9999999999999999999',
    '/api/staff?departmentId=9223372036854775808',
    '/api/staff?limit=0',
    '/api/audit?action=%00',
    '/api/audit?before=-1',
    '/api/contacts?tagsAll=9999999999999999999',
    '/api/contacts/9999999999999999999',
    '/api/session/wecom/start?corpId=9999999999999999999',
    '/api/session/wecom/callback?code=x&state=y',
  ])
    expect([url, (await there.app.inject({ url, headers: { cookie } })).statusCode]).toEqual([url, 400])
  const payload = { login: 'a\0b', password: 'x' }
  expect((await there.app.inject({ method: 'POST', url: '/api/session', payload })).statusCode).toBe(400)
})

test('AC-04: a body with more than was asked for changes nothing more', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using there = await aSignedApp(db)
  const [boss, member] = [await aStaff(db, corpId), await aStaff(db, corpId, { name: '艾米' })]
  const cookie = await there.signedIn(corpId, 'admin', boss)
  const payload = { role: 'manager', name: '改名', corpId: '1', staffId: boss, follows: false, leftAt: '2026-01-01' }
  await there.app.inject({ method: 'PUT', url: `/api/staff/${member}/access`, payload, headers: { cookie } })
  const { items } = (await there.app.inject({ url: '/api/staff', headers: { cookie } })).json()
  expect(items[1]).toMatchObject({ staffId: member, name: '艾米', role: 'manager', follows: true, leftAt: null })
  expect(items[0]).toMatchObject({ staffId: boss, role: 'admin' })
})
