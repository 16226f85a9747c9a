import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { planBatch } from './plan-batch.ts'
import { listBatches, readBatch } from './read-batches.ts'
import { BatchPicking, BatchPlan, CodeBatchRow, CodeBatchView, NewCodeBatch } from './schema.ts'
import { cancelBatch, retryBatch, startBatch, undoBatch } from './start-batch.ts'

const Params = z.object({ codeBatchId: Id })

/** One code for each of many people: looked at before, begun, watched, cancelled, taken back. */
export function registerBatchRoutes(app: App, { db, work }: RouteDeps): void {
  app.post('/api/code-batches/preview', {
    config: { access: 'channels.write' },
    schema: { operationId: 'previewCodeBatch', body: BatchPicking, response: { 200: BatchPlan, '4xx': Problem } },
    handler: ({ actor, body }) => inCorp(db, actor.corpId, (tx) => planBatch(tx, actor.corpId, body)),
  })

  app.post('/api/code-batches', {
    config: { access: 'channels.write' },
    schema: {
      operationId: 'startCodeBatch',
      body: NewCodeBatch,
      response: { 202: z.object({ codeBatchId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const now = work.clock.now()
      const codeBatchId = await inCorp(db, actor.corpId, async (tx) => {
        const made = { accountId: actor.accountId, actor: actor.name, now }
        const { codeBatchId: id, total } = await startBatch(tx, actor.corpId, body, made)
        await recordAudit(tx, actor, {
          action: 'code_batch.start',
          kind: 'code_batch',
          id,
          detail: { activity: body.activity, codes: total },
          at: now,
        })
        return id
      })
      return reply.code(202).send({ codeBatchId })
    },
  })

  app.get('/api/code-batches', {
    config: { access: 'channels.read' },
    schema: { operationId: 'listCodeBatches', response: { 200: z.array(CodeBatchRow), '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => listBatches(tx, actor.corpId)),
  })

  app.get('/api/code-batches/:codeBatchId', {
    config: { access: 'channels.read' },
    schema: { operationId: 'readCodeBatch', params: Params, response: { 200: CodeBatchView, '4xx': Problem } },
    handler: ({ actor, params }) => inCorp(db, actor.corpId, (tx) => readBatch(tx, actor.corpId, params.codeBatchId)),
  })

  for (const [word, act] of [
    ['cancel', cancelBatch],
    ['undo', undoBatch],
    ['retry', retryBatch],
  ] as const) {
    app.post(`/api/code-batches/:codeBatchId/${word}`, {
      config: { access: 'channels.write' },
      schema: { operationId: `${word}CodeBatch`, params: Params, response: { 204: z.null(), '4xx': Problem } },
      async handler({ actor, params }, reply) {
        const at = work.clock.now()
        await inCorp(db, actor.corpId, async (tx) => {
          const removed = await act(tx, actor.corpId, params.codeBatchId, at)
          await recordAudit(tx, actor, {
            action: `code_batch.${word}`,
            kind: 'code_batch',
            id: params.codeBatchId,
            detail: removed === undefined ? {} : { removed },
            at,
          })
        })
        return reply.code(204).send(null)
      },
    })
  }
}
