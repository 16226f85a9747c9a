import { createCanvas } from '@napi-rs/canvas'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aMaterial, aRadarLink } from '../../../../../test/radar-house.ts'
import { REDIRECTS } from '../../../../../test/redirect-payloads.ts'
import { aWholeApp } from '../../../../../test/whole-app.ts'
import { aContact, aCorp, aStaff, freshDb } from '../../../../../test/world.ts'
import { inCorp } from '../../../../platform/db.ts'
import { sha256 } from '../../../../platform/secrets.ts'
import { openMobileSession } from '../../../staff/mobile/sessions.ts'
import { storePicture } from '../../files/store.ts'
import { saveRadarSetting } from '../notices/settings.ts'

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x18003233) NetType/WIFI Language/zh_CN'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
/** What opens links without anybody reading them. */
const MACHINES = [
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0)',
  'Mozilla/5.0 (compatible; Baiduspider/2.0)',
  'Sogou web spider/4.0',
  'Mozilla/5.0 (compatible; YandexBot/3.0)',
  'Bytespider',
  'facebookexternalhit/1.1',
  'Twitterbot/1.0',
  'Slackbot-LinkExpanding 1.0',
  'WhatsApp/2.23',
  'TelegramBot (like TwitterBot)',
  'Mozilla/5.0 LinkPreview',
  'curl/8.5.0',
  'Wget/1.21',
  'python-requests/2.32',
  'Go-http-client/2.0',
  'Java/17',
  'okhttp/4.12',
  'axios/1.7',
  'node-fetch/3',
  'undici',
  'HeadlessChrome/131',
  'Mozilla/5.0 Chrome-Lighthouse',
  'Pingdom.com_bot',
  'UptimeRobot/2.0',
  'PhantomJS',
  'Playwright/1.50',
  'Mediapartners-Google',
  'W3C_Validator/1.3',
  '',
]

