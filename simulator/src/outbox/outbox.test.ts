import { expect, test } from 'vitest'
import { aFriend, aReceiver, aWorld, field, type Json, quiet, type TestWorld } from '../../test/world.ts'

async function people(world: TestWorld, count: number): Promise<string[]> {
  const actions = Array.from({ length: count }, (_, i) => ({ type: 'new_customer', name: `客人 ${i}` }))
  const { results } = await world.control<{ results: { externalUserid: string }[] }>(
    'POST',
    `/corps/${world.corp.corpid}/actions`,
    actions,
  )
  return results.map((person) => person.externalUserid)
}

function addAll(world: TestWorld, externalUserids: string[]): Promise<Json> {
  return world.control(
    'POST',
    `/corps/${world.corp.corpid}/actions`,
    externalUserids.map((externalUserid) => ({ type: 'add', userid: 'amy', externalUserid })),
  )
}

const setFaults = (world: TestWorld, rules: Json[]) => world.control('PUT', '/faults', { seed: 7, rules })
const options = (world: TestWorld, changed: Json) =>
  world.control('PATCH', `/corps/${world.corp.corpid}`, { options: changed })

test('a delivery is accepted by an independent implementation: signature, cipher, receiver id and fields', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  const met = await aFriend(world, '含 ]]> & < 的名字')
  const [delivery] = await receiver.waitFor(1)
  expect(delivery).toMatchObject({ signatureOk: true, receiveId: world.corp.corpid, path: '/callback' })
  expect(
    ['ToUserName', 'FromUserName', 'MsgType', 'Event', 'ChangeType', 'UserID', 'ExternalUserID'].map((name) =>
      field(delivery, name),
    ),
  ).toEqual([
    world.corp.corpid,
    'sys',
    'event',
    'change_external_contact',
    'add_external_contact',
    'amy',
    met.externalUserid,
  ])
})

test('the query carries real time while CreateTime follows the world', async () => {
  await using world = await aWorld({ startAtMs: Date.UTC(2030, 0, 1) })
  await using receiver = await aReceiver(world)
  await aFriend(world)
  const [delivery] = await receiver.waitFor(1)
  expect(Number(field(delivery, 'CreateTime'))).toBeGreaterThanOrEqual(Date.UTC(2030, 0, 1) / 1000)
  const { entries } = await world.control<{ entries: { callback?: { query: { timestamp: string } } }[] }>(
    'GET',
    '/wire?direction=callback',
  )
  const sent = Number(entries[0]!.callback!.query.timestamp)
  expect(Math.abs(sent - Date.now() / 1000)).toBeLessThan(10)
})

test('an address that cannot echo is not saved', async () => {
  await using world = await aWorld()
  const put = await world.control('PUT', `/corps/${world.corp.corpid}/receiver`, {
    url: 'http://127.0.0.1:1/none',
    token: 'abc',
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  })
  expect(put).toMatchObject({ verified: false, code: 'receiver.refused' })
  expect(await world.control('GET', `/corps/${world.corp.corpid}`)).toMatchObject({ receivers: {} })
})

test('a refused or unanswered delivery comes again with the same content under a fresh nonce and cipher', async () => {
  await using world = await aWorld()
  await options(world, { callbackRetryMs: [10, 10, 10] })
  await using receiver = await aReceiver(world)
  receiver.answers.push(500, 0)
  await aFriend(world)
  const tries = await receiver.waitFor(3)
  await quiet()
  expect(tries).toHaveLength(3)
  expect(new Set(tries.map((it) => it.xml)).size).toBe(1)
  expect(new Set(tries.map((it) => it.nonce)).size).toBe(3)
  expect(new Set(tries.map((it) => it.cipher)).size).toBe(3)
})

test('after three retries the event is gone', async () => {
  await using world = await aWorld()
  await options(world, { callbackRetryMs: [5, 5, 5] })
  await using receiver = await aReceiver(world)
  receiver.answers.push(503, 503, 503, 503)
  await aFriend(world)
  await receiver.waitFor(4)
  await quiet()
  expect(receiver.deliveries).toHaveLength(4)
  expect(await world.control('GET', `/corps/${world.corp.corpid}/outbox`)).toMatchObject({
    waiting: 0,
    gaveUp: 1,
    delivered: 0,
  })
})

