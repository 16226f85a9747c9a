import { expect, test } from 'vitest'
import { aFriend, aWorld, type TestWorld } from '../test/world.ts'
import { type FaultRule, Faults } from './faults.ts'

function decisions(seed: number, rules: FaultRule[], calls: string[]): (string | undefined)[] {
  const faults = new Faults(seed)
  faults.setRules(rules)
  return calls.map((path) => faults.decide('api', path, 'corp')?.kind)
}

const SOMETIMES: FaultRule[] = [{ where: 'api', kind: '5xx', probability: 0.3 }]
const calls = Array.from({ length: 200 }, (_, i) => `path${i % 3}`)

test('the same seed meets the same fate call by call; another seed another one', () => {
  const once = decisions(2026, SOMETIMES, calls)
  expect(decisions(2026, SOMETIMES, calls)).toEqual(once)
  expect(decisions(2027, SOMETIMES, calls)).not.toEqual(once)
  const injected = once.filter(Boolean).length
  expect(injected).toBeGreaterThan(35)
  expect(injected).toBeLessThan(90)
})

test('a rule decides by the ordinal of the calls it matches, so other traffic does not shift it', () => {
  const rules: FaultRule[] = [{ where: 'api', kind: 'busy', match: 'a/*', probability: 0.5 }]
  const alone = decisions(
    1,
    rules,
    Array.from({ length: 40 }, () => 'a/x'),
  )
  const among = decisions(
    1,
    rules,
    Array.from({ length: 80 }, (_, i) => (i % 2 ? 'a/x' : 'b/y')),
  ).filter((_, i) => i % 2)
  expect(among).toEqual(alone)
})

test('every n-th, and at most so many', () => {
  const rules: FaultRule[] = [{ where: 'api', kind: 'reset', every: 3, count: 2 }]
  const injected = decisions(
    1,
    rules,
    Array.from({ length: 12 }, () => 'p'),
  ).map(Boolean)
  expect(injected.flatMap((hit, i) => (hit ? [i + 1] : []))).toEqual([3, 6])
})

test('a reset with the seed replays the same decisions over HTTP', async () => {
  await using world = await aWorld()
  await world.control('PUT', '/faults', {
    seed: 5,
    rules: [{ where: 'api', kind: 'busy', match: 'getcallbackip', probability: 0.5 }],
  })
  const run = async () => {
    const codes: unknown[] = []
    for (let i = 0; i < 20; i++) codes.push((await world.apiGet('getcallbackip')).errcode)
    return codes
  }
  const first = await run()
  await world.control('POST', '/faults/reset', { seed: 5 })
  expect(await run()).toEqual(first)
  expect(new Set(first)).toEqual(new Set([0, -1]))
})

async function raw(world: TestWorld, kind: string, path: string, body: object, ms?: number) {
  const token = await world.token()
  await world.control('PUT', '/faults', { rules: [{ where: 'api', kind, match: path, count: 1, ms }] })
  const reply = await fetch(`${world.sim.url}/cgi-bin/${path}?access_token=${token}`, {
    method: 'POST',
    body: JSON.stringify(body),
  }).catch((error: Error) => error)
  if (reply instanceof Error) return { failed: true, status: 0, text: '' }
  return { failed: false, status: reply.status, text: await reply.text().catch(() => '（断了）') }
}

const REMARK = 'externalcontact/remark'

test('a timeout before leaves the world as it was, a timeout after does not', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const remarkNow = async () => {
    const got = (await world.apiGet('externalcontact/get', { external_userid: met.externalUserid })) as {
      follow_user: { remark: string }[]
    }
    return got.follow_user[0]!.remark
  }
  const body = { userid: 'amy', external_userid: met.externalUserid, remark: '改成这样' }
  expect(await raw(world, 'timeout-before', REMARK, body, 60)).toMatchObject({ failed: true })
  expect(await remarkNow()).toBe('林晚')
  expect(await raw(world, 'timeout-after', REMARK, body, 60)).toMatchObject({ failed: true })
  expect(await remarkNow()).toBe('改成这样')
})

test('broken answers break in their own way', async () => {
  await using world = await aWorld()
  expect(await raw(world, '5xx', REMARK, {})).toMatchObject({ status: 502 })
  expect(await raw(world, 'html', REMARK, {})).toMatchObject({
    status: 200,
    text: expect.stringContaining('<!DOCTYPE html>'),
  })
  expect(await raw(world, 'reset', REMARK, {})).toMatchObject({ failed: true })
  const garbage = await raw(world, 'garbage', REMARK, {})
  expect(garbage.status).toBe(200)
  expect(() => JSON.parse(garbage.text)).toThrow()
  expect(JSON.parse((await raw(world, '45033', REMARK, {})).text)).toMatchObject({ errcode: 45033 })
})

test('an injected 40014 takes the token back; an injected 45009 blocks that one API for its window', async () => {
  await using world = await aWorld()
  const before = await world.token()
  expect(JSON.parse((await raw(world, '40014', REMARK, {})).text)).toMatchObject({ errcode: 40014 })
  expect(await world.token()).not.toBe(before)

  expect(JSON.parse((await raw(world, '45009-minute', 'externalcontact/get_corp_tag_list', {})).text)).toMatchObject({
    errcode: 45009,
  })
  expect(await world.api('externalcontact/get_corp_tag_list')).toMatchObject({ errcode: 45009 })
  expect(await world.apiGet('getcallbackip')).toMatchObject({ errcode: 0 })
  await world.control('POST', '/clock', { jumpSeconds: 61 })
  expect(await world.api('externalcontact/get_corp_tag_list')).toMatchObject({ errcode: 0 })
})
