import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { Identifier } from '../contacts/identifiers.ts'
import { keepIdentifiers } from '../contacts/identifiers.ts'
import { identifyContacts } from '../contacts/identify.ts'
import type { RouteDeps } from '../corps/context.ts'
import { CONNECTORS, PLATFORMS } from '../orders/connectors/registry.ts'
import { MemberBatch } from '../orders/members/schema.ts'
import { takeMembers } from '../orders/members/take-members.ts'
import { OrderBatch, OrdersTaken } from '../orders/schema.ts'
import { takeOrders } from '../orders/take-orders.ts'
import { allowOrigin, createAuthentication } from './authenticate.ts'
import { createCollector } from './collect/collector.ts'
import { BODY_BYTES_MAX, CollectBody, Collected } from './collect/schema.ts'
import { NobodyNamed, ServerKeyNeeded } from './errors.ts'
import { signPersonToken } from './person-token.ts'
import { NewPersonToken, PersonTokenMade } from './schema.ts'

const Query = z.object({ key: z.string().max(100).optional() })
/** No cookie opens these: a key does, and pages of others may call them as far as it allows. */
const BY_KEY = { access: 'public', anyOrigin: true } as const
/** Two hundred orders of two hundred lines would be more; shops have a few lines an order. */
const ORDERS_BYTES_MAX = 2_000_000
const PREFLIGHT_SECONDS = 86_400

/** What servers and pages of a corp call with a key: no session, no cookies, limits of their own. */
export async function registerOpenRoutes(app: App, { db, work }: RouteDeps): Promise<void> {
  await app.register(async (open: App) => {
    acceptPlainJson(open)
    open.decorateRequest('apiKey', null as never)
    const { authenticate, noteUse } = createAuthentication(db)
    const collect = createCollector(db, work.vault)
    open.addHook('onSend', noteUse)

    open.options('/collect', { config: BY_KEY, schema: { hide: true } }, (request, reply) => {
      allowOrigin(reply, request.headers.origin ?? '*')
      return reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'authorization, content-type')
        .header('access-control-max-age', String(PREFLIGHT_SECONDS))
        .code(204)
        .send()
    })
    open.post('/collect', {
      config: BY_KEY,
      bodyLimit: BODY_BYTES_MAX,
      onRequest: authenticate,
      schema: {
        operationId: 'collect',
        querystring: Query,
        body: CollectBody,
        response: { 202: Collected, '4xx': Problem },
      },
      handler: async ({ apiKey, body }, reply) =>
        reply.code(202).send(await collect({ key: apiKey, body, arrivedAt: work.clock.now() })),
    })
    open.post('/open/orders', {
      config: BY_KEY,
      bodyLimit: ORDERS_BYTES_MAX,
      onRequest: [authenticate, refuseWebKeys],
      schema: { operationId: 'putOrders', body: OrderBatch, response: { 202: OrdersTaken, '4xx': Problem } },
      async handler({ apiKey: { corpId }, body }, reply) {
        const now = work.clock.now()
        const taken = await inCorp(db, corpId, (tx) => takeOrders(tx, corpId, work.vault, body.orders, now))
        return reply.code(202).send(taken)
      },
    })
    open.post('/open/orders/:platform', {
      config: BY_KEY,
      bodyLimit: ORDERS_BYTES_MAX,
      onRequest: [authenticate, refuseWebKeys],
      schema: {
        operationId: 'putPlatformOrders',
        params: z.object({ platform: z.enum(PLATFORMS) }),
        body: OrderBatch,
        response: { 202: OrdersTaken, '4xx': Problem },
      },
      async handler({ apiKey: { corpId }, body, params }, reply) {
        const now = work.clock.now()
        const { read } = CONNECTORS[params.platform]
        const taken = await inCorp(db, corpId, (tx) => takeOrders(tx, corpId, work.vault, body.orders, now, read))
        return reply.code(202).send(taken)
      },
    })
    open.post('/open/members', {
      config: BY_KEY,
      bodyLimit: ORDERS_BYTES_MAX,
      onRequest: [authenticate, refuseWebKeys],
      schema: { operationId: 'putMembers', body: MemberBatch, response: { 202: OrdersTaken, '4xx': Problem } },
      async handler({ apiKey: { corpId }, body }, reply) {
        const now = work.clock.now()
        const taken = await inCorp(db, corpId, (tx) => takeMembers(tx, corpId, work.vault, body.members, now))
        return reply.code(202).send(taken)
      },
    })
    open.post('/api/openapi/person-token', {
      config: BY_KEY,
      onRequest: [authenticate, refuseWebKeys],
      schema: {
        operationId: 'signPersonToken',
        body: NewPersonToken,
        response: { 201: PersonTokenMade, '4xx': Problem },
      },
      async handler({ apiKey: { corpId }, body }, reply) {
        const now = work.clock.now()
        const identifiers = Object.entries(body.ids).map(([kind, value]) => ({ kind, value, trust: 2 }) as Identifier)
        if (keepIdentifiers(work.vault, identifiers).length === 0) throw new NobodyNamed()
        const [contactId] = await inCorp(db, corpId, (tx) =>
          identifyContacts(tx, corpId, work.vault, [{ identifiers }], now),
        )
        const expiresAt = new Date(now.getTime() + body.minutes * 60_000)
        return reply
          .code(201)
          .header('cache-control', 'no-store')
          .send({
            token: signPersonToken(work.vault, corpId, contactId!, expiresAt),
            expiresAt: expiresAt.toISOString(),
          })
      },
    })
  })
}

async function refuseWebKeys({ apiKey }: FastifyRequest): Promise<void> {
  if (apiKey.kind !== 'server') throw new ServerKeyNeeded()
}

/**
 * JSON under whatever name it comes: `sendBeacon` says text/plain to be let through. A key called `__proto__` is data here
 * and refused where properties are named, so that one hostile event does not keep back the batch it is in.
 */
function acceptPlainJson(open: App): void {
  open.removeContentTypeParser(['application/json', 'text/plain'])
  open.addContentTypeParser(
    ['application/json', 'text/plain'],
    { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
    (_request, body, done) => {
      try {
        done(null, JSON.parse(body as string))
      } catch {
        done(Object.assign(new Error('no JSON'), { statusCode: 400 }))
      }
    },
  )
}
