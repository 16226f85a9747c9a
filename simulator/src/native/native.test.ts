import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { aFriend, aWorld, type Json, type TestWorld } from '../../test/world.ts'

const PAGE = 'http://127.0.0.1:7700/m/sidebar?corp=ww1'

/** A page's signature, as path/90506 has it, of the ticket the app fetched. */
async function aSignature(world: TestWorld, api: string, query: Record<string, string> = {}, url = PAGE) {
  const { ticket } = await world.apiGet(api, query)
  const [nonceStr, timestamp] = ['n0nce', '1700000000']
  const signature = hash('sha1', `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`)
  return { corpid: world.corp.corpid, agentId: world.corp.agentId, url: PAGE, nonceStr, timestamp, signature }
}

test('the client takes a page that was signed with the right ticket for the very address, and no other', async () => {
  await using world = await aWorld()
  const verify = (shown: Json) =>
    world.control<{ errCode: number }>('POST', `/corps/${world.corp.corpid}/native/verify`, shown)
  const agent = await aSignature(world, 'ticket/get', { type: 'agent_config' })
  const corp = await aSignature(world, 'get_jsapi_ticket')
  expect((await verify({ kind: 'agent', ...agent })).errCode).toBe(0)
  expect((await verify({ kind: 'corp', ...corp })).errCode).toBe(0)
  expect((await verify({ kind: 'agent', ...corp })).errCode).toBe(40093)
  expect((await verify({ kind: 'agent', ...agent, url: `${PAGE}&x=1` })).errCode).toBe(40093)
  expect((await verify({ kind: 'agent', ...agent, nonceStr: 'other' })).errCode).toBe(40093)
  expect((await verify({ kind: 'agent', ...agent, agentId: 1 })).errCode).toBe(40056)
  await world.control('PATCH', `/corps/${world.corp.corpid}`, { options: { trustedDomains: ['scrm.example.com'] } })
  expect((await verify({ kind: 'agent', ...agent })).errCode).toBe(80001)
  // After two hours the ticket is another one.
  await world.control('PATCH', `/corps/${world.corp.corpid}`, { options: { trustedDomains: [] } })
  await world.control('POST', '/clock', { jumpSeconds: 7_200 })
  expect((await verify({ kind: 'agent', ...agent })).errCode).toBe(40093)
})

test('what a member sends from the page stands in the chat of both, each kind as itself; media must be alive', async () => {
  await using world = await aWorld()
  const { externalUserid } = await aFriend(world)
  const send = (message: Json) =>
    world.control<Json>('POST', `/corps/${world.corp.corpid}/native/send`, { userid: 'amy', externalUserid, message })
  await send({ msgtype: 'text', text: { content: '几乎不苦' } })
  await send({ msgtype: 'news', news: { link: 'https://example.com/', title: '冷泡', desc: '三步' } })
  await send({ msgtype: 'miniprogram', miniprogram: { appid: 'wx1', title: '点单', page: 'a.html' } })
  expect(await send({ msgtype: 'image', image: { mediaid: 'unknown' } })).toMatchObject({ code: 'media.refused' })
  const { messages } = await world.control<{ messages: { kind: string; text: string; from: string }[] }>(
    'GET',
    `/corps/${world.corp.corpid}/conversations/amy/${externalUserid}`,
  )
  expect(messages.filter(({ from }) => from === 'staff').map(({ kind, text }) => [kind, text])).toEqual([
    ['text', '几乎不苦'],
    ['link', '冷泡'],
    ['miniprogram', '点单'],
  ])
  await world.act({ type: 'customer_deletes', userid: 'amy', externalUserid })
  await world.act({ type: 'staff_deletes', userid: 'amy', externalUserid })
  expect((await send({ msgtype: 'text', text: { content: '还在吗' } })).code).toBeDefined()
})
