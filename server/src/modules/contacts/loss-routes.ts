import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { RouteDeps } from '../corps/context.ts'
import { findDuplicates } from './find-duplicates.ts'
import { listLosses } from './list-losses.ts'
import { DuplicatePage, DuplicateQuery, LossPage, LossQuery } from './schema.ts'

/** Friendships that ended, and customers who may be one person. */
export function registerLossRoutes(app: App, { db }: RouteDeps): void {
  app.get('/api/losses', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'listLosses', querystring: LossQuery, response: { 200: LossPage, '4xx': Problem } },
    handler: ({ actor, query }) => inCorp(db, actor.corpId, (tx) => listLosses(tx, actor.corpId, query, actor.scope)),
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