async function aHouse() {
  const db = await freshDb()
  const whole = await aWholeApp(db)
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId, { name: '周小满', userid: 'zhou-secret-userid' })
  const materialId = await aMaterial(db, corpId)
  const link = await aRadarLink(db, corpId, { materialId, staffId })
  let asked = 0
  const ask = async (
    method: 'GET' | 'POST' | 'PUT' | 'HEAD',
    url: string,
    given: { body?: object; cookie?: string; agent?: string; headers?: Record<string, string> } = {},
  ) => {
    const nr = ++asked
    return whole.app.inject({
      method,
      url,
      remoteAddress: `10.9.${nr >> 8}.${nr & 255}`,
      headers: { 'user-agent': given.agent ?? SAFARI, cookie: given.cookie ?? '', ...given.headers },
      ...(given.body ? { payload: given.body } : {}),
    })
  }
  const opens = async () =>
    (
      await sql<{
        opens: number
      }>`select coalesce(sum(opens), 0)::int as opens from radar_sum where facet = ''`.execute(db.owner)
    ).rows[0]!.opens
  return {
    db,
    whole,
    corpId,
    staffId,
    materialId,
    link,
    ask,
    opens,
    async [Symbol.asyncDispose]() {
      await whole[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}
type House = Awaited<ReturnType<typeof aHouse>>

/** A browser that has the page: its cookie, and the reading it was given. The clock is turned back so that seconds may have passed. */
async function begin({ ask, link }: House, given: { agent?: string; cookie?: string } = {}) {
  const answer = await ask('POST', '/api/m/radar/views', { body: { token: link.token }, ...given })
  const device = answer.cookies.find(({ name }) => name === 'siyu_d')
  return {
    view: (answer.json() as { view: string }).view,
    cookie: [given.cookie, device && `siyu_d=${device.value}`].filter(Boolean).join('; '),
  }
}
const later = (ms: number) => new Promise((done) => setTimeout(done, ms))

test('PB-10: HEAD, prefetching, previews and thirty machines that run the page are not counted; one who stays two seconds is', async () => {
  await using house = await aHouse()
  const { ask, link, opens } = house
  for (const agent of [...MACHINES, SAFARI]) {
    await ask('HEAD', `/r/${link.token}`, { agent })
    await ask('GET', `/r/${link.token}`, { agent })
  }
  const machines = await Promise.all(MACHINES.map(async (agent) => ({ agent, ...(await begin(house, { agent })) })))
  const prefetched = await begin(house)
  const person = await begin(house)
  const quick = await ask('POST', '/api/m/radar/beats', {
    body: { view: person.view, n: 1, seconds: 60, depth: 50 },
    cookie: person.cookie,
  })
  expect(quick.json()).toMatchObject({ counted: false })
  await later(2_100)
  const body = (view: string) => ({ view, n: 2, seconds: 2, depth: 50 })
  for (const { agent, view, cookie } of machines)
    expect((await ask('POST', '/api/m/radar/beats', { agent, cookie, body: body(view) })).json()).toMatchObject({
      counted: false,
    })
  const fetched = await ask('POST', '/api/m/radar/beats', {
    cookie: prefetched.cookie,
    body: body(prefetched.view),
    headers: { 'sec-purpose': 'prefetch;prerender' },
  })
  expect(fetched.json()).toMatchObject({ counted: false })
  expect(await opens()).toBe(0)
  expect(
    (await ask('POST', '/api/m/radar/beats', { cookie: person.cookie, body: body(person.view) })).json(),
  ).toMatchObject({ counted: true })
  expect(await opens()).toBe(1)
}, 60_000)

test('PB-09: guessed, shortened and altered links lead nowhere, all in the same words; what a page says names nobody but its sender', async () => {
  await using house = await aHouse()
  const { ask, link, db, corpId, staffId } = house
  await aContact(db, corpId, { name: '林晚', externalUserid: 'wm-secret-lin', staffId })
  const known = await ask('GET', `/r/${link.token}`)
  const guesses = [
    ...Array.from({ length: 200 }, (_, i) => sha256(`guess ${i}`).subarray(0, 16).toString('base64url')),
    link.token.slice(0, -1),
    `${link.token}A`,
    link.token.toUpperCase(),
    [...link.token].reverse().join(''),
    `${link.token.slice(0, -1)}${link.token.endsWith('A') ? 'B' : 'A'}`,
    '1',
    '0',
    '..%2f..',
    link.linkId,
    'a'.repeat(60),
  ].filter((guess) => guess !== link.token)
  const gone = new Set<string>()
  for (const guess of guesses) {
    const answer = await ask('GET', `/r/${guess}`)
    expect([404, 503]).toContain(answer.statusCode)
    gone.add(answer.body)
    expect((await ask('POST', '/api/m/radar/views', { body: { token: guess } })).statusCode).toBeGreaterThanOrEqual(400)
  }
  expect(gone.size).toBe(1)
  for (const secret of ['zhou-secret-userid', 'wm-secret-lin', '林晚', corpId.padStart(9, '-')])
    expect(known.body).not.toContain(secret)
}, 60_000)

test('forged readings by HTTP: of another browser, without a cookie, made up, of a link that is none', async () => {
  await using house = await aHouse()
  const { ask, opens } = house
  const [mine, theirs] = [await begin(house), await begin(house)]
  await later(2_100)
  const beat = (view: string, cookie: string) =>
    ask('POST', '/api/m/radar/beats', { cookie, body: { view, n: 1, seconds: 2, depth: 1 } })
  for (const answer of [
    await beat(mine.view, theirs.cookie),
    await beat(mine.view, ''),
    await beat('A'.repeat(100), mine.cookie),
    await beat(`${mine.view.slice(0, -4)}AAAA`, mine.cookie),
  ])
    expect([answer.statusCode, (answer.json() as { code: string }).code]).toEqual([403, 'radar.view_unknown'])
  for (const bad of [
    { n: 0 },
    { n: 1.5 },
    { seconds: -1 },
    { seconds: 1e9 },
    { depth: 101 },
    { depth: -1 },
    { view: 'x' },
  ])
    expect(
      (
        await ask('POST', '/api/m/radar/beats', {
          cookie: mine.cookie,
          body: { view: mine.view, n: 1, seconds: 2, depth: 1, ...bad },
        })
      ).statusCode,
    ).toBe(400)
  expect(await opens()).toBe(0)
  expect((await beat(mine.view, mine.cookie)).json()).toMatchObject({ counted: true })
}, 60_000)

test('whom WeCom has named is counted as himself; a colleague who looks at what he sends, and a customer of another corp, are not', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, ask } = house
  const contactId = await aContact(db, corpId, { externalUserid: 'wm-lin', staffId })
  const other = await aCorp(db)
  const session = (given: { corpId: string; externalUserid?: string; staffId?: string }) =>
    openMobileSession(
      db.api,
      {
        kind: 'customer',
        openid: given.staffId ? null : `o-${given.externalUserid}`,
        externalUserid: given.externalUserid ?? null,
        staffId: given.staffId ?? null,
        corpId: given.corpId,
        ip: '1.1.1.1',
        userAgent: PHONE,
      },
      new Date(),
    )
  const cookies = {
    lin: `siyu_c=${await session({ corpId, externalUserid: 'wm-lin' })}`,
    colleague: `siyu_c=${await session({ corpId, staffId })}`,
    stranger: `siyu_c=${await session({ corpId: other, externalUserid: 'wm-lin' })}`,
  }
  const begun = await Promise.all(Object.values(cookies).map((cookie) => begin(house, { cookie, agent: PHONE })))
  await later(2_100)
  const heard = await Promise.all(
    begun.map(({ view, cookie }) =>
      ask('POST', '/api/m/radar/beats', {
        agent: PHONE,
        cookie,
        body: { view, n: 1, seconds: 2, depth: 1, bye: true },
      }),
    ),
  )
  expect(heard.map((answer) => (answer.json() as { counted: boolean }).counted)).toEqual([true, false, true])
  const { rows } = await sql<{
    contactId: string
    known: boolean
  }>`select contact_id, known from radar_view order by known desc`.execute(db.owner)
  expect(rows.map((row) => [row.contactId === contactId, row.known])).toEqual([
    [true, true],
    [false, false],
  ])
}, 60_000)

