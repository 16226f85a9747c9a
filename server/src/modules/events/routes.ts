import { type CallbackCipher, CallbackRefused, createCallbackCipher } from '@siyu/wecom/crypto'
import { readEnvelope, readXml, XmlRefused } from '@siyu/wecom/xml'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { metrics } from '../../platform/metrics.ts'
import type { Receiver, RouteDeps } from '../corps/context.ts'
import type { Intake } from './intake.ts'
import { readTimeline } from './journal.ts'
import type { LiveHub } from './live.ts'
import { TimelinePage } from './schema.ts'

const BODY_BYTES_MAX = 64 * 1024
const VerifyQuery = z.object({
  msg_signature: z.string().max(64),
  timestamp: z.string().max(20),
  nonce: z.string().max(128),
  echostr: z.string().max(4096),
})

/**
 * The callback receiver: verify, decrypt, store, then answer 200. Nothing else happens inside the request. Every refusal
 * looks alike (403, no body), so that it tells a stranger nothing. Registered apart from cookies and rate limits.
 */
export async function registerCallbackRoutes(
  app: App,
  deps: { findReceiver(key: string): Promise<Receiver | undefined>; intake: Intake },
): Promise<void> {
  const ciphers = new WeakMap<Receiver, CallbackCipher>()
  const cipherOf = (receiver: Receiver) => {
    const cipher =
      ciphers.get(receiver) ??
      createCallbackCipher({
        token: receiver.token,
        encodingAesKey: receiver.encodingAesKey,
        receiveId: receiver.wecomCorpid,
      })
    ciphers.set(receiver, cipher)
    return cipher
  }
  const refuse = (reply: FastifyReply, result: string) => {
    metrics.callbacks.inc({ result })
    return reply.code(403).send('')
  }

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
      done(null, body),
    )
    scope.setErrorHandler((error: { statusCode?: number }, request, reply) => {
      const tooLarge = error.statusCode === 413
      if (!tooLarge) request.log.error({ err: error }, 'a callback could not be stored')
      metrics.callbacks.inc({ result: tooLarge ? 'oversized' : 'not_stored' })
      return reply.code(tooLarge ? 413 : 503).send('')
    })

    scope.get<{ Params: { key: string }; Querystring: Record<string, string> }>(
      '/wecom/callback/:key',
      { config: { access: 'public' } },
      async (request, reply) => {
        const query = VerifyQuery.safeParse(request.query)
        const receiver = await deps.findReceiver(request.params.key)
        if (!query.success || !receiver) return refuse(reply, 'unknown_receiver')
        try {
          const { msg_signature: msgSignature, timestamp, nonce, echostr } = query.data
          const echo = cipherOf(receiver).open({
            msgSignature,
            timestamp,
            nonce,
            encrypt: echostr,
            nowSeconds: Date.now() / 1000,
          })
          metrics.callbacks.inc({ result: 'verified' })
          return await reply.header('x-content-type-options', 'nosniff').type('text/plain; charset=utf-8').send(echo)
        } catch (error) {
          if (error instanceof CallbackRefused) return refuse(reply, 'refused')
          throw error
        }
      },
    )

    // The hot path: no schema library, no labels looked up, nothing done twice.
    scope.post<{ Params: { key: string }; Querystring: Record<string, string>; Body: string }>(
      '/wecom/callback/:key',
      { config: { access: 'public' } },
      async (request, reply) => {
        const arrived = performance.now()
        const receiver = await deps.findReceiver(request.params.key)
        if (!receiver) return refuse(reply, 'unknown_receiver')
        const plain = openBody(cipherOf(receiver), request.query, request.body)
        if (plain === undefined) return refuse(reply, 'refused')
        await deps.intake.store({ corpId: receiver.corpId, plain, receivedAt: new Date() })
        stored.inc()
        metrics.callbackAckSeconds.observe((performance.now() - arrived) / 1000)
        reply.header('content-type', 'text/plain')
        return 'success'
      },
    )
  })
}

const stored = metrics.callbacks.labels('stored')

/** The decrypted text once every check has passed: well-formed, signed, fresh, for this corp, and XML we would read. */
function openBody(cipher: CallbackCipher, query: Record<string, string | undefined>, body: string): string | undefined {
  const { msg_signature: msgSignature, timestamp, nonce } = query
  if (typeof msgSignature !== 'string' || typeof timestamp !== 'string' || typeof nonce !== 'string') return undefined
  try {
    const { encrypt } = readEnvelope(body ?? '')
    const plain = cipher.open({ msgSignature, timestamp, nonce, encrypt, nowSeconds: Date.now() / 1000 })
    readXml(plain)
    return plain
  } catch (error) {
    if (error instanceof CallbackRefused || error instanceof XmlRefused) return undefined
    throw error
  }
}

const FeedQuery = z.object({
  before: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  kind: z.string().max(200).optional(),
})

/** The corp's feed (正在发生) and its live streams. */
export async function registerEventRoutes(
  app: App,
  { db, scopeOf, live }: RouteDeps & { live: LiveHub },
): Promise<void> {
  app.get('/api/timeline', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readFeed', querystring: FeedQuery, response: { 200: TimelinePage, '4xx': Problem } },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        readTimeline(tx, actor.corpId, {
          limit: query.limit,
          before: query.before,
          ...(query.kind ? { kinds: query.kind.split(',') } : {}),
          staffId: scopeOf(actor),
        }),
      ),
  })
  app.get(
    '/api/live',
    { config: { access: 'contacts.read' }, schema: { operationId: 'followFeed' } },
    (request, reply) => live.open(request, reply, { corpId: request.actor.corpId, staffId: scopeOf(request.actor) }),
  )
  app.get(
    '/api/contacts/:contactId/live',
    {
      config: { access: 'contacts.read' },
      schema: { operationId: 'followContact', params: z.object({ contactId: Id }) },
    },
    (request, reply) =>
      live.open(request, reply, {
        corpId: request.actor.corpId,
        staffId: scopeOf(request.actor),
        contactId: request.params.contactId,
      }),
  )
}
