import { request } from 'node:http'
import { expect, test } from 'vitest'
import { aFriend, aWorld, type Json } from '../../test/world.ts'

/** fetch does not let a test lie about Host. */
function status(
  url: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; allowed?: string }> {
  return new Promise((resolve) => {
    request(url, { method, headers }, (reply) => {
      reply.resume()
      const allowed = reply.headers['access-control-allow-origin']
      resolve({ status: reply.statusCode!, allowed })
    }).end()
  })
}

test('a foreign Host or Origin is refused on every control path, and nowhere else', async () => {
  await using world = await aWorld()
  const url = `${world.sim.url}/control/corps`
  for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example']) {
    expect(await status(url, { host })).toMatchObject({ status: 403 })
  }
  for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example']) {
    expect(await status(url, { origin })).toMatchObject({ status: 403, allowed: undefined })
  }
  expect(
    await status(`${world.sim.url}/control/faults/reset`, { origin: 'https://evil.example' }, 'POST'),
  ).toMatchObject({ status: 403 })
  expect(await status(url, { host: 'localhost:7710' })).toMatchObject({ status: 200 })
  expect(await status(url, { origin: 'http://127.0.0.1:7700' })).toEqual({
    status: 200,
    allowed: 'http://127.0.0.1:7700',
  })
  expect(await status(url, { origin: 'http://localhost:7700' }, 'OPTIONS')).toEqual({
    status: 204,
    allowed: 'http://localhost:7700',
  })
  expect(await status(`${world.sim.url}/healthz`, { host: 'simulator' })).toMatchObject({ status: 200 })
})

test('what cannot be is 409 with a sentence, what is not there 404, what is malformed 400', async () => {
  await using world = await aWorld()
  const path = `/corps/${world.corp.corpid}/actions`
  expect(
    await world.control('POST', path, { type: 'customer_says', userid: 'amy', externalUserid: 'wmX', text: '在' }),
  ).toEqual({
    code: 'follow.none',
    message: '他们现在不是好友，先加上好友再试',
  })
  expect(await world.control('GET', '/corps/wwnone')).toMatchObject({ code: 'corp.unknown' })
  expect(await world.control('POST', path, { type: 'dance' })).toMatchObject({ code: 'request.invalid' })
  expect(await world.control('POST', path, { type: 'scan', code: 'x', extra: 1 })).toMatchObject({
    code: 'request.invalid',
  })
  expect(await world.control('GET', '/nothing')).toMatchObject({ code: 'path.unknown' })
})

test('a list of actions is done in order', async () => {
  await using world = await aWorld()
  const { externalUserid } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name: '阿哲' })
  const pair = { userid: 'amy', externalUserid }
  const { results } = await world.control<{ results: Json[] }>('POST', `/corps/${world.corp.corpid}/actions`, [
    { type: 'add', ...pair },
    { type: 'customer_says', ...pair, text: '学生有优惠吗' },
    { type: 'customer_deletes', ...pair },
    { type: 'add', ...pair },
  ])
  expect(results.map((result) => result.outcome ?? result.text ?? null)).toEqual([
    'added',
    '学生有优惠吗',
    null,
    'added',
  ])
})

test('a corp is found again by its key', async () => {
  await using world = await aWorld()
  const make = () => world.control<{ corpid: string }>('POST', '/corps', { name: '又一家', key: 'k' })
  expect((await make()).corpid).toBe((await make()).corpid)
})

test('customers are searched by name and remark, and page without gaps', async () => {
  await using world = await aWorld()
  for (const name of ['林晚', '林一', '陈伯年']) await aFriend(world, name)
  const people = `/corps/${world.corp.corpid}/customers`
  const page = await world.control<{ customers: Json[]; total: number; nextCursor: number }>(
    'GET',
    `${people}?q=林&limit=1`,
  )
  expect(page).toMatchObject({ total: 2, nextCursor: 1, customers: [{ name: '林晚' }] })
  expect(await world.control('GET', `${people}?q=林&limit=1&cursor=1`)).toMatchObject({ customers: [{ name: '林一' }] })
})

test('the stream tells each call as it happens', async () => {
  await using world = await aWorld()
  const stream = await fetch(`${world.sim.url}/control/wire/stream`)
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  await reader.read() // the greeting
  await world.apiGet('getcallbackip')
  let heard = ''
  while (!heard.includes('getcallbackip')) heard += (await reader.read()).value
  expect(heard).toMatch(/event: entry\ndata: \{.*"api":"getcallbackip"/)
  await reader.cancel()
})

test('the wire tells in people’s words what happened, and keeps secrets to itself', async () => {
  await using world = await aWorld()
  const met = await aFriend(world, '苏苏')
  const made = await world.api('externalcontact/add_corp_tag', { group_name: '意向', tag: [{ name: '送礼' }] })
  const id = (made.tag_group as { tag: { id: string }[] }).tag[0]!.id
  await world.api('externalcontact/mark_tag', { userid: 'amy', external_userid: met.externalUserid, add_tag: [id] })
  const wire = await world.control<{ entries: { sentence: string; result: string }[] }>('GET', '/wire?direction=call')
  expect(wire.entries.map((entry) => `${entry.sentence} ${entry.result}`)).toContain(
    '给苏苏打上「送礼」，企业微信不回调 ok',
  )
  expect(JSON.stringify(wire)).not.toContain(world.corp.secret)
})

test('the truth is every relation, one line each', async () => {
  await using world = await aWorld({ corp: { generate: { customers: 40, followersEach: 2, staff: 3 } } })
  const reply = await fetch(`${world.sim.url}/control/corps/${world.corp.corpid}/truth`)
  const lines = (await reply.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string })
  const counts = Object.fromEntries(
    Object.entries(Object.groupBy(lines, (line) => line.kind)).map(([kind, rows]) => [kind, rows!.length]),
  )
  expect(counts).toEqual({ department: 1, staff: 3, tag_group: 1, customer: 40, follow: 80 })
})
