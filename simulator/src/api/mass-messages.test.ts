import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aReceiver, aWorld, type Json, quiet, type TestWorld } from '../../test/world.ts'

const ADD = 'externalcontact/add_msg_template'
const TASK = 'externalcontact/get_groupmsg_task'
const RESULT = 'externalcontact/get_groupmsg_send_result'
const LIST = 'externalcontact/get_groupmsg_list_v2'
const REMIND = 'externalcontact/remind_groupmsg_send'
const CANCEL = 'externalcontact/cancel_groupmsg_send'
const text = { content: '春茶到店了' }

/** A world in which tasks stand at once, unless a test is about that. */
const aMassWorld = (options: Json = {}) => aWorld({ corp: { options: { massCreationMs: 0, ...options } } })

/** Somebody new, a friend of each of these. */
async function friendOf(world: TestWorld, ...userids: string[]): Promise<string> {
  const { externalUserid } = await world.act<{ externalUserid: string }>({ type: 'new_customer' })
  for (const userid of userids) await world.act({ type: 'add', userid, externalUserid })
  return externalUserid
}

const add = (world: TestWorld, body: Json) => world.api(ADD, { text, ...body }) as Promise<Json & { msgid: string }>
const send = (world: TestWorld, msgid: string, userid: string) => world.act<Json>({ type: 'mass_send', msgid, userid })
const jump = (world: TestWorld, seconds: number) => world.control('POST', '/clock', { jumpSeconds: seconds })
const rows = async (world: TestWorld, msgid: string, userid: string) =>
  ((await world.api(RESULT, { msgid, userid })).send_list as Json[]).map(({ send_time: _, ...row }) => row)
const said = async (world: TestWorld, userid: string, who: string) =>
  (
    await world.control<{ messages: { kind: string; text: string; from: string }[] }>(
      'GET',
      `/corps/${world.corp.corpid}/conversations/${userid}/${who}`,
    )
  ).messages.filter(({ from }) => from === 'staff')

test('nothing is said until the member presses send; then each friend hears it once, and no callback tells', async () => {
  await using world = await aMassWorld()
  const [kept, left] = [await friendOf(world, 'amy'), await friendOf(world, 'amy')]
  await using receiver = await aReceiver(world)
  const { msgid } = await add(world, { sender: 'amy', external_userid: [kept, left] })
  expect(msgid).toMatch(/^msg/)
  expect(await said(world, 'amy', kept)).toEqual([])
  expect((await world.api(TASK, { msgid })).task_list).toEqual([{ userid: 'amy', status: 0 }])
  expect(await rows(world, msgid, 'amy')).toEqual([
    { external_userid: kept, userid: 'amy', status: 0 },
    { external_userid: left, userid: 'amy', status: 0 },
  ])
  await world.act({ type: 'customer_deletes', userid: 'amy', externalUserid: left })
  const before = (await receiver.waitFor(1)).length

  expect(await send(world, msgid, 'amy')).toMatchObject({ sent: 1, gone: 1, full: 0 })
  expect(await send(world, msgid, 'amy')).toMatchObject({ code: 'mass.sent' })
  expect((await said(world, 'amy', kept)).map((it) => it.text)).toEqual([text.content])
  expect(await said(world, 'amy', left)).toEqual([])
  expect((await world.api(TASK, { msgid })).task_list).toMatchObject([{ userid: 'amy', status: 2 }])
  expect((await rows(world, msgid, 'amy')).map(({ status }) => status)).toEqual([1, 2])
  await quiet()
  expect(receiver.deliveries.length).toBe(before)
})

