import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { fillFields } from './field-values.ts'
import { createField, deleteField, editField, listFields, orderFields } from './fields.ts'
import { requireContact } from './read-profile.ts'
import { ContactField, FieldEdit, FieldOrder, FieldValues, NewField } from './schema.ts'

const Params = z.object({ contactFieldId: Id })

/** The corp's own fields, and their values on a customer. */
export function registerFieldRoutes(app: App, { db, work }: RouteDeps): void {
  const audited = (tx: Tx, actor: Actor, action: string, id: string | null, detail: Record<string, unknown>) =>
    recordAudit(tx, actor, { action, kind: 'contact_field', id, detail, at: work.clock.now() })

  app.get('/api/contact-fields', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'listContactFields', response: { 200: z.array(ContactField), '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => listFields(tx, actor.corpId)),
  })

  app.post('/api/contact-fields', {
    config: { access: 'contacts.fields' },
    schema: { operationId: 'createContactField', body: NewField, response: { 201: ContactField, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const field = await inCorp(db, actor.corpId, async (tx) => {
        const made = await createField(tx, actor.corpId, body, work.clock.now())
        await audited(tx, actor, 'contact_field.create', made.contactFieldId, body)
        return made
      })
      return reply.code(201).send(field)
    },
  })

  app.put('/api/contact-fields/order', {
    config: { access: 'contacts.fields' },
    schema: { operationId: 'orderContactFields', body: FieldOrder, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await orderFields(tx, actor.corpId, body.contactFieldIds)
        await audited(tx, actor, 'contact_field.order', null, body)
      })
      return reply.code(204).send(null)
    },
  })

  app.patch('/api/contact-fields/:contactFieldId', {
    config: { access: 'contacts.fields' },
    schema: {
      operationId: 'editContactField',
      params: Params,
      body: FieldEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await editField(tx, actor.corpId, params.contactFieldId, body)
        await audited(tx, actor, 'contact_field.edit', params.contactFieldId, body)
      })
      return reply.code(204).send(null)
    },
  })

  app.delete('/api/contact-fields/:contactFieldId', {
    config: { access: 'contacts.fields' },
    schema: { operationId: 'deleteContactField', params: Params, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        const name = await deleteField(tx, actor.corpId, params.contactFieldId, work.clock.now())
        await audited(tx, actor, 'contact_field.delete', params.contactFieldId, { name })
      })
      return reply.code(204).send(null)
    },
  })

  app.put('/api/contacts/:contactId/fields', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'fillContactFields',
      params: z.object({ contactId: Id }),
      body: FieldValues,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireContact(tx, actor.corpId, params.contactId, actor.scope)
        const changes = await fillFields(tx, actor.corpId, contactId, body.values, actor, at)
        const entry = { action: 'contact.fields', kind: 'contact', id: contactId, detail: { fields: changes }, at }
        if (Object.keys(changes).length > 0) await recordAudit(tx, actor, entry)
      })
      return reply.code(204).send(null)
    },
  })
}
