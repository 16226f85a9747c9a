import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type CallbackCipher, createCallbackCipher } from '@siyu/wecom/crypto'
import * as vendor from '@wecom/crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aContext, aCorp, freshDb, type TestDb, testLog, testVault } from '../../../test/world.ts'
import { openPools, type Pools } from '../../platform/db.ts'
import { type App, createHttp } from '../../platform/http.ts'
import { createReceiverFinder, readCallbackSettings } from '../corps/service.ts'
import { createIntake, type Intake } from './intake.ts'
import { createCallbackDoor } from './receive.ts'
import { registerCallbackRoutes } from './routes.ts'
import { unpackBatches } from './unpack.ts'

let db: TestDb
let work: ReturnType<typeof aContext>
let pools: Pools
let intake: Intake
let app: App
let corpId: string
let path: string
let settings: { url: string; token: string; encodingAesKey: string }
let wecomCorpid: string
let cipher: CallbackCipher

beforeAll(async () => {
  db = await freshDb()
  work = aContext(db)
  pools = openPools(db.url, { api: 2, intake: 2, work: 2 })
  wecomCorpid = `ww${randomBytes(8).toString('hex')}`
  corpId = await aCorp(db, { wecomCorpid })
  settings = await readCallbackSettings(db.api, testVault, '', corpId)
  path = settings.url
  cipher = createCallbackCipher({
    token: settings.token,
    encodingAesKey: settings.encodingAesKey,
    receiveId: wecomCorpid,
  })
  intake = createIntake(pools.intake, testVault)
  app = await aReceiver(intake)
})
afterAll(async () => {
  await app.close()
  await work[Symbol.asyncDispose]()
  await intake.stop()
  await pools.stop()
  await db[Symbol.asyncDispose]()
})

const event = (given: { externalUserid?: string; code?: string; createTime?: number } = {}) =>
  `<xml><ToUserName><![CDATA[${wecomCorpid}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${given.createTime ?? 1_700_000_000}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType><UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[${given.externalUserid ?? `wm${randomBytes(8).toString('hex')}`}]]></ExternalUserID>${given.code ? `<WelcomeCode><![CDATA[${given.code}]]></WelcomeCode>` : ''}</xml>`

interface Request {
  timestamp: string
  nonce: string
  signature: string
  body: string
}

function sealed(plain: string, given: { cipher?: CallbackCipher; timestamp?: number } = {}): Request {
  const by = given.cipher ?? cipher
  const timestamp = String(given.timestamp ?? Math.floor(Date.now() / 1000))
  const nonce = randomBytes(5).toString('hex')
  const encrypted = by.encrypt(plain)
  return {
    timestamp,
    nonce,
    signature: by.sign(timestamp, nonce, encrypted),
    body: `<xml><ToUserName><![CDATA[${wecomCorpid}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  }
}

/** The server on a port of its own: callbacks are taken before the framework, and so are not where it injects. */
async function aReceiver(into: Intake): Promise<App> {
  const { find: findReceiver } = createReceiverFinder(db.api, testVault)
  const before = createCallbackDoor({ findReceiver, intake: into, log: testLog })
  const receiver = await createHttp({ log: testLog, trustedProxies: 0, ownOrigins: [], before })
  await registerCallbackRoutes(receiver, { findReceiver, work })
  await receiver.listen({ host: '127.0.0.1', port: 0 })
  return receiver
}

async function post({ timestamp, nonce, signature, body }: Request, to = path, at = app) {
  const { port } = at.server.address() as AddressInfo
  const query = `msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`
  const reply = await fetch(`http://127.0.0.1:${port}${to}?${query}`, { method: 'POST', body })
  return { statusCode: reply.status, body: await reply.text() }
}

async function stored(): Promise<number> {
  while ((await unpackBatches(db.api, testVault)) > 0);
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from callback_inbox`.execute(db.owner)
  return rows[0]!.n
}

test('a callback made with the vendor’s own package alone is accepted and stored before the answer', async () => {
  const before = await stored()
  const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), 'vendor1']
  const encrypted = vendor.encrypt(settings.encodingAesKey, event(), wecomCorpid)
  const signature = vendor.getSignature(settings.token, timestamp, nonce, encrypted)
  const reply = await post({
    timestamp,
    nonce,
    signature,
    body: `<xml><ToUserName><![CDATA[${wecomCorpid}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  })
  expect([reply.statusCode, reply.body, await stored()]).toEqual([200, 'success', before + 1])
})

