import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { NotFound, Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { PushForged } from '../errors.ts'
import { isGenuine, openPush, PUSH_WAYS } from './push-ways.ts'
import { findShop, type Shop } from './shops.ts'
import { storePush } from './take-pushes.ts'

const BODY_BYTES_MAX = 1_000_000
const DOOR = /^([1-9]\d{0,17})-[0-9a-f]{32}$/
const Params = z.object({ door: z.string().max(60) })
const Query = z.record(z.string(), z.string())
const BY_SIGNATURE = { access: 'public', anyOrigin: true } as const

/** Where shops push their orders: opened by the platform's own signature, stored before it is answered. */
export async function registerPushRoutes(app: App, { db, work }: RouteDeps): Promise<void> {
  const knock = async (door: string): Promise<{ corpId: string; shop: Shop }> => {
    const [, corpId] = DOOR.exec(door) ?? []
    const shop = corpId ? await inCorp(db, corpId, (tx) => findShop(tx, work.vault, corpId, door)) : undefined
    if (!corpId || !shop?.isOn) throw new NotFound({ what: '推送地址' })
    return { corpId, shop }
  }

  await app.register(async (open: App) => {
    // The signature is of the bytes as they came.
    open.removeAllContentTypeParsers()
    open.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
      done(null, body),
    )
    open.post('/open/push/:door', {
      config: BY_SIGNATURE,
      bodyLimit: BODY_BYTES_MAX,
      schema: { hide: true, params: Params, querystring: Query, response: { 200: z.string(), '4xx': Problem } },
      async handler({ params, query, headers, body }, reply) {
        const { corpId, shop } = await knock(params.door)
        const text = typeof body === 'string' ? body : ''
        const now = work.clock.now()
        if (!isGenuine(shop.platform, { body: text, headers, query }, shop)) {
          await inCorp(db, corpId, (tx) =>
            sql`update shop_connection set refused_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and shop_connection_id = ${shop.shopConnectionId}::bigint`.execute(
              tx,
            ),
          )
          throw new PushForged()
        }
        if (!openPush(shop.platform, text).isTrial)
          await inCorp(db, corpId, (tx) => storePush(tx, work.vault, corpId, { ...shop, body: text, now }))
        const { ack } = PUSH_WAYS[shop.platform]
        return reply
          .type(ack.startsWith('{') ? 'application/json' : 'text/plain')
          .serializer((same: string) => same)
          .send(ack)
      },
    })
    // WeChat asks once whether the address is ours.
    open.get('/open/push/:door', {
      config: BY_SIGNATURE,
      schema: { hide: true, params: Params, querystring: Query, response: { 200: z.string(), '4xx': Problem } },
      async handler({ params, query, headers }, reply) {
        const { shop } = await knock(params.door)
        if (!isGenuine(shop.platform, { body: '', headers, query }, shop)) throw new PushForged()
        return reply
          .type('text/plain')
          .serializer((same: string) => same)
          .send((query.echostr ?? '').slice(0, 200))
      },
    })
  })
}
