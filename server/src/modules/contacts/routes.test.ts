import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContact, aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { appendEvents } from '../events/journal.ts'
import type { ContactPage, ContactProfile } from './schema.ts'
import { refreshContacts } from './service.ts'

const follow = (db: TestDb, corpId: string, contactId: string, staffId: string, remark: string) =>
  inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('follow')
      .values({ corpId, contactId, staffId, remark, mobilesMasked: ['138****0000'], addedAt: at, updatedAt: at })
      .execute(),
  )

test('AC-03: a customer of another corp, of a colleague or of nobody is answered in the same words', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const [amy, bob] = [await aStaff(db, ours), await aStaff(db, ours)]
  const ofBob = await aContact(db, ours, { staffId: bob, externalUserid: 'wmBob' })
  const foreign = await aContact(db, theirs, { staffId: await aStaff(db, theirs), externalUserid: 'wmForeign' })
  await using there = await aSignedApp(db)
  const [admin, asAmy, asBob] = [
    await there.signedIn(ours, 'admin'),
    await there.signedIn(ours, 'staff', amy),
    await there.signedIn(ours, 'staff', bob),
  ]
  const get = async (cookie: string, url: string) => {
    const reply = await there.app.inject({ url, headers: { cookie } })
    const { requestId: _, ...body } = reply.json<Record<string, unknown>>()
    return { status: reply.statusCode, body }
  }
  const missing = await get(admin, '/api/contacts/424242')
  expect(missing.status).toBe(404)
  for (const path of [
    `/api/contacts/${foreign}`,
    `/api/contacts/${foreign}/timeline`,
    '/api/contacts/by-external/wmForeign',
  ]) {
    for (const cookie of [admin, asAmy]) expect(await get(cookie, path), path).toEqual(missing)
  }
  for (const path of [`/api/contacts/${ofBob}`, `/api/contacts/${ofBob}/timeline`, '/api/contacts/by-external/wmBob']) {
    expect(await get(asAmy, path), path).toEqual(missing)
    expect((await get(asBob, path)).status, path).toBe(200)
    expect((await get(admin, path)).status, path).toBe(200)
  }
  const list = await there.app.inject({ url: '/api/contacts?state=all', headers: { cookie: asAmy } })
  expect(list.json<ContactPage>()).toMatchObject({ items: [] })
  const counted = await there.app.inject({ url: '/api/contacts/count?state=all', headers: { cookie: asAmy } })
  expect(counted.json()).toEqual({ total: 0, isFloor: false })
})

test('a profile shows every follow to who may see the corp, and a staff member his own notes only; numbers masked', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId, { name: '艾米' }), await aStaff(db, corpId, { name: '鲍勃' })]
  const contactId = await aContact(db, corpId, { name: '林晚', externalUserid: 'wm1' })
  await follow(db, corpId, contactId, amy, '艾米记的')
  await follow(db, corpId, contactId, bob, '鲍勃密记')
  const tagId = await aTag(db, corpId, { name: '爱茶', group: '口味' })
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('followTag')
      .values({ corpId, contactId, staffId: bob, tagId, source: 'staff', reason: '{"by":"鲍勃"}', addedAt: at })
      .execute(),
  )
  await using there = await aSignedApp(db)
  const read = async (cookie: string) =>
    (await there.app.inject({ url: `/api/contacts/${contactId}`, headers: { cookie } })).json<ContactProfile>()
  const whole = await read(await there.signedIn(corpId, 'manager'))
  expect(whole).toMatchObject({
    externalUserid: 'wm1',
    name: '林晚',
    identities: [{ kind: 'external_userid', shown: 'wm1', trust: 2 }],
  })
  expect(
    whole.follows
      .map((f) => [f.staffName, f.remark, f.mobiles, f.tags.map((t) => [t.name, t.reason, t.inWecom])])
      .sort(),
  ).toEqual([
    ['艾米', '艾米记的', ['138****0000'], []],
    ['鲍勃', '鲍勃密记', ['138****0000'], [['爱茶', { by: '鲍勃' }, false]]],
  ])
  const own = await read(await there.signedIn(corpId, 'staff', amy))
  expect(own.follows.map((f) => f.remark)).toEqual(['艾米记的'])
  expect(JSON.stringify(own)).not.toMatch(/密记|爱茶/)
})

