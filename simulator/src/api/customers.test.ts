import { expect, test } from 'vitest'
import { aFriend, aWorld, type Json, type TestWorld } from '../../test/world.ts'

const BATCH = 'externalcontact/batch/get_by_user'
const GENERATED = { generate: { customers: 700, followersEach: 2, staff: 3, tags: 2 } }

interface Page {
  external_contact_list: {
    external_contact: { external_userid: string }
    follow_info: { userid: string; tag_id: string[] }
  }[]
  next_cursor: string
}

async function readAll(world: TestWorld, body: Json, between?: (page: number) => Promise<unknown>): Promise<string[]> {
  const rows: string[] = []
  let cursor = ''
  for (let page = 0; ; page++) {
    const reply = (await world.api(BATCH, { ...body, cursor })) as unknown as Page
    rows.push(
      ...reply.external_contact_list.map((it) => `${it.follow_info.userid} ${it.external_contact.external_userid}`),
    )
    cursor = reply.next_cursor
    if (cursor === '') return rows
    await between?.(page)
  }
}

test('a bulk read gives every relation exactly once, member by member', async () => {
  await using world = await aWorld({ corp: GENERATED })
  const rows = await readAll(world, { userid_list: ['guide00', 'guide01', 'guide02'], limit: 100 })
  expect(rows).toHaveLength(1400)
  expect(new Set(rows).size).toBe(1400)
})

test('what is deleted between two pages hides no other row', async () => {
  await using world = await aWorld({ corp: GENERATED })
  const before = await readAll(world, { userid_list: ['guide00'], limit: 100 })
  const gone = before.slice(0, 30)
  const during = await readAll(world, { userid_list: ['guide00'], limit: 100 }, async (page) => {
    if (page > 0) return
    for (const row of gone)
      await world.act({ type: 'customer_deletes', userid: 'guide00', externalUserid: row.split(' ')[1] })
  })
  expect(during).toEqual(before)
})

test('a page is 50 rows by default and 100 at most, whatever is asked', async () => {
  await using world = await aWorld({ corp: GENERATED })
  const size = async (limit?: number) => {
    const page = (await world.api(BATCH, { userid_list: ['guide00'], limit })) as unknown as Page
    return page.external_contact_list.length
  }
  expect([await size(), await size(7), await size(5000)]).toEqual([50, 7, 100])
})

test('the batch carries tag ids where the detail carries named tags', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const { tag_group } = (await world.api('externalcontact/add_corp_tag', {
    group_name: '口味',
    tag: [{ name: '爱冷泡' }],
  })) as {
    tag_group: { tag: { id: string }[] }
  }
  const id = tag_group.tag[0]!.id
  await world.api('externalcontact/mark_tag', { userid: 'amy', external_userid: met.externalUserid, add_tag: [id] })
  await world.act({ type: 'staff_edits', userid: 'amy', externalUserid: met.externalUserid, personalTags: ['邻居'] })
  const page = (await world.api(BATCH, { userid_list: ['amy'] })) as unknown as Page
  expect(page.external_contact_list[0]!.follow_info).toMatchObject({ userid: 'amy', tag_id: [id] })
  const detail = await world.apiGet('externalcontact/get', { external_userid: met.externalUserid })
  expect((detail.follow_user as Json[])[0]).toMatchObject({
    tags: [
      { group_name: '口味', tag_name: '爱冷泡', type: 1, tag_id: id },
      { group_name: '', tag_name: '邻居', type: 2 },
    ],
  })
})

test('cursors are opaque, of one list, and expire', async () => {
  await using world = await aWorld({ corp: GENERATED })
  const { next_cursor } = await world.api(BATCH, { userid_list: ['guide00'], limit: 10 })
  expect(await world.api(BATCH, { userid_list: ['guide00'], cursor: 'made-up' })).toMatchObject({ errcode: 50100 })
  expect(await world.api('externalcontact/groupchat/list', { limit: 10, cursor: next_cursor })).toMatchObject({
    errcode: 50100,
  })
  expect(await world.api(BATCH, { userid_list: ['guide00'], cursor: next_cursor })).toMatchObject({ errcode: 0 })
  await world.control('POST', '/clock', { jumpSeconds: 5 * 3600 })
  expect(await world.api(BATCH, { userid_list: ['guide00'], cursor: next_cursor })).toMatchObject({ errcode: 50100 })
})

