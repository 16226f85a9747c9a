import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { ContactFilter } from '../contacts/schema.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { bulkActor } from '../tags/bulk-runs.ts'
import { countBoard } from './board.ts'
import { startBulkMove } from './bulk-move.ts'
import { readFunnel } from './funnel.ts'
import { moveByHand, undoByHand } from './move-by-hand.ts'
import { readBook } from './read-book.ts'
import { readStays } from './read-stays.ts'
import { BoardCounts, Funnel, FunnelQuery, NewBulkMove, NewMove, StageBook, Stay } from './schema.ts'
import { registerStageSettings } from './settings-routes.ts'

const OfFlow = z.object({ flowId: Id })
const OfContact = z.object({ contactId: Id })
const OfStay = z.object({ contactId: Id, stayId: Id })

/** Where customers stand on the way, and moving them on it. */
export function registerStageRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerMoves(app, deps)
  registerStageSettings(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/stage-flows', {
    config: { access: 'stages.read' },
    schema: { operationId: 'readStageBook', response: { 200: StageBook, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readBook(tx, actor.corpId)),
  })
  app.get('/api/stage-flows/:flowId/counts', {
    config: { access: 'stages.read' },
    schema: {
      operationId: 'countStageBoard',
      params: OfFlow,
      querystring: ContactFilter,
      response: { 200: BoardCounts, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        countBoard(tx, actor.corpId, params.flowId, { ...query, now: work.clock.now() }, actor.scope),
      ),
  })
  app.get('/api/stage-flows/:flowId/funnel', {
    config: { access: 'stages.read' },
    schema: {
      operationId: 'readStageFunnel',
      params: OfFlow,
      querystring: FunnelQuery,
      response: { 200: Funnel, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        readFunnel(tx, actor.corpId, params.flowId, query, actor.scope, work.clock.now()),
      ),
  })
  app.get('/api/contacts/:contactId/stages', {
    config: { access: 'stages.read' },
    schema: {
      operationId: 'readContactStages',
      params: OfContact,
      response: { 200: z.object({ items: z.array(Stay) }), '4xx': Problem },
    },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        items: await readStays(tx, actor.corpId, params.contactId, actor.scope, work.clock.now()),
      })),
  })
}

function registerMoves(app: App, { db, work }: RouteDeps): void {
  app.post('/api/contacts/:contactId/stages', {
    config: { access: 'stages.move' },
    schema: {
      operationId: 'moveContact',
      params: OfContact,
      body: NewMove,
      response: { 201: z.object({ stayId: Id }), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const moved = await inCorp(db, actor.corpId, (tx) =>
        moveByHand(tx, actor.corpId, params.contactId, body, actor, work.clock.now()),
      )
      return reply.code(201).send(moved)
    },
  })
  app.delete('/api/contacts/:contactId/stages/:stayId', {
    config: { access: 'stages.move' },
    schema: { operationId: 'undoMove', params: OfStay, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => undoByHand(tx, actor.corpId, params, actor, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.post('/api/stage-moves', {
    config: { access: 'stages.move' },
    schema: {
      operationId: 'startBulkMove',
      body: NewBulkMove,
      response: { 202: z.object({ bulkRunId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const bulkRunId = await inCorp(db, actor.corpId, async (tx) => {
        const { bulkRunId: id, total } = await startBulkMove(tx, actor.corpId, body, bulkActor(actor), at)
        const detail = { stageId: body.stageId, customers: total, ...(body.filter ? { filter: body.filter } : {}) }
        await recordAudit(tx, actor, { action: 'bulk_run.start', kind: 'bulk_run', id, detail, at })
        return id
      })
      return reply.code(202).send({ bulkRunId })
    },
  })
}
