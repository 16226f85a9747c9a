import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { sha256 } from '../../platform/secrets.ts'
import { ensureFirstAdmin, grantCorp } from './sign-in.ts'

const PASSWORD = 'a long pass phrase'
type Method = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH'

async function aHouse(db: TestDb) {
  const corpId = await aCorp(db)
  const there = await aSignedApp(db)
  const ask = async (cookie: string, method: Method, url: string, payload?: object) => {
    const reply = await there.app.inject({ method, url, headers: { cookie }, ...(payload ? { payload } : {}) })
    const json = reply.headers['content-type']?.toString().includes('json') ? reply.json() : undefined
    return { status: reply.statusCode, code: json?.code, body: json }
  }
  const owner = await there.signedIn(corpId, 'owner')
  const [amy, bob] = [await aStaff(db, corpId, { name: '艾米' }), await aStaff(db, corpId, { name: '鲍勃' })]
  await aContact(db, corpId, { staffId: amy })
  const bobs = await aContact(db, corpId, { staffId: bob })
  const age = (cookie: string, column: 'seen_at' | 'created_at' | 'view_as_until', minutes: number) =>
    sql`update session set ${sql.ref(column)} = now() - ${minutes} * interval '1 minute' where session_hash = ${sha256(/siyu_session=([^;]+)/.exec(cookie)![1]!)}`.execute(
      db.owner,
    )
  const actions = async () =>
    (
      await inCorp(db.api, corpId, (tx) =>
        tx.selectFrom('auditLog').select(['action', 'objectId']).where('corpId', '=', corpId).orderBy('line').execute(),
      )
    ).map(({ action, objectId }) => `${action} ${objectId}`)
  return {
    corpId,
    there,
    ask,
    owner,
    amy,
    bob,
    bobs,
    age,
    actions,
    [Symbol.asyncDispose]: () => there[Symbol.asyncDispose](),
  }
}

test('looking as a colleague shows his world and nothing else, changes nothing, takes nothing away, and ends', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, owner, amy, bobs } = house
  const seen = async () => (await ask(owner, 'GET', '/api/contacts')).body.items.length
  expect(await seen()).toBe(2)
  expect((await ask(owner, 'POST', '/api/session/view-as', { staffId: amy })).status).toBe(204)
  expect((await ask(owner, 'GET', '/api/session')).body).toMatchObject({
    role: 'staff',
    staffId: amy,
    viewing: { staffId: amy, name: '艾米' },
  })
  expect(await seen()).toBe(1)
  expect((await ask(owner, 'GET', `/api/contacts/${bobs}`)).status).toBe(404)
  // Neither what amy may do (a note), nor what the owner may (a role, an export): nothing but reading.
  const [{ contactId }] = (await ask(owner, 'GET', '/api/contacts')).body.items
  expect((await ask(owner, 'POST', `/api/contacts/${contactId}/notes`, { text: '替她写' })).code).toBe(
    'staff.view_only',
  )
  expect((await ask(owner, 'GET', '/api/contacts/export.csv')).code).toBe('platform.not_allowed')
  expect((await ask(owner, 'POST', '/api/session/view-as', { staffId: house.bob })).code).toBe('platform.not_allowed')
  expect((await ask(owner, 'DELETE', '/api/session/view-as')).status).toBe(204)
  expect(await seen()).toBe(2)
  expect((await ask(owner, 'GET', '/api/session')).body).toMatchObject({ role: 'owner', viewing: null })
  expect(await house.actions()).toEqual([`session.view_as ${amy}`, `session.view_as_end ${amy}`])

  await ask(owner, 'POST', '/api/session/view-as', { staffId: amy })
  await house.age(owner, 'view_as_until', 1)
  expect(await seen()).toBe(2)
})

test('an export is refused while looking as somebody who may export', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, owner, amy, corpId } = house
  await ask(owner, 'PUT', `/api/staff/${amy}/access`, { role: 'operator' })
  await ask(owner, 'POST', '/api/session/view-as', { staffId: amy })
  expect((await ask(owner, 'GET', '/api/contacts/export.csv')).code).toBe('staff.view_only')
  expect((await ask(owner, 'PUT', '/api/sign-in-rules', {})).code).toBe('platform.not_allowed')
  const exports = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('auditLog').select('action').where('action', '=', 'contact.export').execute(),
  )
  expect(exports).toEqual([])
})

test('nobody looks as one who may or sees more, nor ends his sessions; and who has less now looks as nobody', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, there, corpId, owner, amy, bob } = house
  const boss = await aStaff(db, corpId, { name: '老板' })
  await there.signedIn(corpId, 'owner', boss)
  const admin = await there.signedIn(corpId, 'admin', bob)
  expect((await ask(admin, 'POST', '/api/session/view-as', { staffId: boss })).code).toBe('staff.not_yours_to_see')
  expect((await ask(admin, 'DELETE', `/api/staff/${boss}/sessions`)).code).toBe('staff.not_yours_to_see')
  // As wide a role over fewer customers: an administrator bound to his own.
  await ask(owner, 'PUT', `/api/staff/${bob}/access`, { role: 'admin', scopeKind: 'own' })
  expect((await ask(admin, 'POST', '/api/session/view-as', { staffId: amy })).code).toBe('staff.not_yours_to_see')
  await ask(owner, 'PUT', `/api/staff/${bob}/access`, { role: 'admin' })
  expect((await ask(admin, 'POST', '/api/session/view-as', { staffId: amy })).status).toBe(204)
  await ask(owner, 'PUT', `/api/staff/${bob}/access`, { role: 'admin', scopeKind: 'own' })
  expect((await ask(admin, 'GET', '/api/session')).body).toMatchObject({ role: 'admin', viewing: null, staffId: bob })
  const elsewhere = await aStaff(db, await aCorp(db))
  expect((await ask(owner, 'POST', '/api/session/view-as', { staffId: elsewhere })).status).toBe(404)
})

