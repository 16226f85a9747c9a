import { expect, test } from 'vitest'
import { aFriend, aReceiver, aWorld, field, type Json, quiet, type TestWorld } from '../../test/world.ts'

interface Group {
  group_id: string
  group_name: string
  tag: { id: string; name: string; order: number }[]
}

async function addTags(world: TestWorld, groupName: string, tags: Json[], rest: Json = {}): Promise<Group> {
  const reply = await world.api('externalcontact/add_corp_tag', { group_name: groupName, tag: tags, ...rest })
  if (reply.errcode !== 0) throw new Error(String(reply.errmsg))
  return reply.tag_group as Group
}

async function list(world: TestWorld, filter: Json = {}): Promise<Group[]> {
  return (await world.api('externalcontact/get_corp_tag_list', filter)).tag_group as Group[]
}

test('a larger order comes first, among groups and inside a group', async () => {
  await using world = await aWorld()
  await addTags(
    world,
    '来源',
    [
      { name: '海报', order: 1 },
      { name: '桌贴', order: 9 },
    ],
    { order: 1 },
  )
  await addTags(world, '等级', [{ name: '银叶' }], { order: 5 })
  expect((await list(world)).map((group) => [group.group_name, group.tag.map((tag) => tag.name)])).toEqual([
    ['等级', ['银叶']],
    ['来源', ['桌贴', '海报']],
  ])
})

test('an existing group is added to, a name twice in one call counts once, a name the group has is 40071', async () => {
  await using world = await aWorld()
  const group = await addTags(world, '口味', [{ name: '爱冷泡' }, { name: '爱冷泡' }])
  expect(group.tag).toHaveLength(1)
  expect((await addTags(world, '口味', [{ name: '爱熟普' }])).group_id).toBe(group.group_id)
  expect(
    await world.api('externalcontact/add_corp_tag', {
      group_name: '口味',
      tag: [{ name: '新的' }, { name: '爱熟普' }],
    }),
  ).toMatchObject({ errcode: 40071 })
  expect((await list(world))[0]!.tag.map((tag) => tag.name).sort()).toEqual(['爱冷泡', '爱熟普'])
})

test('names are 30 characters at most, however many bytes', async () => {
  await using world = await aWorld()
  await addTags(world, '长'.repeat(30), [{ name: '🍵'.repeat(30) }])
  expect(
    await world.api('externalcontact/add_corp_tag', { group_name: '组', tag: [{ name: '茶'.repeat(31) }] }),
  ).toMatchObject({ errcode: 40058 })
  expect(await world.api('externalcontact/add_corp_tag', { group_name: '组', tag: [] })).toMatchObject({
    errcode: 40058,
  })
})

test('a group goes with its last tag, and tags go from the customers who had them', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const group = await addTags(world, '口味', [{ name: '爱冷泡' }, { name: '爱熟普' }])
  const [cold, ripe] = group.tag.map((tag) => tag.id)
  await world.api('externalcontact/mark_tag', {
    userid: 'amy',
    external_userid: met.externalUserid,
    add_tag: [cold, ripe],
  })
  await world.api('externalcontact/del_corp_tag', { tag_id: [cold] })
  expect((await list(world)).map((it) => it.tag.map((tag) => tag.id))).toEqual([[ripe]])
  const detail = await world.apiGet('externalcontact/get', { external_userid: met.externalUserid })
  expect(((detail.follow_user as Json[])[0]!.tags as { tag_id: string }[]).map((tag) => tag.tag_id)).toEqual([ripe])
  await world.api('externalcontact/del_corp_tag', { tag_id: [ripe] })
  expect(await list(world)).toEqual([])
})

