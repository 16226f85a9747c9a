import pg from 'pg'
import type { Log } from './log.ts'

/** Hears NOTIFY on one connection of its own and reconnects for ever; a listener must also poll, for what is said meanwhile. */
export interface Listener {
  on(channel: string, hear: (payload: string) => void): () => void
  stop(): Promise<void>
}

const RECONNECT_MS = 1_000

export async function createListener(databaseUrl: string, log: Log): Promise<Listener> {
  const hearers = new Map<string, Set<(payload: string) => void>>()
  let client: pg.Client | undefined
  let stopped = false

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'siyu-listen',
      options: '-c role=siyu_app',
      keepAlive: true,
    })
    next.on('notification', ({ channel, payload }) => {
      for (const hear of hearers.get(channel) ?? []) hear(payload ?? '')
    })
    next.on('error', () => void lost(next))
    next.on('end', () => void lost(next))
    await next.connect()
    client = next
    for (const channel of hearers.keys()) await next.query(`listen ${next.escapeIdentifier(channel)}`)
  }
  const lost = async (which: pg.Client): Promise<void> => {
    if (stopped || client !== which) return
    client = undefined
    log.warn('the notification connection was cut; connecting again')
    while (!stopped && client === undefined) {
      await new Promise((done) => setTimeout(done, RECONNECT_MS))
      await connect().catch(() => undefined)
    }
  }
  await connect()

  return {
    on(channel, hear) {
      const of = hearers.get(channel) ?? new Set()
      if (of.size === 0) {
        hearers.set(channel, of)
        void client?.query(`listen ${client.escapeIdentifier(channel)}`).catch(() => undefined)
      }
      of.add(hear)
      return () => void of.delete(hear)
    },
    async stop() {
      stopped = true
      await client?.end()
    },
  }
}
