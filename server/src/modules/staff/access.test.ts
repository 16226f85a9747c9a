import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContact, aContext, aCorp, aStaff, at, freshDb, testLog } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { createHttp } from '../../platform/http.ts'
import { addSignIn, contactScope } from './access.ts'
import { recordAudit } from './audit.ts'
import { ROLES, type Role } from './schema.ts'

const ALL = [...ROLES]
const NOT_STAFF: Role[] = ['admin', 'operator', 'manager', 'compliance']

/** Who may, said again by hand: what a route declares is held against this. */
const MAY: Record<string, readonly Role[] | 'everybody'> = {
  'GET /api/sign-in': 'everybody',
  'POST /api/session': 'everybody',
  'GET /api/session/wecom/start': 'everybody',
  'GET /api/session/wecom/callback': 'everybody',
  'GET /api/session': ALL,
  'DELETE /api/session': ALL,
  'POST /api/session/corp': ALL,
  'GET /api/sessions': ALL,
  'DELETE /api/sessions/:sessionKey': ALL,
  'PUT /api/account/password': ALL,
  'GET /api/staff': ALL,
  'PUT /api/staff/:staffId/role': ['admin'],
  'GET /api/departments': ALL,
  'GET /api/audit': ['admin', 'compliance'],
  'GET /api/home': ALL,
  'GET /api/contacts': ALL,
  'GET /api/contacts/:contactId': ALL,
  'GET /api/contacts/by-external/:externalUserid': ALL,
  'GET /api/contacts/:contactId/timeline': ALL,
  'GET /api/sync': NOT_STAFF,
  'POST /api/sync': ['admin', 'operator'],
  'POST /api/sync/cancel': ['admin', 'operator'],
}

test('AC-02: every route of the two rooms, tried by every role and by nobody, lets in exactly whom it should', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const routes: string[] = []
  await using there = await aSignedApp(db, {
    before: (app) =>
      void app.addHook('onRoute', ({ method, url }) => {
        if (method !== 'HEAD') routes.push(`${String(method)} ${url}`)
      }),
  })
  expect(routes.sort()).toEqual(Object.keys(MAY).sort())

  const wrong: string[] = []
  for (const route of routes) {
    const [method, url] = route.split(' ') as ['GET', string]
    const path = url
      .replace(':sessionKey', '0'.repeat(16))
      .replace(':externalUserid', 'wmnobody')
      .replace(/:\w+/, '999999')
    const may = MAY[route]!
    for (const role of [undefined, ...ROLES]) {
      const cookie = role ? await there.signedIn(corpId, role) : ''
      // A handler that got as far as refusing what it was given (400, 404, 409) did let the caller in.
      const { statusCode, body } = await there.app.inject({
        method,
        url: path,
        headers: { cookie },
        payload: method === 'GET' ? undefined : {},
      })
      const code = (body && (JSON.parse(body || '{}') as { code?: string }).code) || ''
      const letIn = code !== 'platform.sign_in_required' && code !== 'platform.not_allowed'
      const expected = may === 'everybody' || (role !== undefined && may.includes(role))
      if (letIn !== expected || statusCode >= 500) wrong.push(`${route} as ${role ?? 'nobody'}: ${statusCode} ${code}`)
    }
  }
  expect(wrong).toEqual([])
})

test('AC-01: a route with an access nobody has, or none at all, stops the boot', async () => {
  await using db = await freshDb()
  await using work = aContext(db)
  const boot = async (access: string | undefined) => {
    const app = await createHttp({ log: testLog, trustedProxies: 0, ownOrigins: [] })
    await addSignIn(app, { db: db.api, work, demo: false, adminLogin: 'admin', scopeOf: contactScope })
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
  const auditor = await there.signedIn(theirs, 'compliance')
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