test('the app may change only what it made itself', async () => {
  await using world = await aWorld()
  const made = await world.act<{ id: string; tags: { id: string }[] }>({
    type: 'tags_create',
    groupName: '后台建的',
    names: ['甲'],
  })
  const ours = await addTags(world, '应用建的', [{ name: '乙' }])
  for (const id of [made.id, made.tags[0]!.id]) {
    expect(await world.api('externalcontact/edit_corp_tag', { id, name: '改' })).toMatchObject({ errcode: 48002 })
  }
  expect(await world.api('externalcontact/del_corp_tag', { group_id: [made.id] })).toMatchObject({ errcode: 48002 })
  expect(await world.api('externalcontact/edit_corp_tag', { id: ours.tag[0]!.id, name: '改' })).toMatchObject({
    errcode: 0,
  })
  expect((await list(world, { tag_id: [ours.tag[0]!.id] }))[0]!.tag[0]).toMatchObject({ name: '改' })
})

test('the cap is counted over all tags and refuses with 40126', async () => {
  await using world = await aWorld({ corp: { options: { tagsMax: 3 } } })
  await addTags(world, 'a', [{ name: '1' }, { name: '2' }])
  expect(
    await world.api('externalcontact/add_corp_tag', { group_name: 'b', tag: [{ name: '3' }, { name: '4' }] }),
  ).toMatchObject({ errcode: 40126 })
  await addTags(world, 'b', [{ name: '3' }])
})

test('marking belongs to the pair, and needs something to add or remove', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  await world.act({ type: 'add', userid: 'cat', externalUserid: met.externalUserid })
  const id = (await addTags(world, '口味', [{ name: '爱冷泡' }])).tag[0]!.id
  const mark = (body: Json) =>
    world.api('externalcontact/mark_tag', { userid: 'amy', external_userid: met.externalUserid, ...body })
  expect(await mark({})).toMatchObject({ errcode: 40063 })
  expect(await mark({ add_tag: ['etNone'] })).toMatchObject({ errcode: 40068 })
  expect(await mark({ userid: 'Bob', add_tag: [id] })).toMatchObject({ errcode: 84061 })
  expect(await mark({ add_tag: [id] })).toMatchObject({ errcode: 0 })
  const detail = await world.apiGet('externalcontact/get', { external_userid: met.externalUserid })
  expect(
    (detail.follow_user as { userid: string; tags: unknown[] }[]).map((it) => [it.userid, it.tags.length]),
  ).toEqual([
    ['amy', 1],
    ['cat', 0],
  ])
})

test('one pair edited twice at once is 45035 for the later call', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const id = (await addTags(world, '口味', [{ name: '爱冷泡' }])).tag[0]!.id
  const body = { userid: 'amy', external_userid: met.externalUserid, add_tag: [id] }
  await world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: 'slow', match: 'externalcontact/mark_tag', count: 1, ms: 300 }],
  })
  // Whichever arrives first is the slow one.
  const both = await Promise.all([0, 1].map(() => world.api('externalcontact/mark_tag', body)))
  expect(both.map(({ errcode }) => errcode).sort()).toEqual([0, 45035])
  expect(await world.api('externalcontact/mark_tag', body)).toMatchObject({ errcode: 0 })
})

test('the console’s changes call back, each in its own shape; the same by API are silent', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  await addTags(world, '应用建的', [{ name: '乙' }])
  await quiet()
  expect(receiver.deliveries).toEqual([])

  const group = await world.act<{ id: string; tags: { id: string }[] }>({
    type: 'tags_create',
    groupName: '等级',
    names: ['银', '金'],
  })
  await world.act({ type: 'tag_edit', id: group.tags[0]!.id, name: '银叶' })
  await world.act({ type: 'tags_shuffle', groupId: group.id, ids: group.tags.map((tag) => tag.id).reverse() })
  await world.act({ type: 'tags_delete', ids: [group.id] })
  const events = (await receiver.waitFor(6)).map((it) => [
    field(it, 'ChangeType'),
    field(it, 'TagType'),
    field(it, 'Id'),
  ])
  expect(events).toEqual([
    ['create', 'tag_group', group.id],
    ['create', 'tag', group.tags[0]!.id],
    ['create', 'tag', group.tags[1]!.id],
    ['update', 'tag', group.tags[0]!.id],
    ['shuffle', undefined, group.id],
    ['delete', 'tag_group', group.id], // of the group alone: its tags go without a word
  ])
})
