import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { registerGuideRoutes } from './guides/routes.ts'
import { requireWholeCorp } from './guides/whole-corp.ts'
import { registerImportRoutes } from './imports/routes.ts'
import { listOrders, sumOrders } from './list-orders.ts'
import { registerMemberRoutes } from './members/routes.ts'
import { listProducts } from './products.ts'
import { OrderPage, OrderQuery, OrderSums, ProductPage, ProductQuery } from './schema.ts'
import { registerShopRoutes } from './shops/routes.ts'

/** What customers bought, for the people of the corp. */
export function registerOrderRoutes(app: App, deps: RouteDeps): void {
  const { db, work } = deps
  registerImportRoutes(app, deps)
  registerMemberRoutes(app, deps)
  registerGuideRoutes(app, deps)
  registerShopRoutes(app, deps)
  app.get('/api/orders', {
    config: { access: 'orders.read' },
    schema: { operationId: 'listOrders', querystring: OrderQuery, response: { 200: OrderPage, '4xx': Problem } },
    handler: ({ actor, query }) => inCorp(db, actor.corpId, (tx) => listOrders(tx, actor.corpId, query, actor.scope)),
  })
  app.get('/api/products', {
    config: { access: 'orders.manage' },
    schema: { operationId: 'listProducts', querystring: ProductQuery, response: { 200: ProductPage, '4xx': Problem } },
    async handler({ actor, query }) {
      requireWholeCorp(actor)
      return { items: await inCorp(db, actor.corpId, (tx) => listProducts(tx, actor.corpId, query, work.clock.now())) }
    },
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
