import { expect, test } from 'vitest'
import { aContactWay, aFriend, aReceiver, aWorld, field, type Json, type Met, quiet } from '../../test/world.ts'

test('a way of several members brings each next customer to the least loaded one, in the order of its list', async () => {
  await using world = await aWorld()
  const code = await aContactWay(world, { user: ['cat', 'amy', 'bob'] })
  const brought: string[] = []
  for (let i = 0; i < 7; i++) brought.push((await world.act<Met>({ type: 'scan', code })).userid)
  expect(brought).toEqual(['cat', 'amy', 'Bob', 'cat', 'amy', 'Bob', 'cat'])
})

test('exclusive ways lead the same customer to the same member; others do not', async () => {
  await using world = await aWorld()
  const one = await aContactWay(world, { user: ['cat', 'amy'], is_exclusive: true })
  const two = await aContactWay(world, { user: ['amy', 'cat'], is_exclusive: true })
  const open = await aContactWay(world, { user: ['amy'] })
  const first = await world.act<Met>({ type: 'scan', code: one })
  expect(first.userid).toBe('cat')
  expect(await world.act<Met>({ type: 'scan', code: two, externalUserid: first.externalUserid })).toMatchObject({
    userid: 'cat',
    outcome: 'already',
  })
  expect(await world.act<Met>({ type: 'scan', code: open, externalUserid: first.externalUserid })).toMatchObject({
    userid: 'amy',
    outcome: 'added',
  })
})

test('scanning again as a friend changes nothing and says nothing', async () => {
  await using world = await aWorld()
  const code = await aContactWay(world)
  const met = await world.act<Met>({ type: 'scan', code })
  await using receiver = await aReceiver(world)
  expect(await world.act<Met>({ type: 'scan', code, externalUserid: met.externalUserid })).toMatchObject({
    outcome: 'already',
  })
  await quiet()
  expect(receiver.deliveries).toEqual([])
})

test('without skip_verify the customer waits for the member, and only then the company hears of it', async () => {
  await using world = await aWorld()
  const code = await aContactWay(world, { skip_verify: false, state: 'poster' })
  await using receiver = await aReceiver(world)
  const asked = await world.act<Met>({ type: 'scan', code })
  expect(asked.outcome).toBe('pending')
  await quiet()
  expect(receiver.deliveries).toEqual([])
  expect(await world.apiGet('externalcontact/get', { external_userid: asked.externalUserid })).toMatchObject({
    errcode: 84061,
  })

  const met = await world.act<Met>({ type: 'accept', userid: 'amy', externalUserid: asked.externalUserid })
  expect(met.outcome).toBe('added')
  const [added] = await receiver.waitFor(1)
  expect([field(added, 'ChangeType'), field(added, 'State')]).toEqual(['add_external_contact', 'poster'])
})

test('a half friend brings a code; once it was used, accepting brings none', async () => {
  await using world = await aWorld()
  const code = await aContactWay(world)
  await using receiver = await aReceiver(world)
  const [used, unused] = [
    await world.act<Met>({ type: 'scan', code, half: true }),
    await world.act<Met>({ type: 'scan', code, half: true }),
  ]
  expect(used.outcome).toBe('half')
  await world.api('externalcontact/send_welcome_msg', { welcome_code: used.welcomeCode, text: { content: '您好' } })
  const after = await world.act<Met>({ type: 'accept', userid: 'amy', externalUserid: used.externalUserid })
  expect(after.welcomeCode).toBeUndefined()
  expect(
    (await world.act<Met>({ type: 'accept', userid: 'amy', externalUserid: unused.externalUserid })).welcomeCode,
  ).toBeDefined()
  const kinds = (await receiver.waitFor(4)).map((it) =>
    [field(it, 'ChangeType'), field(it, 'ExternalUserID')].join(' '),
  )
  expect(kinds.filter((kind) => kind.endsWith(used.externalUserid))).toEqual([
    `add_half_external_contact ${used.externalUserid}`,
    `add_external_contact ${used.externalUserid}`,
  ])
})

