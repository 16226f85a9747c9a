import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { whoSees } from '../staff/who-sees.ts'
import { addNote, editNote } from './notes.ts'
import { requireContact } from './read-profile.ts'
import { MENTIONABLE_SHOWN, Mentionable, MentionQuery, NoteText } from './schema.ts'

/** 跟进记录: what people write down about a customer. */
export function registerNoteRoutes(app: App, { db, work }: RouteDeps): void {
  app.post('/api/contacts/:contactId/notes', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'addNote',
      params: z.object({ contactId: Id }),
      body: NoteText,
      response: { 201: z.object({ noteId: Id }), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const at = work.clock.now()
      const noteId = await inCorp(db, actor.corpId, async (tx) => {
        const { noteId: id, mentioned } = await addNote(tx, actor.corpId, params.contactId, body, actor, at)
        await recordAudit(tx, actor, { action: 'note.create', kind: 'note', id, detail: { ...params, mentioned }, at })
        return id
      })
      return reply.code(201).send({ noteId })
    },
  })

  app.get('/api/contacts/:contactId/mentionable', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'listMentionable',
      params: z.object({ contactId: Id }),
      querystring: MentionQuery,
      response: { 200: Mentionable, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireContact(tx, actor.corpId, params.contactId, actor.scope)
        return { items: await whoSees(tx, actor.corpId, contactId, { ...query, limit: MENTIONABLE_SHOWN }) }
      }),
  })

  app.patch('/api/contacts/:contactId/notes/:noteId', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'editNote',
      params: z.object({ contactId: Id, noteId: Id }),
      body: NoteText,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        const { mentioned } = await editNote(tx, actor.corpId, params, body, actor, at)
        const detail = { contactId: params.contactId, mentioned }
        await recordAudit(tx, actor, { action: 'note.edit', kind: 'note', id: params.noteId, detail, at })
      })
      return reply.code(204).send(null)
    },
  })
}