test('CB-01: forged signatures, timestamps, nonces and ciphers are refused, nothing is stored', async () => {
  const before = await stored()
  const genuine = sealed(event())
  const flip = (text: string, at: number) => `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`
  const statuses = new Set<number>()
  for (let i = 0; i < 400; i++) {
    const forged = { ...genuine }
    if (i % 4 === 0) forged.signature = flip(genuine.signature, i % 40)
    if (i % 4 === 1) forged.timestamp = String(Number(genuine.timestamp) + 1 + i)
    if (i % 4 === 2) forged.nonce = `${genuine.nonce}${i}`
    if (i % 4 === 3) forged.body = flip(genuine.body, genuine.body.indexOf('Encrypt><![CDATA[') + 20 + (i % 150))
    statuses.add((await post(forged)).statusCode)
  }
  expect([...statuses]).toEqual([403])
  expect(await stored()).toBe(before)
})

test('CB-04: a message for another corp, sealed with this corp’s keys, is refused', async () => {
  const foreign = createCallbackCipher({
    token: settings.token,
    encodingAesKey: settings.encodingAesKey,
    receiveId: 'ww0123456789abcdef',
  })
  expect((await post(sealed(event(), { cipher: foreign }))).statusCode).toBe(403)
})

test('CB-05: a request older or newer than 300 seconds is refused; a fresh replay is acknowledged and has no effect', async () => {
  const now = Math.floor(Date.now() / 1000)
  expect((await post(sealed(event(), { timestamp: now - 310 }))).statusCode).toBe(403)
  expect((await post(sealed(event(), { timestamp: now + 310 }))).statusCode).toBe(403)
  const request = sealed(event())
  const before = await stored()
  expect((await post(request)).statusCode).toBe(200)
  expect((await post(request)).statusCode).toBe(200)
  expect(await stored()).toBe(before + 1)
})

test('CB-05: a retry with a fresh nonce and cipher but the same text is the same callback; another second is another', async () => {
  const before = await stored()
  const externalUserid = 'wmRetry0001'
  for (const createTime of [1_700_000_000, 1_700_000_000, 1_700_000_001])
    await post(sealed(event({ externalUserid, createTime })))
  expect(await stored()).toBe(before + 2)
})

test('CB-06, CB-07: a signed text that bears a DOCTYPE or an entity bomb is refused', async () => {
  const before = await stored()
  const bombs = [
    '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Event>&x;</Event></xml>',
    '<!DOCTYPE a><!DOCTYPE b><xml><Event>1</Event></xml>',
    `<xml>${'<a>'.repeat(4_000)}${'</a>'.repeat(4_000)}</xml>`,
    `<xml><Event x="${'y'.repeat(20_000)}">1</Event></xml>`,
  ]
  for (const bomb of bombs) expect((await post(sealed(bomb))).statusCode).toBe(403)
  const outer = sealed(event())
  expect((await post({ ...outer, body: `<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x">${outer.body}` })).statusCode).toBe(
    403,
  )
  expect(await stored()).toBe(before)
})

test('CB-03: a body past 64 KiB is refused before anything reads it', async () => {
  const reply = await post({ ...sealed(event()), body: `<xml><Encrypt>${'A'.repeat(70 * 1024)}</Encrypt></xml>` })
  expect(reply.statusCode).toBe(413)
})