test('what cannot be a filter is refused with 400, never 500', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const contactId = await aContact(db, corpId, { staffId: await aStaff(db, corpId) })
  await using there = await aSignedApp(db)
  const cookie = await there.signedIn(corpId, 'admin')
  for (const query of [
    'q=%00',
    'q=%E6%9E%97%00',
    'channelState=%00',
    'addedFrom=0000-01-01',
    'addedTo=2026-02-30',
    'addedFrom=yesterday',
    'tagsAll=1%20or%201%3D1',
    'tagsAll=1,,2',
    'tagsAny=;1',
    'tagsAny=1;',
    `tagsNone=${Array.from({ length: 201 }, (_, i) => i + 1).join()}`,
    'staffIds=-1',
    'departmentId=0',
    'gender=3',
    'kind=0',
    'shared=perhaps',
    'state=everything',
    'limit=0',
    'limit=101',
    'limit=1e9',
  ]) {
    const reply = await there.app.inject({ url: `/api/contacts?${query}`, headers: { cookie } })
    expect([query, reply.statusCode]).toEqual([query, 400])
  }
  for (const path of [
    `/api/contacts/by-external/a%00`,
    `/api/contacts/${contactId}/timeline?kinds=%00`,
    '/api/contacts/abc',
    '/api/contacts/0',
  ]) {
    const reply = await there.app.inject({ url: path, headers: { cookie } })
    expect([path, reply.statusCode]).toEqual([path, 400])
  }
})

test('the timeline is the journal of that customer alone, of the kinds asked for', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const [contactId, other] = [await aContact(db, corpId, { staffId }), await aContact(db, corpId, { staffId })]
  await inCorp(db.api, corpId, (tx) =>
    appendEvents(
      tx,
      corpId,
      [contactId, other].flatMap((of) =>
        (['contact.added', 'contact.edited', 'contact.lost'] as const).map((kind, i) => ({
          contactId: of,
          staffId,
          kind,
          at: new Date(at.getTime() + i),
          source: 'sync' as const,
          props: {},
          key: `${kind} ${of}`,
        })),
      ),
      at,
    ),
  )
  await using there = await aSignedApp(db)
  const cookie = await there.signedIn(corpId, 'auditor')
  const kinds = async (query: string) =>
    (await there.app.inject({ url: `/api/contacts/${contactId}/timeline${query}`, headers: { cookie } }))
      .json<{ items: { kind: string }[] }>()
      .items.map((i) => i.kind)
  expect(await kinds('')).toEqual(['contact.lost', 'contact.edited', 'contact.added'])
  expect(await kinds('?kinds=contact.added,contact.lost')).toEqual(['contact.lost', 'contact.added'])
  expect(await kinds('?limit=1')).toEqual(['contact.lost'])
})

test('AC-05: what a colleague noted of a shared customer is in a manager’s timeline and not in a staff member’s', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const contactId = await aContact(db, corpId, { staffId: amy })
  await follow(db, corpId, contactId, bob, '')
  const noted = (staffId: string, to: string) => ({
    contactId,
    staffId,
    kind: 'contact.edited' as const,
    at,
    source: 'callback' as const,
    props: { remark: { from: '', to } },
    key: to,
  })
  await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, [noted(amy, '艾米记的'), noted(bob, '鲍勃密记')], at))
  await using there = await aSignedApp(db)
  const read = async (cookie: string) =>
    (await there.app.inject({ url: `/api/contacts/${contactId}/timeline`, headers: { cookie } })).body
  const [own, all] = [await there.signedIn(corpId, 'staff', amy), await there.signedIn(corpId, 'manager')]
  expect(await read(own)).toContain('艾米记的')
  expect(await read(own)).not.toContain('鲍勃密记')
  expect(await read(all)).toContain('鲍勃密记')
})

test('a sync is started once and cancelled once, each written to the audit log; who may not is refused', async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  await using there = await aSignedApp(db)
  const [operator, manager, foreign] = [
    await there.signedIn(corpId, 'operator'),
    await there.signedIn(corpId, 'manager'),
    await there.signedIn(other, 'admin'),
  ]
  const post = async (cookie: string, url: string) => {
    const reply = await there.app.inject({ method: 'POST', url, headers: { cookie } })
    return { status: reply.statusCode, ...(reply.body ? reply.json<{ code?: string; syncRunId?: string }>() : {}) }
  }
  expect(await post(operator, '/api/sync/cancel')).toMatchObject({ status: 409, code: 'contacts.no_sync_running' })
  expect((await post(manager, '/api/sync')).status).toBe(403)
  const started = await post(operator, '/api/sync')
  expect(started.status).toBe(202)
  expect(await post(operator, '/api/sync')).toMatchObject({ status: 409, code: 'contacts.sync_running' })
  expect(await post(foreign, '/api/sync/cancel')).toMatchObject({ status: 409, code: 'contacts.no_sync_running' })
  expect((await there.app.inject({ url: '/api/sync', headers: { cookie: foreign } })).json()).toEqual([])
  expect((await post(operator, '/api/sync/cancel')).status).toBe(204)
  const runs = await there.app.inject({ url: '/api/sync', headers: { cookie: manager } })
  expect(runs.json()).toMatchObject([{ syncRunId: started.syncRunId, state: 'cancelled', kind: 'full' }])
  const { rows } = await sql`select action, object_id from audit_log order by audit_id`.execute(db.owner)
  expect(rows).toEqual([
    { action: 'sync.start', objectId: started.syncRunId },
    { action: 'sync.cancel', objectId: null },
  ])
})

