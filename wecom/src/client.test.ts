import { hash } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { aClient, GOOD_TOKEN, type Hit, openPlatform, raw, tokenIssuer } from '../test/platform.ts'
import type { CallReport } from './call.ts'
import { createLimiter, type Limiter, memoryTokenStore, type Wecom } from './client.ts'
import { LocalCode } from './errors.ts'

const json = (hit: Hit | undefined) => JSON.parse(hit?.body.toString() ?? '') as Record<string, unknown>

test('a hundred calls with a token the platform took back: one token call, every call answered', async () => {
  const issuer = tokenIssuer()
  await using platform = await openPlatform({
    gettoken: () => issuer.gettoken(),
    'user/get': issuer.guard({ errcode: 0, userid: 'a', name: 'A' }),
  })
  const wecom = aClient(platform.baseUrl)
  await wecom.user.get('a')
  issuer.kill()
  const users = await Promise.all(Array.from({ length: 100 }, () => wecom.user.get('a')))
  expect(users.every((user) => user.userid === 'a')).toBe(true)
  expect(platform.count('gettoken')).toBe(2)
})

test('three processes over one store, a hundred calls each, ask for one token', async () => {
  const issuer = tokenIssuer()
  await using platform = await openPlatform({
    gettoken: () => issuer.gettoken(),
    'user/get': issuer.guard({ errcode: 0, userid: 'a', name: 'A' }),
  })
  const tokenStore = memoryTokenStore()
  const processes = [1, 2, 3].map(() => aClient(platform.baseUrl, { tokenStore }))
  await Promise.all(processes.map((wecom) => wecom.user.get('a')))
  issuer.kill()
  await Promise.all(processes.flatMap((wecom) => Array.from({ length: 100 }, () => wecom.user.get('a'))))
  expect(platform.count('gettoken')).toBe(2)
})

test.each([40014, 42001, 40001])(
  '%i is answered by one fresh token and one replay, never a second',
  async (errcode) => {
    let generation = 0
    await using platform = await openPlatform({
      gettoken: () => ({ ...GOOD_TOKEN, access_token: `T${++generation}` }),
      'message/send': { errcode, errmsg: 'no' },
    })
    const wecom = aClient(platform.baseUrl)
    await expect(wecom.message.send({ touser: 'a', msgtype: 'text', text: { content: 'x' } })).rejects.toMatchObject({
      errcode,
    })
    const sent = platform.hits.filter((hit) => hit.api === 'message/send')
    expect(sent.map((hit) => hit.query.get('access_token'))).toEqual(['T1', 'T2'])
    expect(sent[0]!.body).toEqual(sent[1]!.body)
    expect(platform.count('gettoken')).toBe(2)
  },
)

test.each([-1, 45009, 45033, 41096, 40096])('%i is not repeated by the client', async (errcode) => {
  await using platform = await openPlatform({ gettoken: GOOD_TOKEN, 'user/get': { errcode, errmsg: 'no' } })
  await expect(aClient(platform.baseUrl).user.get('a')).rejects.toMatchObject({ errcode, api: 'user/get' })
  expect(platform.count('user/get')).toBe(1)
})

test('a wrong secret is reported as such, and constant calling does not hammer the platform', async () => {
  await using platform = await openPlatform({ gettoken: { errcode: 40001, errmsg: 'invalid credential' } })
  const wecom = aClient(platform.baseUrl)
  for (let call = 0; call < 60; call++) {
    await expect(wecom.user.get('a')).rejects.toMatchObject({ errcode: 40001, api: 'gettoken', outcome: 'refused' })
  }
  expect(platform.count('gettoken')).toBe(3)
  expect(platform.count('user/get')).toBe(0)
})

