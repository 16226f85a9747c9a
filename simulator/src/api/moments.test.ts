import { expect, test } from 'vitest'
import { aWorld, type Json, type TestWorld } from '../../test/world.ts'

const ADD = 'externalcontact/add_moment_task'
const text = { content: '见山春茶，今天上新' }

const aMomentWorld = (options: Json = {}) => aWorld({ corp: { options: { massCreationMs: 0, ...options } } })
const jump = (world: TestWorld, seconds: number) => world.control('POST', '/clock', { jumpSeconds: seconds })
const by = (userid: string, ...tags: string[]) => ({
  sender_list: { user_list: [userid] },
  ...(tags.length > 0 && { external_contact_list: { tag_list: tags } }),
})

async function friendOf(world: TestWorld, userid: string): Promise<string> {
  const { externalUserid } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name: '林晚' })
  await world.act({ type: 'add', userid, externalUserid })
  return externalUserid
}

/** A picture's header: all the platform looks at. */
function aPng(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(64)
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(bytes)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

function anMp4(seconds: number): Buffer {
  const bytes = Buffer.alloc(96)
  bytes.write('ftyp', 4, 'latin1')
  bytes.write('mvhd', 36, 'latin1')
  bytes.writeUInt32BE(1_000, 52)
  bytes.writeUInt32BE(seconds * 1_000, 56)
  return bytes
}

async function upload(world: TestWorld, path: string, bytes: Buffer): Promise<Json & { media_id: string }> {
  const form = new FormData()
  form.append('media', new Blob([new Uint8Array(bytes)]), 'a.bin')
  const url = `${world.sim.url}/cgi-bin/${path}&access_token=${await world.token()}`
  return (await (await fetch(url, { method: 'POST', body: form })).json()) as Json & { media_id: string }
}
const uploadMoment = (world: TestWorld, kind: string, bytes: Buffer, type = 1) =>
  upload(world, `media/upload_attachment?media_type=${kind}&attachment_type=${type}`, bytes)

async function aMoment(world: TestWorld, body: Json = {}): Promise<string> {
  const { jobid } = await world.api(ADD, { text, ...body })
  const { result } = await world.apiGet('externalcontact/get_moment_task_result', { jobid: jobid as string })
  return (result as { moment_id: string }).moment_id
}

test('a job goes from begun over under way to done, and gives the moment then; after a day nobody knows it', async () => {
  await using world = await aMomentWorld({ massCreationMs: 10_000 })
  const { jobid } = await world.api(ADD, { text, visible_range: { sender_list: { user_list: ['amy', 'nobody'] } } })
  const ask = () => world.apiGet('externalcontact/get_moment_task_result', { jobid: jobid as string })
  expect(await ask()).toMatchObject({ status: 1 })
  await jump(world, 6)
  expect(await ask()).toMatchObject({ status: 2 })
  await jump(world, 4)
  const done = await ask()
  expect(done).toMatchObject({ status: 3, result: { errcode: 0, invalid_sender_list: { user_list: ['nobody'] } } })
  expect((done.result as Json).moment_id).toMatch(/^mom/)
  await jump(world, 86_400)
  expect(await ask()).toMatchObject({ errcode: 40058 })
  expect(await world.apiGet('externalcontact/get_moment_task_result', {})).toMatchObject({ errcode: 40058 })
})

test('a job for nobody who exists ends refused, and makes no moment', async () => {
  await using world = await aMomentWorld()
  const { jobid } = await world.api(ADD, { text, visible_range: by('nobody') })
  expect(await world.apiGet('externalcontact/get_moment_task_result', { jobid: jobid as string })).toMatchObject({
    status: 3,
    result: { errcode: 40003 },
  })
  const now = Math.floor(Date.now() / 1000)
  const list = await world.api('externalcontact/get_moment_list', { start_time: now - 600, end_time: now + 600 })
  expect(list.moment_list).toEqual([])
})

test('customers see it once their member has published; likes and comments come out without the words', async () => {
  await using world = await aMomentWorld()
  const [amys, bobs] = [await friendOf(world, 'amy'), await friendOf(world, 'Bob')]
  const moment_id = await aMoment(world, { visible_range: { sender_list: { user_list: ['amy', 'Bob'] } } })
  const phone = async (who: string) =>
    (await world.control<{ moments: Json[] }>('GET', `/corps/${world.corp.corpid}/customers/${who}/moments`)).moments
  const ask = (path: string, userid = 'amy') => world.api(`externalcontact/${path}`, { moment_id, userid })
  expect(await phone(amys)).toEqual([])
  expect(await ask('get_moment_comments')).toMatchObject({ errcode: 41062 })
  expect((await ask('get_moment_customer_list')).customer_list).toEqual([{ userid: 'amy', external_userid: amys }])

  await world.act({ type: 'moment_publish', momentId: moment_id, userid: 'amy' })
  expect((await world.api('externalcontact/get_moment_task', { moment_id })).task_list).toEqual([
    { userid: 'amy', publish_status: 1 },
    { userid: 'Bob', publish_status: 0 },
  ])
  expect(await phone(amys)).toMatchObject([
    { momentId: moment_id, staffName: 'AMY', bubbles: [{ text: text.content }] },
  ])
  expect(await phone(bobs)).toEqual([])
  expect((await ask('get_moment_send_result')).customer_list).toEqual([{ external_userid: amys }])

  const react = (action: Json) =>
    world.act<Json>({ momentId: moment_id, userid: 'amy', externalUserid: amys, ...action })
  await react({ type: 'moment_like' })
  await react({ type: 'moment_comment', text: '看着好喝' })
  await react({ type: 'moment_comment', externalUserid: undefined, text: '欢迎来店里' })
  expect(await react({ type: 'moment_like', externalUserid: bobs })).toMatchObject({ code: 'moment.hidden' })
  const reactions = await ask('get_moment_comments')
  expect(reactions.like_list).toMatchObject([{ external_userid: amys }])
  expect(reactions.comment_list).toMatchObject([{ external_userid: amys }, { userid: 'amy' }])
  expect(JSON.stringify(reactions)).not.toContain('好喝')
  await react({ type: 'moment_like' }) // takes it back
  expect((await ask('get_moment_comments')).like_list).toEqual([])
  expect(await ask('get_moment_comments', 'cat')).toMatchObject({ errcode: 41061 })
})

test('a tag narrows it to the member’s own marked customers, and who has parted by then is not shown it', async () => {
  await using world = await aMomentWorld()
  await world.act({ type: 'tags_create', groupName: '口味', names: ['绿茶'] })
  const [group] = (await world.api('externalcontact/get_corp_tag_list')).tag_group as { tag: { id: string }[] }[]
  const tag = group!.tag[0]!.id
  const [marked, parted, plain] = [
    await friendOf(world, 'amy'),
    await friendOf(world, 'amy'),
    await friendOf(world, 'amy'),
  ]
  for (const externalUserid of [marked, parted])
    await world.act({ type: 'staff_edits', userid: 'amy', externalUserid, addTags: [tag] })
  const moment_id = await aMoment(world, { visible_range: by('amy', tag, 'etNo') })
  const ids = async (path: string) =>
    ((await world.api(path, { moment_id, userid: 'amy' })).customer_list as Json[]).map((row) => row.external_userid)
  expect(await ids('externalcontact/get_moment_customer_list')).toEqual([marked, parted])
  await world.act({ type: 'customer_deletes', userid: 'amy', externalUserid: parted })
  await world.act({ type: 'moment_publish', momentId: moment_id })
  expect(await ids('externalcontact/get_moment_send_result')).toEqual([marked])
  expect(plain).not.toBe(marked)
})

test('cancelling stops whoever has not published; the app is named nowhere in the list', async () => {
  await using world = await aMomentWorld()
  await friendOf(world, 'amy')
  const moment_id = await aMoment(world)
  await world.act({ type: 'moment_publish', momentId: moment_id, userid: 'amy' })
  expect(await world.api('externalcontact/cancel_moment_task', { moment_id })).toMatchObject({ errcode: 0 })
  expect(await world.act({ type: 'moment_publish', momentId: moment_id, userid: 'Bob' })).toMatchObject({
    code: 'moment.cancelled',
  })
  const now = Math.floor(Date.now() / 1000)
  const { moment_list } = await world.api('externalcontact/get_moment_list', { start_time: now - 9, end_time: now + 9 })
  expect(moment_list).toEqual([
    { moment_id, create_time: expect.any(Number), create_type: 0, visible_type: 1, text, image: [] },
  ])
  const wide = { start_time: now, end_time: now + 30 * 86_400 + 1 }
  expect(await world.api('externalcontact/get_moment_list', wide)).toMatchObject({ errcode: 40058 })
  expect(await world.api('externalcontact/cancel_moment_task', { moment_id: 'momNo' })).toMatchObject({
    errcode: 41060,
  })
})

test('nine pictures or one video or one link, of files uploaded for moments and within their measures', async () => {
  await using world = await aMomentWorld()
  const code = async (attachments: Json[]) => (await world.api(ADD, { attachments })).errcode
  const good = await uploadMoment(world, 'image', aPng(1_920, 1_080))
  const image = { msgtype: 'image', image: { media_id: good.media_id } }
  const link = {
    msgtype: 'link',
    link: { title: '茶'.repeat(64), url: 'https://tea.example', media_id: good.media_id },
  }
  const plain = await upload(world, 'media/upload?type=image', aPng(100, 100))
  const album = await uploadMoment(world, 'image', aPng(100, 100), 2)
  expect(await code(Array.from({ length: 9 }, () => image))).toBe(0)
  expect(await code(Array.from({ length: 10 }, () => image))).toBe(41064)
  expect(await code([link])).toBe(0)
  expect(await code([link, link])).toBe(41064)
  expect(await code([image, link])).toBe(41065)
  expect(await code([{ ...link, link: { ...link.link, title: '茶'.repeat(65) } }])).toBe(40058)
  expect(await code([{ msgtype: 'image', image: { media_id: plain.media_id } }])).toBe(40007)
  expect(await code([{ msgtype: 'image', image: { media_id: album.media_id } }])).toBe(40007)
  expect(await code([{ msgtype: 'miniprogram', miniprogram: {} }])).toBe(41065)
  const mass = { sender: 'amy', attachments: [image] }
  expect(await world.api('externalcontact/add_msg_template', mass)).toMatchObject({ errcode: 40007 })
  expect(await uploadMoment(world, 'image', aPng(10_801, 100))).toMatchObject({ errcode: 41081 })
  expect(await uploadMoment(world, 'image', aPng(1_081, 1_081))).toMatchObject({ errcode: 41081 })
  expect(await uploadMoment(world, 'video', anMp4(30))).toMatchObject({ errcode: 0 })
  expect(await uploadMoment(world, 'video', anMp4(31))).toMatchObject({ errcode: 41082 })
  expect(await uploadMoment(world, 'image', Buffer.from('GIF89a……'))).toMatchObject({ errcode: 41090 })
  expect(await world.api(ADD, {})).toMatchObject({ errcode: 41089 })
  expect(await world.api(ADD, { text: { content: 'a'.repeat(2_001) } })).toMatchObject({ errcode: 40058 })
})

test('ten a minute, the eleventh is 41210 until the minute is over', async () => {
  await using world = await aMomentWorld()
  const codes: unknown[] = []
  for (let n = 0; n < 11; n++) codes.push((await world.api(ADD, { text })).errcode)
  expect(codes).toEqual([...Array.from({ length: 10 }, () => 0), 41210])
  await jump(world, 60)
  expect(await world.api(ADD, { text })).toMatchObject({ errcode: 0 })
})

test('with a bound on moments a day, a customer is shown no more, and the next day again', async () => {
  await using world = await aWorld({
    startAtMs: Date.UTC(2026, 4, 3, 3),
    corp: { options: { massCreationMs: 0, momentsPerDay: 1 } },
  })
  const externalUserid = await friendOf(world, 'amy')
  const publish = async () => world.act({ type: 'moment_publish', momentId: await aMoment(world), userid: 'amy' })
  expect([await publish(), await publish()]).toEqual([{ shown: 1 }, { shown: 0 }])
  await jump(world, 86_400)
  expect(await publish()).toEqual({ shown: 1 })
  expect(externalUserid).toMatch(/^wm/)
})
