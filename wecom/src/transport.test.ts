import { createPrivateKey } from 'node:crypto'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aClient, GOOD_TOKEN, openPlatform, raw } from '../test/platform.ts'
import { LocalCode, WecomError } from './errors.ts'

/** The same trouble for a call that may be repeated and for one that may not. */
async function outcomes(baseUrl: string, options: Parameters<typeof aClient>[1] = {}) {
  const wecom = aClient(baseUrl, { timeoutMs: 300, ...options })
  const failure = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(WecomError)
    return error as WecomError
  }
  const [read, made] = await Promise.all([
    failure(wecom.contactWay.get('c1')),
    failure(wecom.contactWay.add({ type: 1, scene: 2, user: ['a'] })),
  ])
  return { read: [read.errcode, read.outcome], made: [made.errcode, made.outcome] }
}

const everywhere = (answer: object) => ({
  gettoken: GOOD_TOKEN,
  'externalcontact/get_contact_way': answer,
  'externalcontact/add_contact_way': answer,
})

test.each<[string, number, object]>([
  ['no answer at all', LocalCode.timeout, raw(() => undefined)],
  [
    'a reply that drips for ever',
    LocalCode.timeout,
    raw((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    }),
  ],
  ['a connection cut before the reply', LocalCode.reset, raw((response) => void response.destroy())],
  [
    'a connection cut within the reply',
    LocalCode.reset,
    raw((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"errcode":0,')
      setTimeout(() => response.destroy(), 20)
    }),
  ],
  [
    '502 with HTML',
    LocalCode.httpStatus,
    raw((response) => void response.writeHead(502).end('<html>Bad Gateway</html>')),
  ],
  ['408', LocalCode.httpStatus, raw((response) => void response.writeHead(408).end())],
  ['200 with HTML', LocalCode.notUnderstood, raw((response) => void response.end('<html>Please log in</html>'))],
  ['200 with nothing', LocalCode.notUnderstood, raw((response) => void response.end())],
  ['cut-off JSON', LocalCode.notUnderstood, raw((response) => void response.end('{"errcode":0,"config_id":"x'))],
  ['a JSON array', LocalCode.notUnderstood, raw((response) => void response.end('[{"errcode":0}]'))],
  ['an errcode that is a text', LocalCode.notUnderstood, { errcode: '0', config_id: 'c', contact_way: {} }],
  ['an errcode that is null', LocalCode.notUnderstood, { errcode: null, config_id: 'c', contact_way: {} }],
  ['a reply without its main field', LocalCode.notUnderstood, { errcode: 0, errmsg: 'ok' }],
  [
    'a reply whose main field has the wrong type',
    LocalCode.notUnderstood,
    { errcode: 0, config_id: 7, contact_way: [] },
  ],
])('%s: may be repeated if the call is idempotent, and is unknown if not', async (_name, code, answer) => {
  await using platform = await openPlatform(everywhere(answer))
  expect(await outcomes(platform.baseUrl)).toEqual({ read: [code, 'retryable'], made: [code, 'unknown'] })
  expect(platform.count('externalcontact/add_contact_way')).toBe(1)
  expect(platform.count('externalcontact/get_contact_way')).toBe(1)
})

test('a redirect is not followed: the token would go with it', async () => {
  await using elsewhere = await openPlatform(everywhere({ errcode: 0, config_id: 'c', contact_way: {} }))
  const away = raw((response) => {
    response.writeHead(307, { location: `${elsewhere.baseUrl}/cgi-bin/externalcontact/get_contact_way` }).end()
  })
  await using platform = await openPlatform(everywhere(away))
  expect(await outcomes(platform.baseUrl)).toEqual({
    read: [LocalCode.reset, 'retryable'],
    made: [LocalCode.reset, 'unknown'],
  })
  expect(elsewhere.hits).toEqual([])
})

