import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { readContactOrders } from './read-orders.ts'
import { ContactOrders } from './schema.ts'

export function registerOrderRoutes(app: App, { db }: RouteDeps): void {
  app.get('/api/contacts/:contactId/orders', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'readContactOrders',
      params: z.object({ contactId: Id }),
      querystring: z.object({ cursor: z.string().max(80).optional() }),
      response: { 200: ContactOrders, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        readContactOrders(tx, actor.corpId, params.contactId, query.cursor, actor.scope),
      ),
  })
}
