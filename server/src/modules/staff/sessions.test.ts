import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContext, aCorp, aStaff, at, freshDb, type TestDb } from '../../../test/world.ts'
import { sha256 } from '../../platform/secrets.ts'
import { ensureFirstAdmin, grantCorp } from './sign-in.ts'

const PASSWORD = 'a long pass phrase'

async function anAdmin(db: TestDb, ...corpIds: string[]): Promise<string> {
  await ensureFirstAdmin(db.api, { login: 'admin', password: PASSWORD, now: at })
  const { accountId } = await db.api.selectFrom('account').select('accountId').executeTakeFirstOrThrow()
  for (const corpId of corpIds) await grantCorp(db.api, { accountId, corpId, role: 'admin' })
  return accountId
}

type App = Awaited<ReturnType<typeof aSignedApp>>['app']
const signIn = (app: App, cookie?: string) =>
  app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { login: 'admin', password: PASSWORD },
    headers: cookie ? { cookie } : {},
  })
const whoAmI = (app: App, cookie: string) => app.inject({ url: '/api/session', headers: { cookie } })
const cookieOf = (reply: { headers: Record<string, unknown> }) => String(reply.headers['set-cookie']).split(';')[0]!
const age = (db: TestDb, cookie: string, column: 'seen_at' | 'created_at', minutes: number) =>
  sql`update session set ${sql.ref(column)} = now() - ${minutes} * interval '1 minute' where session_hash = ${sha256(/siyu_session=([^;]+)/.exec(cookie)![1]!)}`.execute(
    db.owner,
  )

test('AU-01: signing in gives a new id and ends the one the browser brought, whoever planted it', async () => {
  await using db = await freshDb()
  await anAdmin(db, await aCorp(db))
  await using there = await aSignedApp(db)
  const first = cookieOf(await signIn(there.app))
  const second = cookieOf(await signIn(there.app, first))
  const planted = cookieOf(await signIn(there.app, 'siyu_session=planted-by-an-attacker'))
  expect(new Set([first, second, planted]).size).toBe(3)
  expect(planted).not.toContain('attacker')
  expect((await whoAmI(there.app, first)).statusCode).toBe(401)
  expect((await whoAmI(there.app, second)).statusCode).toBe(200)
})

test('the cookie is 256 bits, out of reach of scripts, kept only as a hash; over HTTPS it is bound to the host', async () => {
  await using db = await freshDb()
  await anAdmin(db, await aCorp(db))
  await using plain = await aSignedApp(db)
  await using work = aContext(db)
  await using secure = await aSignedApp(db, { work: { ...work, publicUrl: 'https://siyu.example.com' } })
  const header = String((await signIn(plain.app)).headers['set-cookie'])
  expect(header).toMatch(/^siyu_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  expect(String((await signIn(secure.app)).headers['set-cookie'])).toMatch(
    /^__Host-siyu_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  const { rows } = await sql<{
    row: string
  }>`select s::text || encode(session_hash, 'escape') as row from session s`.execute(db.owner)
  expect(rows.some(({ row }) => row.includes(header.slice(13, 56)))).toBe(false)
})

test('AU-03: a session idles out after 30 minutes, ends after 12 hours however busy, and is seen at most once a minute', async () => {
  await using db = await freshDb()
  await anAdmin(db, await aCorp(db))
  await using there = await aSignedApp(db)
  const cookie = cookieOf(await signIn(there.app))
  const seenAt = async () =>
    (await sql<{ seen: string }>`select seen_at::text as seen from session where revoked_at is null`.execute(db.owner))
      .rows[0]!.seen
  const opened = await seenAt()
  await whoAmI(there.app, cookie)
  expect(await seenAt()).toBe(opened)
  await age(db, cookie, 'seen_at', 29)
  const before = await seenAt()
  expect((await whoAmI(there.app, cookie)).statusCode).toBe(200)
  expect(await seenAt()).not.toBe(before)
  await age(db, cookie, 'seen_at', 31)
  expect((await whoAmI(there.app, cookie)).statusCode).toBe(401)

  await age(db, cookie, 'seen_at', 0)
  await age(db, cookie, 'created_at', 12 * 60 - 1)
  expect((await whoAmI(there.app, cookie)).statusCode).toBe(200)
  await age(db, cookie, 'created_at', 12 * 60 + 1)
  expect((await whoAmI(there.app, cookie)).statusCode).toBe(401)
})

test('AU-03: changing corps gives a new id and the old age: a stolen cookie is not prolonged', async () => {
  await using db = await freshDb()
  const [ours, second, theirs] = [await aCorp(db), await aCorp(db), await aCorp(db)]
  await anAdmin(db, ours, second)
  await using there = await aSignedApp(db)
  const cookie = cookieOf(await signIn(there.app))
  await age(db, cookie, 'created_at', 11 * 60)
  const change = (corpId: string, from: string) =>
    there.app.inject({ method: 'POST', url: '/api/session/corp', payload: { corpId }, headers: { cookie: from } })
  expect((await change(theirs, cookie)).statusCode).toBe(404)
  const moved = cookieOf(await change(second, cookie))
  expect((await whoAmI(there.app, cookie)).statusCode).toBe(401)
  const me = (await whoAmI(there.app, moved)).json()
  expect(me.corp.corpId).toBe(second)
  expect(me.corps.map((c: { corpId: string }) => c.corpId)).toEqual([ours, second])
  await sql`update session set created_at = created_at - interval '61 minutes'`.execute(db.owner)
  expect((await whoAmI(there.app, moved)).statusCode).toBe(401)
})

test('AU-03: sessions are listed and ended one by one; another account’s cannot be', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await anAdmin(db, corpId)
  await using there = await aSignedApp(db)
  const [here, phone] = [cookieOf(await signIn(there.app)), cookieOf(await signIn(there.app))]
  const stranger = await there.signedIn(corpId, 'admin')
  const list = async (cookie: string) =>
    (await there.app.inject({ url: '/api/sessions', headers: { cookie } })).json<
      { sessionKey: string; current: boolean }[]
    >()
  const listed = await list(here)
  expect(listed.map((s) => s.current).sort()).toEqual([false, true])
  const end = (sessionKey: string, cookie: string) =>
    there.app.inject({ method: 'DELETE', url: `/api/sessions/${sessionKey}`, headers: { cookie } })
  const other = listed.find((s) => !s.current)!.sessionKey
  await end(other, stranger)
  expect((await whoAmI(there.app, phone)).statusCode).toBe(200)
  await end(other, here)
  expect((await whoAmI(there.app, phone)).statusCode).toBe(401)
  expect((await whoAmI(there.app, here)).statusCode).toBe(200)

  await there.app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie: here } })
  expect((await whoAmI(there.app, here)).statusCode).toBe(401)
  expect((await whoAmI(there.app, stranger)).statusCode).toBe(200)
})

