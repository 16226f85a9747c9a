import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { aSignedApp, type SignedApp } from '../../../test/signed-app.ts'
import { aWholeApp } from '../../../test/whole-app.ts'
import { aCorp, freshDb, type TestDb } from '../../../test/world.ts'
import { ensureFirstAdmin, grantCorp } from './sign-in.ts'

const PASSWORD = 'a long pass phrase'

async function anOwner(db: TestDb): Promise<{ accountId: string; corpId: string }> {
  const corpId = await aCorp(db)
  await ensureFirstAdmin(db.api, { login: 'admin', password: PASSWORD, now: new Date() })
  const { accountId } = await db.api.selectFrom('account').select('accountId').executeTakeFirstOrThrow()
  await grantCorp(db.api, { accountId, corpId, role: 'owner' })
  return { accountId, corpId }
}

const cookieOf = (reply: { headers: Record<string, unknown> }) => String(reply.headers['set-cookie']).split(';')[0]!
async function ask(
  app: SignedApp['app'],
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  cookie = '',
  payload?: object,
) {
  const reply = await app.inject({ method, url, headers: { cookie }, ...(payload ? { payload } : {}) })
  return { reply, status: reply.statusCode, body: reply.body ? reply.json() : undefined }
}
const signIn = (app: SignedApp['app'], code?: string) =>
  ask(app, 'POST', '/api/session', '', { login: 'admin', password: PASSWORD, ...(code ? { code } : {}) })
/** What the phone shows `steps` of half a minute from now. */
const shown = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })

async function enrolled(app: SignedApp['app']) {
  const cookie = cookieOf((await signIn(app)).reply)
  const { body } = await ask(app, 'POST', '/api/account/totp', cookie)
  // The window reaches one step back: the code of the step before leaves those of now and next unused.
  const confirmed = await ask(app, 'PUT', '/api/account/totp', cookie, { code: shown(body.secret, -1) })
  return {
    cookie,
    secret: body.secret as string,
    svg: body.svg as string,
    codes: confirmed.body.recoveryCodes as string[],
  }
}

test('AU-04: with a second factor the password alone opens nothing; a code opens once, an old one never', async () => {
  await using db = await freshDb()
  await anOwner(db)
  await using there = await aSignedApp(db)
  const { secret, svg } = await enrolled(there.app)
  expect(svg).toContain('<svg')
  expect((await signIn(there.app)).body.code).toBe('staff.code_required')
  expect((await signIn(there.app, '000000')).body.code).toBe('staff.wrong_code')
  expect((await signIn(there.app, shown(secret, -1))).body.code).toBe('staff.wrong_code') // taken at enrolment
  const code = shown(secret)
  const both = await Promise.all([signIn(there.app, code), signIn(there.app, code)])
  expect(both.map(({ status }) => status).sort()).toEqual([204, 401])
  const wrongPassword = await ask(there.app, 'POST', '/api/session', '', {
    login: 'admin',
    password: 'no',
    code: shown(secret, 1),
  })
  expect(wrongPassword.body.code).toBe('staff.wrong_password')
})

test('AU-04: recovery codes open once each; guesses of the second factor lock the login like guesses of the first', async () => {
  await using db = await freshDb()
  const { accountId } = await anOwner(db)
  await using there = await aSignedApp(db)
  const { codes, cookie } = await enrolled(there.app)
  expect(new Set(codes).size).toBe(10)
  expect((await signIn(there.app, codes[0]!.toLowerCase().replace('-', ' '))).status).toBe(204)
  expect((await signIn(there.app, codes[0])).body.code).toBe('staff.wrong_code')
  expect((await ask(there.app, 'GET', '/api/account/factors', cookie)).body).toEqual({
    hasPassword: true,
    totp: true,
    recoveryLeft: 9,
  })
  const stored = await sql<{
    row: string
  }>`select t::text as row from recovery_code t union all select t::text from account t`.execute(db.owner)
  for (const code of codes) expect(stored.rows.map(({ row }) => row).join()).not.toContain(code.replace('-', ''))
  for (let guess = 0; guess < 4; guess++) await signIn(there.app, `10000${guess}`)
  expect((await signIn(there.app, codes[1])).body.code).toBe('staff.sign_in_locked')
  await db.owner.deleteFrom('signInTry').execute()
  expect((await signIn(there.app, codes[1])).status).toBe(204)
  await db.owner.updateTable('session').set({ provedAt: new Date() }).where('accountId', '=', accountId).execute()
  expect((await ask(there.app, 'DELETE', '/api/account/totp', cookie)).status).toBe(204)
  expect((await signIn(there.app)).status).toBe(204)
})

const PROTECTED = [
  ['GET', '/api/contacts/export.csv'],
  ['GET', '/api/contacts/export.xlsx'],
  ['GET', '/api/corp/callback'],
  ['PUT', '/api/corp/credentials'],
  ['POST', '/api/corps'],
  ['POST', '/api/roles'],
  ['PUT', '/api/roles/1'],
  ['DELETE', '/api/roles/1'],
  ['PUT', '/api/staff/1/access'],
  ['POST', '/api/account/totp'],
  ['PUT', '/api/account/totp'],
  ['DELETE', '/api/account/totp'],
] as const

test(`AU-06: ${PROTECTED.length} routes ask for a proof not older than five minutes, and a new one gives a new session`, async () => {
  await using db = await freshDb()
  await anOwner(db)
  await using there = await aWholeApp(db)
  const old = cookieOf(
    await there.app.inject({ method: 'POST', url: '/api/session', payload: { login: 'admin', password: PASSWORD } }),
  )
  const tried = async (cookie: string) =>
    Promise.all(
      PROTECTED.map(
        async ([method, url]) => (await there.ask(method, url, cookie, method === 'GET' ? undefined : {})).code,
      ),
    )
  expect(new Set(await tried(old))).not.toContain('staff.step_up_required')
  await sql`update session set proved_at = proved_at - interval '5 minutes 1 second'`.execute(db.owner)
  expect(new Set(await tried(old))).toEqual(new Set(['staff.step_up_required']))
  expect((await there.ask('GET', '/api/contacts', old)).status).toBe(200) // everything else goes on
  const switched = await there.app.inject({
    method: 'POST',
    url: '/api/session/corp',
    headers: { cookie: old },
    payload: { corpId: (await db.api.selectFrom('corp').select('corpId').executeTakeFirstOrThrow()).corpId },
  })
  const moved = cookieOf(switched) // changing corps proves nothing
  expect((await there.ask('GET', '/api/corp/callback', moved)).code).toBe('staff.step_up_required')

  expect((await there.ask('POST', '/api/session/step-up', moved, { password: 'wrong' })).code).toBe(
    'staff.wrong_password',
  )
  const proof = await there.app.inject({
    method: 'POST',
    url: '/api/session/step-up',
    headers: { cookie: moved },
    payload: { password: PASSWORD },
  })
  const fresh = cookieOf(proof)
  expect(fresh).not.toBe(moved)
  expect((await there.ask('GET', '/api/session', moved)).status).toBe(401)
  expect(new Set(await tried(fresh))).not.toContain('staff.step_up_required')
})