test('a corrected secret works at once: it does not inherit the wrong one’s pause', async () => {
  await using platform = await openPlatform({
    gettoken: (hit: Hit) => (hit.query.get('corpsecret') === 'right' ? GOOD_TOKEN : { errcode: 40001, errmsg: 'no' }),
    'user/get': { errcode: 0, userid: 'a', name: 'A' },
  })
  const tokenStore = memoryTokenStore()
  const wrong = aClient(platform.baseUrl, { tokenStore, secrets: { app: 'wrong' } })
  for (let call = 0; call < 5; call++) await wrong.user.get('a').catch(() => undefined)
  expect(await aClient(platform.baseUrl, { tokenStore, secrets: { app: 'right' } }).user.get('a')).toMatchObject({
    userid: 'a',
  })
})

test('after 45009 the API is left alone while others go on', async () => {
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'user/get': { errcode: 45009, errmsg: 'api freq out of limit' },
    'department/list': { errcode: 0, department: [] },
  })
  const wecom = aClient(platform.baseUrl)
  await expect(wecom.user.get('a')).rejects.toMatchObject({
    errcode: 45009,
    outcome: 'retryable',
    retryAfterMs: 60_000,
  })
  for (let call = 0; call < 20; call++) {
    await expect(wecom.user.get('a')).rejects.toMatchObject({ errcode: LocalCode.heldBack, outcome: 'retryable' })
  }
  expect(platform.count('user/get')).toBe(1)
  expect(await wecom.department.list()).toEqual([])
})