test('customers alone go to whoever last chatted with each; with a sender his friends alone, the others are told', async () => {
  await using world = await aMassWorld()
  const shared = await friendOf(world, 'amy', 'Bob')
  const quietOne = await friendOf(world, 'amy', 'cat')
  const catsOnly = await friendOf(world, 'cat')
  await world.act({ type: 'staff_says', userid: 'Bob', externalUserid: shared, text: '在吗' })
  await jump(world, 60)
  await world.act({ type: 'customer_says', userid: 'amy', externalUserid: shared, text: '您好' })
  const asked = async (body: Json) => {
    const { msgid, fail_list } = await add(world, body)
    const { notices } = await world.control<{ notices: { userid: string; to: string[] }[] }>(
      'GET',
      `/corps/${world.corp.corpid}/mass/${msgid}`,
    )
    return { fail_list, notices: notices.map(({ userid, to }) => [userid, ...to]) }
  }
  expect(await asked({ external_userid: [shared, quietOne, catsOnly, shared, 'wmNobody'] })).toEqual({
    fail_list: ['wmNobody'],
    notices: [
      ['amy', shared],
      ['cat', quietOne, catsOnly],
    ],
  })
  expect(await asked({ sender: 'AMY', external_userid: [shared, catsOnly] })).toEqual({
    fail_list: [catsOnly],
    notices: [['amy', shared]],
  })
  expect(await asked({ sender: 'cat' })).toEqual({ fail_list: [], notices: [['cat', quietOne, catsOnly]] })
  expect(await add(world, { sender: 'Bob', external_userid: [catsOnly] })).toMatchObject({ errcode: 41048 })
})

test('tags are OR within a group and AND between groups, of the sender’s own marks, and unread beside ids', async () => {
  await using world = await aMassWorld()
  await world.act({ type: 'tags_create', groupName: '口味', names: ['绿茶', '红茶'] })
  await world.act({ type: 'tags_create', groupName: '等级', names: ['会员'] })
  const groups = (await world.api('externalcontact/get_corp_tag_list')).tag_group as {
    tag: { id: string; name: string }[]
  }[]
  const idOf = (name: string) => groups.flatMap(({ tag }) => tag).find((tag) => tag.name === name)!.id
  const marked = async (userid: string, ...names: string[]) => {
    const externalUserid = await friendOf(world, 'amy', 'Bob')
    await world.act({ type: 'staff_edits', userid, externalUserid, addTags: names.map(idOf) })
    return externalUserid
  }
  const both = await marked('amy', '绿茶', '会员')
  const other = await marked('amy', '红茶', '会员')
  await marked('amy', '红茶')
  await marked('Bob', '绿茶', '会员')
  const tag_filter = { group_list: [{ tag_list: [idOf('绿茶'), idOf('红茶')] }, { tag_list: [idOf('会员')] }] }
  const { msgid } = await add(world, { sender: 'amy', tag_filter })
  expect((await rows(world, msgid, 'amy')).map((row) => row.external_userid)).toEqual([both, other])
  const byId = await add(world, { sender: 'amy', tag_filter, external_userid: [other] })
  expect((await rows(world, byId.msgid, 'amy')).map((row) => row.external_userid)).toEqual([other])
  expect(await add(world, { sender: 'amy', tag_filter: { group_list: [{ tag_list: ['etNo'] }] } })).toMatchObject({
    errcode: 40068,
  })
})

test('what is asked for must fit, to the last id, byte and attachment, and name somebody', async () => {
  await using world = await aMassWorld()
  const externalUserid = await friendOf(world, 'amy')
  const code = async (body: Json) => (await world.api(ADD, { sender: 'amy', text, ...body })).errcode
  const many = Array.from({ length: 10_000 }, (_, n) => (n === 0 ? externalUserid : `wm${n}`))
  expect(await code({ external_userid: many })).toBe(0)
  expect(await code({ external_userid: [...many, 'wmOneMore'] })).toBe(40058)
  expect(await code({ text: { content: '茶'.repeat(1_333) } })).toBe(0) // 3999 bytes
  expect(await code({ text: { content: '茶'.repeat(1_334) } })).toBe(40058)
  const link = { msgtype: 'link', link: { title: '春茶', url: 'https://tea.example/a' } }
  expect(await code({ attachments: Array.from({ length: 9 }, () => link) })).toBe(0)
  expect(await code({ attachments: Array.from({ length: 10 }, () => link) })).toBe(41064)
  expect(await code({ text: undefined })).toBe(44004)
  expect(await code({ text: undefined, attachments: [link] })).toBe(0)
  expect(await code({ sender: undefined })).toBe(40063)
  expect(await code({ sender: 'nobody' })).toBe(60111)
  expect(await code({ chat_type: 'group', sender: undefined })).toBe(40063)
  expect(await code({ chat_type: 'group', chat_id_list: Array.from({ length: 2_001 }, (_, n) => `wr${n}`) })).toBe(
    40058,
  )
  await world.act({ type: 'member_permit', userid: 'amy', mayContact: false })
  expect(await code({})).toBe(84074)
})

