import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { bulkActor, cancelBulk, listBulkRuns, startBulk, undoBulk } from './bulk-runs.ts'
import { BulkRunView, NewBulk } from './schema.ts'

const Params = z.object({ bulkRunId: Id })
const Started = z.object({ bulkRunId: Id })

/** Work on many customers: begun, looked at, cancelled, undone. */
export function registerBulkRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/bulk-runs', {
    config: { access: 'contacts.tag' },
    schema: { operationId: 'listBulkRuns', response: { 200: z.array(BulkRunView), '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, (tx) => listBulkRuns(tx, actor.corpId, bulkActor(actor), work.clock.now())),
  })

  app.post('/api/bulk-runs', {
    config: { access: 'contacts.tag' },
    schema: { operationId: 'startBulkRun', body: NewBulk, response: { 202: Started, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const bulkRunId = await inCorp(db, actor.corpId, async (tx) => {
        const { bulkRunId: id, total } = await startBulk(tx, actor.corpId, body, bulkActor(actor), at)
        const { add, remove, filter } = body
        const detail = { add, remove, customers: total, ...(filter ? { filter } : {}) }
        await recordAudit(tx, actor, { action: 'bulk_run.start', kind: 'bulk_run', id, detail, at })
        return id
      })
      return reply.code(202).send({ bulkRunId })
    },
  })

  app.post('/api/bulk-runs/:bulkRunId/cancel', {
    config: { access: 'contacts.tag' },
    schema: { operationId: 'cancelBulkRun', params: Params, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await cancelBulk(tx, actor.corpId, params.bulkRunId, bulkActor(actor), at)
        const entry = { action: 'bulk_run.cancel', kind: 'bulk_run', id: params.bulkRunId, detail: {}, at }
        await recordAudit(tx, actor, entry)
      })
      return reply.code(204).send(null)
    },
  })

  app.post('/api/bulk-runs/:bulkRunId/undo', {
    config: { access: 'contacts.tag' },
    schema: { operationId: 'undoBulkRun', params: Params, response: { 202: Started, '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const at = work.clock.now()
      const bulkRunId = await inCorp(db, actor.corpId, async (tx) => {
        const undo = await undoBulk(tx, actor.corpId, params.bulkRunId, bulkActor(actor), at)
        const detail = { undo: undo.bulkRunId, customers: undo.total }
        await recordAudit(tx, actor, { action: 'bulk_run.undo', kind: 'bulk_run', id: params.bulkRunId, detail, at })
        return undo.bulkRunId
      })
      return reply.code(202).send({ bulkRunId })
    },
  })
}