test('userids are folded: any case finds the member, and the given spelling comes back', async () => {
  await using world = await aWorld()
  expect(await world.apiGet('user/get', { userid: 'bOB' })).toMatchObject({ errcode: 0, userid: 'Bob' })
  const { externalUserid } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name: '苏苏' })
  await world.act({ type: 'add', userid: 'BOB', externalUserid })
  expect(await world.apiGet('externalcontact/list', { userid: 'bob' })).toMatchObject({
    external_userid: [externalUserid],
  })
})

test('an id of nobody is 40096, a stranger 84061, a member without customers 84061 or empty by switch', async () => {
  await using world = await aWorld()
  const { externalUserid } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name: '苏苏' })
  expect(await world.apiGet('externalcontact/get', { external_userid: 'wmNobody' })).toMatchObject({ errcode: 40096 })
  expect(await world.apiGet('externalcontact/get', { external_userid: externalUserid })).toMatchObject({
    errcode: 84061,
  })
  expect(await world.apiGet('externalcontact/get')).toMatchObject({ errcode: 41035 })
  expect(await world.apiGet('externalcontact/list', { userid: 'amy' })).toMatchObject({ errcode: 84061 })
  await world.control('PATCH', `/corps/${world.corp.corpid}`, { options: { emptyCustomerList: 'empty' } })
  expect(await world.apiGet('externalcontact/list', { userid: 'amy' })).toMatchObject({
    errcode: 0,
    external_userid: [],
  })
})

test('remarks are limited in characters, mobiles are replaced and cleared by an empty one', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const remark = (body: Json) =>
    world.api('externalcontact/remark', { userid: 'amy', external_userid: met.externalUserid, ...body })
  const follow = async () => {
    const detail = await world.apiGet('externalcontact/get', { external_userid: met.externalUserid })
    return (detail.follow_user as Json[])[0]!
  }
  expect(await remark({ remark: '茶'.repeat(21) })).toMatchObject({ errcode: 40058 })
  expect(await remark({ remark: '茶'.repeat(20), remark_mobiles: ['13800000000', '13900000000'] })).toMatchObject({
    errcode: 0,
  })
  expect(await follow()).toMatchObject({ remark: '茶'.repeat(20), remark_mobiles: ['13800000000', '13900000000'] })
  await remark({ remark_mobiles: [''] })
  expect(await follow()).toMatchObject({ remark: '茶'.repeat(20), remark_mobiles: [] })
  expect(await remark({})).toMatchObject({ errcode: 40063 })
  expect(
    await world.api('externalcontact/remark', { userid: 'cat', external_userid: met.externalUserid, remark: 'x' }),
  ).toMatchObject({ errcode: 84061 })
})

test('self-built apps of today see no mobile and no gender of members', async () => {
  await using world = await aWorld()
  expect(Object.keys(await world.apiGet('user/get', { userid: 'amy' }))).not.toContain('mobile')
  await world.control('PATCH', `/corps/${world.corp.corpid}`, { options: { legacyMemberFields: true } })
  expect(Object.keys(await world.apiGet('user/get', { userid: 'amy' }))).toContain('mobile')
})

test('a page of a hundred thousand customers with five followers each takes a millisecond or so', async () => {
  await using world = await aWorld({
    corp: {
      persist: false,
      options: { rateLimits: false },
      generate: { customers: 100_000, followersEach: 5, staff: 50 },
    },
  })
  let cursor = ''
  for (let page = 0; page < 60; page++) {
    cursor = ((await world.api(BATCH, { userid_list: ['guide07', 'guide08'], limit: 100, cursor })) as unknown as Page)
      .next_cursor
  }
  const { entries } = await world.control<{ entries: { api: string; ms: number }[] }>('GET', '/wire?limit=200')
  const times = entries
    .filter((entry) => entry.api === BATCH)
    .map((entry) => entry.ms)
    .sort((a, b) => a - b)
  expect(times).toHaveLength(60)
  expect(times[30]!).toBeLessThan(5) // about 0.3 on a quiet machine
})

test('a member outside customer contact is 84074, and is not listed among those who may', async () => {
  await using world = await aWorld({ demo: true })
  expect(await world.apiGet('externalcontact/list', { userid: 'chenyu' })).toMatchObject({ errcode: 84074 })
  const { follow_user } = (await world.apiGet('externalcontact/get_follow_user_list')) as { follow_user: string[] }
  expect([follow_user.includes('zhouxiaoman'), follow_user.includes('chenyu'), follow_user.length]).toEqual([
    true,
    false,
    23,
  ])
})
