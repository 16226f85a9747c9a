import { CallbackRefused } from '@siyu/wecom/crypto'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { metrics } from '../../platform/metrics.ts'
import { Text } from '../../platform/text.ts'
import type { Receiver, RouteDeps } from '../corps/context.ts'
import { readTimeline } from './journal.ts'
import type { LiveHub } from './live.ts'
import { cipherOf } from './receive.ts'
import { TimelinePage } from './schema.ts'

const VerifyQuery = z.object({
  msg_signature: z.string().max(64),
  timestamp: z.string().max(20),
  nonce: z.string().max(128),
  echostr: z.string().max(4096),
})

/** WeCom's check of the address, when an administrator saves it there. The callbacks themselves come in by `receive.ts`. */
export async function registerCallbackRoutes(
  app: App,
  deps: { findReceiver(key: string): Promise<Receiver | undefined> },
): Promise<void> {
  const refuse = (reply: FastifyReply, result: string) => {
    metrics.callbacks.inc({ result })
    return reply.code(403).send('')
  }
  app.get<{ Params: { key: string }; Querystring: Record<string, string> }>(
    '/wecom/callback/:key',
    { config: { access: 'public' } },
    async (request, reply) => {
      const query = VerifyQuery.safeParse(request.query)
      const receiver = await deps.findReceiver(request.params.key)
      if (!query.success || !receiver) return refuse(reply, 'unknown_receiver')
      try {
        const { msg_signature: msgSignature, timestamp, nonce, echostr } = query.data
        const nowSeconds = Date.now() / 1000
        const echo = cipherOf(receiver).open({ msgSignature, timestamp, nonce, encrypt: echostr, nowSeconds })
        metrics.callbacks.inc({ result: 'verified' })
        return await reply.header('x-content-type-options', 'nosniff').type('text/plain; charset=utf-8').send(echo)
      } catch (error) {
        if (error instanceof CallbackRefused) return refuse(reply, 'refused')
        throw error
      }
    },
  )
}

const FeedQuery = z.object({
  before: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  kind: Text.max(200).optional(),
})

/** The corp's feed (正在发生) and its live stream. */
export async function registerEventRoutes(app: App, { db, live }: RouteDeps & { live: LiveHub }): Promise<void> {
  app.get('/api/timeline', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readFeed', querystring: FeedQuery, response: { 200: TimelinePage, '4xx': Problem } },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        readTimeline(tx, actor.corpId, {
          limit: query.limit,
          before: query.before,
          ...(query.kind ? { kinds: query.kind.split(',') } : {}),
          scope: actor.scope,
        }),
      ),
  })
  app.get(
    '/api/live',
    { config: { access: 'contacts.read' }, schema: { operationId: 'followFeed' } },
    (request, reply) => live.open(request, reply, {}),
  )
}