test('an unknown address and a wrong signature answer alike', async () => {
  const unknown = await post(sealed(event()), '/wecom/callback/not-a-key')
  const forged = await post({ ...sealed(event()), signature: '0'.repeat(40) })
  expect([unknown.statusCode, unknown.body]).toEqual([forged.statusCode, forged.body])
})

test('CB-16: the address check answers the decrypted text as plain text, and only when signed', async () => {
  const [timestamp, nonce, echo] = [String(Math.floor(Date.now() / 1000)), 'n1', '<script>alert(1)</script>']
  const encrypted = cipher.encrypt(echo)
  const ask = (signature: string) =>
    app.inject({ method: 'GET', url: path, query: { msg_signature: signature, timestamp, nonce, echostr: encrypted } })
  const good = await ask(cipher.sign(timestamp, nonce, encrypted))
  expect([good.statusCode, good.body, good.headers['content-type'], good.headers['x-content-type-options']]).toEqual([
    200,
    echo,
    'text/plain; charset=utf-8',
    'nosniff',
  ])
  expect((await ask('f'.repeat(40))).statusCode).toBe(403)
})

test('CB-17: kinds nobody has heard of are stored and acknowledged', async () => {
  const before = await stored()
  for (let i = 0; i < 50; i++)
    expect((await post(sealed(`<xml><Event>future_${i}</Event><CreateTime>1</CreateTime></xml>`))).statusCode).toBe(200)
  expect(await stored()).toBe(before + 50)
})

test('a welcome code becomes one task with its deadline 18 s after arrival, however often it is delivered', async () => {
  const plain = event({ code: 'CODE-1', externalUserid: 'wmWelcome1' })
  for (let i = 0; i < 3; i++) await post(sealed(plain))
  await stored()
  const { rows } = await sql<{ state: string; ms: number }>`
    select state, extract(epoch from deadline_at - received_at)::float8 * 1000 as ms from welcome_task where external_userid = 'wmWelcome1'`.execute(
    db.owner,
  )
  expect(rows).toEqual([{ state: 'waiting', ms: 18_000 }])
})

test('neither the text of a callback nor a welcome code lies in the clear in the database', async () => {
  await post(sealed(event({ code: 'CANARY-CODE', externalUserid: 'wmCanary' })))
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from callback_batch where position('wmCanary'::bytea in sealed) > 0)
      or exists (select from callback_inbox where position('wmCanary'::bytea in sealed) > 0)
      or exists (select from welcome_task where position('CANARY-CODE'::bytea in code_sealed) > 0) as found`.execute(
    db.owner,
  )
  expect(rows[0]!.found).toBe(false)
})

test('CB-11: when the database refuses, WeCom is told 503 within a second, never success', async () => {
  const broken: Intake = { store: () => Promise.reject(new Error('no database')), stop: async () => {} }
  const other = await aReceiver(broken)
  const reply = await post(sealed(event()), path, other)
  expect([reply.statusCode, reply.body]).toEqual([503, ''])
  await other.close()
})

test('a value given twice, left out or not decodable is refused: WeCom and we must not each read another', async () => {
  const before = await stored()
  const { timestamp, nonce, signature, body } = sealed(event())
  const { port } = app.server.address() as AddressInfo
  const ask = async (query: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}${query}`, { method: 'POST', body })).status
  const whole = `msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`
  for (const query of ['', '?', `?${whole}&nonce=${nonce}`, `?nonce=x&${whole}`, `?${whole}%E0%A4`, `?x${whole}`])
    expect([query, await ask(query)]).toEqual([query, 403])
  expect(await stored()).toBe(before)
  expect(
    await ask(`?agent=1&nonce=${encodeURIComponent(nonce)}&timestamp=${timestamp}&msg_signature=${signature}`),
  ).toBe(200)
  expect(await stored()).toBe(before + 1)
})
