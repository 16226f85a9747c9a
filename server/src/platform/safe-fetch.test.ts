import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type FetchRules, isPublicAddress, safeFetch } from './safe-fetch.ts'

/** Stands inside our walls: whoever reaches it got through. */
async function aCanary() {
  const reached: string[] = []
  const server = createServer((request, response) => {
    reached.push(`${request.headers.host}${request.url}`)
    response.end('secret')
  })
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as AddressInfo
  return { port, reached, [Symbol.asyncDispose]: async () => void server.close() }
}

/** Stands for the open Internet, on an address of this machine that the test declares public. */
const OPEN = '127.0.0.77'
async function anOpenSite(answer: Parameters<typeof createServer>[1]) {
  const server = createServer(answer as never)
  await new Promise<void>((resolve) => server.listen(0, OPEN, resolve))
  const { port } = server.address() as AddressInfo
  return { port, base: `http://${OPEN}:${port}`, [Symbol.asyncDispose]: async () => void server.close() }
}
const withOpen = (...ports: number[]): Partial<FetchRules> => ({
  ports: [80, 443, ...ports],
  isPublic: (address) => address === OPEN || isPublicAddress(address),
  timeoutMs: 1_500,
})

/** Addresses inside, however they are written. */
const INSIDE = [
  '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '0177.1', '017700000001', '127.000.000.001',
  '0', '0.0.0.0', '00000.0', '127.255.255.254', '127.8.8.8', '10.0.0.1', '10.255.255.255', '0xa000001', '172.16.0.1', '172.31.255.254',
  '192.168.0.1', '192.168.255.1', '3232235777', '169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '169.254.170.2',
  '100.64.0.1', '100.127.255.254', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.19.255.254', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.255',
  '240.0.0.1', '255.255.255.255', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:10.0.0.1]', '[::ffff:a9fe:a9fe]',
  '[::ffff:0:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::1]', '[2002:7f00:1::]', '[2002:a9fe:a9fe::1]',
  '[2001::1]', '[2001:0:7f00:1::]', '[2001:db8::1]', '[fe80::1]', '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[ff02::1]', '[ff05::1]', '[100::1]', '[5f00::1]',
  '１２７.０.０.１', '127。0。0。1', '①②⑦.⓪.⓪.①',
] // biome-ignore format: a list
/** What no name server would be asked for, and what is no address to fetch. */
const WRONG = [
  'file:///etc/passwd', 'ftp://example.com/', 'gopher://127.0.0.1:70/', 'data:text/html,x', 'javascript:alert(1)', 'blob:http://a/b', 'ws://example.com/', 'dict://127.0.0.1:11211/',
  'jar:http://example.com!/', 'http://', 'http:///', 'https://', '', ' ', '//example.com/', '/etc/passwd', 'example.com', 'http://user@example.com/', 'http://user:pass@example.com/',
  'http://example.com@127.0.0.1/', 'http://127.0.0.1#@example.com/', 'http://127.0.0.1?@example.com/', 'http://example.com:22/', 'http://example.com:3306/', 'http://example.com:6379/', 'https://example.com:8443/',
  'http://example.com:0/', 'http://example.com:65536/', 'http://[::1', 'http://127.0.0.1\\@example.com/', 'http://exa mple.com/', 'http://%31%32%37.0.0.1/',
] // biome-ignore format: a list
/** Names of whoever asks us, and what their name server says. */
const NAMES: Record<string, string[]> = {
  localhost: ['127.0.0.1', '::1'],
  'evil.example': ['127.0.0.1'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'mixed6.example': ['93.184.216.34', '::1'],
  'meta.example': ['169.254.169.254'],
  'private.example': ['10.0.0.7'],
  'six.example': ['fd00::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'nat64.example': ['64:ff9b::7f00:1'],
  'zone.example': ['fe80::1%eth0'],
  'nobody.example': [],
  'nonsense.example': ['not an address'],
}
const resolve = async (host: string) =>
  (NAMES[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test('IO-01: 120 addresses that lead inside, or nowhere one may go, are refused, and nobody inside is reached', async () => {
  await using canary = await aCanary()
  const corpus = [
    ...INSIDE.flatMap((host, i) => [`http${i % 3 === 2 ? 's' : ''}://${host}${i % 2 ? `:${canary.port}` : ''}/`]),
    ...WRONG,
    ...Object.keys(NAMES).flatMap((name) => [`http://${name}/`, `http://${name.toUpperCase()}:${canary.port}/`]),
  ]
  expect(corpus.length).toBeGreaterThanOrEqual(120)
  const rules = { ports: [80, 443, canary.port], resolve, timeoutMs: 1_500 }
  const through: string[] = []
  for (const address of corpus)
    await safeFetch(address, rules).then(
      () => through.push(address),
      (error) => {
        if (error.name !== 'UnsafeFetch' || !['address', 'private', 'unreachable'].includes(error.fault))
          through.push(`${address}: ${error}`)
      },
    )
  expect(through).toEqual([])
  expect(canary.reached).toEqual([])
  // The canary would have sung: with the judge asleep it is reached.
  await safeFetch(`http://127.0.0.1:${canary.port}/`, { ...rules, isPublic: () => true })
  expect(canary.reached).toHaveLength(1)
})

test('IO-01: a name that answers otherwise the second time leads to the address that was judged', async () => {
  await using canary = await aCanary()
  await using site = await anOpenSite((_request, response) => response.end('page'))
  let asked = 0
  const rebinding = async () => [{ address: asked++ === 0 ? OPEN : '127.0.0.1', family: 4 }]
  const fetched = await safeFetch(`http://rebind.example:${site.port}/`, { ...withOpen(site.port), resolve: rebinding })
  expect([fetched.bytes.toString(), asked]).toEqual(['page', 1])
  // The next request asks anew, and is judged anew.
  await expect(
    safeFetch(`http://rebind.example:${canary.port}/`, { ...withOpen(canary.port), resolve: rebinding }),
  ).rejects.toMatchObject({ fault: 'private' })
  expect(canary.reached).toEqual([])
})

test('IO-01: every redirect is judged anew, and there are three at most', async () => {
  await using canary = await aCanary()
  await using site = await anOpenSite((request, response) => {
    const [, way, n] = /^\/(\w+)\/?(\d*)/.exec(request.url ?? '') ?? []
    const to: Record<string, string> = {
      inside: `http://127.0.0.1:${canary.port}/`,
      mapped: `http://[::ffff:127.0.0.1]:${canary.port}/`,
      relative: `//127.0.0.1:${canary.port}/`,
      file: 'file:///etc/passwd',
      user: `http://x@127.0.0.1:${canary.port}/`,
      chain: Number(n) > 0 ? `/chain/${Number(n) - 1}` : '/page',
    }
    if (way === 'page') return void response.end('page')
    response.writeHead(302, { location: to[way ?? ''] ?? '/' }).end()
  })
  const rules = withOpen(site.port, canary.port)
  for (const way of ['inside', 'mapped', 'relative', 'file', 'user'])
    await expect(safeFetch(`${site.base}/${way}`, rules)).rejects.toMatchObject({ name: 'UnsafeFetch' })
  expect((await safeFetch(`${site.base}/chain/2`, rules)).bytes.toString()).toBe('page') // three redirects
  await expect(safeFetch(`${site.base}/chain/3`, rules)).rejects.toMatchObject({ fault: 'redirects' })
  expect(canary.reached).toEqual([])
})

test('IO-01: no more than so many bytes are taken, folded or not, and no longer than so long is waited', async () => {
  const big = Buffer.alloc(64 * 1024, 'x')
  await using site = await anOpenSite((request, response) => {
    if (request.url === '/big') return void response.end(big)
    if (request.url === '/bomb') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(big))
    if (request.url === '/odd') return void response.writeHead(200, { 'content-encoding': 'compress' }).end('x')
    if (request.url === '/missing') return void response.writeHead(404).end('x')
    if (request.url === '/drip') {
      response.write('x')
      return // and never ends
    }
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/html' }).end(gzipSync('page'))
  })
  const rules = { ...withOpen(site.port), bytesMax: 10_000, timeoutMs: 400 }
  for (const [path, fault] of [
    ['/big', 'large'],
    ['/bomb', 'large'],
    ['/odd', 'unreachable'],
    ['/missing', 'status'],
    ['/drip', 'slow'],
  ])
    await expect(safeFetch(site.base + path, rules)).rejects.toMatchObject({ fault })
  expect(await safeFetch(`${site.base}/`, rules)).toMatchObject({
    contentType: 'text/html',
    bytes: Buffer.from('page'),
  })
})
