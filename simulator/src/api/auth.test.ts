import { expect, test } from 'vitest'
import { aWorld, type Json, type TestWorld } from '../../test/world.ts'

const get = async (world: TestWorld, path: string): Promise<Json> =>
  (await (await fetch(`${world.sim.url}/cgi-bin/${path}`)).json()) as Json

test('repeated calls return the same token until it expires, and then it is 42001, not 40014', async () => {
  await using world = await aWorld()
  const token = await world.token()
  expect(await world.token()).toBe(token)
  await world.control('POST', '/clock', { jumpSeconds: 7199 })
  expect(await get(world, `getcallbackip?access_token=${token}`)).toMatchObject({ errcode: 0 })
  await world.control('POST', '/clock', { jumpSeconds: 2 })
  expect(await get(world, `getcallbackip?access_token=${token}`)).toMatchObject({ errcode: 42001 })
  expect(await world.token()).not.toBe(token)
})

test('credentials that do not fit have each their own code', async () => {
  await using world = await aWorld()
  const { corpid, secret } = world.corp
  expect(await get(world, `gettoken?corpid=${corpid}&corpsecret=wrong`)).toMatchObject({ errcode: 40001 })
  expect(await get(world, `gettoken?corpid=ww0000&corpsecret=${secret}`)).toMatchObject({ errcode: 40013 })
  expect(await get(world, `gettoken?corpsecret=${secret}`)).toMatchObject({ errcode: 41002 })
  expect(await get(world, `gettoken?corpid=${corpid}`)).toMatchObject({ errcode: 41004 })
  expect(await get(world, 'getcallbackip')).toMatchObject({ errcode: 41001 })
  expect(await get(world, 'getcallbackip?access_token=nonsense')).toMatchObject({ errcode: 40014 })
})

test('an error reads like the platform’s: hint, caller and where to look it up', async () => {
  await using world = await aWorld()
  const { errmsg } = await get(world, 'getcallbackip?access_token=nonsense')
  expect(errmsg).toMatch(
    /^invalid access_token, hint: \[\d+_\d+_[0-9a-f]{32}\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40014$/,
  )
})

test('a revoked token is 40014 at once', async () => {
  await using world = await aWorld()
  const token = await world.token()
  await world.control('POST', `/corps/${world.corp.corpid}/revoke-tokens`)
  expect(await get(world, `getcallbackip?access_token=${token}`)).toMatchObject({ errcode: 40014 })
})

test('the contact-sync secret lists ids and nothing else; the app secret everything but that', async () => {
  await using world = await aWorld()
  const [app, contacts] = [await world.token(), await world.token(world.corp.contactSecret)]
  const post = async (token: string, path: string) =>
    (await (
      await fetch(`${world.sim.url}/cgi-bin/${path}?access_token=${token}`, { method: 'POST', body: '{}' })
    ).json()) as Json
  expect(await post(contacts, 'user/list_id')).toMatchObject({
    errcode: 0,
    dept_user: [
      { userid: 'amy', department: 1 },
      { userid: 'Bob', department: 1 },
      { userid: 'cat', department: 1 },
    ],
    next_cursor: '',
  })
  expect(await post(app, 'user/list_id')).toMatchObject({ errcode: 48002 })
  expect(await get(world, `user/get?userid=amy&access_token=${contacts}`)).toMatchObject({ errcode: 48009 })
  expect(await post(contacts, 'externalcontact/get_corp_tag_list')).toMatchObject({ errcode: 48002 })
})

test('with a trusted list, calls from elsewhere are refused with 60020', async () => {
  await using world = await aWorld()
  const trust = (trustedIps: string[]) =>
    world.control('PATCH', `/corps/${world.corp.corpid}`, { options: { trustedIps } })
  await trust(['10.0.0.1'])
  expect(await world.apiGet('getcallbackip')).toMatchObject({ errcode: 60020 })
  await trust(['127.0.0.1'])
  expect(await world.apiGet('getcallbackip')).toMatchObject({ errcode: 0 })
})

test('an unknown path, and GET where POST is due, are errors in the platform’s shape', async () => {
  await using world = await aWorld()
  expect(await world.apiGet('no/such/api')).toMatchObject({
    errcode: 40066,
    errmsg: expect.stringContaining('hint: ['),
  })
  expect(await world.apiGet('externalcontact/get_corp_tag_list')).toMatchObject({ errcode: 40063 })
})

test('broken JSON is read as nothing, with a warning', async () => {
  await using world = await aWorld()
  const url = `${world.sim.url}/cgi-bin/externalcontact/get_corp_tag_list?access_token=${await world.token()}`
  const reply = (await (await fetch(url, { method: 'POST', body: '{"tag_id":' })).json()) as Json
  expect(reply).toMatchObject({ errcode: 0, errmsg: expect.stringContaining('Warning: wrong json format.') })
})

test('JS-SDK tickets differ by kind, stay for two hours, and may be fetched 100 times an hour by an app', async () => {
  await using world = await aWorld()
  const app = () => world.apiGet('ticket/get', { type: 'agent_config' })
  const first = await app()
  expect((await app()).ticket).toBe(first.ticket)
  expect((await world.apiGet('get_jsapi_ticket')).ticket).not.toBe(first.ticket)
  for (let i = 0; i < 98; i++) await app()
  expect(await app()).toMatchObject({ errcode: 45009 })
})
