import { expect, test } from 'vitest'
import { aReceiver, aWorld } from '../../test/world.ts'
import { SWITCHES, setSwitches } from './switches.ts'

const post = (url: string, path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  fetch(`${url}/admin/${path}`, { method: 'POST', body: new URLSearchParams(fields), headers })

test('a permission taken back on the page is refused over the API, of this company alone, and given back it works', async () => {
  await using world = await aWorld()
  const all = Object.fromEntries(SWITCHES.map(({ name }) => [name, 'on']))
  const codeOf = async () => (await world.apiGet('externalcontact/get_follow_user_list')).errcode
  const corpid = `?corpid=${world.corp.corpid}`
  const { contacts: _off, ...rest } = all
  expect(await (await post(world.sim.url, `switches${corpid}`, rest)).text()).toContain('权限已保存')
  expect(await codeOf()).toBe(48002)
  expect((await world.apiGet('agent/get', { agentid: String(world.corp.agentId) })).errcode).toBe(0)
  await post(world.sim.url, `switches${corpid}`, all)
  expect(await codeOf()).toBe(0)
})

test('switches of one company leave the rules of others, and those of tests, as they are', () => {
  const others = [
    { where: 'api', kind: '5xx' } as const,
    { where: 'api', kind: '48002', match: 'externalcontact/*', corpid: 'ww2' } as const,
  ]
  const on = new Set(SWITCHES.map(({ name }) => name))
  const without = setSwitches(others, 'ww1', new Set([...on].filter((name) => name !== 'enabled')))
  expect(without).toEqual([...others, { where: 'api', kind: '50003', match: '*', corpid: 'ww1' }])
  expect(setSwitches(without, 'ww1', on)).toEqual(others)
})

test('the page saves a callback address only when it answers, and hands out a new secret that works', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  const corpid = `?corpid=${world.corp.corpid}`
  const given = { url: receiver.url, token: 'QDG6eK', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }
  expect(await (await post(world.sim.url, `receiver${corpid}`, given)).text()).toContain('校验通过')
  const closed = { ...given, url: 'http://127.0.0.1:1/callback' }
  expect(await (await post(world.sim.url, `receiver${corpid}`, closed)).text()).toContain('不通过')
  expect(
    (await world.control<{ receivers: { app: { url: string } } }>('GET', `/corps/${world.corp.corpid}`)).receivers.app
      .url,
  ).toBe(receiver.url)
  await post(world.sim.url, `secret${corpid}`)
  const { secret } = await world.control<{ secret: string }>('GET', `/corps/${world.corp.corpid}`)
  expect(secret).not.toBe(world.corp.secret)
  expect([await world.token(), typeof (await world.token(secret))]).toEqual([undefined, 'string'])
})

test('the page is for this machine: another site may neither read nor press', async () => {
  await using world = await aWorld()
  expect((await post(world.sim.url, 'open', {}, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await fetch(`${world.sim.url}/admin`)).status).toBe(200)
})
