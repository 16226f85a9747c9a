import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { RfmNobodyBought } from '../errors.ts'
import { requireWholeCorp } from '../service.ts'
import { readFifths } from './bands.ts'
import { readMoves } from './moves.ts'
import { previewModel } from './preview.ts'
import { readModel } from './read-model.ts'
import { saveModel } from './save-model.ts'
import { Cuts, FifthsQuery, MovesQuery, RfmDraft, RfmMoves, RfmPreview, RfmView } from './schema.ts'

export function registerRfmRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerWrites(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/rfm', {
    config: { access: 'orders.read' },
    schema: { operationId: 'readRfm', response: { 200: RfmView, '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, (tx) => readModel(tx, actor.corpId, actor.scope, work.clock.now())),
  })
  app.get('/api/rfm/moves', {
    config: { access: 'orders.read' },
    schema: { operationId: 'readRfmMoves', querystring: MovesQuery, response: { 200: RfmMoves, '4xx': Problem } },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => readMoves(tx, actor.corpId, query, actor.scope, work.clock.now())),
  })
}

function registerWrites(app: App, { db, work }: RouteDeps): void {
  app.put('/api/rfm', {
    config: { access: 'segments.write' },
    schema: { operationId: 'saveRfm', body: RfmDraft, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await saveModel(tx, actor.corpId, body, actor, at)
        await recordAudit(tx, actor, { action: 'rfm.save', kind: 'rfm', id: null, detail: body, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/rfm/preview', {
    config: { access: 'segments.write' },
    schema: { operationId: 'previewRfm', body: RfmDraft, response: { 200: RfmPreview, '4xx': Problem } },
    handler({ actor, body }) {
      requireWholeCorp(actor)
      return inCorp(db, actor.corpId, (tx) => previewModel(tx, actor.corpId, body, work.clock.now()))
    },
  })
  /** Nothing is changed: who would move is previewed first. */
  app.get('/api/rfm/fifths', {
    config: { access: 'segments.write' },
    schema: { operationId: 'readRfmFifths', querystring: FifthsQuery, response: { 200: Cuts, '4xx': Problem } },
    handler({ actor, query: { withinDays = null, money } }) {
      requireWholeCorp(actor)
      return inCorp(db, actor.corpId, async (tx) => {
        const cuts = await readFifths(tx, actor.corpId, { withinDays, money }, work.clock.now())
        if (!cuts) throw new RfmNobodyBought()
        return cuts
      })
    },
  })
}
