import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { RouteDeps } from '../corps/context.ts'
import { findDuplicates } from './find-duplicates.ts'
import { listLosses } from './list-losses.ts'
import { readLossAlert, saveLossAlert } from './loss-alerts.ts'
import { DuplicatePage, DuplicateQuery, LossAlertRule, LossPage, LossQuery } from './schema.ts'

/** Friendships that ended, and customers who may be one person. */
export function registerLossRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/losses', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'listLosses', querystring: LossQuery, response: { 200: LossPage, '4xx': Problem } },
    handler: ({ actor, query }) => inCorp(db, actor.corpId, (tx) => listLosses(tx, actor.corpId, query, actor.scope)),
  })
  app.get('/api/loss-alert', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readLossAlert', response: { 200: LossAlertRule, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readLossAlert(tx, actor.corpId)),
  })
  app.put('/api/loss-alert', {
    config: { access: 'contacts.fields' },
    schema: { operationId: 'saveLossAlert', body: LossAlertRule, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, (tx) => saveLossAlert(tx, actor, body, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.get('/api/duplicates', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'findDuplicates',
      querystring: DuplicateQuery,
      response: { 200: DuplicatePage, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => findDuplicates(tx, actor.corpId, query, actor.scope)),
  })
}
