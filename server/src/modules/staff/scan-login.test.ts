import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aFriend } from '../../../../simulator/test/world.ts'
import { aSignedApp, type SignedApp } from '../../../test/signed-app.ts'
import { aSimulatedCorp, type SimulatedCorp } from '../../../test/simulated-corp.ts'
import { aCorp, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { syncAddressBook } from './directory.ts'

const cookiesOf = (reply: { headers: Record<string, unknown> }) =>
  [reply.headers['set-cookie'] ?? []].flat().map((line) => String(line).split(';')[0]!)

/** A browser that has pressed the button: where it was sent, and what it must bring back. */
async function begin({ app }: SignedApp, corpId: string) {
  const reply = await app.inject(`/api/session/wecom/start?corpId=${corpId}`)
  expect(reply.statusCode).toBe(302)
  const url = new URL(String(reply.headers.location))
  return { url, state: url.searchParams.get('state')!, cookie: cookiesOf(reply)[0]! }
}

/** Somebody picks `userid` on WeCom's page; the code the browser is sent back with. */
async function scan({ world }: SimulatedCorp, { url, state }: { url: URL; state: string }, userid: string) {
  const body = new URLSearchParams({
    corpid: world.corp.corpid,
    redirectUri: url.searchParams.get('redirect_uri')!,
    state,
    scope: 'login',
    userid,
  })
  const reply = await fetch(`${world.sim.url}/wwlogin/scan`, { method: 'POST', body, redirect: 'manual' })
  return new URL(reply.headers.get('location')!).searchParams.get('code')!
}

/** A customer opens the same way in from inside WeChat. */
async function codeOfCustomer(
  { world }: SimulatedCorp,
  { url, state }: { url: URL; state: string },
  externalUserid: string,
) {
  const query = new URLSearchParams({
    appid: world.corp.corpid,
    redirect_uri: url.searchParams.get('redirect_uri')!,
    response_type: 'code',
    scope: 'snsapi_base',
    state,
    who: externalUserid,
  })
  const reply = await fetch(`${world.sim.url}/connect/oauth2/opened?${query}`, { redirect: 'manual' })
  return new URL(reply.headers.get('location')!).searchParams.get('code')!
}

const end = ({ app }: SignedApp, given: { code: string; state: string; cookie?: string; accept?: string }) =>
  app.inject({
    url: `/api/session/wecom/callback?code=${given.code}&state=${given.state}`,
    headers: { ...(given.cookie ? { cookie: given.cookie } : {}), ...(given.accept ? { accept: given.accept } : {}) },
  })

const accounts = async (db: TestDb) =>
  (
    await sql<{ name: string; role: string }>`
      select a.name, c.role from account a join account_corp c using (account_id) order by a.account_id`.execute(
      db.owner,
    )
  ).rows

test('a member who scans is in, as the same account every time, in his corp only', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await using door = await aSignedApp(db, { work: there.context })
  const other = await aCorp(db)
  await aStaff(db, other, { userid: 'amy', name: '别家的艾米' })
  const sessions: string[] = []
  for (let i = 0; i < 2; i++) {
    const begun = await begin(door, there.corpId)
    const reply = await end(door, { ...begun, code: await scan(there, begun, 'amy') })
    expect([reply.statusCode, reply.headers.location]).toEqual([302, '/'])
    sessions.push(cookiesOf(reply).find((c) => c.startsWith('siyu_session='))!)
  }
  expect(await accounts(db)).toEqual([{ name: '艾米', role: 'staff' }])
  const me = (await door.app.inject({ url: '/api/session', headers: { cookie: sessions[1] } })).json()
  expect(me).toMatchObject({ name: '艾米', role: 'staff', staffId: there.amyId })
  expect(me.corps.map((c: { corpId: string }) => c.corpId)).toEqual([there.corpId])
})

test('two first sign-ins of one member at once make one account', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await using door = await aSignedApp(db, { work: there.context })
  const begun = [await begin(door, there.corpId), await begin(door, there.corpId), await begin(door, there.corpId)]
  const codes = await Promise.all(begun.map((b) => scan(there, b, 'amy')))
  const replies = await Promise.all(begun.map((b, i) => end(door, { ...b, code: codes[i]! })))
  expect(replies.map((r) => r.statusCode)).toEqual([302, 302, 302])
  expect(await accounts(db)).toHaveLength(1)
})

