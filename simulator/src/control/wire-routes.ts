import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import { corpOf } from './found.ts'

const WireQuery = z.object({
  corpid: z.string().optional(),
  direction: z.enum(['call', 'callback', 'page']).optional(),
  fault: z.stringbool().optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(100),
})

const PageVisit = z.strictObject({
  api: z.string().min(1).max(300),
  sentence: z.string().min(1).max(200),
  status: z.int().default(200),
  ms: z.number().min(0).default(0),
  request: z.unknown().optional(),
  response: z.unknown().optional(),
})

/** A comment line now and then keeps proxies and browsers from giving the stream up. */
const HEARTBEAT_MS = 15_000

export function wireRoutes(scope: FastifyInstance, { world }: Platform): void {
  scope.get('/wire', async (request) => {
    const entries = world.wire.list(WireQuery.parse(request.query))
    return { entries, injected: world.wire.injected, nextBefore: entries.at(-1)?.id }
  })

  scope.post('/wire/clear', async () => {
    world.wire.clear()
    return {}
  })

  /** A page opened on the customer's phone is no API call; whoever opened it reports it for the log. */
  scope.post('/corps/:corpid/wire', async (request) => {
    const corp = corpOf(world, request)
    const { status, ...visit } = PageVisit.parse(request.body)
    return world.wire.log({
      ...visit,
      at: world.clock.virtualMs(),
      corpid: corp.info.corpid,
      direction: 'page',
      result: String(status),
      ok: status < 400,
    })
  })

  /** Server-sent events: `entry`, `update`, `message`, `world`, `clock`; the data is the event as JSON. */
  scope.get('/wire/stream', (request, reply) => {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    })
    raw.write(': 接上了\n\n')
    const stop = world.wire.listen((event) => {
      const id = 'entry' in event ? `id: ${event.entry.id}\n` : ''
      raw.write(`${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    })
    const heartbeat = setInterval(() => raw.write(': \n\n'), HEARTBEAT_MS)
    request.raw.on('close', () => {
      clearInterval(heartbeat)
      stop()
    })
  })
}