test('a reply past the size cap is cut off, not stored', async () => {
  let written = 0
  await using platform = await openPlatform(
    everywhere(
      raw((response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const block = Buffer.alloc(64 * 1024, ' ')
        const push = () => {
          while (!response.destroyed && written < 200 * 1024 * 1024) {
            written += block.length
            if (!response.write(block)) return void response.once('drain', push)
          }
        }
        push()
      }),
    ),
  )
  const expected = { read: [LocalCode.tooLarge, 'retryable'], made: [LocalCode.tooLarge, 'unknown'] }
  expect(await outcomes(platform.baseUrl, { timeoutMs: 10_000 })).toEqual(expected)
  expect(written).toBeLessThan(64 * 1024 * 1024)
})

test('a reply of just under 8 MiB is read', async () => {
  await using platform = await openPlatform(
    everywhere({ errcode: 0, config_id: 'c', contact_way: { filler: 'x'.repeat(8 * 1024 * 1024 - 200) } }),
  )
  expect(await aClient(platform.baseUrl).contactWay.get('c')).toHaveProperty('filler')
})

test('a failure status of the HTTP layer says whether the request was taken on', async () => {
  for (const [status, outcome] of [
    [403, 'refused'],
    [404, 'refused'],
    [429, 'retryable'],
  ] as const) {
    await using platform = await openPlatform(everywhere(raw((response) => void response.writeHead(status).end('no'))))
    const both = [LocalCode.httpStatus, outcome]
    expect(await outcomes(platform.baseUrl)).toEqual({ read: both, made: both })
  }
})

test('an errcode counts whatever the HTTP status, and success needs none', async () => {
  const answer = (body: object) => raw((response) => void response.writeHead(500).end(JSON.stringify(body)))
  await using refused = await openPlatform(everywhere(answer({ errcode: 41044, errmsg: 'x' })))
  expect(await outcomes(refused.baseUrl)).toEqual({ read: [41044, 'refused'], made: [41044, 'refused'] })
  await using silent = await openPlatform(everywhere({ config_id: 'c9', contact_way: { config_id: 'c9' } }))
  expect(await aClient(silent.baseUrl).contactWay.add({ type: 1, scene: 2, user: ['a'] })).toMatchObject({
    config_id: 'c9',
  })
})

/** The token comes from a platform that works, everything else goes where `elsewhere` says. */
async function outcomesAt(elsewhere: string) {
  await using platform = await openPlatform({ gettoken: GOOD_TOKEN })
  const detour: typeof fetch = (input, init) => {
    const url = new URL(String(input))
    return fetch(url.pathname.endsWith('gettoken') ? url : new URL(url.pathname + url.search, elsewhere), init)
  }
  return await outcomes(platform.baseUrl, { fetch: detour, timeoutMs: 5_000 })
}

const listening = (server: Server) =>
  new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

test('what failed before the connection stood was not sent: even a call that must not be doubled may be repeated', async () => {
  const server = createServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  const refused = [LocalCode.unreachable, 'retryable']
  expect(await outcomesAt(`http://127.0.0.1:${port}`)).toEqual({ read: refused, made: refused })
  const nameless = [LocalCode.dns, 'retryable']
  expect(await outcomesAt('http://no-such-host.invalid')).toEqual({ read: nameless, made: nameless })
})

test('a certificate nobody vouches for is refused, with a code of its own', async () => {
  const { key, cert } = SELF_SIGNED
  const server = createTlsServer({ key, cert }, (_request, response) => response.end('{"errcode":0,"config_id":"c"}'))
  const port = await listening(server)
  const untrusted = [LocalCode.tls, 'retryable']
  expect(await outcomesAt(`https://127.0.0.1:${port}`)).toEqual({ read: untrusted, made: untrusted })
  await new Promise((resolve) => server.close(resolve))
})

test('a caller who gives up gets its own code, and nothing is sent when it gave up before', async () => {
  await using platform = await openPlatform(everywhere(raw(() => undefined)))
  const wecom = aClient(platform.baseUrl)
  const controller = new AbortController()
  const call = wecom.contactWay.add({ type: 1, scene: 2 }, { signal: controller.signal })
  setTimeout(() => controller.abort(), 50)
  await expect(call).rejects.toMatchObject({ errcode: LocalCode.cancelled, outcome: 'unknown' })
  await expect(wecom.contactWay.add({ type: 1, scene: 2 }, { signal: controller.signal })).rejects.toMatchObject({
    outcome: 'retryable',
    errcode: LocalCode.cancelled,
  })
  expect(platform.count('externalcontact/add_contact_way')).toBe(1)
})