test('PB-08: no address in a query, a path or a material makes us send anybody elsewhere', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, ask, link, whole } = house
  const actor = { accountId: '1', corpId, name: '测试', ip: '', requestId: '' } as never
  await inCorp(db.api, corpId, (tx) =>
    saveRadarSetting(
      tx,
      actor,
      {
        notify: true,
        digestMinutes: 60,
        hourlyMax: 4,
        quietFrom: '22:00',
        quietUntil: '08:00',
        hosts: ['shop.example.com'],
      },
      new Date(),
    ),
  )
  let asked = 0
  for (const url of REDIRECTS) {
    const written = encodeURIComponent(url)
    for (const path of [
      `/r/${link.token}?url=${written}`,
      `/r/${link.token}?in=${written}`,
      `/r/${link.token}/${written}`,
      `/r/${written.slice(0, 280)}`,
    ]) {
      const answer = await ask('GET', path, { agent: PHONE })
      asked += 1
      const to = answer.headers.location
      // Inside WeChat the one way out is WeCom's own sign-in.
      if (to !== undefined) expect(new URL(String(to)).origin).toBe(new URL(whole.work.wecomBaseUrl).origin)
    }
  }
  // No text of PostgreSQL holds a NUL.
  for (const url of REDIRECTS.filter((one) => !one.includes('\0'))) {
    const materialId = await aMaterial(db, corpId, { kind: 'link', content: { url } })
    const { token } = await aRadarLink(db, corpId, { materialId, staffId })
    const answer = await ask('GET', `/r/${token}`)
    expect(answer.headers.location).toBeUndefined()
    expect(answer.body).not.toContain('"isListed":true')
  }
  console.info(`${asked + REDIRECTS.length} openings with ${REDIRECTS.length} addresses: none led elsewhere`)
}, 120_000)

test('files of a page are those of its material alone, part by part where a player asks for a part', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, ask, whole } = house
  const png = await createCanvas(40, 30).encode('png')
  const picture = await storePicture(db.api, whole.work.dataDir, corpId, {
    bytes: png,
    name: '图.png',
    now: new Date(),
  })
  const canvas = createCanvas(20, 20)
  const other = await storePicture(db.api, whole.work.dataDir, corpId, {
    bytes: await canvas.encode('png'),
    name: '别的.png',
    now: new Date(),
  })
  const materialId = await aMaterial(db, corpId, {
    kind: 'image',
    content: { fileId: picture.mediaAssetId },
    fileIds: [picture.mediaAssetId],
  })
  const { token } = await aRadarLink(db, corpId, { materialId, staffId })
  const whole1 = await ask('GET', `/r/${token}/files/${picture.mediaAssetId}`)
  expect([whole1.statusCode, whole1.headers['content-type']]).toEqual([200, 'image/png'])
  const part = await ask('GET', `/r/${token}/files/${picture.mediaAssetId}`, { headers: { range: 'bytes=1-3' } })
  expect([part.statusCode, part.headers['content-range'], part.body]).toEqual([
    206,
    `bytes 1-3/${whole1.rawPayload.length}`,
    'PNG',
  ])
  expect(
    (await ask('GET', `/r/${token}/files/${picture.mediaAssetId}`, { headers: { range: 'bytes=999999-' } })).statusCode,
  ).toBe(416)
  expect((await ask('GET', `/r/${token}/files/${other.mediaAssetId}`)).statusCode).toBe(404)
  expect((await ask('GET', `/r/${house.link.token}/files/${picture.mediaAssetId}`)).statusCode).toBe(404)
})

test('what was withdrawn is gone from where it was sent, too', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, ask } = house
  const materialId = await aMaterial(db, corpId, { title: '旧价格', withdrawn: true })
  const { token } = await aRadarLink(db, corpId, { materialId, staffId })
  const answer = await ask('GET', `/r/${token}`)
  expect([404, 503]).toContain(answer.statusCode)
  expect(answer.body).not.toContain('旧价格')
})
