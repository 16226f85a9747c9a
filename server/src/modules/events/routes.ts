import {
  type CallbackCipher,
  CallbackRefused,
  FRESHNESS_SECONDS,
  type SealedCallback,
  signatureMatches,
} from '@siyu/wecom/crypto'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { metrics } from '../../platform/metrics.ts'
import { Text } from '../../platform/text.ts'
import type { Receiver, RouteDeps, WorkContext } from '../corps/context.ts'
import { isOwnEcho } from '../corps/setup/own-address.ts'
import { noteVerification } from '../corps/setup/verification.ts'
import { registerCatalogueRoutes } from './catalogue-routes.ts'
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
  deps: { findReceiver(key: string): Promise<Receiver | undefined>; work: WorkContext },
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
      const { msg_signature: msgSignature, timestamp, nonce, echostr: encrypt } = query.data
      const knock = { msgSignature, timestamp, nonce, encrypt, nowSeconds: Date.now() / 1000 }
      try {
        const echo = cipherOf(receiver).open(knock)
        metrics.callbacks.inc({ result: 'verified' })
        if (!isOwnEcho(echo)) await noteVerification(deps.work, receiver.corpId, null)
        return await reply.header('x-content-type-options', 'nosniff').type('text/plain; charset=utf-8').send(echo)
      } catch (error) {
        if (!(error instanceof CallbackRefused)) throw error
        await noteVerification(deps.work, receiver.corpId, whyRefused(cipherOf(receiver), knock))
        return refuse(reply, 'refused')
      }
    },
  )
}

/** For the corp's administrator alone, never for whoever knocked: he would learn from it to forge. */
function whyRefused(cipher: CallbackCipher, { msgSignature, timestamp, nonce, encrypt, nowSeconds }: SealedCallback) {
  if (!signatureMatches(cipher.sign(timestamp, nonce, encrypt), msgSignature)) return 'signature'
  return Math.abs(Number(timestamp) - nowSeconds) > FRESHNESS_SECONDS ? 'clock' : 'key'
}

const FeedQuery = z.object({
  before: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  kind: Text.max(200).optional(),
})

/** The corp's feed (正在发生) and its live stream. */
export async function registerEventRoutes(app: App, deps: RouteDeps & { live: LiveHub }): Promise<void> {
  const { db, live } = deps
  registerCatalogueRoutes(app, deps)
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