test('a list left out of a good reply is empty; left out of a reply without errcode it is not believed', async () => {
  for (const [answer, expected] of [
    [{ errcode: 0, errmsg: 'ok' }, []],
    [{ errcode: 0, follow_user: null }, []],
    [{ errcode: 0, follow_user: ['a'] }, ['a']],
    [{ follow_user: ['a'] }, ['a']],
  ]) {
    await using platform = await openPlatform({
      gettoken: GOOD_TOKEN,
      'externalcontact/get_follow_user_list': answer as object,
    })
    expect(await aClient(platform.baseUrl).customer.followUsers()).toEqual(expected)
  }
  for (const answer of [
    {},
    { ok: true },
    { errcode: 0, follow_user: {} },
    { errcode: 0, follow_user: ['a', null] },
    { errcode: 0, follow_user: 'a' },
  ]) {
    await using platform = await openPlatform({ gettoken: GOOD_TOKEN, 'externalcontact/get_follow_user_list': answer })
    await expect(aClient(platform.baseUrl).customer.followUsers()).rejects.toMatchObject({
      errcode: LocalCode.notUnderstood,
    })
  }
})

test('20,000 replies of any bytes and status end in a value or a WecomError, and leave nothing unhandled', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const json = fc.json({ maxDepth: 3 })
  const reply = fc.oneof(
    json,
    fc
      .record({
        errcode: fc.oneof(fc.integer(), fc.constantFrom(0, '0', null, 40014, 45009, 45033, 1.5)),
        follow_user: fc.anything(),
      })
      .map((body) => {
        try {
          return JSON.stringify(body)
        } catch {
          return '{'
        }
      }),
    json.map((text) => text.slice(0, text.length / 2)),
    fc.string({ unit: 'binary' }),
  )
  const status = fc.constantFrom(200, 200, 200, 204, 301, 400, 404, 429, 500, 503)
  await fc.assert(
    fc.asyncProperty(reply, status, async (text, code) => {
      const answer: typeof fetch = async (input) =>
        String(input).includes('/gettoken')
          ? new Response(JSON.stringify(GOOD_TOKEN))
          : new Response(code === 204 ? null : text, { status: code })
      try {
        expect(Array.isArray(await aClient('http://platform', { fetch: answer }).customer.followUsers())).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(WecomError)
      }
    }),
    { numRuns: 20_000 },
  )
  await new Promise((resolve) => setTimeout(resolve, 10))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted')
}, 60_000)

/** Made for this test, for 127.0.0.1 and a hundred years; it guards nothing. */
const SELF_SIGNED = {
  key: createPrivateKey({
    key: Buffer.from(
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgz6jIG9HS9rKJynb/JDjmersXK2KPY71AOL87pMq3khOhRANCAASn88Qc50yUcfFQpmRGC/WDCL4GsX99FXJ/sQcv+gQ5c6CpnmeQxbO/EbiwMMOyNWeeHIQHxbxReoDOrFO/olBB',
      'base64',
    ),
    format: 'der',
    type: 'pkcs8',
  }).export({ format: 'pem', type: 'pkcs8' }),
  cert: `-----BEGIN CERTIFICATE-----
MIIBkTCCATagAwIBAgIURvYeDj4kT1lIFb+wd223b9EV+1owCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMzAyNDk1MloYDzIxMjYxMDMw
MDI0OTUyWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASn88Qc50yUcfFQpmRGC/WDCL4GsX99FXJ/sQcv+gQ5c6CpnmeQxbO/
EbiwMMOyNWeeHIQHxbxReoDOrFO/olBBo2QwYjAdBgNVHQ4EFgQUPGN0WfBaMUOf
RafYsySuls7J9KwwHwYDVR0jBBgwFoAUPGN0WfBaMUOfRafYsySuls7J9KwwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYC
IQCgos4196lSKPpKOehddqfyRx+M3UaLbhMAB5V3vS3WkQIhAIpC5dOpyO0KmoTY
tK+AIBLPdgznBnYTu8EAKsn0zE6b
-----END CERTIFICATE-----`,
}
