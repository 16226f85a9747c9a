import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { listOrders, sumOrders } from './list-orders.ts'
import { OrderPage, OrderQuery, OrderSums } from './schema.ts'

/** What customers bought, for the people of the corp. */
export function registerOrderRoutes(app: App, { db }: RouteDeps): void {
  app.get('/api/orders', {
    config: { access: 'orders.read' },
    schema: { operationId: 'listOrders', querystring: OrderQuery, response: { 200: OrderPage, '4xx': Problem } },
    handler: ({ actor, query }) => inCorp(db, actor.corpId, (tx) => listOrders(tx, actor.corpId, query, actor.scope)),
  })
  app.get('/api/contacts/:contactId/orders', {
    config: { access: 'orders.read' },
    schema: {
      operationId: 'sumOrders',
      params: z.object({ contactId: Id }),
      response: { 200: OrderSums, '4xx': Problem },
    },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => sumOrders(tx, actor.corpId, params.contactId, actor.scope)),
  })
}
