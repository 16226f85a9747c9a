import { createWecom, type Wecom } from '@siyu/wecom'
import type { Db } from '../../platform/db.ts'
import { metrics } from '../../platform/metrics.ts'
import type { Vault } from '../../platform/secrets.ts'
import { CorpNotConnected } from './errors.ts'
import type { Health } from './health.ts'
import { readCredentials } from './service.ts'
import { createTokenStore } from './token-store.ts'

/** Codes that say the whole connection is wrong, not the one call: they open a failure on the `tokens` lane. */
const CONNECTION_CODES = new Set([40001, 40013, 48002, 50003, 60020])

/** Hands out one client per corp, made from its sealed credentials and kept until they change. */
export function createGateway({ db, vault, health, baseUrl }: { db: Db; vault: Vault; health: Health; baseUrl: string }) {
  const clients = new Map<string, Promise<Wecom>>()
  const connect = async (corpId: string): Promise<Wecom> => {
    const [corp, credentials] = await Promise.all([
      db.selectFrom('corp').select(['wecomCorpid', 'agentId']).where('corpId', '=', corpId).executeTakeFirst(), readCredentials(db, vault, corpId),
    ])
    if (!corp || !credentials.app_secret) throw new CorpNotConnected()
    return createWecom({
      baseUrl, corpId: corp.wecomCorpid, agentId: corp.agentId, tokenStore: createTokenStore(db, vault, corpId),
      secrets: { app: credentials.app_secret, ...(credentials.contact_sync_secret ? { contactSync: credentials.contact_sync_secret } : {}) },
      onCall: ({ api, errcode, ms }) => {
        metrics.wecomCalls.inc({ api, errcode: String(errcode) })
        if (errcode === 0) return health.success(corpId, 'tokens', ms)
        if (CONNECTION_CODES.has(errcode)) {
          void health.failure(corpId, 'tokens', { cause: `wecom.${errcode}`, subject: 'connection', detail: { api, errcode } }).catch(() => undefined)
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
