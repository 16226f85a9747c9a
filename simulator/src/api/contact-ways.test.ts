import { expect, test } from 'vitest'
import { aContactWay, aReceiver, aWorld, field, type Json, type Met } from '../../test/world.ts'

const ADD = 'externalcontact/add_contact_way'

test('a way needs a type and a scene, and fitting members', async () => {
  await using world = await aWorld()
  const add = (way: Json) => world.api(ADD, way)
  expect(await add({ scene: 2 })).toMatchObject({ errcode: 41037 })
  expect(await add({ type: 3, scene: 2 })).toMatchObject({ errcode: 41039 })
  expect(await add({ type: 2 })).toMatchObject({ errcode: 41038 })
  expect(await add({ type: 1, scene: 2, user: ['amy', 'cat'] })).toMatchObject({ errcode: 40058 })
  expect(await add({ type: 2, scene: 2, user: ['nobody'] })).toMatchObject({ errcode: 60111 })
  expect(await add({ type: 2, scene: 2, party: [99] })).toMatchObject({ errcode: 60123 })
  expect(await add({ type: 2, scene: 1, style: 1, user: ['amy'] })).toMatchObject({ errcode: 0 })
})

test('state holds 30 characters, not bytes, and comes back in callback and follow', async () => {
  await using world = await aWorld()
  expect(await world.api(ADD, { type: 2, scene: 2, user: ['amy'], state: '渠'.repeat(31) })).toMatchObject({
    errcode: 40058,
  })
  for (const state of ['a\u0000b', 'a\u0008', 'a\ud800'])
    expect(await world.api(ADD, { type: 2, scene: 2, user: ['amy'], state })).toMatchObject({ errcode: 40058 })
  const state = '渠'.repeat(30)
  const code = await aContactWay(world, { state })
  await using receiver = await aReceiver(world)
  const met = await world.act<Met>({ type: 'scan', code })
  expect(field((await receiver.waitFor(1))[0], 'State')).toBe(state)
  const detail = await world.apiGet('externalcontact/get', { external_userid: met.externalUserid })
  expect((detail.follow_user as Json[])[0]).toMatchObject({ state, add_way: 1 })
})

test('at most 100 members, departments expanded', async () => {
  await using world = await aWorld({ corp: { generate: { customers: 0, staff: 101 } } })
  const users = Array.from({ length: 101 }, (_, i) => `guide${String(i).padStart(2, '0')}`)
  expect(await world.api(ADD, { type: 2, scene: 2, party: [1] })).toMatchObject({ errcode: 41041 })
  expect(await world.api(ADD, { type: 2, scene: 2, user: users })).toMatchObject({ errcode: 41041 })
  expect(await world.api(ADD, { type: 2, scene: 2, user: users.slice(0, 100) })).toMatchObject({ errcode: 0 })
})

test('an update replaces the members under the same picture; type, scene and is_temp stay', async () => {
  await using world = await aWorld()
  const code = await aContactWay(world, { state: 'a', remark: '桌贴' })
  const before = (await world.api('externalcontact/get_contact_way', { config_id: code })).contact_way as Json
  await world.api('externalcontact/update_contact_way', {
    config_id: code,
    type: 1,
    scene: 1,
    is_temp: true,
    user: ['cat'],
  })
  const after = (await world.api('externalcontact/get_contact_way', { config_id: code })).contact_way as Json
  expect(after).toEqual({ ...before, user: ['cat'] })
  expect(await world.act<Met>({ type: 'scan', code })).toMatchObject({ userid: 'cat' })
})

test('the picture is a real PNG whose text a scan understands; a deleted way is dead', async () => {
  await using world = await aWorld()
  const made = await world.api(ADD, { type: 2, scene: 2, user: ['amy'] })
  const picture = await fetch(made.qr_code as string)
  expect(picture.headers.get('content-type')).toBe('image/png')
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  const { contactWays } = await world.control<{ contactWays: { content: string }[] }>(
    'GET',
    `/corps/${world.corp.corpid}/contact-ways`,
  )
  expect(contactWays[0]!.content).toMatch(/^https:\/\/work\.weixin\.qq\.com\//)
  expect(await world.act<Met>({ type: 'scan', code: contactWays[0]!.content })).toMatchObject({ outcome: 'added' })

  await world.api('externalcontact/del_contact_way', { config_id: made.config_id as string })
  expect(await world.act({ type: 'scan', code: made.config_id })).toMatchObject({ code: 'way.unknown' })
  expect(await world.api('externalcontact/get_contact_way', { config_id: made.config_id as string })).toMatchObject({
    errcode: 41044,
  })
  expect((await fetch(made.qr_code as string)).status).toBe(404)
})

test('lists reach 90 days back by default, page by cursor and never show temporary ways', async () => {
  await using world = await aWorld()
  const old = await aContactWay(world)
  await world.control('POST', '/clock', { jumpSeconds: 91 * 24 * 3600 })
  const recent = [await aContactWay(world), await aContactWay(world), await aContactWay(world)]
  await aContactWay(world, { type: 1, is_temp: true })
  const first = await world.api('externalcontact/list_contact_way', { limit: 2 })
  const second = await world.api('externalcontact/list_contact_way', { limit: 2, cursor: first.next_cursor })
  const ids = [
    ...(first.contact_way as { config_id: string }[]),
    ...(second.contact_way as { config_id: string }[]),
  ].map((it) => it.config_id)
  expect(ids).toEqual(recent)
  expect(second.next_cursor).toBe('')
  const all = await world.api('externalcontact/list_contact_way', { start_time: 0 })
  expect((all.contact_way as { config_id: string }[]).map((it) => it.config_id)).toEqual([old, ...recent])
})
