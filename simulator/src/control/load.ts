import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import { readMemberNumbers } from '../member-file.ts'
import { loadedCorp, loadMembers } from '../world/members.ts'

/** Numbers entered between two breaths of the event loop. */
const CHUNK = 2000

/** `POST /control/load?name=…` with `text/csv`: one member number a line (or first of a CSV line), read as it arrives. */
export function loadRoutes(scope: FastifyInstance, { world }: Platform): void {
  scope.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))
  scope.post('/load', async (request) => {
    const { name } = z.object({ name: z.string().min(1).max(60) }).parse(request.query)
    const corp = loadedCorp(world, name)
    let added = 0
    let chunk: string[] = []
    for await (const number of readMemberNumbers(request.body as Readable)) {
      chunk.push(number)
      if (chunk.length < CHUNK) continue
      added += loadMembers(world, corp, chunk)
      chunk = []
    }
    added += loadMembers(world, corp, chunk)
    world.store.flush()
    const { corpid, appSecret, contactSecret } = corp.info
    return { corpid, secret: appSecret, contactSecret, added, total: corp.customerCount }
  })
}
