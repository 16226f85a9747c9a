import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../platform/db.ts'
import { KeyNeeded, OriginNotAllowed, TooFast } from './errors.ts'
import { type ApiKey, findKey, touchKey } from './keys.ts'
import { createMeter } from './meter.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key a request of the open interface came with. */
    apiKey: ApiKey
  }
}

/** A server's batches are large and it keeps to a limit; a page's key is in everybody's hands. Requests, of one process. */
const LIMITS = { server: { most: 1_200, windowMs: 10_000 }, web: { most: 6_000, windowMs: 60_000 } }
/** Of one address with a page's key: far more than anybody clicks. */
const WEB_ADDRESS = { most: 300, windowMs: 60_000 }
const TOUCH_MS = 60_000

/** Finds the key of a request, before its body is read; refuses foreign pages and whoever is too fast (PB-01, PB-06). */
export function createAuthentication(db: Db) {
  const meters = { server: createMeter(LIMITS.server), web: createMeter(LIMITS.web) }
  const addresses = createMeter(WEB_ADDRESS)
  const touched = new Map<string, number>()

  const touch = async (key: ApiKey, nowMs: number) => {
    if (nowMs - (touched.get(key.keyId) ?? 0) < TOUCH_MS) return
    touched.set(key.keyId, nowMs)
    await touchKey(db, key, new Date(nowMs))
  }

  async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const said = keyOf(request)
    const key = said ? await findKey(db, said) : undefined
    if (!key) throw new KeyNeeded()
    const { origin } = request.headers
    if (origin !== undefined && key.kind === 'web') {
      if (!key.allowedOrigins.includes(origin)) throw new OriginNotAllowed({ origin: origin.slice(0, 200) })
      allowOrigin(reply, origin)
    }
    const nowMs = Date.now() // of this process's own patience, not of the data
    const seconds = Math.max(
      meters[key.kind].wait(key.keyId, nowMs),
      key.kind === 'web' ? addresses.wait(`${key.keyId} ${request.ip}`, nowMs) : 0,
    )
    if (seconds > 0) {
      void reply.header('retry-after', String(seconds))
      throw new TooFast({ seconds })
    }
    request.apiKey = key
  }
  /** Notes, once a minute, that a key is in use: by what was taken alone. */
  async function noteUse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.apiKey && reply.statusCode < 400) await touch(request.apiKey, Date.now())
  }
  return { authenticate, noteUse }
}

/** From the header; a web key also from the address, for `sendBeacon` sets no headers. A secret one never stands in an address. */
function keyOf(request: FastifyRequest): string | undefined {
  const [, bearer] = /^Bearer ([sw]k_[\w-]{43})$/.exec(request.headers.authorization ?? '') ?? []
  if (bearer) return bearer
  const { key } = request.query as { key?: unknown }
  return typeof key === 'string' && /^wk_[\w-]{43}$/.test(key) ? key : undefined
}

/** No cookie is ever asked for here, so naming the origin lets its pages read what they have sent, and nothing more. */
export function allowOrigin(reply: FastifyReply, origin: string): void {
  void reply
    .header('access-control-allow-origin', origin)
    .header('access-control-expose-headers', 'retry-after')
    .header('vary', 'origin')
}