/** Every endpoint: how it is called, and what must arrive. */
const ENDPOINTS: [
  call: (wecom: Wecom) => Promise<unknown>,
  method: string,
  api: string,
  sent: object,
  reply?: object,
  returns?: unknown,
][] = [
  [(w) => w.department.list(2), 'GET', 'department/list', { id: '2' }, { department: [{ id: 2 }] }, [{ id: 2 }]],
  [(w) => w.department.list(), 'GET', 'department/list', {}, { department: [] }, []],
  [
    (w) => w.department.simpleList(2),
    'GET',
    'department/simplelist',
    { id: '2' },
    { department_id: [{ id: 2 }] },
    [{ id: 2 }],
  ],
  [(w) => w.user.get('张 三&'), 'GET', 'user/get', { userid: '张 三&' }, { userid: 'z', name: 'n' }],
  [
    (w) => w.user.list(7),
    'GET',
    'user/list',
    { department_id: '7' },
    { userlist: [{ userid: 'a' }] },
    [{ userid: 'a' }],
  ],
  [(w) => w.user.simpleList(7), 'GET', 'user/simplelist', { department_id: '7' }, { userlist: [] }, []],
  [(w) => w.user.listId('cur', 5), 'POST', 'user/list_id', { cursor: 'cur', limit: 5 }, { dept_user: [] }],
  [
    (w) => w.contactWay.add({ type: 1, scene: 2, user: ['a'], state: 's' }),
    'POST',
    'externalcontact/add_contact_way',
    { type: 1, scene: 2, user: ['a'], state: 's' },
    { config_id: 'c', qr_code: 'q' },
  ],
  [
    (w) => w.contactWay.get('c'),
    'POST',
    'externalcontact/get_contact_way',
    { config_id: 'c' },
    { contact_way: { config_id: 'c' } },
    { config_id: 'c' },
  ],
  [
    (w) => w.contactWay.list({ start_time: 1 }),
    'POST',
    'externalcontact/list_contact_way',
    { start_time: 1, limit: 1000 },
    { contact_way: [] },
  ],
  [
    (w) => w.contactWay.update({ config_id: 'c', user: ['b'] }),
    'POST',
    'externalcontact/update_contact_way',
    { config_id: 'c', user: ['b'] },
    {},
    undefined,
  ],
  [(w) => w.contactWay.remove('c'), 'POST', 'externalcontact/del_contact_way', { config_id: 'c' }, {}, undefined],
  [(w) => w.customer.followUsers(), 'GET', 'externalcontact/get_follow_user_list', {}, { follow_user: ['a'] }, ['a']],
  [(w) => w.customer.list('a'), 'GET', 'externalcontact/list', { userid: 'a' }, { external_userid: ['wm1'] }, ['wm1']],
  [
    (w) => w.customer.get('wm1', 'cur'),
    'GET',
    'externalcontact/get',
    { external_userid: 'wm1', cursor: 'cur' },
    { external_contact: {}, follow_user: [] },
  ],
  [
    (w) => w.customer.get('wm1'),
    'GET',
    'externalcontact/get',
    { external_userid: 'wm1' },
    { external_contact: {}, follow_user: [] },
  ],
  [
    (w) => w.customer.batchGetByUser(['a'], 'cur', 7),
    'POST',
    'externalcontact/batch/get_by_user',
    { userid_list: ['a'], cursor: 'cur', limit: 7 },
    { external_contact_list: [] },
  ],
  [
    (w) => w.customer.behavior('a', 1_700_000_000, 1_700_086_400),
    'POST',
    'externalcontact/get_user_behavior_data',
    { userid: ['a'], start_time: 1_700_000_000, end_time: 1_700_086_400 },
    { behavior_data: [{ stat_time: 1 }] },
    [{ stat_time: 1 }],
  ],
  [
    (w) => w.customer.remark({ userid: 'a', external_userid: 'wm1', remark: 'r' }),
    'POST',
    'externalcontact/remark',
    { userid: 'a', external_userid: 'wm1', remark: 'r' },
    {},
    undefined,
  ],
  [
    (w) => w.tag.list(),
    'POST',
    'externalcontact/get_corp_tag_list',
    {},
    { tag_group: [{ group_id: 'g' }] },
    [{ group_id: 'g' }],
  ],
  [
    (w) => w.tag.add({ group_name: 'g', tag: [{ name: 't' }] }),
    'POST',
    'externalcontact/add_corp_tag',
    { group_name: 'g', tag: [{ name: 't' }], agentid: 1000002 },
    { tag_group: { group_id: 'g' } },
    { group_id: 'g' },
  ],
  [
    (w) => w.tag.edit({ id: 't', name: 'n' }),
    'POST',
    'externalcontact/edit_corp_tag',
    { id: 't', name: 'n', agentid: 1000002 },
    {},
    undefined,
  ],
  [
    (w) => w.tag.remove({ tag_id: ['t'] }),
    'POST',
    'externalcontact/del_corp_tag',
    { tag_id: ['t'], agentid: 1000002 },
    {},
    undefined,
  ],
  [
    (w) => w.tag.mark({ userid: 'a', external_userid: 'wm1', add_tag: ['t'] }),
    'POST',
    'externalcontact/mark_tag',
    { userid: 'a', external_userid: 'wm1', add_tag: ['t'] },
    {},
    undefined,
  ],
  [
    (w) => w.welcome.send({ welcome_code: 'c', text: { content: 'hi' } }),
    'POST',
    'externalcontact/send_welcome_msg',
    { welcome_code: 'c', text: { content: 'hi' } },
    {},
    undefined,
  ],
  [
    (w) => w.groupChat.list({ status_filter: 1 }),
    'POST',
    'externalcontact/groupchat/list',
    { status_filter: 1, limit: 1000 },
    { group_chat_list: [] },
  ],
  [
    (w) => w.groupChat.get('wr1'),
    'POST',
    'externalcontact/groupchat/get',
    { chat_id: 'wr1', need_name: 1 },
    { group_chat: { chat_id: 'wr1' } },
    { chat_id: 'wr1' },
  ],
  [
    (w) => w.message.send({ touser: 'a', msgtype: 'text', text: { content: 'x' } }),
    'POST',
    'message/send',
    { touser: 'a', msgtype: 'text', text: { content: 'x' }, agentid: 1000002 },
    { msgid: 'm', invaliduser: 'b' },
  ],
  [(w) => w.jsapi.corpTicket(), 'GET', 'get_jsapi_ticket', {}, { ticket: 'K', expires_in: 7200 }, 'K'],
  [(w) => w.jsapi.agentTicket(), 'GET', 'ticket/get', { type: 'agent_config' }, { ticket: 'A', expires_in: 7200 }, 'A'],
  [(w) => w.oauth.userInfo('code'), 'GET', 'auth/getuserinfo', { code: 'code' }, { userid: 'a' }],
  [(w) => w.oauth.userDetail('t'), 'POST', 'auth/getuserdetail', { user_ticket: 't' }, { userid: 'a' }],
  [(w) => w.callbackIps(), 'GET', 'getcallbackip', {}, { ip_list: ['1.2.3.*'] }, ['1.2.3.*']],
]