test('for its first seconds a task is in no list, answers 41063 and is on no phone', async () => {
  await using world = await aMassWorld({ massCreationMs: 4_000 })
  const externalUserid = await friendOf(world, 'amy')
  const { msgid } = await add(world, { sender: 'amy', external_userid: [externalUserid] })
  const now = Math.floor((await world.control<{ virtualMs: number }>('GET', '/clock')).virtualMs / 1000)
  const list = () => world.api(LIST, { chat_type: 'single', start_time: now - 86_400, end_time: now + 20 * 86_400 })
  for (const [path, body] of [
    [TASK, { msgid }],
    [RESULT, { msgid, userid: 'amy' }],
    [REMIND, { msgid }],
    [CANCEL, { msgid }],
  ] as const) {
    expect(await world.api(path, body)).toMatchObject({ errcode: 41063 })
  }
  expect(await list()).toMatchObject({ errcode: 0, group_msg_list: [] })
  expect(await send(world, msgid, 'amy')).toMatchObject({ code: 'mass.not_asked' })
  await jump(world, 4)
  expect((await list()).group_msg_list).toMatchObject([{ msgid, create_type: 0, text }])
  expect(await world.api(TASK, { msgid })).toMatchObject({ errcode: 0 })
  expect(await send(world, msgid, 'amy')).toMatchObject({ sent: 1 })
})

test('the list tells apps’ tasks from members’ own, names the creators of those alone, and pages within a month', async () => {
  await using world = await aMassWorld()
  const externalUserid = await friendOf(world, 'amy')
  const made = [] as string[]
  for (let n = 0; n < 3; n++) made.push((await add(world, { external_userid: [externalUserid] })).msgid)
  const own = await world.act<{ msgid: string }>({ type: 'mass_own', userid: 'amy', text: '自己发的' })
  const now = Math.floor((await world.control<{ virtualMs: number }>('GET', '/clock')).virtualMs / 1000)
  const span = { chat_type: 'single', start_time: now - 60, end_time: now + 60 }
  const list = async (body: Json) => (await world.api(LIST, { ...span, ...body })) as Json & { group_msg_list: Json[] }
  expect((await list({})).group_msg_list.map((row) => row.msgid)).toEqual([...made, own.msgid])
  expect((await list({ filter_type: 0 })).group_msg_list.every((row) => !('creator' in row))).toBe(true)
  expect((await list({ filter_type: 1 })).group_msg_list).toMatchObject([
    { msgid: own.msgid, creator: 'amy', create_type: 1 },
  ])
  expect((await list({ creator: 'Bob' })).group_msg_list).toEqual([])
  expect((await list({ chat_type: 'group' })).group_msg_list).toEqual([])
  const first = await list({ limit: 3 })
  const second = await list({ limit: 3, cursor: first.next_cursor })
  expect([first, second].map((page) => page.group_msg_list.length)).toEqual([3, 1])
  expect(second.next_cursor).toBe('')
  expect(await list({ limit: 3, filter_type: 0, cursor: first.next_cursor })).toMatchObject({ errcode: 50100 })
  expect((await list({ limit: 101 })).group_msg_list.length).toBe(4) // falls back to 50
  expect(await list({ end_time: now + 32 * 86_400 })).toMatchObject({ errcode: 40058 })
})

test('three reminders in 24 hours, the next is 41094; a day after the first there is room for one', async () => {
  await using world = await aMassWorld()
  const { msgid } = await add(world, { external_userid: [await friendOf(world, 'amy')] })
  const remind = async () => (await world.api(REMIND, { msgid })).errcode
  expect(await remind()).toBe(0)
  await jump(world, 3600)
  expect([await remind(), await remind(), await remind()]).toEqual([0, 0, 41094])
  await jump(world, 23 * 3600)
  expect([await remind(), await remind()]).toEqual([0, 41094])
  expect(await world.api(REMIND, { msgid: 'msgNo' })).toMatchObject({ errcode: 41047 })
  expect(await world.api(REMIND, {})).toMatchObject({ errcode: 41046 })
})

