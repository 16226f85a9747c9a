import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { bulkActor } from './bulk-runs.ts'
import { startImport, writeRejected } from './import-contacts.ts'
import { NewImport } from './schema.ts'

const BODY_BYTES_MAX = 6_100_000
const Started = z.object({ bulkRunId: Id, accepted: z.number().int(), rejected: z.number().int() })
/** Files of what is to be changed of customers known already. */
export function registerImportRoutes(app: App, { db, work }: RouteDeps): void {
  app.post('/api/imports', {
    config: { access: 'contacts.bulk' },
    bodyLimit: BODY_BYTES_MAX,
    schema: { operationId: 'startImport', body: NewImport, response: { 202: Started, '4xx': Problem } },
    async handler({ actor, body: { fileName, content } }, reply) {
      const at = work.clock.now()
      const started = await inCorp(db, actor.corpId, async (tx) => {
        const file = { fileName, bytes: Buffer.from(content, 'base64') }
        const { bulkRunId, ...counts } = await startImport(tx, actor.corpId, work.vault, file, bulkActor(actor), at)
        const detail = { fileName, ...counts }
        await recordAudit(tx, actor, { action: 'bulk_run.import', kind: 'bulk_run', id: bulkRunId, detail, at })
        return { bulkRunId, ...counts }
      })
      return reply.code(202).send(started)
    },
  })

  app.get('/api/imports/:bulkRunId/rejected.csv', {
    config: { access: 'contacts.bulk' },
    schema: {
      operationId: 'readRejectedRows',
      params: z.object({ bulkRunId: Id }),
      produces: ['text/csv'],
      response: { 200: z.string(), '4xx': Problem },
    },
    async handler({ actor, params }, reply) {
      const text = await inCorp(db, actor.corpId, (tx) =>
        writeRejected(tx, actor.corpId, work.vault, params.bulkRunId, bulkActor(actor)),
      )
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="rejected-${params.bulkRunId}.csv"`)
        .header('cache-control', 'no-store')
        .serializer((same: string) => same)
        .send(text)
    },
  })
}
