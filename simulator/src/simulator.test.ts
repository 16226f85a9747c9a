import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { aContactWay, aFriend, aReceiver, aWorld, type Json, type Met, type TestWorld } from '../test/world.ts'

async function aFolder() {
  const path = await mkdtemp(join(tmpdir(), 'sim-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

const truth = async (world: TestWorld) =>
  (await fetch(`${world.sim.url}/control/corps/${world.corp.corpid}/truth`)).text()

async function live(world: TestWorld): Promise<{ met: Met; token: string }> {
  const met = await world.act<Met>({ type: 'scan', code: await aContactWay(world, { state: 'a' }) })
  const made = await world.api('externalcontact/add_corp_tag', { group_name: '口味', tag: [{ name: '爱冷泡' }] })
  const id = (made.tag_group as { tag: { id: string }[] }).tag[0]!.id
  await world.api('externalcontact/mark_tag', { userid: 'amy', external_userid: met.externalUserid, add_tag: [id] })
  await world.api('externalcontact/send_welcome_msg', { welcome_code: met.welcomeCode, text: { content: '您好' } })
  await world.act({ type: 'group_create', name: '群', owner: 'amy', memberIds: [met.externalUserid] })
  await world.control('PUT', '/faults', { seed: 3, rules: [{ where: 'api', kind: 'busy', match: 'x', every: 2 }] })
  return { met, token: await world.token() }
}

test('a stop and a start later everything is as it was, tokens included', async () => {
  await using folder = await aFolder()
  const before = await aWorld({ dataDir: folder.path })
  const { met, token } = await live(before)
  const was = await truth(before)
  await before.sim.stop()

  await using after = await aWorld({ dataDir: folder.path })
  expect(after.corp.corpid).toBe(before.corp.corpid)
  expect(await truth(after)).toBe(was)
  expect(await after.token()).toBe(token)
  expect(
    await after.api('externalcontact/send_welcome_msg', { welcome_code: met.welcomeCode, text: { content: '再来' } }),
  ).toMatchObject({ errcode: 41051 })
  expect(await after.control('GET', '/faults')).toMatchObject({ seed: 3, rules: [{ kind: 'busy', every: 2 }] })
  const { messages } = await after.control<{ messages: Json[] }>(
    'GET',
    `/corps/${after.corp.corpid}/conversations/amy/${met.externalUserid}`,
  )
  expect(messages.map((message) => message.text)).toContain('您好')
})

test('a kill loses at most the last 50 milliseconds, and ids of what was lost are never given again', async () => {
  await using folder = await aFolder()
  const before = await aWorld({ dataDir: folder.path })
  const { met } = await live(before)
  await sleep(120)
  const was = await truth(before)
  const lost = await aFriend(before, '最后一刻')
  await before.sim.kill()

  await using after = await aWorld({ dataDir: folder.path })
  expect(await truth(after)).toBe(was)
  const next = await aFriend(after, '新的人')
  expect([met.externalUserid, lost.externalUserid]).not.toContain(next.externalUserid)
})

test('callbacks that were not taken when it stopped are delivered after the start', async () => {
  await using folder = await aFolder()
  const before = await aWorld({ dataDir: folder.path })
  await using receiver = await aReceiver(before)
  await before.control('POST', '/clock', { paused: true })
  await aFriend(before)
  await before.sim.stop()
  expect(receiver.deliveries).toEqual([])

  await using after = await aWorld({ dataDir: folder.path })
  await after.control('POST', '/clock', { paused: false })
  expect(await receiver.waitFor(1)).toHaveLength(1)
})

test('two companies share nothing: ids, tokens and customers of one mean nothing to the other', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const other = await world.control<{ corpid: string; secret: string }>('POST', '/corps', { name: '另一家' })
  const reply = await fetch(`${world.sim.url}/cgi-bin/gettoken?corpid=${other.corpid}&corpsecret=${other.secret}`)
  const { access_token } = (await reply.json()) as { access_token: string }
  const get = async (path: string) =>
    (await (await fetch(`${world.sim.url}/cgi-bin/${path}&access_token=${access_token}`)).json()) as Json
  expect(await get(`externalcontact/get?external_userid=${met.externalUserid}`)).toMatchObject({ errcode: 40096 })
  expect(await get('user/get?userid=amy')).toMatchObject({ errcode: 60111 })
  const crossed = await fetch(
    `${world.sim.url}/cgi-bin/gettoken?corpid=${other.corpid}&corpsecret=${world.corp.secret}`,
  )
  expect(await crossed.json()).toMatchObject({ errcode: 40001 })
})

test('the program seeds the demo company, and a signal stops it within two seconds though clients hang on', async () => {
  await using folder = await aFolder()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { ...process.env, SIYU_SIM_PORT: '0', SIYU_SIM_DATA: folder.path },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [ready] = (await once(child, 'message')) as [{ url: string }]
  const { corps } = (await (await fetch(`${ready.url}/control/corps`)).json()) as { corps: Json[] }
  expect(corps).toMatchObject([{ name: '见山茶事', counts: { customers: 3012 } }])
  const stream = await fetch(`${ready.url}/control/wire/stream`)
  const from = performance.now()
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(0)
  expect(performance.now() - from).toBeLessThan(2000)
  await stream.body?.cancel().catch(() => undefined)
})
