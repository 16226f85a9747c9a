import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Text } from '../../platform/text.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { archiveKind, declareKind, editKind, viewCatalogue } from './catalogue.ts'
import { CatalogueView, EventTypeEdit, NewEventType } from './schema.ts'

const Params = z.object({ kind: Text.min(1).max(81) })
const DONE = { 204: z.null(), '4xx': Problem }

/** The catalogue of events, and the kinds a corp declares itself. */
export function registerCatalogueRoutes(app: App, { db, work }: RouteDeps): void {
  const audited = (tx: Tx, actor: Actor, action: string, kind: string, detail: Record<string, unknown>) =>
    recordAudit(tx, actor, { action, kind: 'event_type', id: kind, detail, at: work.clock.now() })

  app.get('/api/events/catalogue', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readCatalogue', response: { 200: CatalogueView, '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, (tx) =>
        viewCatalogue(tx, actor.corpId, work.clock.now(), { samples: actor.scope === undefined }),
      ),
  })
  app.post('/api/events/types', {
    config: { access: 'openapi.manage' },
    schema: { operationId: 'declareEventType', body: NewEventType, response: DONE },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await declareKind(tx, actor.corpId, body, work.clock.now())
        await audited(tx, actor, 'event_type.create', body.kind, { title: body.title })
      })
      return reply.code(204).send(null)
    },
  })
  app.put('/api/events/types/:kind', {
    config: { access: 'openapi.manage' },
    schema: { operationId: 'editEventType', params: Params, body: EventTypeEdit, response: DONE },
    async handler({ actor, params, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await editKind(tx, actor.corpId, params.kind, body)
        await audited(tx, actor, 'event_type.edit', params.kind, { ...body })
      })
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/events/types/:kind', {
    config: { access: 'openapi.manage' },
    schema: { operationId: 'archiveEventType', params: Params, response: DONE },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await archiveKind(tx, actor.corpId, params.kind, work.clock.now())
        await audited(tx, actor, 'event_type.archive', params.kind, {})
      })
      return reply.code(204).send(null)
    },
  })
}
