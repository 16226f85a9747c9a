import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { RouteDeps } from '../../corps/context.ts'
import {
  addPart,
  beginImport,
  cancelImport,
  listImports,
  readDraft,
  readImportRun,
  requireColumns,
  requireReady,
  startImport,
  writeRefused,
} from './imports.ts'
import { deleteMapping } from './mappings.ts'
import { previewImport } from './preview-import.ts'
import {
  ImportDraft,
  ImportPreview,
  ImportStart,
  NewOrderImport,
  OrderImportView,
  PART_BYTES_MAX,
  PARTS_MAX,
} from './schema.ts'

const MAY = { access: 'orders.manage' } as const
const One = z.object({ orderImportId: Id })

/** Files of orders and members: sent in parts, read, previewed, let in. */
export function registerImportRoutes(app: App, deps: RouteDeps): void {
  registerUpload(app, deps)
  registerReading(app, deps)
  registerRuns(app, deps)
}

function registerUpload(app: App, { db, work }: RouteDeps): void {
  app.post('/api/order-imports', {
    config: MAY,
    schema: { operationId: 'beginOrderImport', body: NewOrderImport, response: { 201: One, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const orderImportId = await inCorp(db, actor.corpId, (tx) => beginImport(tx, actor, body, work.clock.now()))
      return reply.code(201).send({ orderImportId })
    },
  })
  void app.register(async (parts: App) => {
    parts.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: PART_BYTES_MAX },
      (_request, body, done) => done(null, body),
    )
    parts.put('/api/order-imports/:orderImportId/parts/:part', {
      config: MAY,
      bodyLimit: PART_BYTES_MAX,
      schema: {
        operationId: 'addImportPart',
        params: One.extend({ part: z.coerce.number().int().min(0).max(PARTS_MAX) }),
        consumes: ['application/octet-stream'],
        response: { 204: z.null(), '4xx': Problem },
      },
      async handler({ actor, params, body }, reply) {
        const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
        await inCorp(db, actor.corpId, (tx) => addPart(tx, work.vault, actor, params.orderImportId, params.part, bytes))
        return reply.code(204).send(null)
      },
    })
  })
}

function registerReading(app: App, { db, work }: RouteDeps): void {
  app.post('/api/order-imports/:orderImportId/read', {
    config: MAY,
    schema: { operationId: 'readOrderImport', params: One, response: { 200: ImportDraft, '4xx': Problem } },
    handler: ({ actor, params }) => readDraft(db, work.vault, actor, params.orderImportId),
  })
  app.post('/api/order-imports/:orderImportId/preview', {
    config: MAY,
    schema: {
      operationId: 'previewOrderImport',
      params: One,
      body: ImportStart.pick({ mapping: true }),
      response: { 200: ImportPreview, '4xx': Problem },
    },
    async handler({ actor, params, body: { mapping } }) {
      const run = await inCorp(db, actor.corpId, (tx) => requireReady(tx, actor, params.orderImportId))
      requireColumns(run.kind, mapping)
      return previewImport(db, work.vault, run, mapping, run.toldAt)
    },
  })
  app.post('/api/order-imports/:orderImportId/start', {
    config: MAY,
    schema: {
      operationId: 'startOrderImport',
      params: One,
      body: ImportStart,
      response: { 202: OrderImportView, '4xx': Problem },
    },
    async handler({ actor, params: { orderImportId }, body: { toldAt, ...start } }, reply) {
      const run = await inCorp(db, actor.corpId, async (tx) => {
        const given = { ...start, toldAt: toldAt === undefined ? undefined : new Date(toldAt) }
        await startImport(tx, actor, orderImportId, given, work.clock.now())
        return readImportRun(tx, actor, orderImportId)
      })
      return reply.code(202).send(run)
    },
  })
}

function registerRuns(app: App, { db, work }: RouteDeps): void {
  app.get('/api/order-imports', {
    config: MAY,
    schema: {
      operationId: 'listOrderImports',
      response: { 200: z.object({ items: z.array(OrderImportView) }), '4xx': Problem },
    },
    handler: async ({ actor }) => ({ items: await inCorp(db, actor.corpId, (tx) => listImports(tx, actor)) }),
  })
  app.get('/api/order-imports/:orderImportId', {
    config: MAY,
    schema: { operationId: 'getOrderImport', params: One, response: { 200: OrderImportView, '4xx': Problem } },
    handler: ({ actor, params }) => inCorp(db, actor.corpId, (tx) => readImportRun(tx, actor, params.orderImportId)),
  })
  app.post('/api/order-imports/:orderImportId/cancel', {
    config: MAY,
    schema: { operationId: 'cancelOrderImport', params: One, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => cancelImport(tx, actor, params.orderImportId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.get('/api/order-imports/:orderImportId/refused.csv', {
    config: MAY,
    schema: {
      operationId: 'readRefusedOrders',
      params: One,
      produces: ['text/csv'],
      response: { 200: z.string(), '4xx': Problem },
    },
    async handler({ actor, params: { orderImportId } }, reply) {
      const text = await inCorp(db, actor.corpId, (tx) => writeRefused(tx, work.vault, actor, orderImportId))
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="refused-${orderImportId}.csv"`)
        .header('cache-control', 'no-store')
        .serializer((same: string) => same)
        .send(text)
    },
  })
  app.delete('/api/import-mappings/:importMappingId', {
    config: MAY,
    schema: {
      operationId: 'deleteImportMapping',
      params: z.object({ importMappingId: Id }),
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => deleteMapping(tx, actor, params.importMappingId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}