test('a list is exported as it is filtered, in one file, its names no formulas, its writing down in the audit log', async () => {
  await using db = await freshDb()
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const staffId = await aStaff(db, corpId, { name: '+艾米' })
  for (let i = 0; i < 1_003; i++)
    await aContact(db, corpId, { staffId, name: i === 500 ? '=HYPERLINK("http://x","点我")' : `客户${i}`, addedAt: at })
  await aContact(db, corpId, { staffId, name: '走了', lostAt: new Date(at.getTime() + 1) })
  await aContact(db, theirs, { staffId: await aStaff(db, theirs), name: '别家的' })
  await using there = await aSignedApp(db)
  const cookie = await there.signedIn(corpId, 'operator')
  const file = await there.app.inject({ url: '/api/contacts/export.csv', headers: { cookie } })
  const lines = file.body.split('\r\n')
  expect([file.statusCode, file.headers['content-type'], lines.length]).toEqual([
    200,
    'text/csv; charset=utf-8',
    1_003 + 2,
  ])
  expect(file.body).toContain(`"'=HYPERLINK(""http://x"",""点我"")"`)
  expect(lines[1]).toContain(`"'+艾米"`)
  expect(file.body).not.toMatch(/走了|别家的/)
  const auditor = await there.signedIn(corpId, 'auditor')
  const audit = await there.app.inject({ url: '/api/audit', headers: { cookie: auditor } })
  expect(audit.json().items).toMatchObject([
    { action: 'contact.export', detail: { customers: 1_003, filter: { state: 'following' } } },
  ])
})

test('AC-03: a manager sees the customers of his departments and all below them, in every read, and their staff’s notes alone', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [boss, below, beside] = [await aStaff(db, corpId), await aStaff(db, corpId), await aStaff(db, corpId)]
  await inCorp(db.api, corpId, async (tx) => {
    const departments = [
      { departmentId: '1', parentId: null, name: '总部' },
      { departmentId: '2', parentId: '1', name: '华东' },
      { departmentId: '3', parentId: '2', name: '静安店' },
      { departmentId: '4', parentId: '1', name: '华南' },
    ]
    await tx
      .insertInto('department')
      .values(departments.map((d) => ({ corpId, ...d })))
      .execute()
    const seats = [
      [boss, '2'],
      [below, '3'],
      [beside, '4'],
    ] as const
    await tx
      .insertInto('staffDepartment')
      .values(seats.map(([staffId, departmentId]) => ({ corpId, staffId, departmentId })))
      .execute()
  })
  const ours = await aContact(db, corpId, { name: '静安的', staffId: below, remark: '静安记的' })
  const theirs = await aContact(db, corpId, { name: '华南的', staffId: beside })
  await inCorp(db.api, corpId, async (tx) => {
    await tx
      .insertInto('follow')
      .values({ corpId, contactId: ours, staffId: beside, remark: '华南记的', addedAt: at, updatedAt: at })
      .execute()
    await refreshContacts(tx, corpId, [ours], at)
    const fact = (contactId: string, staffId: string) =>
      ({
        contactId,
        staffId,
        at,
        kind: 'contact.added',
        source: 'sync',
        props: {},
        key: `added ${contactId} ${staffId}`,
      }) as const
    await appendEvents(tx, corpId, [fact(ours, below), fact(theirs, beside)], at)
  })
  await using there = await aSignedApp(db)
  const cookie = await there.signedIn(corpId, 'manager', boss)
  const get = async (url: string) => (await there.app.inject({ url, headers: { cookie } })).json()
  expect((await get('/api/contacts')).items.map((c: { name: string }) => c.name)).toEqual(['静安的'])
  expect(await get('/api/contacts/count')).toEqual({ total: 1, isFloor: false })
  expect((await get('/api/contacts?q=华南记')).items).toEqual([])
  expect((await get(`/api/contacts/${ours}`)).follows.map((f: { remark: string }) => f.remark)).toEqual(['静安记的'])
  expect((await get(`/api/contacts/${theirs}`)).code).toBe('platform.not_found')
  expect((await get('/api/home')).contacts).toBe(1)
  const headOffice = await there.signedIn(corpId, 'manager')
  const all = await there.app.inject({ url: '/api/contacts/count', headers: { cookie: headOffice } })
  expect(all.json()).toEqual({ total: 2, isFloor: false })
})
