import { expect, test } from 'vitest'
import { aFriend, aReceiver, aWorld, field, type Json } from '../../test/world.ts'

interface GroupChat {
  owner: string
  name: string
  member_version: string
  member_list: Json[]
}

test('membership changes turn the version, and the event carries the one before and the one after', async () => {
  await using world = await aWorld()
  const met = await aFriend(world)
  const { chatId } = await world.act<{ chatId: string }>({
    type: 'group_create',
    name: '茶友群',
    owner: 'amy',
    memberIds: ['cat'],
  })
  const read = async () =>
    (await world.api('externalcontact/groupchat/get', { chat_id: chatId, need_name: 1 })).group_chat as GroupChat
  const before = await read()
  expect(before.member_version).toMatch(/^[0-9a-f]{32}$/)
  await using receiver = await aReceiver(world)
  await world.act({ type: 'group_join', chatId, id: met.externalUserid })
  const joined = await read()
  await world.act({ type: 'group_leave', chatId, id: met.externalUserid, removed: true })
  const left = await read()
  expect(new Set([before.member_version, joined.member_version, left.member_version]).size).toBe(3)
  expect(joined.member_list.at(-1)).toMatchObject({ userid: met.externalUserid, type: 2, join_scene: 3, name: '林晚' })

  const events = await receiver.waitFor(2)
  const read5 = (at: number) =>
    ['UpdateDetail', 'JoinScene', 'QuitScene', 'LastMemVer', 'CurMemVer'].map((name) => field(events[at], name))
  expect(read5(0)).toEqual(['add_member', '3', undefined, before.member_version, joined.member_version])
  expect(read5(1)).toEqual(['del_member', undefined, '1', joined.member_version, left.member_version])
  expect(events[0]!.xml).toContain(`<MemChangeList><Item><![CDATA[${met.externalUserid}]]></Item></MemChangeList>`)
})

test('names come only when asked for; lists filter by owner and page', async () => {
  await using world = await aWorld()
  const ids: string[] = []
  for (const owner of ['amy', 'amy', 'cat'])
    ids.push((await world.act<{ chatId: string }>({ type: 'group_create', name: `${owner} 的群`, owner })).chatId)
  const plain = (await world.api('externalcontact/groupchat/get', { chat_id: ids[0]! })).group_chat as GroupChat
  expect(plain.member_list[0]).not.toHaveProperty('name')
  const list = (body: Json) => world.api('externalcontact/groupchat/list', body)
  expect(await list({})).toMatchObject({ errcode: 40063 })
  const first = await list({ limit: 2 })
  const second = await list({ limit: 2, cursor: first.next_cursor })
  const chats = [first, second].flatMap((page) =>
    (page.group_chat_list as { chat_id: string }[]).map((it) => it.chat_id),
  )
  expect(chats).toEqual(ids)
  expect(await list({ limit: 9, owner_filter: { userid_list: ['CAT'] } })).toMatchObject({
    group_chat_list: [{ chat_id: ids[2], status: 0 }],
  })
  await world.act({ type: 'member_remove', userid: 'cat' })
  expect(await list({ limit: 9, status_filter: 1 })).toMatchObject({
    group_chat_list: [{ chat_id: ids[2], status: 1 }],
  })
})
