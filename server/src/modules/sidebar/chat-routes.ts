import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { recordSent } from '../content/sent.ts'
import type { RouteDeps } from '../corps/context.ts'
import { requireInTime } from './in-time.ts'
import { orAway } from './or-away.ts'
import { prepareOutgoing } from './outgoing.ts'
import { readChat, requireChat } from './read-chat.ts'
import { ChatId, ChatView, Outgoing, Piece, SentPiece } from './schema.ts'

const Params = z.object({ chatId: ChatId })

/** Beside a group of customers: what it is, and what to send into it. */
export function registerSidebarChats(app: App, { db, work }: RouteDeps): void {
  app.get('/api/m/sidebar/chats/:chatId', {
    config: { access: 'groups.read' },
    schema: { operationId: 'readSidebarChat', params: Params, response: { 200: ChatView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readChat(tx, actor.corpId, params.chatId, actor, work.clock.now())),
  })
  app.post('/api/m/sidebar/chats/:chatId/outgoing', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'prepareForChat',
      params: Params,
      body: Piece,
      response: { 200: Outgoing, '4xx': Problem },
    },
    async handler({ actor, params: { chatId }, body }) {
      await inCorp(db, actor.corpId, (tx) => requireChat(tx, actor.corpId, chatId, actor))
      return orAway(() => prepareOutgoing(work, db, actor, { chatId }, body))
    },
  })
  app.post('/api/m/sidebar/chats/:chatId/sent', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'noteSentToChat',
      params: Params,
      body: SentPiece,
      response: { 200: z.object({ isNew: z.boolean() }), '4xx': Problem },
    },
    handler: ({ actor, params: { chatId }, body }) =>
      inCorp(db, actor.corpId, async (tx) => {
        await requireChat(tx, actor.corpId, chatId, actor)
        const now = work.clock.now()
        const sent = {
          staffId: actor.staffId!,
          to: { chatId },
          piece: body.piece === 'material' ? { materialId: body.id } : { scriptId: body.id },
          version: body.version,
          at: requireInTime(body.at, now),
          key: `${actor.staffId} ${body.key}`,
        }
        return { isNew: await recordSent(tx, actor.corpId, sent, now) }
      }),
  })
}