test.each(ENDPOINTS.map((row) => [`${row[1]} ${row[2]}`, row] as const))(
  '%s sends what it should with the right secret’s token',
  async (_name, [call, method, api, sent, reply = {}, returns]) => {
    await using platform = await openPlatform({
      gettoken: (hit: Hit) => ({
        ...GOOD_TOKEN,
        access_token: `of ${hit.query.get('corpid')} ${hit.query.get('corpsecret')}`,
      }),
      [api]: { errcode: 0, errmsg: 'ok', ...reply },
    })
    const value = await call(aClient(platform.baseUrl))
    const hit = platform.hits.at(-1)!
    const { access_token, ...query } = Object.fromEntries(hit.query)
    expect([hit.method, hit.api]).toEqual([method, api])
    expect(access_token).toBe(`of ww0123456789abcdef ${api === 'user/list_id' ? 'sync-secret' : 'app-secret'}`)
    if (method === 'GET') expect(query).toEqual(sent)
    else {
      expect(query).toEqual({})
      expect(json(hit)).toEqual(sent)
      expect(hit.headers['content-type']).toBe('application/json')
    }
    if (returns !== undefined || Object.keys(reply).length === 0) expect(value).toEqual(returns)
    else expect(value).toMatchObject(reply)
  },
)

test('without the contact-sync secret its endpoint says so and nothing is sent', async () => {
  await using platform = await openPlatform({ gettoken: GOOD_TOKEN })
  await expect(aClient(platform.baseUrl, { secrets: { app: 's' } }).user.listId('')).rejects.toMatchObject({
    errcode: 41004,
    outcome: 'refused',
  })
  expect(platform.hits).toEqual([])
})

test('a member without customers has an empty list, whichever way WeCom says it', async () => {
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'externalcontact/list': { errcode: 84061, errmsg: 'not external contact' },
  })
  expect(await aClient(platform.baseUrl).customer.list('a')).toEqual([])
})

test('pages of many members: a hundred at a time, each to the end of its cursor, empty pages included', async () => {
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'externalcontact/batch/get_by_user': (hit: Hit) => {
      const { userid_list, cursor } = json(hit) as { userid_list: string[]; cursor: string }
      const row = (name: string) => ({
        external_contact: { external_userid: name },
        follow_info: { userid: userid_list[0] },
      })
      if (cursor === '')
        return { errcode: 0, external_contact_list: [row(`${userid_list.length} first`)], next_cursor: 'c1' }
      if (cursor === 'c1') return { errcode: 0, external_contact_list: [], next_cursor: 'c2' }
      return { errcode: 0, external_contact_list: [row(`${userid_list.length} last`)], next_cursor: '' }
    },
  })
  const userids = Array.from({ length: 250 }, (_, n) => `u${n}`)
  const rows: string[] = []
  for await (const page of aClient(platform.baseUrl).customer.pagesByUser(userids)) {
    rows.push(
      ...page.external_contact_list.map((row) => `${row.follow_info.userid} ${row.external_contact.external_userid}`),
    )
  }
  expect(rows).toEqual([
    'u0 100 first',
    'u0 100 last',
    'u100 100 first',
    'u100 100 last',
    'u200 50 first',
    'u200 50 last',
  ])
})

