import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { readManual } from './read-manual.ts'
import { Manual } from './schema.ts'

export function registerManual(app: App, { db, work }: RouteDeps): void {
  app.get('/api/contacts/:contactId/manual', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'readManual',
      params: z.object({ contactId: Id }),
      response: { 200: Manual, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope, permissions }, params }) =>
      inCorp(db, corpId, (tx) =>
        readManual(
          tx,
          corpId,
          params.contactId,
          { scope, seesOrders: permissions.includes('orders.read') },
          work.clock.now(),
        ),
      ),
  })
}