test('AU-05: a state works once, in the browser it was given to, for ten minutes', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await using door = await aSignedApp(db, { work: there.context })
  const refusedWhen = async (
    change: (begun: Awaited<ReturnType<typeof begin>>) => Promise<{ state?: string; cookie?: string }>,
  ) => {
    const begun = await begin(door, there.corpId)
    const code = await scan(there, begun, 'amy')
    const reply = await end(door, { ...begun, code, ...(await change(begun)) })
    expect(cookiesOf(reply).some((c) => c.startsWith('siyu_session='))).toBe(false)
    return reply.statusCode
  }
  const another = await begin(door, there.corpId)
  expect(await refusedWhen(async () => ({ cookie: undefined }))).toBe(403)
  expect(await refusedWhen(async () => ({ cookie: another.cookie }))).toBe(403) // an attacker's link opened in a victim's browser
  expect(await refusedWhen(async () => ({ state: 'f'.repeat(48), cookie: `siyu_scan=${'f'.repeat(48)}` }))).toBe(403)
  expect(
    await refusedWhen(async () => {
      await sql`update sign_in_state set expires_at = now() - interval '1 second'`.execute(db.owner)
      return {}
    }),
  ).toBe(403)

  const begun = await begin(door, there.corpId)
  const code = await scan(there, begun, 'amy')
  expect((await end(door, { ...begun, code })).statusCode).toBe(302)
  const fresh = await scan(there, begun, 'amy')
  expect((await end(door, { ...begun, code: fresh })).statusCode).toBe(403)
})

test('a used code, a customer and a member who left or was disabled are refused in words; a browser gets a page', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await using door = await aSignedApp(db, { work: there.context })
  const attempt = async (userid: string, accept?: string) => {
    const begun = await begin(door, there.corpId)
    return end(door, { ...begun, code: await scan(there, begun, userid), ...(accept ? { accept } : {}) })
  }
  const begun = await begin(door, there.corpId)
  const code = await scan(there, begun, 'amy')
  await end(door, { ...begun, code })
  const again = await begin(door, there.corpId)
  expect((await end(door, { ...again, code })).json().message).toContain('二维码已失效')

  const customer = await begin(door, there.corpId)
  const customersCode = await codeOfCustomer(there, customer, (await aFriend(there.world)).externalUserid)
  expect((await end(door, { ...customer, code: customersCode })).json().message).toContain('只有本企业的成员')

  for (const change of [sql`left_at = now()`, sql`left_at = null, status = 2`]) {
    await sql`update staff set ${change} where staff_id = ${there.amyId}`.execute(db.owner)
    const reply = await attempt('amy')
    expect([reply.statusCode, reply.json().code, reply.json().message]).toEqual([
      403,
      'staff.scan_refused',
      expect.stringContaining('已停用或离职'),
    ])
  }
  const page = await attempt('amy', 'text/html,application/xhtml+xml')
  expect([page.statusCode, page.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8'])
  expect(page.body).toContain('已停用或离职')
  expect(page.body).toContain('href="/sign-in"')
})

test('one hired since the address book was read comes in by his first scan, under his name', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await using door = await aSignedApp(db, { work: there.context })
  await there.world.act({ type: 'member_add', userid: 'new.one', name: '许曼' })
  const begun = await begin(door, there.corpId)
  expect((await end(door, { ...begun, code: await scan(there, begun, 'new.one') })).statusCode).toBe(302)
  expect(await accounts(db)).toEqual([{ name: '许曼', role: 'staff' }])
})

test('AC-11: whoever leaves is out at once, everywhere, and cannot come back in; colleagues stay', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await using door = await aSignedApp(db, { work: there.context })
  await syncAddressBook(there.context, there.corpId)
  const enter = async (userid: string) => {
    const begun = await begin(door, there.corpId)
    const reply = await end(door, { ...begun, code: await scan(there, begun, userid) })
    return cookiesOf(reply).find((c) => c.startsWith('siyu_session='))!
  }
  const status = async (cookie: string) =>
    (await door.app.inject({ url: '/api/session', headers: { cookie } })).statusCode
  const [amy, amysPhone, bob] = [await enter('amy'), await enter('amy'), await enter('Bob')]
  expect([await status(amy), await status(amysPhone), await status(bob)]).toEqual([200, 200, 200])
  await there.world.act({ type: 'member_remove', userid: 'amy' })
  await syncAddressBook(there.context, there.corpId)
  expect([await status(amy), await status(amysPhone), await status(bob)]).toEqual([401, 401, 200])

  const other = await aCorp(db)
  const moved = await door.signedIn(other, 'admin')
  await sql`insert into account_corp (account_id, corp_id, role, staff_id)
    select s.account_id, ${there.corpId}, 'admin', c.staff_id from session s, staff c
    where s.corp_id = ${other} and c.corp_id = ${there.corpId} and c.userid = 'cat'`.execute(db.owner)
  const change = () =>
    door.app.inject({
      method: 'POST',
      url: '/api/session/corp',
      payload: { corpId: there.corpId },
      headers: { cookie: moved },
    })
  await sql`update staff set left_at = now() where userid = 'cat'`.execute(db.owner)
  expect((await change()).statusCode).toBe(404)
  await sql`update staff set left_at = null where userid = 'cat'`.execute(db.owner)
  expect((await change()).statusCode).toBe(204)
})
