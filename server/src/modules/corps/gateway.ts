import { createLimiter, createWecom, type Wecom } from '@siyu/wecom'
import type { Db } from '../../platform/db.ts'
import { metrics } from '../../platform/metrics.ts'
import type { Vault } from '../../platform/secrets.ts'
import { CorpNotConnected } from './errors.ts'
import type { Health } from './health.ts'
import { readCredentials } from './service.ts'
import { createTokenStore } from './token-store.ts'

/** Codes that say the whole connection is wrong, not the one call: they open a failure on the `tokens` lane. */
const CONNECTION_CODES = new Set([40001, 40013, 50003, 60020])

/** Below WeCom's 10 000 a minute and API, with a margin (developer.work.weixin.qq.com/document/path/90312, 2026-11). */
const CALLS_PER_MINUTE = 9_000

export interface GatewayDeps {
  db: Db
  vault: Vault
  health: Health
  baseUrl: string
  /** Calls of one API by one corp. */
  callsPerMinute?: number
}

/** The simulator serves sign-in pages itself; the platform has hosts for them. */
const isPlatform = (baseUrl: string) => new URL(baseUrl).hostname === 'qyapi.weixin.qq.com'

/** Hands out one client per corp, made from its sealed credentials and kept until they change. */
export function createGateway({ db, vault, health, baseUrl, callsPerMinute = CALLS_PER_MINUTE }: GatewayDeps) {
  // One limiter for all corps of the process: they share its address. WeCom's limits an hour are fifteen of its minutes.
  const limiter = createLimiter({
    corpPerMinute: callsPerMinute,
    corpPerHour: callsPerMinute * 15,
    addressPerMinute: callsPerMinute * 2,
    addressPerHour: callsPerMinute * 60,
  })
  const origins = isPlatform(baseUrl) ? {} : { authorizeOrigin: baseUrl, loginOrigin: baseUrl }
  const clients = new Map<string, Promise<Wecom>>()
  const connect = async (corpId: string): Promise<Wecom> => {
    const [corp, credentials] = await Promise.all([
      db.selectFrom('corp').select(['wecomCorpid', 'agentId']).where('corpId', '=', corpId).executeTakeFirst(),
      readCredentials(db, vault, corpId),
    ])
    if (!corp || !credentials.app_secret) throw new CorpNotConnected()
    return createWecom({
      baseUrl,
      corpId: corp.wecomCorpid,
      agentId: corp.agentId,
      tokenStore: createTokenStore(db, vault, corpId),
      limiter,
      ...origins,
      secrets: {
        app: credentials.app_secret,
        ...(credentials.contact_sync_secret ? { contactSync: credentials.contact_sync_secret } : {}),
      },
      onCall: ({ api, errcode, ms }) => {
        metrics.wecomCalls.inc({ api, errcode: String(errcode) })
        if (errcode === 0) return health.success(corpId, 'tokens', ms)
        if (CONNECTION_CODES.has(errcode)) {
          void health
            .failure(corpId, 'tokens', { cause: `wecom.${errcode}`, subject: 'connection', detail: { api, errcode } })
            .catch(() => undefined)
        }
      },
    })
  }
  return {
    client(corpId: string): Promise<Wecom> {
      const client = clients.get(corpId) ?? connect(corpId)
      clients.set(corpId, client)
      client.catch(() => clients.delete(corpId))
      return client
    },
    forget: (corpId: string) => void clients.delete(corpId),
  }
}
