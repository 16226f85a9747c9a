import { createHash } from 'node:crypto'
import type { ShopPlatform } from './shapes.ts'

const hash = (kind: 'md5' | 'sha1', text: string) => createHash(kind).update(text).digest('hex')

export interface ShopKey {
  appKey: string
  secret: string
}
interface Signed {
  headers: Record<string, string>
  query: Record<string, string>
}

function byGateway(body: string, { appKey, secret }: ShopKey): Signed {
  const query: Record<string, string> = { app_key: appKey, timestamp: String(body.length), v: '2.0' }
  const flat = Object.keys(query)
    .sort()
    .map((name) => name + query[name])
    .join('')
  return { headers: {}, query: { ...query, sign: hash('md5', secret + flat + body + secret).toUpperCase() } }
}

/** How each platform proves that a push is its own. */
export const SIGNINGS: Readonly<Record<ShopPlatform, (body: string, key: ShopKey, nonce: string) => Signed>> = {
  youzan: (body, { appKey, secret }) => ({
    headers: { 'event-sign': hash('md5', appKey + body + secret) },
    query: {},
  }),
  taobao: byGateway,
  jd: byGateway,
  'wechat-shop': (body, { secret }, nonce) => {
    const timestamp = String(1_700_000_000 + body.length)
    return {
      headers: {},
      query: { timestamp, nonce, signature: hash('sha1', [secret, timestamp, nonce].sort().join('')) },
    }
  },
  weimob: (body, { appKey, secret }) => ({ headers: { sign: hash('md5', appKey + body + secret) }, query: {} }),
}
