import { expect, test } from 'vitest'
import { aFriend, aWorld, type TestWorld } from '../../test/world.ts'

const REDIRECT = 'http://127.0.0.1:7700/auth/wecom'

function scan(world: TestWorld, form: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({
    corpid: world.corp.corpid,
    redirectUri: REDIRECT,
    state: 'abc',
    scope: 'login',
    ...form,
  })
  return fetch(`${world.sim.url}/wwlogin/scan`, { method: 'POST', body, redirect: 'manual' })
}

async function codeOf(reply: Response): Promise<string> {
  return new URL(reply.headers.get('location')!).searchParams.get('code')!
}

test('web login lists the members and sends the chosen one back with code and state', async () => {
  await using world = await aWorld()
  const { corpid, agentId } = world.corp
  const query = new URLSearchParams({
    login_type: 'CorpApp',
    appid: corpid,
    agentid: String(agentId),
    redirect_uri: REDIRECT,
    state: 'abc',
  })
  const page = await fetch(`${world.sim.url}/wwlogin/sso/login?${query}`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('value="amy"')

  const reply = await scan(world, { userid: 'amy' })
  expect(reply.status).toBe(302)
  const to = new URL(reply.headers.get('location')!)
  expect([`${to.origin}${to.pathname}`, to.searchParams.get('state')]).toEqual([REDIRECT, 'abc'])
  expect(await world.apiGet('auth/getuserinfo', { code: to.searchParams.get('code')! })).toMatchObject({
    errcode: 0,
    userid: 'amy',
  })
})

test('a code is good once and for five minutes; one never issued is 40029', async () => {
  await using world = await aWorld()
  const [used, stale] = [
    await codeOf(await scan(world, { userid: 'amy' })),
    await codeOf(await scan(world, { userid: 'amy' })),
  ]
  await world.apiGet('auth/getuserinfo', { code: used })
  expect(await world.apiGet('auth/getuserinfo', { code: used })).toMatchObject({ errcode: 42022 })
  await world.control('POST', '/clock', { jumpSeconds: 301 })
  expect(await world.apiGet('auth/getuserinfo', { code: stale })).toMatchObject({ errcode: 42003 })
  expect(await world.apiGet('auth/getuserinfo', { code: 'never' })).toMatchObject({ errcode: 40029 })
})

test('only an exactly trusted domain is redirected to, port included', async () => {
  await using world = await aWorld()
  await world.control('PATCH', `/corps/${world.corp.corpid}`, { options: { trustedDomains: ['127.0.0.1:7700'] } })
  expect((await scan(world, { userid: 'amy' })).status).toBe(302)
  const other = await scan(world, { userid: 'amy', redirectUri: 'http://127.0.0.1:7701/auth/wecom' })
  expect(other.status).toBe(400)
  expect(await other.text()).toContain('50001')
  expect((await scan(world, { userid: 'amy', redirectUri: 'javascript:alert(1)' })).status).toBe(400)
})

/** What the page inside a phone does once the phone has said who holds it. */
async function openAs(world: TestWorld, who: string, scope = 'snsapi_base'): Promise<Response> {
  const { corpid, agentId } = world.corp
  const query = new URLSearchParams({
    appid: corpid,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope,
    state: 's',
    agentid: String(agentId),
    who,
  })
  return fetch(`${world.sim.url}/connect/oauth2/opened?${query}`, { redirect: 'manual' })
}

test('inside the client whoever holds the phone is signed in without being asked; private details need a consent scope', async () => {
  await using world = await aWorld()
  const open = async (scope: string) =>
    world.apiGet('auth/getuserinfo', { code: await codeOf(await openAs(world, 'Bob', scope)) })
  expect(await open('snsapi_base')).toEqual({ errcode: 0, errmsg: 'ok', userid: 'Bob' })
  const consented = await open('snsapi_privateinfo')
  expect(await world.api('auth/getuserdetail', { user_ticket: consented.user_ticket })).toMatchObject({
    userid: 'Bob',
    gender: '0',
  })
  await world.control('POST', '/clock', { jumpSeconds: 1801 })
  expect(await world.api('auth/getuserdetail', { user_ticket: consented.user_ticket })).toMatchObject({
    errcode: 84014,
  })
})

test('a customer who opens a page is told apart from members, and named by his id only while somebody follows him', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const info = async () =>
    world.apiGet('auth/getuserinfo', { code: await codeOf(await openAs(world, met.externalUserid)) })
  const known = await info()
  expect(known).toMatchObject({ external_userid: met.externalUserid, openid: expect.stringMatching(/^o/) })
  expect(known.userid).toBeUndefined()
  await world.act({ type: 'staff_deletes', userid: 'amy', externalUserid: met.externalUserid })
  const stranger = await info()
  expect([stranger.openid, stranger.external_userid]).toEqual([known.openid, undefined])
})

test('the authorize page asks the phone around it and offers people only outside one; nobody made up gets a code', async () => {
  await using world = await aWorld()
  const query = new URLSearchParams({ appid: world.corp.corpid, redirect_uri: REDIRECT, state: 's' })
  const page = await (await fetch(`${world.sim.url}/connect/oauth2/authorize?${query}`)).text()
  expect(page).toContain('id="people" hidden')
  expect(page).toContain('value="amy"')
  expect(page).toContain(`"${world.corp.corpid}"`)
  expect((await openAs(world, 'nobody')).status).toBe(400)
})
