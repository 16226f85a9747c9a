import { expect, test } from 'vitest'
import { aWorld, type Json, type TestWorld } from '../../test/world.ts'

async function sent(world: TestWorld): Promise<{ userid: string; content: { text: { content: string } } }[]> {
  const { effects } = await world.control<{ effects: { kind: string }[] }>('GET', `/corps/${world.corp.corpid}/effects`)
  return effects.filter((effect) => effect.kind === 'app_message') as never
}

const text = (world: TestWorld, body: Json = {}) =>
  world.api('message/send', {
    touser: 'amy',
    msgtype: 'text',
    agentid: world.corp.agentId,
    text: { content: '有新客户' },
    ...body,
  })

test('known members get it, unknown ones come back lower-cased, and that is no error', async () => {
  await using world = await aWorld()
  expect(await text(world, { touser: 'AMY|Nobody|bob' })).toMatchObject({ errcode: 0, invaliduser: 'nobody' })
  expect((await sent(world)).map((it) => it.userid)).toEqual(['amy', 'Bob'])
  expect(await text(world, { touser: 'Nobody' })).toMatchObject({ errcode: 81013 })
  expect(await text(world, { touser: '' })).toMatchObject({ errcode: 40063 })
  expect(await text(world, { agentid: 1 })).toMatchObject({ errcode: 40056 })
  expect(await text(world, { msgtype: 'poem' })).toMatchObject({ errcode: 40008 })
})

test('the member’s own phone shows the latest first', async () => {
  await using world = await aWorld()
  for (const content of ['一', '二']) await text(world, { text: { content } })
  await text(world, { touser: 'cat' })
  const inbox = await world.control<{ appMessages: { content: { text: { content: string } } }[] }>(
    'GET',
    `/corps/${world.corp.corpid}/staff/AMY/inbox`,
  )
  expect(inbox.appMessages.map((it) => it.content.text.content)).toEqual(['二', '一'])
})

test('text beyond 2048 bytes is cut at a whole character', async () => {
  await using world = await aWorld()
  await text(world, { text: { content: '茶'.repeat(700) } }) // 2100 bytes
  expect((await sent(world))[0]!.content.text.content).toBe('茶'.repeat(682)) // 2046 bytes
})

test('to one member 30 a minute; what is over is dropped without a word', async () => {
  await using world = await aWorld()
  for (let i = 0; i < 33; i++) expect(await text(world)).toMatchObject({ errcode: 0 })
  await text(world, { touser: 'cat' })
  const to = (await sent(world)).map((it) => it.userid)
  expect([to.filter((userid) => userid === 'amy').length, to.filter((userid) => userid === 'cat').length]).toEqual([
    30, 1,
  ])
})

test('a repeated content within its interval is not delivered twice when asked so', async () => {
  await using world = await aWorld()
  const once = { enable_duplicate_check: 1, duplicate_check_interval: 600 }
  await text(world, once)
  await text(world, once)
  expect(await sent(world)).toHaveLength(1)
  await world.control('POST', '/clock', { jumpSeconds: 601 })
  await text(world, once)
  expect(await sent(world)).toHaveLength(2)
})
