import { lookup as dnsLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

/** Why an address somebody gave was not fetched. */
export type FetchFault = 'address' | 'private' | 'unreachable' | 'slow' | 'large' | 'redirects' | 'status'

export class UnsafeFetch extends Error {
  override name = 'UnsafeFetch'
  readonly fault: FetchFault
  constructor(fault: FetchFault, options?: ErrorOptions) {
    super(`not fetched: ${fault}`, options)
    this.fault = fault
  }
}

export interface Fetched {
  /** Where it was at last, after redirects. */
  url: string
  contentType: string
  bytes: Buffer
}
interface Address {
  address: string
  family: number
}
export interface FetchRules {
  resolve(host: string): Promise<Address[]>
  isPublic(address: string): boolean
  ports: readonly number[]
  timeoutMs: number
  bytesMax: number
  redirectsMax: number
}

const RULES: FetchRules = {
  resolve: (host) => dnsLookup(host, { all: true, verbatim: true }),
  isPublic: isPublicAddress,
  ports: [80, 443],
  timeoutMs: 5_000,
  bytesMax: 2 * 1024 * 1024,
  redirectsMax: 3,
}

/**
 * Fetches an address somebody gave us, and nothing inside our own walls (faults.md IO-01). Every name is resolved once; if
 * any of its addresses is not public it is refused, and the connection goes to the address that was judged, so that a name
 * which answers otherwise the next time leads nowhere. Every redirect is judged anew. The one way out for addresses that
 * people give.
 */
export function safeFetch(address: string, rules: Partial<FetchRules> = {}): Promise<Fetched> {
  const all = { ...RULES, ...rules }
  return follow(address, all, AbortSignal.timeout(all.timeoutMs), 0)
}

async function follow(address: string, rules: FetchRules, deadline: AbortSignal, hops: number): Promise<Fetched> {
  const url = judgeAddress(address, rules)
  const place = await judgeHost(url, rules, deadline)
  const reply = await ask(url, place, deadline)
  const status = reply.statusCode ?? 0
  const location = reply.headers.location
  if (status >= 300 && status < 400 && location) {
    reply.destroy()
    if (hops >= rules.redirectsMax) throw new UnsafeFetch('redirects')
    const next = URL.parse(location, url.href)
    if (!next) throw new UnsafeFetch('address')
    return follow(next.href, rules, deadline, hops + 1)
  }
  if (status !== 200) {
    reply.destroy()
    throw new UnsafeFetch('status')
  }
  const bytes = await unpack(
    await read(reply, rules.bytesMax, deadline),
    reply.headers['content-encoding'],
    rules.bytesMax,
  )
  return { url: url.href, contentType: reply.headers['content-type'] ?? '', bytes }
}

function judgeAddress(address: string, { ports }: FetchRules): URL {
  const url = URL.parse(address)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw new UnsafeFetch('address')
  if (url.username || url.password || url.hostname === '') throw new UnsafeFetch('address')
  if (!ports.includes(Number(url.port || (url.protocol === 'https:' ? 443 : 80)))) throw new UnsafeFetch('address')
  return url
}

async function judgeHost(url: URL, { resolve, isPublic }: FetchRules, deadline: AbortSignal): Promise<Address> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  const found = family
    ? [{ address: host, family }]
    : await Promise.race([resolve(host), aborted(deadline)]).catch((error) => {
        throw error instanceof UnsafeFetch ? error : new UnsafeFetch('unreachable', { cause: error })
      })
  if (found.some((one) => !isPublic(one.address))) throw new UnsafeFetch('private')
  if (!found[0]) throw new UnsafeFetch('unreachable')
  return found[0]
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(new UnsafeFetch('slow'))
    signal.addEventListener('abort', () => reject(new UnsafeFetch('slow')), { once: true })
  })

function ask(url: URL, place: Address, deadline: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent: false,
        signal: deadline,
        // The address that was judged and no other, whatever the name says by now.
        lookup: (_host, options, answer) =>
          options.all ? answer(null, [place]) : answer(null, place.address, place.family),
        headers: {
          'user-agent': 'Siyu',
          accept: 'text/html, image/*;q=0.9, */*;q=0.1',
          'accept-encoding': 'gzip, br, deflate',
        },
      },
      resolve,
    )
    sent.on('error', (error) => reject(new UnsafeFetch(deadline.aborted ? 'slow' : 'unreachable', { cause: error })))
    sent.end()
  })
}

async function read(reply: IncomingMessage, bytesMax: number, deadline: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of reply) {
      size += chunk.length
      if (size > bytesMax) throw new UnsafeFetch('large')
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof UnsafeFetch) throw error
    throw new UnsafeFetch(deadline.aborted ? 'slow' : 'unreachable', { cause: error })
  } finally {
    reply.destroy()
  }
  return Buffer.concat(chunks)
}

const UNPACK = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const

/** A small file may unfold into a large one: not beyond the same bound. */
async function unpack(bytes: Buffer, encoding: string | undefined, bytesMax: number): Promise<Buffer> {
  if (!encoding || encoding === 'identity') return bytes
  const unfold = UNPACK[encoding.toLowerCase() as keyof typeof UNPACK]
  if (!unfold) throw new UnsafeFetch('unreachable')
  return unfold(bytes, { maxOutputLength: bytesMax }).catch((error) => {
    throw new UnsafeFetch('large', { cause: error })
  })
}

/** IANA’s special-purpose registries, 2026-11: addresses that lead to nobody in the open Internet. */
const CLOSED_4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`
/** Of those in use at all (2000::/3): tunnels that carry an older address, documentation, benchmarks, local things. */
const CLOSED_6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16'

const closed = new BlockList()
for (const [type, list] of [
  ['ipv4', CLOSED_4],
  ['ipv6', CLOSED_6],
] as const)
  for (const [net = '', bits] of list.split(/\s+/).map((range) => range.split('/')))
    closed.addSubnet(net, Number(bits), type)
const open6 = new BlockList()
open6.addSubnet('2000::', 3, 'ipv6')

/** Whether an address is one of the open Internet. What carries an older address inside (mapped, NAT64, 6to4) is not. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '')
  if (isIP(plain) === 4) return !closed.check(plain, 'ipv4')
  return isIP(plain) === 6 && open6.check(plain, 'ipv6') && !closed.check(plain, 'ipv6')
}
