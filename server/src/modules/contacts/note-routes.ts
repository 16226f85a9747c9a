import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { addNote, editNote } from './notes.ts'
import { NoteText } from './schema.ts'

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
        const id = await addNote(tx, actor.corpId, params.contactId, body.text, actor, at)
        await recordAudit(tx, actor, { action: 'note.create', kind: 'note', id, detail: params, at })
        return id
      })
      return reply.code(201).send({ noteId })
    },
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
        await editNote(tx, actor.corpId, params, body.text, actor, at)
        const detail = { contactId: params.contactId }
        await recordAudit(tx, actor, { action: 'note.edit', kind: 'note', id: params.noteId, detail, at })
      })
      return reply.code(204).send(null)
    },
  })
}
