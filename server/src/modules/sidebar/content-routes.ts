import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { NotFound, Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { sendPicture } from '../../platform/send-file.ts'
import { readFileBytes, readFiles } from '../content/files/store.ts'
import { FoundList, LibraryQuery } from '../content/materials/schema.ts'
import { searchLibrary } from '../content/search-library.ts'
import { recordSent } from '../content/sent.ts'
import { readSlotValues, renderText } from '../content/variables.ts'
import type { RouteDeps } from '../corps/context.ts'
import { requireInTime } from './in-time.ts'
import { orAway } from './or-away.ts'
import { prepareOutgoing } from './outgoing.ts'
import { requireCustomer } from './read-customer.ts'
import { readSayings } from './say.ts'
import { ExternalUserid, Outgoing, Piece, SayingQuery, Sayings, SentPiece } from './schema.ts'

/** Told in the words this customer would read. */
const ForCustomer = LibraryQuery.extend({ to: ExternalUserid.optional() })
const Params = z.object({ externalUserid: ExternalUserid })

/** What to say: found, suggested, made ready for the client, and noted once the client has sent it. */
export function registerSidebarContent(app: App, { db, work }: RouteDeps): void {
  app.get('/api/m/library', {
    config: { access: 'content.read' },
    schema: {
      operationId: 'searchFromSidebar',
      querystring: ForCustomer,
      response: { 200: FoundList, '4xx': Problem },
    },
    handler: async ({ actor, query: { to, ...query } }) => ({
      items: await inCorp(db, actor.corpId, async (tx) => {
        const { corpId, staffId, scope } = actor
        const contactId = to && (await requireCustomer(tx, corpId, to, scope))
        const slots = await readSlotValues(tx, corpId, { staffId, contactId })
        const found = await searchLibrary(tx, corpId, actor, query, work.clock.now())
        return found.map((one) => ({ ...one, snippet: renderText(one.snippet, slots) }))
      }),
    }),
  })
  app.get('/api/m/media/:mediaAssetId', {
    config: { access: 'content.read' },
    schema: { operationId: 'readMobilePicture', params: z.object({ mediaAssetId: Id }), response: { '4xx': Problem } },
    async handler({ actor, params: { mediaAssetId } }, reply) {
      const files = await inCorp(db, actor.corpId, (tx) => readFiles(tx, actor.corpId, [mediaAssetId]))
      const file = files.get(mediaAssetId)
      if (file?.kind !== 'image') throw new NotFound({ what: '图片' })
      return sendPicture(reply, file.mime, file.fileName, await readFileBytes(work.dataDir, actor.corpId, file))
    },
  })
  app.get('/api/m/sidebar/:externalUserid/sayings', {
    config: { access: 'content.read' },
    schema: {
      operationId: 'suggestInSidebar',
      params: Params,
      querystring: SayingQuery,
      response: { 200: Sayings, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        return readSayings(tx, actor, contactId, query.limit, work.clock.now())
      }),
  })
  app.post('/api/m/sidebar/:externalUserid/outgoing', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'prepareOutgoing',
      params: Params,
      body: Piece,
      response: { 200: Outgoing, '4xx': Problem },
    },
    async handler({ actor, params, body }) {
      const { corpId, scope } = actor
      const contactId = await inCorp(db, corpId, (tx) => requireCustomer(tx, corpId, params.externalUserid, scope))
      return orAway(() => prepareOutgoing(work, db, actor, { contactId }, body))
    },
  })
  app.post('/api/m/sidebar/:externalUserid/sent', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'noteSent',
      params: Params,
      body: SentPiece,
      response: { 200: z.object({ isNew: z.boolean() }), '4xx': Problem },
    },
    handler: ({ actor, params, body }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const { corpId, scope } = actor
        const contactId = await requireCustomer(tx, corpId, params.externalUserid, scope)
        const { piece, id, version, key } = body
        const now = work.clock.now()
        const sent = {
          staffId: actor.staffId!,
          to: { contactId },
          piece: piece === 'material' ? { materialId: id } : { scriptId: id },
          version,
          at: requireInTime(body.at, now),
          key: `${actor.staffId} ${key}`,
        }
        return { isNew: await recordSent(tx, corpId, sent, now) }
      }),
  })
}
