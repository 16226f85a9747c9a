import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Db, inCorp } from '../../platform/db.ts'
import type { Listener } from '../../platform/listen.ts'
import type { Log } from '../../platform/log.ts'
import type { Scope } from '../corps/context.ts'
import { readTimeline } from './journal.ts'

interface Watch {
  /** Only this contact. */
  contactId?: string
}
interface Open extends Watch {
  corpId: string
  /** Only contacts these staff follow. */
  scope: Scope
  send(event: string, data: unknown): void
  /** Looks again at who is there; ends the stream of whoever may not read it any more (AU-03). */
  recheck(): Promise<void>
}

/** Tells open pages what just entered the journal, over server-sent events. */
export interface LiveHub {
  open(request: FastifyRequest, reply: FastifyReply, watch: Watch): void
  stop(): void
}

/** Notifications of this long are answered by one read per watcher. */
const GATHER_MS = 120
const HEARTBEAT_MS = 20_000
/** A right taken away is gone from every stream this soon. */
const RECHECK_MS = 4_000
/** Of one process. Each is a socket and, when something happens, one read. */
const WATCHERS_MAX = 500

export function createLiveHub({ db, listener, log }: { db: Db; listener: Listener; log: Log }): LiveHub {
  const watchers = new Set<Open>()
  let heard: { corpId: string; events: { id: string; contact: string }[] }[] = []
  let timer: NodeJS.Timeout | undefined

  const tell = async () => {
    timer = undefined
    const batch = heard
    heard = []
    for (const watcher of watchers) {
      const ours = batch.filter((b) => b.corpId === watcher.corpId)
      if (ours.length === 0) continue
      const named = ours
        .flatMap((b) => b.events)
        .filter((e) => watcher.contactId === undefined || e.contact === watcher.contactId)
      if (ours.some((b) => b.events.length === 0)) watcher.send('bulk', {}) // too many to name: the page reads again
      if (named.length === 0) continue
      const { items } = await inCorp(db, watcher.corpId, (tx) =>
        readTimeline(tx, watcher.corpId, {
          eventIds: named.map((e) => e.id),
          limit: 100,
          scope: watcher.scope,
          ...(watcher.contactId === undefined ? {} : { contactIds: [watcher.contactId] }),
        }),
      )
      for (const item of items.reverse()) watcher.send('event', item)
    }
  }
  const forget = listener.on('siyu_live', (payload) => {
    if (watchers.size === 0) return
    heard.push(JSON.parse(payload))
    timer ??= setTimeout(
      () => void tell().catch((error) => log.warn({ err: error }, 'live pages could not be told')),
      GATHER_MS,
    )
  })
  const heartbeat = setInterval(() => {
    for (const watcher of watchers) watcher.send('beat', {})
  }, HEARTBEAT_MS)
  heartbeat.unref()
  const rechecks = setInterval(() => {
    for (const watcher of watchers)
      void watcher.recheck().catch((error) => log.warn({ err: error }, 'a live page could not be looked at again'))
  }, RECHECK_MS)
  rechecks.unref()

  return {
    open(request, reply, watch) {
      if (watchers.size >= WATCHERS_MAX) {
        void reply.code(503).header('retry-after', '30').send()
        return
      }
      reply.hijack()
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      })
      reply.raw.write('retry: 2000\n\n')
      const watcher: Open = {
        ...watch,
        corpId: request.actor.corpId,
        scope: request.actor.scope,
        async recheck() {
          const actor = await request.actorNow()
          if (actor?.corpId === watcher.corpId) watcher.scope = actor.scope
          else if (watchers.delete(watcher)) reply.raw.end()
        },
        send: (event, data) => void reply.raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      }
      watchers.add(watcher)
      request.raw.on('close', () => watchers.delete(watcher))
    },
    stop() {
      forget()
      clearTimeout(timer)
      clearInterval(heartbeat)
      clearInterval(rechecks)
    },
  }
}
