import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const BRIDGE = readFileSync(join(import.meta.dirname, 'bridge.js'))

/** The script pages load when they run inside a phone of the world page. Any page may: it does nothing elsewhere. */
export function registerNative(app: FastifyInstance): void {
  app.get('/native/bridge.js', (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(BRIDGE),
  )
}