test('what happened later to the same customer waits while an earlier event is retried; others do not', async () => {
  await using world = await aWorld()
  await options(world, { callbackRetryMs: [200] })
  await using receiver = await aReceiver(world)
  const [slow, other] = await people(world, 2)
  receiver.answers.push(500)
  await addAll(world, [slow!])
  await receiver.waitFor(1)
  await world.act({ type: 'staff_edits', userid: 'amy', externalUserid: slow, remark: '改了' })
  await addAll(world, [other!])
  const order = (await receiver.waitFor(4)).map(
    (it) => `${field(it, 'ChangeType')} ${field(it, 'ExternalUserID') === slow ? 'slow' : 'other'}`,
  )
  expect(order).toEqual([
    'add_external_contact slow',
    'add_external_contact other',
    'add_external_contact slow',
    'edit_external_contact slow',
  ])
})

test('with a concurrency of one, all events of a corp arrive in the order of happening', async () => {
  await using world = await aWorld()
  await options(world, { callbackConcurrency: 1 })
  await using receiver = await aReceiver(world)
  const wanted = await people(world, 40)
  await addAll(world, wanted)
  expect((await receiver.waitFor(40)).map((it) => field(it, 'ExternalUserID'))).toEqual(wanted)
})

test('a lost event never arrives, a repeated one arrives twice with one content, each labelled on the wire', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  const [lost, twice, plain] = await people(world, 3)
  await setFaults(world, [{ where: 'callback', kind: 'drop', count: 1 }])
  await addAll(world, [lost!])
  await setFaults(world, [{ where: 'callback', kind: 'duplicate', count: 1 }])
  await addAll(world, [twice!])
  await setFaults(world, [])
  await addAll(world, [plain!])
  await receiver.waitFor(3)
  await quiet()
  const counts = Object.groupBy(receiver.deliveries, (it) => field(it, 'ExternalUserID')!)
  expect([counts[lost!]?.length, counts[twice!]?.length, counts[plain!]?.length]).toEqual([undefined, 2, 1])
  expect(counts[twice!]![0]!.xml).toBe(counts[twice!]![1]!.xml)
  expect(counts[twice!]![0]!.nonce).not.toBe(counts[twice!]![1]!.nonce)
  const { entries } = await world.control<{ entries: { fault?: { label: string } }[] }>('GET', '/wire?fault=true')
  expect(Object.groupBy(entries, (entry) => entry.fault!.label)).toMatchObject({ 丢失: [{}], 重复: [{}, {}] })
})

test('a reordered event lets the next one pass, a late one arrives after its delay', async () => {
  await using world = await aWorld()
  await options(world, { callbackConcurrency: 1 })
  await using receiver = await aReceiver(world)
  const [first, second, late, last] = await people(world, 4)
  await setFaults(world, [{ where: 'callback', kind: 'reorder', count: 1 }])
  await addAll(world, [first!, second!])
  expect((await receiver.waitFor(2)).map((it) => field(it, 'ExternalUserID'))).toEqual([second, first])
  await setFaults(world, [{ where: 'callback', kind: 'late', count: 1, ms: 250 }])
  const from = performance.now()
  await addAll(world, [late!, last!])
  const [, , third, fourth] = await receiver.waitFor(4)
  expect([field(third, 'ExternalUserID'), field(fourth, 'ExternalUserID')]).toEqual([last, late])
  expect(fourth!.at - from).toBeGreaterThanOrEqual(240)
})

test('while the clock is paused, callbacks wait and the wire says so', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  await world.control('POST', '/clock', { paused: true })
  await aFriend(world)
  await quiet()
  expect(receiver.deliveries).toEqual([])
  const results = async () =>
    (await world.control<{ entries: { result: string }[] }>('GET', '/wire?direction=callback&limit=1')).entries[0]!
      .result
  expect(await results()).toBe('待送达')
  await world.control('POST', '/clock', { paused: false })
  await receiver.waitFor(1)
  await quiet()
  expect(await results()).toBe('200')
})

test('address book events go to the contact-sync receiver only', async () => {
  await using world = await aWorld()
  await using app = await aReceiver(world, 'app')
  await using contacts = await aReceiver(world, 'contacts')
  await world.act({ type: 'member_add', userid: 'dan', name: '丹', departmentIds: [1] })
  await aFriend(world)
  const [joined] = await contacts.waitFor(1)
  expect([field(joined, 'Event'), field(joined, 'ChangeType'), field(joined, 'UserID'), field(joined, 'Name')]).toEqual(
    [
      'change_contact',
      'create_user',
      'dan',
      undefined, // since 2022-08-15 names do not travel
    ],
  )
  expect((await app.waitFor(1)).map((it) => field(it, 'Event'))).toEqual(['change_external_contact'])
})

test('five hundred callbacks a second reach a quick receiver', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  const wanted = await people(world, 1500)
  const from = performance.now()
  await addAll(world, wanted)
  await receiver.waitFor(1500)
  expect(1500 / ((performance.now() - from) / 1000)).toBeGreaterThan(500)
})