test('cancelling stops whoever has not sent and takes nothing back', async () => {
  await using world = await aMassWorld()
  const [of1, of2] = [await friendOf(world, 'amy'), await friendOf(world, 'Bob')]
  const { msgid } = await add(world, { external_userid: [of1, of2] })
  await send(world, msgid, 'amy')
  expect(await world.api(CANCEL, { msgid })).toMatchObject({ errcode: 0 })
  expect(await world.api(CANCEL, { msgid })).toMatchObject({ errcode: 41093 })
  expect(await world.api(REMIND, { msgid })).toMatchObject({ errcode: 41093 })
  expect(await send(world, msgid, 'Bob')).toMatchObject({ code: 'mass.cancelled' })
  expect((await said(world, 'amy', of1)).length).toBe(1)
  expect((await said(world, 'Bob', of2)).length).toBe(0)
  expect((await world.api(TASK, { msgid })).task_list).toMatchObject([
    { userid: 'amy', status: 2 },
    { userid: 'Bob', status: 0 },
  ])
})

test('once a customer has had as many as the month has days the next is status 3, members’ own counted', async () => {
  await using world = await aWorld({
    startAtMs: Date.UTC(2026, 1, 27, 4), // 27 February, noon in Shanghai
    corp: { options: { massCreationMs: 0 } },
  })
  const [full, free] = [await friendOf(world, 'amy'), await friendOf(world, 'amy')]
  const quota = `/corps/${world.corp.corpid}/mass-quota`
  expect(await world.control('PUT', quota, { id: full, used: 27 })).toMatchObject({ limit: 28, used: 27 })
  await world.act({ type: 'mass_own', userid: 'amy', text: '自己发的', externalUserids: [full] })
  const { msgid } = await add(world, { sender: 'amy', external_userid: [full, free] })
  expect(await send(world, msgid, 'amy')).toMatchObject({ sent: 1, full: 1 })
  expect((await rows(world, msgid, 'amy')).map(({ status }) => status)).toEqual([3, 1])
  await jump(world, 2 * 86_400) // 1 March
  const march = await add(world, { sender: 'amy', external_userid: [full] })
  expect(await send(world, march.msgid, 'amy')).toMatchObject({ sent: 1, full: 0 })
  expect(await world.control('GET', `${quota}/${full}`)).toMatchObject({ limit: 31, used: 1 })
})

test('groups go through their owner alone, all of his where none are named, and only those sent to have a row', async () => {
  await using world = await aMassWorld()
  const group = async (owner: string) =>
    (await world.act<{ chatId: string }>({ type: 'group_create', name: `${owner} 的群`, owner })).chatId
  const [mine, full, theirs] = [await group('amy'), await group('amy'), await group('Bob')]
  await world.control('PUT', `/corps/${world.corp.corpid}/mass-quota`, { id: full, used: 31 })
  const named = await add(world, { chat_type: 'group', sender: 'amy', chat_id_list: [mine, theirs] })
  expect(named.fail_list).toEqual([theirs])
  const all = await add(world, { chat_type: 'group', sender: 'amy' })
  expect(await rows(world, all.msgid, 'amy')).toEqual([])
  expect(await send(world, all.msgid, 'amy')).toMatchObject({ sent: 1, full: 1 })
  expect(await rows(world, all.msgid, 'amy')).toEqual([{ chat_id: mine, userid: 'amy', status: 1 }])
  const { messages } = await world.control<{ messages: Json[] }>(
    'GET',
    `/corps/${world.corp.corpid}/groups/${mine}/chat`,
  )
  expect(messages).toMatchObject([{ speaker: 'amy', kind: 'text', text: text.content, msgid: all.msgid }])
  expect(await add(world, { chat_type: 'group', sender: 'amy', chat_id_list: [theirs] })).toMatchObject({
    errcode: 41048,
  })
})