test('a cursor that comes back ends the listing with an error, after the pages that were new', async () => {
  for (const cursors of [
    ['a', 'a'],
    ['a', 'b', 'a'],
    ['a', 'b', 'c', 'b'],
  ]) {
    await using platform = await openPlatform({
      gettoken: GOOD_TOKEN,
      'externalcontact/groupchat/list': (_hit: Hit, times: number) => ({
        errcode: 0,
        group_chat_list: [],
        next_cursor: cursors[times - 1] ?? 'more',
      }),
    })
    let read = 0
    const readAll = async () => {
      for await (const page of aClient(platform.baseUrl).groupChat.pages()) read += 1 + page.group_chat_list.length
    }
    await expect(readAll()).rejects.toMatchObject({
      errcode: LocalCode.loopingCursor,
      api: 'externalcontact/groupchat/list',
    })
    expect(read).toBe(cursors.length)
  }
})

test('every listing ends, whatever cursors the platform invents', async () => {
  let nth = 0
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'externalcontact/get': () => ({ errcode: 0, external_contact: {}, follow_user: [], next_cursor: `c${nth++ % 50}` }),
    'externalcontact/list_contact_way': () => ({ errcode: 0, contact_way: [], next_cursor: `c${nth++ % 50}` }),
    'user/list_id': () => ({ errcode: 0, dept_user: [], next_cursor: `c${nth++ % 50}` }),
    'externalcontact/get_groupmsg_list_v2': () => ({ errcode: 0, next_cursor: `c${nth++ % 50}` }),
    'externalcontact/get_groupmsg_task': () => ({ errcode: 0, next_cursor: `c${nth++ % 50}` }),
    'externalcontact/get_groupmsg_send_result': () => ({ errcode: 0, next_cursor: `c${nth++ % 50}` }),
    'externalcontact/get_moment_list': () => ({ errcode: 0, next_cursor: `c${nth++ % 50}` }),
    'externalcontact/get_moment_task': () => ({ errcode: 0, next_cursor: `c${nth++ % 50}` }),
    'externalcontact/get_moment_customer_list': () => ({ errcode: 0, next_cursor: `c${nth++ % 50}` }),
    'externalcontact/get_moment_send_result': () => ({ errcode: 0, next_cursor: `c${nth++ % 50}` }),
  })
  const week = { start_time: 1, end_time: 604_801 }
  const wecom = aClient(platform.baseUrl)
  for (const listing of [
    () => wecom.customer.followerPages('wm1'),
    () => wecom.contactWay.pages(),
    () => wecom.user.listIdPages(),
    () => wecom.massMessage.pages({ chat_type: 'single', ...week }),
    () => wecom.massMessage.taskPages('msg1'),
    () => wecom.massMessage.resultPages('msg1', 'a'),
    () => wecom.moment.pages(week),
    () => wecom.moment.taskPages('mom1'),
    () => wecom.moment.customerPages('mom1', 'a'),
    () => wecom.moment.sendResultPages('mom1', 'a'),
  ]) {
    nth = 0
    const drain = async () => {
      for await (const _page of listing()) expect(nth).toBeLessThan(200)
    }
    await expect(drain()).rejects.toMatchObject({ errcode: LocalCode.loopingCursor })
  }
})

