import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { ContactView, NewView, ViewEdit, ViewOrder } from './schema.ts'
import { createView, deleteView, editView, listViews, orderViews } from './views.ts'

const Params = z.object({ contactViewId: Id })
const kind = 'contact_view'

/** Saved views of the customer list. */
export function registerViewRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/contact-views', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'listContactViews', response: { 200: z.array(ContactView), '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => listViews(tx, actor.corpId, actor.accountId)),
  })

  app.post('/api/contact-views', {
    config: { access: 'contacts.write' },
    schema: { operationId: 'createContactView', body: NewView, response: { 201: ContactView, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const view = await inCorp(db, actor.corpId, async (tx) => {
        const made = await createView(tx, actor.corpId, actor.accountId, body, at)
        const entry = { action: 'contact_view.create', kind, id: made.contactViewId, detail: body, at }
        await recordAudit(tx, actor, entry)
        return made
      })
      return reply.code(201).send(view)
    },
  })

  app.put('/api/contact-views/order', {
    config: { access: 'contacts.write' },
    schema: { operationId: 'orderContactViews', body: ViewOrder, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await orderViews(tx, actor.corpId, actor.accountId, body.contactViewIds)
        await recordAudit(tx, actor, { action: 'contact_view.order', kind, id: null, detail: body, at })
      })
      return reply.code(204).send(null)
    },
  })

  app.patch('/api/contact-views/:contactViewId', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'editContactView',
      params: Params,
      body: ViewEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await editView(tx, actor.corpId, actor.accountId, params.contactViewId, body)
        const entry = { action: 'contact_view.edit', kind, id: params.contactViewId, detail: body, at }
        await recordAudit(tx, actor, entry)
      })
      return reply.code(204).send(null)
    },
  })

  app.delete('/api/contact-views/:contactViewId', {
    config: { access: 'contacts.write' },
    schema: { operationId: 'deleteContactView', params: Params, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        const who = { accountId: actor.accountId, isAdmin: actor.role === 'admin' }
        const name = await deleteView(tx, actor.corpId, who, params.contactViewId)
        const entry = { action: 'contact_view.delete', kind, id: params.contactViewId, detail: { name }, at }
        await recordAudit(tx, actor, entry)
      })
      return reply.code(204).send(null)
    },
  })
}