test('a temporary way dies after one add, and with its time', async () => {
  await using world = await aWorld()
  const temp = { type: 1, is_temp: true, expires_in: 3600 }
  const [once, stale] = [await aContactWay(world, temp), await aContactWay(world, temp)]
  expect(await world.act<Met>({ type: 'scan', code: once })).toMatchObject({ outcome: 'added' })
  expect(await world.act({ type: 'scan', code: once })).toMatchObject({ code: 'way.expired' })
  await world.control('POST', '/clock', { jumpSeconds: 3601 })
  expect(await world.act({ type: 'scan', code: stale })).toMatchObject({ code: 'way.expired' })
})

test('who deletes decides the event; both end the relation with its remark and tags', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  const [left, dropped] = [await aFriend(world, '郑一鸣'), await aFriend(world, '广告')]
  await receiver.waitFor(2)
  await world.act({ type: 'customer_deletes', userid: 'AMY', externalUserid: left.externalUserid })
  await world.act({ type: 'staff_deletes', userid: 'amy', externalUserid: dropped.externalUserid })
  const events = (await receiver.waitFor(4)).slice(2)
  expect(events.map((it) => `${field(it, 'ChangeType')} ${field(it, 'ExternalUserID')}`).sort()).toEqual([
    `del_external_contact ${dropped.externalUserid}`,
    `del_follow_user ${left.externalUserid}`,
  ])
  expect(await world.apiGet('externalcontact/list', { userid: 'amy' })).toMatchObject({ errcode: 84061 })
})

test('adding again keeps the external_userid and starts a new relation', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const pair = { userid: 'amy', externalUserid: met.externalUserid }
  const follow = async () => {
    const got = await world.apiGet('externalcontact/get', { external_userid: met.externalUserid })
    return (got.follow_user as Json[])[0]!
  }
  await world.act({ type: 'staff_edits', ...pair, remark: '常客', personalTags: ['邻居'] })
  const before = await follow()
  expect(before).toMatchObject({ remark: '常客', tags: [{ tag_name: '邻居', type: 2 }] })
  await world.act({ type: 'customer_deletes', ...pair })
  await world.control('POST', '/clock', { jumpSeconds: 60 })
  await world.act({ type: 'add', ...pair })
  const after = await follow()
  expect(after).toMatchObject({ remark: '林晚', tags: [] })
  expect(Number(after.createtime) - Number(before.createtime)).toBeGreaterThanOrEqual(60)
})

test('only people cause callbacks: the same edit is silent by API and heard from the client', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  const met = await aFriend(world)
  await receiver.waitFor(1)
  const group = (await world.api('externalcontact/add_corp_tag', { group_name: '口味', tag: [{ name: '爱冷泡' }] }))
    .tag_group as { tag: { id: string }[] }
  const pair = { userid: 'amy', external_userid: met.externalUserid }
  expect(await world.api('externalcontact/mark_tag', { ...pair, add_tag: [group.tag[0]!.id] })).toMatchObject({
    errcode: 0,
  })
  expect(await world.api('externalcontact/remark', { ...pair, remark: '林姐' })).toMatchObject({ errcode: 0 })
  await aContactWay(world)
  await quiet()
  expect(receiver.deliveries).toHaveLength(1)

  await world.act({ type: 'staff_edits', userid: 'amy', externalUserid: met.externalUserid, remark: '林姐 2' })
  const [, edited] = await receiver.waitFor(2)
  expect(field(edited, 'ChangeType')).toBe('edit_external_contact')
})

test('resetting a customer ends the friendships aloud and leaves no trace of the chats', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  const met = await aFriend(world)
  await world.act({ type: 'customer_says', userid: 'amy', externalUserid: met.externalUserid, text: '冷泡会苦吗' })
  await world.control('POST', '/guide/reset', { corpid: world.corp.corpid, externalUserid: met.externalUserid })
  expect(field((await receiver.waitFor(2))[1], 'ChangeType')).toBe('del_follow_user')
  const path = `/corps/${world.corp.corpid}/conversations/amy/${met.externalUserid}`
  expect(await world.control('GET', path)).toEqual({ messages: [] })
})