test('a file goes out whole, with its length, its type and a filename that cannot break the header', async () => {
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'media/upload': { errcode: 0, type: 'image', media_id: 'm1', created_at: '1700000000' },
    'media/uploadimg': { errcode: 0, url: 'https://wework.qpic.cn/x' },
  })
  const wecom = aClient(platform.baseUrl)
  const bytes = Buffer.from([0, 1, 2, 13, 10, 45, 45, 255])
  const uploaded = await wecom.media.upload('image', { bytes, filename: '春茶"\r\nX: y.png', contentType: 'image/png' })
  expect(uploaded).toMatchObject({ media_id: 'm1', created_at: '1700000000' })
  expect(await wecom.media.uploadImage({ bytes, filename: 'a.png' })).toBe('https://wework.qpic.cn/x')
  const hit = platform.hits.find((each) => each.api === 'media/upload')!
  expect(hit.query.get('type')).toBe('image')
  expect(hit.headers['transfer-encoding']).toBeUndefined()
  expect(Number(hit.headers['content-length'])).toBe(hit.body.length)
  // Read by an implementation that is not ours.
  const form = await new Response(new Uint8Array(hit.body), {
    headers: { 'content-type': hit.headers['content-type']! },
  }).formData()
  const file = form.get('media') as File
  expect([...form.keys()]).toEqual(['media'])
  expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes)
  expect(file.type).toBe('image/png')
  expect(file.name).toBe('春茶"\r\nX: y.png')
  expect(hit.body.toString().split('\r\n\r\n')[0]!.split('\r\n')).toHaveLength(3)
})

test('a download gives the bytes as they are, though they may look like JSON; a refusal gives its errcode', async () => {
  for (const bytes of [
    Buffer.from([0xff, 0xd8, 0, 0x7b]),
    Buffer.from('{"not":"an error"}'),
    Buffer.from('{ broken'),
  ]) {
    await using platform = await openPlatform({
      gettoken: GOOD_TOKEN,
      'media/get': raw((response) => {
        response
          .writeHead(200, { 'content-type': 'image/jpeg', 'content-disposition': 'attachment; filename="a.jpg"' })
          .end(bytes)
      }),
    })
    expect(await aClient(platform.baseUrl).media.get('m1')).toEqual({
      bytes,
      contentType: 'image/jpeg',
      filename: 'a.jpg',
    })
  }
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'media/get': { errcode: 40007, errmsg: 'invalid media_id' },
  })
  await expect(aClient(platform.baseUrl).media.get('old')).rejects.toMatchObject({ errcode: 40007, outcome: 'refused' })
})

test('a download may be as large as WeCom’s files, 20 MB', async () => {
  const bytes = Buffer.alloc(20 * 1024 * 1024, 7)
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'media/get': raw((response) => void response.end(bytes)),
  })
  expect((await aClient(platform.baseUrl).media.get('m1')).bytes.equals(bytes)).toBe(true)
})

test('tickets are cached apart, and fetched again when one is named as rejected', async () => {
  let issued = 0
  const ticket = () => ({ errcode: 0, ticket: `K${++issued}`, expires_in: 7200 })
  await using platform = await openPlatform({ gettoken: GOOD_TOKEN, get_jsapi_ticket: ticket, 'ticket/get': ticket })
  const { jsapi } = aClient(platform.baseUrl)
  expect([
    await jsapi.corpTicket(),
    await jsapi.agentTicket(),
    await jsapi.corpTicket(),
    await jsapi.agentTicket(),
  ]).toEqual(['K1', 'K2', 'K1', 'K2'])
  expect(await jsapi.corpTicket('K1')).toBe('K3')
  expect(await jsapi.agentTicket()).toBe('K2')
})

test('sign-in links carry what WeCom asks for, to the letter', () => {
  const { oauth } = aClient('http://unused')
  const redirectUri = 'https://crm.example.com/back?a=1&b=二'
  expect(oauth.authorizeUrl({ redirectUri, state: 'abc123' })).toBe(
    'https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww0123456789abcdef&redirect_uri=https%3A%2F%2Fcrm.example.com%2Fback%3Fa%3D1%26b%3D%E4%BA%8C&response_type=code&scope=snsapi_base&state=abc123&agentid=1000002#wechat_redirect',
  )
  const login = new URL(oauth.webLoginUrl({ redirectUri, state: 'abc123' }))
  expect(login.origin + login.pathname).toBe('https://login.work.weixin.qq.com/wwlogin/sso/login')
  expect(Object.fromEntries(login.searchParams)).toEqual({
    login_type: 'CorpApp',
    appid: 'ww0123456789abcdef',
    agentid: '1000002',
    redirect_uri: redirectUri,
    state: 'abc123',
    lang: 'zh',
  })
  for (const state of ['a-b', 'a b', 'é', 'x'.repeat(129)]) {
    expect(() => oauth.authorizeUrl({ redirectUri, state })).toThrow(TypeError)
    expect(() => oauth.webLoginUrl({ redirectUri, state })).toThrow(TypeError)
  }
})

