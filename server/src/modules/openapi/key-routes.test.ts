import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aCaller } from '../../../test/open-api.ts'
import { aWholeApp } from '../../../test/whole-app.ts'
import { aCorp, freshDb } from '../../../test/world.ts'

test('a key is shown once and kept nowhere; it is listed by its last four, and once revoked nobody gets in with it', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const corpId = await aCorp(db)
  const cookie = await there.signedIn(corpId, 'owner')
  const ask = async (method: string, url: string, body?: object, as = cookie) => {
    const { status, code, text } = await there.ask(method, url, as, body)
    return { status, code, body: text === '' ? undefined : JSON.parse(text) }
  }
  const made = await ask('POST', '/api/openapi/keys', { kind: 'server', name: '商城后台' })
  const { key, keyId } = made.body
  expect([made.status, key]).toEqual([201, expect.stringMatching(/^sk_[\w-]{43}$/)])
  const web = {
    kind: 'web',
    name: '官网',
    allowedOrigins: ['https://Shop.example.com/path', 'https://shop.example.com'],
  }
  expect((await ask('POST', '/api/openapi/keys', web)).status).toBe(201)
  for (const origin of ['shop.example.com', 'javascript:alert(1)', 'null', '*'])
    expect((await ask('POST', '/api/openapi/keys', { ...web, allowedOrigins: [origin] })).status).toBe(400)

  const { body: listed } = await ask('GET', '/api/openapi/keys')
  expect(listed).toMatchObject([
    { kind: 'web', allowedOrigins: ['https://shop.example.com'] },
    { keyId, kind: 'server', hint: key.slice(-4), lastUsedAt: null, revokedAt: null },
  ])
  const rows = await sql<{
    row: string
  }>`select k::text as row from api_key k union all select a::text from audit_log a`.execute(db.owner)
  for (const { row } of rows.rows) expect(row).not.toContain(key.slice(3, 30))

  const caller = aCaller(there, key)
  expect((await caller.collect([null])).status).toBe(202)
  expect((await ask('GET', '/api/openapi/keys')).body[1].lastUsedAt).not.toBeNull()
  expect((await ask('DELETE', `/api/openapi/keys/${keyId}`)).status).toBe(204)
  expect((await caller.collect([null])).status).toBe(401)
  const { rows: audit } = await sql<{ action: string }>`select action from audit_log order by line`.execute(db.owner)
  expect(audit.map(({ action }) => action)).toEqual(['api_key.create', 'api_key.create', 'api_key.revoke'])
  const stranger = await there.signedIn(await aCorp(db), 'owner')
  expect((await ask('DELETE', `/api/openapi/keys/${keyId}`, undefined, stranger)).status).toBe(404)
  expect((await ask('GET', '/api/openapi/keys', undefined, stranger)).body).toEqual([])
})

test('AU-06: whoever has not proven himself of late makes no key', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const cookie = await there.signedIn(await aCorp(db), 'owner')
  await sql`update session set proved_at = now() - interval '6 minutes'`.execute(db.owner)
  const { code } = await there.ask('POST', '/api/openapi/keys', cookie, { kind: 'server', name: '后台' })
  expect(code).toBe('staff.step_up_required')
})
