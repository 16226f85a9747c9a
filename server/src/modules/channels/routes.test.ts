import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, test } from 'vitest'
import { aContext, aCorp, aStaff, at, freshDb, type TestDb, testLog } from '../../../test/world.ts'
import { type Clock, standingClock } from '../../platform/clock.ts'
import { inCorp } from '../../platform/db.ts'
import { addPageGuards, createHttp } from '../../platform/http.ts'
import { registerFileRoutes } from '../content/files/routes.ts'
import type { Actor } from '../corps/context.ts'
import { decodeQr } from './qr/read-picture.ts'
import { registerChannelRoutes, registerLandingRoutes } from './routes.ts'
import type { ChannelCodeView } from './schema.ts'

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50'
const QR = 'https://work.weixin.qq.com/u/vc0123456789abcdef0123456789abcdef?v=5.0'

/** The two rooms’ routes with somebody signed in; whoever asks as another corp names it. */
async function anApp(db: TestDb, corpId: string, clock: Clock = standingClock(at)) {
  const context = aContext(db, { clock })
  const app = await createHttp({ log: testLog, trustedProxies: 0, ownOrigins: [] })
  await addPageGuards(app)
  app.decorateRequest('actor')
  app.addHook('onRequest', async (request) => {
    request.actor = {
      accountId: '1',
      corpId: String(request.headers['x-corp'] ?? corpId),
      role: 'operator',
      roleName: null,
      viewing: null,
      factorMissing: false,
      permissions: [],
      staffId: null,
      scope: undefined,
      name: '周岚',
      ip: '127.0.0.1',
      requestId: request.id,
    } satisfies Actor
  })
  const deps = { db: db.api, work: context, demo: false, adminLogin: 'admin' }
  await registerLandingRoutes(app, deps)
  await registerFileRoutes(app, deps)
  await registerChannelRoutes(app, deps)
  return {
    app,
    context,
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await context[Symbol.asyncDispose]()
    },
  }
}

async function aReadyCode(
  db: TestDb,
  corpId: string,
  app: Awaited<ReturnType<typeof anApp>>['app'],
  name = '静安寺店',
): Promise<ChannelCodeView> {
  const staffId = await aStaff(db, corpId, { name: '<b>陈屿</b>' })
  const made = await app.inject({ method: 'POST', url: '/api/channel-codes', payload: { name, staffIds: [staffId] } })
  expect(made.statusCode).toBe(201)
  const code = made.json<ChannelCodeView>()
  await inCorp(db.api, corpId, (tx) =>
    tx
      .updateTable('channelCode')
      .set({ configId: '0123', qrContent: QR })
      .where('corpId', '=', corpId)
      .where('channelCodeId', '=', code.channelCodeId)
      .execute(),
  )
  return code
}

async function readPng(bytes: Buffer): Promise<string | undefined> {
  const image = await loadImage(bytes)
  const canvas = createCanvas(image.width, image.height)
  canvas.getContext('2d').drawImage(image, 0, 0)
  return decodeQr(canvas.getContext('2d').getImageData(0, 0, image.width, image.height).data, image.width, image.height)
}

test('the printed code says WeCom’s content or our counted address, as asked, under the code’s Chinese name', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using server = await anApp(db, corpId)
  const code = await aReadyCode(db, corpId, server.app)
  const get = (query: string) => server.app.inject(`/api/channel-codes/${code.channelCodeId}/${query}`)
  expect(await readPng((await get('qr.png?landing=0&logo=1')).rawPayload)).toBe(QR)
  expect(await readPng((await get('qr.png?landing=1&size=1000')).rawPayload)).toBe(code.landingUrl)
  const svg = await get('qr.svg?logo=0')
  expect(svg.headers['content-type']).toContain('image/svg+xml')
  expect(svg.headers['content-disposition']).toContain(`filename*=UTF-8''${encodeURIComponent('静安寺店')}.svg`)
  expect((await get('qr.png?size=9999')).statusCode).toBe(400)
  expect(
    (
      await server.app.inject({
        url: `/api/channel-codes/${code.channelCodeId}/qr.png`,
        headers: { 'x-corp': await aCorp(db) },
      })
    ).statusCode,
  ).toBe(404)
})

test('before WeCom has made the code, its own picture is refused with what to do, while the counted one can already be printed', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using server = await anApp(db, corpId)
  const code = await aReadyCode(db, corpId, server.app)
  await inCorp(db.api, corpId, (tx) =>
    tx.updateTable('channelCode').set({ qrContent: null }).where('corpId', '=', corpId).execute(),
  )
  const refused = await server.app.inject(`/api/channel-codes/${code.channelCodeId}/qr.png?landing=0`)
  expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([409, 'channels.qr_not_ready'])
  expect(
    await readPng((await server.app.inject(`/api/channel-codes/${code.channelCodeId}/qr.png?landing=1`)).rawPayload),
  ).toBe(code.landingUrl)
})