test('a sign-in code whose answer was lost is unknown: it may be used up', async () => {
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'auth/getuserinfo': raw((response) => void response.destroy()),
  })
  await expect(aClient(platform.baseUrl).oauth.userInfo('c')).rejects.toMatchObject({ outcome: 'unknown' })
})

test('a mass message or moment that got an answer was not made; one whose answer was lost may have been', async () => {
  const answers: [answer: object, errcode: number, outcome: string][] = [
    [{ errcode: 41048, errmsg: 'no customer to send' }, 41048, 'refused'],
    [{ errcode: 45009, errmsg: 'too often' }, 45009, 'retryable'],
    [{ errcode: 45033, errmsg: 'concurrency' }, 45033, 'retryable'],
    [raw((response) => void response.writeHead(403).end('no')), LocalCode.httpStatus, 'refused'],
    [raw((response) => void response.writeHead(502).end('<html>')), LocalCode.httpStatus, 'unknown'],
    [raw((response) => void response.destroy()), LocalCode.reset, 'unknown'],
    [raw(() => undefined), LocalCode.timeout, 'unknown'],
    [raw((response) => void response.end('{"errcode":0,')), LocalCode.notUnderstood, 'unknown'],
    [{ errcode: 0, errmsg: 'ok' }, LocalCode.notUnderstood, 'unknown'], // neither msgid nor jobid
  ]
  for (const [answer, errcode, outcome] of answers) {
    await using platform = await openPlatform({
      gettoken: GOOD_TOKEN,
      'externalcontact/add_msg_template': answer,
      'externalcontact/add_moment_task': answer,
    })
    const wecom = aClient(platform.baseUrl, { timeoutMs: 200 })
    const text = { content: '您好' }
    const mass = wecom.massMessage.add({ external_userid: ['wm1'], sender: 'a', text })
    await expect(mass).rejects.toMatchObject({ errcode, outcome })
    await expect(wecom.moment.add({ text })).rejects.toMatchObject({ errcode, outcome })
    expect(platform.count('externalcontact/add_msg_template')).toBe(1)
    expect(platform.count('externalcontact/add_moment_task')).toBe(1)
  }
  const nowhere = aClient('http://127.0.0.1:1') // nothing listens: nothing was sent
  const unsent = nowhere.massMessage.add({ sender: 'a', text: { content: '您好' } })
  await expect(unsent).rejects.toMatchObject({ outcome: 'retryable' })
})

test('10 001 recipients never leave, 10 000 do', async () => {
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'externalcontact/add_msg_template': { errcode: 0, msgid: 'msg1' },
  })
  const { massMessage } = aClient(platform.baseUrl)
  const ids = Array.from({ length: 10_001 }, (_, n) => `wm${n}`)
  const text = { content: '您好' }
  await expect(massMessage.add({ external_userid: ids, text })).rejects.toThrow(TypeError)
  expect(platform.count('externalcontact/add_msg_template')).toBe(0)
  expect(await massMessage.add({ external_userid: ids.slice(1), text })).toMatchObject({ msgid: 'msg1', fail_list: [] })
})

test('welcomes ride in their own lane, everything else does not', async () => {
  const inner = createLimiter()
  const lanes: string[] = []
  const limiter: Limiter = {
    run: (call, send) => {
      lanes.push(`${call.api} ${call.lane ?? 'normal'} ${call.corpId}`)
      return inner.run(call, send)
    },
  }
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'externalcontact/send_welcome_msg': { errcode: 0 },
    'externalcontact/get': { errcode: 0, external_contact: {}, follow_user: [] },
  })
  const wecom = aClient(platform.baseUrl, { limiter })
  await wecom.welcome.send({ welcome_code: 'c', text: { content: 'hi' } })
  await wecom.customer.get('wm1')
  await wecom.customer.get('wm1', undefined, { lane: 'welcome' })
  expect(lanes.map((lane) => lane.replace(' ww0123456789abcdef', ''))).toEqual([
    'gettoken welcome',
    'externalcontact/send_welcome_msg welcome',
    'externalcontact/get normal',
    'externalcontact/get welcome',
  ])
})