test('a member unticks customers only where the company lets him; they stay unsent', async () => {
  await using world = await aMassWorld()
  const [yes, no] = [await friendOf(world, 'amy'), await friendOf(world, 'amy')]
  const body = { sender: 'amy', external_userid: [yes, no] }
  const fixed = await add(world, body)
  const tick = (msgid: string) => world.act<Json>({ type: 'mass_send', msgid, userid: 'amy', only: [yes] })
  expect(await tick(fixed.msgid)).toMatchObject({ code: 'mass.fixed' })
  const free = await add(world, { ...body, allow_select: true })
  expect(await tick(free.msgid)).toMatchObject({ sent: 1 })
  expect((await rows(world, free.msgid, 'amy')).map(({ status }) => status)).toEqual([1, 0])
})

test('results page to the end, whoever asks for too many rows gets the default', async () => {
  await using world = await aWorld({
    corp: { options: { massCreationMs: 0 }, generate: { customers: 1_200, followersEach: 1, staff: 1, tags: 0 } },
  })
  const { msgid } = await add(world, { sender: 'guide00' })
  await send(world, msgid, 'guide00')
  const page = (body: Json) =>
    world.api(RESULT, { msgid, userid: 'guide00', ...body }) as Promise<Json & { send_list: Json[] }>
  const first = await page({ limit: 1_000 })
  const second = await page({ limit: 1_000, cursor: first.next_cursor })
  const ids = [...first.send_list, ...second.send_list].map((row) => row.external_userid)
  expect([first.send_list.length, second.send_list.length, new Set(ids).size]).toEqual([1_000, 200, 1_200])
  expect(second.next_cursor).toBe('')
  expect((await page({ limit: 1_001 })).send_list.length).toBe(500)
  expect(await page({ userid: 'nobody' })).toMatchObject({ errcode: 40003 })
})

test('a lost answer leaves the task standing, one lost before leaves none, and both look the same to the caller', async () => {
  await using world = await aMassWorld()
  const externalUserid = await friendOf(world, 'amy')
  const tasks = async () =>
    (await world.control<{ tasks: Json[] }>('GET', `/corps/${world.corp.corpid}/mass`)).tasks.length
  for (const [kind, made] of [
    ['reset', 0],
    ['5xx', 0],
    ['timeout-before', 0],
    ['reset-after', 1],
    ['5xx-after', 2],
    ['timeout-after', 3],
  ] as const) {
    await world.control('PUT', '/faults', { rules: [{ where: 'api', kind, match: ADD, count: 1, ms: 50 }] })
    await expect(add(world, { external_userid: [externalUserid] })).rejects.toThrow()
    expect([kind, await tasks()]).toEqual([kind, made])
  }
})

test('calls held up at once are bounded: one more is 45033 and makes nothing', async () => {
  await using world = await aMassWorld({ massConcurrency: 2 })
  const body = { external_userid: [await friendOf(world, 'amy')] }
  await world.control('PUT', '/faults', { rules: [{ where: 'api', kind: 'slow', match: ADD, count: 2, ms: 400 }] })
  const slow = [add(world, body), add(world, body)]
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(await add(world, body)).toMatchObject({ errcode: 45033 })
  expect((await Promise.all(slow)).map(({ errcode }) => errcode)).toEqual([0, 0])
  expect(await add(world, body)).toMatchObject({ errcode: 0 })
})

test('tasks, who has sent, used places and what was said outlive a restart', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'siyu-mass-'))
  const options = { dataDir, corp: { options: { massCreationMs: 0 } } }
  const { msgid, open, externalUserid } = await (async () => {
    await using world = await aWorld(options)
    const externalUserid = await friendOf(world, 'amy')
    const { msgid } = await add(world, { external_userid: [externalUserid] })
    await send(world, msgid, 'amy')
    return { msgid, externalUserid, open: (await add(world, { external_userid: [externalUserid] })).msgid }
  })()
  await using again = await aWorld(options)
  expect((await rows(again, msgid, 'amy')).map(({ status }) => status)).toEqual([1])
  expect(await again.control('GET', `/corps/${again.corp.corpid}/mass-quota/${externalUserid}`)).toMatchObject({
    used: 1,
  })
  expect(await send(again, open, 'amy')).toMatchObject({ sent: 1 })
  expect((await said(again, 'amy', externalUserid)).length).toBe(2)
})