test('a changed password ends every other session of the account and nobody else’s', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await anAdmin(db, corpId)
  await using there = await aSignedApp(db)
  const [here, elsewhere] = [cookieOf(await signIn(there.app)), cookieOf(await signIn(there.app))]
  const stranger = await there.signedIn(corpId, 'operator')
  const change = (current: string) =>
    there.app.inject({
      method: 'PUT',
      url: '/api/account/password',
      payload: { current, next: 'another long phrase' },
      headers: { cookie: here },
    })
  expect((await change('not it')).statusCode).toBe(401)
  expect((await whoAmI(there.app, elsewhere)).statusCode).toBe(200)
  expect((await change(PASSWORD)).statusCode).toBe(204)
  expect((await whoAmI(there.app, elsewhere)).statusCode).toBe(401)
  expect((await whoAmI(there.app, here)).statusCode).toBe(200)
  expect((await whoAmI(there.app, stranger)).statusCode).toBe(200)
})

test('before a corp is connected only connecting one is open; the same session is of that corp as soon as it is', async () => {
  await using db = await freshDb()
  const accountId = await anAdmin(db)
  let connecting: string | undefined
  await using there = await aSignedApp(db, {
    before: (app) =>
      void app.post('/api/corps', { config: { access: 'corps.write' } }, async ({ actor }) => {
        connecting = actor.accountId
        return {}
      }),
  })
  const cookie = cookieOf(await signIn(there.app))
  expect((await whoAmI(there.app, cookie)).json()).toMatchObject({ code: 'staff.no_corp_yet' })
  for (const url of ['/api/contacts', '/api/staff', '/api/home', '/api/audit'])
    expect([url, (await there.app.inject({ url, headers: { cookie } })).statusCode]).toEqual([url, 409])
  expect((await there.app.inject({ method: 'POST', url: '/api/corps', headers: { cookie } })).statusCode).toBe(200)
  // Whoever takes longer than a proof lasts is asked for his password, and the page must know that he has one.
  expect((await there.app.inject({ url: '/api/account/factors', headers: { cookie } })).statusCode).toBe(200)
  expect(connecting).toBe(accountId)

  const corpId = await aCorp(db)
  await grantCorp(db.api, { accountId, corpId, role: 'admin' })
  expect((await whoAmI(there.app, cookie)).json()).toMatchObject({ accountId, role: 'admin', corp: { corpId } })
})

test('AU-03: a role given or taken holds from the next request; nobody changes his own; another corp’s member is not found', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  await using there = await aSignedApp(db)
  const [boss, member, foreigner] = [await aStaff(db, ours), await aStaff(db, ours), await aStaff(db, theirs)]
  const admin = await there.signedIn(ours, 'admin', boss)
  const worker = await there.signedIn(ours, 'staff', member)
  const give = (staffId: string, role: string, cookie = admin) =>
    there.app.inject({ method: 'PUT', url: `/api/staff/${staffId}/access`, payload: { role }, headers: { cookie } })
  const health = async () => (await there.app.inject({ url: '/api/sync', headers: { cookie: worker } })).statusCode

  expect(await health()).toBe(403)
  expect((await give(member, 'admin', worker)).statusCode).toBe(403)
  expect((await give(member, 'operator')).statusCode).toBe(204)
  expect(await health()).toBe(200)
  expect((await give(member, 'staff')).statusCode).toBe(204)
  expect(await health()).toBe(403)
  expect((await give(boss, 'staff')).json()).toMatchObject({ code: 'staff.own_role' })
  expect((await give(foreigner, 'admin')).statusCode).toBe(404)
  const newcomer = await aStaff(db, ours)
  expect((await give(newcomer, 'manager')).statusCode).toBe(204)
  const { items } = (await there.app.inject({ url: '/api/staff', headers: { cookie: admin } })).json<{
    items: { staffId: string; role: string | null }[]
  }>()
  expect(items.map((s) => [s.staffId, s.role])).toEqual([
    [boss, 'admin'],
    [member, 'staff'],
    [newcomer, 'manager'],
  ])
  const { rows } = await sql<{
    action: string
    objectId: string
  }>`select action, object_id from audit_log order by audit_id`.execute(db.owner)
  expect(rows).toEqual([member, member, newcomer].map((objectId) => ({ action: 'staff.set_access', objectId })))
})