test('a person is counted once a day and code, whatever he reloads; machines, HEAD and prefetches are not', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const clock = standingClock(new Date('2026-11-20T15:30:00Z')) // 23:30 in Shanghai
  await using server = await anApp(db, corpId, clock)
  const [code, other] = [await aReadyCode(db, corpId, server.app), await aReadyCode(db, corpId, server.app, '五角场店')]
  const path = (of: ChannelCodeView) => new URL(of.landingUrl).pathname
  const open = (
    of: ChannelCodeView,
    more: { cookie?: string; agent?: string; method?: 'GET' | 'HEAD'; headers?: Record<string, string> } = {},
  ) =>
    server.app.inject({
      method: more.method ?? 'GET',
      url: path(of),
      headers: { 'user-agent': more.agent ?? PHONE, ...(more.cookie ? { cookie: more.cookie } : {}), ...more.headers },
    })
  const first = await open(code)
  const cookie = String(first.headers['set-cookie']).split(';')[0]!
  await Promise.all([open(code, { cookie }), open(code, { cookie }), open(code, { cookie })])
  await open(other, { cookie })
  await open(code, { method: 'HEAD' })
  await open(code, { agent: 'Mozilla/5.0 (compatible; Baiduspider/2.0)' })
  await open(code, { agent: '' })
  await open(code, { headers: { 'sec-purpose': 'prefetch' } })
  const scans = () =>
    inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('channelDaily')
        .select(['channelCodeId', 'scans'])
        .where('corpId', '=', corpId)
        .orderBy('channelCodeId')
        .orderBy('onDay')
        .execute(),
    )
  expect(await scans()).toEqual([
    { channelCodeId: code.channelCodeId, scans: 1 },
    { channelCodeId: other.channelCodeId, scans: 1 },
  ])

  await open(code) // somebody else
  clock.move(31 * 60_000) // past midnight in Shanghai, the same day in UTC
  await open(code, { cookie })
  expect(await scans()).toEqual([
    { channelCodeId: code.channelCodeId, scans: 2 },
    { channelCodeId: code.channelCodeId, scans: 1 },
    { channelCodeId: other.channelCodeId, scans: 1 },
  ])
})

test('the landing page shows whose code it is and the code itself, runs nothing, and takes names for text', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db, { name: '见山<茶>事' })
  await using server = await anApp(db, corpId)
  const code = await aReadyCode(db, corpId, server.app)
  const page = await server.app.inject({ url: new URL(code.landingUrl).pathname, headers: { 'user-agent': PHONE } })
  expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; img-src 'self'; style-src 'sha256-/)
  expect(page.headers['content-security-policy']).not.toContain('script-src')
  expect(page.body).toContain('见山&lt;茶&gt;事')
  expect(page.body).toContain('&lt;b&gt;陈屿&lt;/b&gt; 会接待你')
  expect(page.body).not.toContain('<b>')
  const src = /<img class="qr" src="([^"]+)"/.exec(page.body)![1]!
  expect(await readPng((await server.app.inject(src)).rawPayload)).toBe(QR)
  expect((await server.app.inject({ url: '/c/nothing123', headers: { 'user-agent': PHONE } })).statusCode).toBe(404)
})

test('pictures are taken as bytes of a picture only, up to 10 MB, and shown to their own corp alone', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using server = await anApp(db, corpId)
  const canvas = createCanvas(20, 20)
  const post = (payload: Buffer | string, type: string) =>
    server.app.inject({
      method: 'POST',
      url: `/api/media?name=${encodeURIComponent('八元券')}`,
      payload,
      headers: { 'content-type': type },
    })
  const made = await post(await canvas.encode('png'), 'image/png')
  expect(made.statusCode).toBe(201)
  const { url, fileName } = made.json<{ url: string; fileName: string }>()
  expect(fileName).toBe('八元券.png')
  const shown = await server.app.inject(url)
  expect([shown.statusCode, shown.headers['content-type'], shown.headers['x-content-type-options']]).toEqual([
    200,
    'image/png',
    'nosniff',
  ])
  expect((await server.app.inject({ url, headers: { 'x-corp': await aCorp(db) } })).statusCode).toBe(404)
  expect((await post('<svg/>', 'image/png')).json<{ code: string }>().code).toBe('content.picture_unreadable')
  expect((await post('<svg/>', 'image/svg+xml')).statusCode).toBe(415)
  expect((await post(Buffer.alloc(10 * 1024 * 1024 + 1), 'image/png')).statusCode).toBe(413)
})

test('a welcome beyond WeCom’s limits is refused at the field, and an unknown variable with those there are', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using server = await anApp(db, corpId)
  const put = (welcome: unknown) => server.app.inject({ method: 'PUT', url: '/api/welcome', payload: { welcome } })
  expect((await put({ text: '茶'.repeat(1_333) })).statusCode).toBe(204) // 3,999 bytes
  expect((await put({ text: '茶'.repeat(1_334) })).statusCode).toBe(400)
  expect((await put({ text: ' ', attachments: [] })).statusCode).toBe(400)
  const link = { type: 'link', title: '茶'.repeat(42), url: 'https://example.com' } // 126 bytes
  expect((await put({ text: '', attachments: Array(9).fill(link) })).statusCode).toBe(204)
  expect((await put({ text: '', attachments: Array(10).fill(link) })).statusCode).toBe(400)
  expect((await put({ text: '', attachments: [{ ...link, title: '茶'.repeat(43) }] })).statusCode).toBe(400)
  expect((await put({ text: '', attachments: [{ ...link, url: 'javascript:alert(1)' }] })).statusCode).toBe(400)
  expect((await put({ text: '', attachments: [{ type: 'image', mediaAssetId: '1' }] })).statusCode).toBe(404)
  const unknown = await put({ text: '你好{客户姓名}' })
  expect([unknown.statusCode, unknown.json<{ message: string }>().message]).toEqual([
    400,
    expect.stringContaining('{客户昵称}、{成员姓名}、{企业名称}'),
  ])
  expect((await put({ text: '你好{客户昵称}，我是{企业名称}的{成员姓名}' })).statusCode).toBe(204)
  expect((await server.app.inject('/api/welcome')).json()).toMatchObject({
    welcome: { text: '你好{客户昵称}，我是{企业名称}的{成员姓名}' },
    variables: ['{客户昵称}', '{成员姓名}', '{企业名称}'],
  })
  expect((await put(null)).statusCode).toBe(204)
  expect((await server.app.inject('/api/welcome')).json()).toMatchObject({
    welcome: null,
    last7Days: { sent: 0, failed: 0, medianMs: null },
  })
})
