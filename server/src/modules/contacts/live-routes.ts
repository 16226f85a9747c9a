import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import type { LiveHub } from '../events/live.ts'
import { requireContact } from './read-profile.ts'

/** What happens to one customer, as it happens. */
export function registerContactLive(app: App, { db, live }: Pick<RouteDeps, 'db'> & { live: LiveHub }): void {
  app.get(
    '/api/contacts/:contactId/live',
    {
      config: { access: 'contacts.read' },
      schema: { operationId: 'followContact', params: z.object({ contactId: Id }) },
    },
    async (request, reply) => {
      const { corpId, scope } = request.actor
      const contactId = await inCorp(db, corpId, (tx) => requireContact(tx, corpId, request.params.contactId, scope))
      live.open(request, reply, { contactId })
    },
  )
}