test('every exchange is reported once, failures and replays with their codes', async () => {
  const issuer = tokenIssuer()
  const reports: CallReport[] = []
  await using platform = await openPlatform({
    gettoken: () => issuer.gettoken(),
    'user/get': issuer.guard({ errcode: 0, userid: 'a', name: 'A' }),
    'message/send': raw((response) => void response.end('<html>')),
  })
  const wecom = aClient(platform.baseUrl, { onCall: (report) => void reports.push(report) })
  await wecom.user.get('a')
  issuer.kill()
  await wecom.user.get('a')
  await wecom.message.send({ touser: 'a', msgtype: 'text', text: { content: 'x' } }).catch(() => undefined)
  expect(reports.map(({ api, errcode, outcome }) => [api, errcode, outcome])).toEqual([
    ['gettoken', 0, 'ok'],
    ['user/get', 0, 'ok'],
    ['user/get', 40014, 'retryable'],
    ['gettoken', 0, 'ok'],
    ['user/get', 0, 'ok'],
    ['message/send', LocalCode.notUnderstood, 'unknown'],
  ])
  expect(reports.every(({ ms }) => ms > 0 && ms < 10_000)).toBe(true)
})

test('no error carries a secret or a token, however it is printed', async () => {
  const answers = [
    raw((response) => void response.destroy()),
    raw((response) => void response.end('x')),
    { errcode: 60020, errmsg: 'not allow' },
  ]
  for (const answer of answers) {
    await using platform = await openPlatform({
      gettoken: { ...GOOD_TOKEN, access_token: 'TOKEN-VALUE' },
      'user/get': answer,
    })
    await using closed = await openPlatform({ gettoken: answer })
    for (const baseUrl of [platform.baseUrl, closed.baseUrl]) {
      const error: unknown = await aClient(baseUrl, { secrets: { app: 'SECRET-VALUE' } })
        .user.get('a')
        .catch((reason: unknown) => reason)
      const printed = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)} ${(error as Error).stack}`
      expect(printed).toMatch(/WecomError/)
      expect(printed).not.toMatch(/SECRET-VALUE|TOKEN-VALUE/)
    }
  }
})

test('the token store sees neither the secret nor more of it than a fingerprint', async () => {
  const keys: string[] = []
  const inner = memoryTokenStore()
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    'user/get': { errcode: 0, userid: 'a', name: 'A' },
  })
  const tokenStore = {
    ...inner,
    read: (key: string) => {
      keys.push(key)
      return inner.read(key)
    },
  }
  await aClient(platform.baseUrl, { tokenStore }).user.get('a')
  expect(keys).toEqual([`gettoken ww0123456789abcdef app ${hash('sha256', 'app-secret').slice(0, 12)}`])
})

test('a base URL may have a path of its own, with or without a slash at its end', async () => {
  await using platform = await openPlatform({
    gettoken: GOOD_TOKEN,
    getcallbackip: { errcode: 0, ip_list: ['1.1.1.1'] },
  })
  for (const path of ['', '/', '/proxy/wecom', '/proxy/wecom/']) {
    expect(await aClient(platform.baseUrl + path).callbackIps()).toEqual(['1.1.1.1'])
  }
  expect(platform.hits.map((hit) => hit.prefix)).toEqual([
    '',
    '',
    '',
    '',
    '/proxy/wecom',
    '/proxy/wecom',
    '/proxy/wecom',
    '/proxy/wecom',
  ])
})
