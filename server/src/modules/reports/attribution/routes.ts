import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { listTouchedOrders, readAttribution } from './read-attribution.ts'
import { Attribution, AttributionQuery, TouchedOrders, TouchedOrdersQuery } from './schema.ts'

export function registerAttribution(app: App, { db, work }: RouteDeps): void {
  app.get('/api/reports/attribution', {
    config: { access: 'orders.read' },
    schema: {
      operationId: 'readAttribution',
      querystring: AttributionQuery,
      response: { 200: Attribution, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => readAttribution(tx, corpId, query, scope, work.clock.now())),
  })
  app.get('/api/reports/attribution/orders', {
    config: { access: 'orders.read' },
    schema: {
      operationId: 'listTouchedOrders',
      querystring: TouchedOrdersQuery,
      response: { 200: TouchedOrders, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => listTouchedOrders(tx, corpId, query, scope, work.clock.now())),
  })
}