test('AU-03: how long sessions live is the corp’s own; others keep theirs', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, there, corpId, owner, amy, age } = house
  const other = await there.signedIn(await aCorp(db), 'staff')
  const cookie = await there.signedIn(corpId, 'staff', amy)
  const rules = { idleMinutes: 5, absoluteHours: 2, secondFactor: false }
  expect((await ask(owner, 'PUT', '/api/sign-in-rules', rules)).status).toBe(204)
  expect((await ask(owner, 'GET', '/api/sign-in-rules')).body).toEqual(rules)
  const signedIn = async (who: string) => (await ask(who, 'GET', '/api/session')).status === 200
  for (const who of [cookie, other]) await age(who, 'seen_at', 6)
  expect([await signedIn(cookie), await signedIn(other)]).toEqual([false, true])
  await ask(owner, 'PUT', '/api/sign-in-rules', { ...rules, idleMinutes: 60 })
  await age(cookie, 'seen_at', 50)
  expect(await signedIn(cookie)).toBe(true)
  await age(cookie, 'created_at', 121)
  expect(await signedIn(cookie)).toBe(false)
  for (const bad of [{ idleMinutes: 4 }, { idleMinutes: 481 }, { absoluteHours: 0 }, { absoluteHours: 73 }])
    expect((await ask(owner, 'PUT', '/api/sign-in-rules', { ...rules, ...bad })).status).toBe(400)
})

test('AU-04: where the corp asks for a second factor, a password alone shows its own account and nothing more', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, there, corpId, owner } = house
  await ensureFirstAdmin(db.api, { login: 'admin', password: PASSWORD, now: new Date() })
  const { accountId } = await db.api
    .selectFrom('account')
    .select('accountId')
    .where('login', '=', 'admin')
    .executeTakeFirstOrThrow()
  await grantCorp(db.api, { accountId, corpId, role: 'admin' })
  const admin = await there.signedInAs(accountId, corpId)
  const rules = { idleMinutes: 30, absoluteHours: 12, secondFactor: true }
  // Who asks it of others shows it first; whoever signs in by WeCom's scan has shown his phone.
  expect((await ask(admin, 'PUT', '/api/sign-in-rules', rules)).code).toBe('staff.own_factor_first')
  expect((await ask(owner, 'PUT', '/api/sign-in-rules', rules)).status).toBe(204)
  expect((await ask(owner, 'GET', '/api/contacts')).status).toBe(200)
  expect((await ask(admin, 'GET', '/api/contacts')).code).toBe('staff.second_factor_required')
  expect((await ask(admin, 'GET', '/api/session')).body.factorMissing).toBe(true)
  expect((await ask(admin, 'POST', '/api/account/totp')).status).toBe(200)
  await db.owner.updateTable('account').set({ totpOnAt: new Date() }).where('accountId', '=', accountId).execute()
  expect((await ask(admin, 'GET', '/api/contacts')).status).toBe(200)
  // A role that can do little is not asked.
  await db.owner.updateTable('account').set({ totpOnAt: null }).where('accountId', '=', accountId).execute()
  await db.owner.updateTable('accountCorp').set({ role: 'manager' }).where('accountId', '=', accountId).execute()
  expect((await ask(admin, 'GET', '/api/contacts')).status).toBe(200)
})

test('a lost phone: a member’s sessions in this corp end at once, and no other corp’s', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, there, corpId, owner, amy } = house
  const here = await there.signedIn(corpId, 'staff', amy)
  const { accountId } = await db.owner
    .selectFrom('accountCorp')
    .select('accountId')
    .where('staffId', '=', amy)
    .executeTakeFirstOrThrow()
  const otherCorp = await aCorp(db)
  await grantCorp(db.api, { accountId, corpId: otherCorp, role: 'staff' })
  const there_ = await there.signedInAs(accountId, otherCorp)
  expect((await ask(owner, 'GET', `/api/staff/${amy}/sessions`)).body).toHaveLength(1)
  expect((await ask(owner, 'DELETE', `/api/staff/${amy}/sessions`)).status).toBe(204)
  expect([(await ask(here, 'GET', '/api/session')).status, (await ask(there_, 'GET', '/api/session')).status]).toEqual([
    401, 200,
  ])
  expect((await ask(owner, 'GET', `/api/staff/${amy}/sessions`)).body).toEqual([])
  expect(await house.actions()).toContain(`staff.end_sessions ${amy}`)
})
