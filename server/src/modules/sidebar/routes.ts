import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { contactIdsOf } from '../contacts/merge-contacts.ts'
import { addNote, editNote, readNow } from '../contacts/notes.ts'
import { editRemark } from '../contacts/put-remark.ts'
import { MENTIONABLE_SHOWN, Mentionable, MentionQuery } from '../contacts/schema.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { ownPageUrl, signPage } from '../corps/jssdk.ts'
import { readTimeline } from '../events/journal.ts'
import type { LiveHub } from '../events/live.ts'
import { TimelinePage } from '../events/schema.ts'
import { recordAudit } from '../staff/audit.ts'
import { whoSees } from '../staff/who-sees.ts'
import { moveByHand, undoByHand } from '../stages/move-by-hand.ts'
import { editContactTags } from '../tags/edit-contact-tags.ts'
import { readTagNames } from '../tags/read-tags.ts'
import { registerSidebarChats } from './chat-routes.ts'
import { registerSidebarContent } from './content-routes.ts'
import { PageNotOurs } from './errors.ts'
import { orAway } from './or-away.ts'
import { isFriend, readCustomer, readOrders, requireCustomer } from './read-customer.ts'
import {
  ExternalUserid,
  Me,
  NoteChange,
  Orders,
  PageOf,
  PageUrl,
  RemarkChange,
  SidebarView,
  Signature,
  StageChange,
  TagChange,
  TagNames,
} from './schema.ts'
import { registerSidebarTasks } from './task-routes.ts'

const Params = z.object({ externalUserid: ExternalUserid })
const DONE = { 204: z.null(), '4xx': Problem }

/** What the page beside a chat asks and does. It writes through other rooms' doors alone. */
export function registerSidebarRoutes(app: App, deps: RouteDeps & { live: LiveHub }): void {
  registerClient(app, deps)
  registerReads(app, deps)
  registerWrites(app, deps)
  registerSidebarChats(app, deps)
  registerSidebarContent(app, deps)
  registerSidebarTasks(app, deps)
}

function registerClient(app: App, { db, work }: RouteDeps): void {
  app.get('/api/m/me', {
    config: { access: 'member' },
    schema: { operationId: 'readMe', response: { 200: Me, '4xx': Problem } },
    handler: async ({ actor }) => ({
      name: actor.name,
      staffId: actor.staffId!,
      permissions: actor.permissions.filter((word) => word !== 'session'),
    }),
  })
  app.get('/api/m/jssdk', {
    config: { access: 'member' },
    schema: { operationId: 'signPage', querystring: PageUrl, response: { 200: Signature, '4xx': Problem } },
    async handler({ actor, query }) {
      const url = ownPageUrl(work.publicUrl, query.url)
      if (url === undefined) throw new PageNotOurs()
      return orAway(() => signPage(work, actor.corpId, url, new Date()))
    },
  })
  app.get('/api/m/tag-names', {
    config: { access: 'tags.read' },
    schema: { operationId: 'readTagNames', response: { 200: TagNames, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, async (tx) => ({ groups: await readTagNames(tx, actor.corpId) })),
  })
}

function registerReads(app: App, { db, work, live }: RouteDeps & { live: LiveHub }): void {
  app.get('/api/m/sidebar/:externalUserid', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readSidebar', params: Params, response: { 200: SidebarView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readCustomer(tx, actor.corpId, params.externalUserid, actor, work.clock.now())),
  })
  app.get('/api/m/sidebar/:externalUserid/timeline', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'readSidebarTimeline',
      params: Params,
      querystring: PageOf,
      response: { 200: TimelinePage, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        const contactIds = await contactIdsOf(tx, actor.corpId, contactId)
        const page = await readTimeline(tx, actor.corpId, { contactIds, scope: actor.scope, ...query })
        return { ...page, items: await readNow(tx, actor.corpId, page.items, actor.accountId, work.clock.now()) }
      }),
  })
  app.get('/api/m/sidebar/:externalUserid/orders', {
    config: { access: 'orders.read' },
    schema: {
      operationId: 'readSidebarOrders',
      params: Params,
      querystring: PageOf,
      response: { 200: Orders, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        return readOrders(tx, actor.corpId, contactId, query)
      }),
  })
  app.get(
    '/api/m/sidebar/:externalUserid/live',
    { config: { access: 'contacts.read' }, schema: { operationId: 'followSidebar', params: Params } },
    async (request, reply) => {
      const { corpId, scope } = request.actor
      const { externalUserid } = request.params
      const contactId = await inCorp(db, corpId, (tx) => requireCustomer(tx, corpId, externalUserid, scope))
      live.open(request, reply, { contactId })
    },
  )
}

function registerWrites(app: App, { db, work }: RouteDeps): void {
  const customerOf = ({ corpId, scope }: Actor, externalUserid: string) =>
    inCorp(db, corpId, (tx) => requireCustomer(tx, corpId, externalUserid, scope))

  app.post('/api/m/sidebar/:externalUserid/tags', {
    config: { access: 'contacts.tag' },
    schema: { operationId: 'changeSidebarTags', params: Params, body: TagChange, response: DONE },
    async handler({ actor, params, body }, reply) {
      const { corpId, staffId, scope, name: by } = actor
      const now = work.clock.now()
      await inCorp(db, corpId, async (tx) => {
        const contactId = await requireCustomer(tx, corpId, params.externalUserid, scope)
        // A friend's tags stand on his own pair; whoever oversees him changes those of all he sees, as in the console.
        const own = staffId && (await isFriend(tx, corpId, contactId, staffId)) ? { staffId } : {}
        await editContactTags(tx, corpId, contactId, { ...body, ...own }, { scope, by, now })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/m/sidebar/:externalUserid/stages', {
    config: { access: 'stages.move' },
    schema: {
      operationId: 'moveFromSidebar',
      params: Params,
      body: StageChange,
      response: { 201: z.object({ stayId: Id }), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const moved = await inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        return moveByHand(tx, actor.corpId, contactId, body, actor, work.clock.now())
      })
      return reply.code(201).send(moved)
    },
  })
  app.delete('/api/m/sidebar/:externalUserid/stages/:stayId', {
    config: { access: 'stages.move' },
    schema: { operationId: 'undoFromSidebar', params: Params.extend({ stayId: Id }), response: DONE },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        await undoByHand(tx, actor.corpId, { contactId, stayId: params.stayId }, actor, work.clock.now())
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/m/sidebar/:externalUserid/notes', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'noteFromSidebar',
      params: Params,
      body: NoteChange,
      response: { 201: z.object({ noteId: Id }), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const at = work.clock.now()
      const noteId = await inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        const { noteId: id, mentioned } = await addNote(tx, actor.corpId, contactId, body, actor, at)
        await recordAudit(tx, actor, { action: 'note.create', kind: 'note', id, detail: { contactId, mentioned }, at })
        return id
      })
      return reply.code(201).send({ noteId })
    },
  })
  app.get('/api/m/sidebar/:externalUserid/mentionable', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'listMentionableFromSidebar',
      params: Params,
      querystring: MentionQuery,
      response: { 200: Mentionable, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        return { items: await whoSees(tx, actor.corpId, contactId, { ...query, limit: MENTIONABLE_SHOWN }) }
      }),
  })
  app.patch('/api/m/sidebar/:externalUserid/notes/:noteId', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'editNoteFromSidebar',
      params: Params.extend({ noteId: Id }),
      body: NoteChange,
      response: DONE,
    },
    async handler({ actor, params, body }, reply) {
      const at = work.clock.now()
      const { noteId } = params
      await inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        const { mentioned } = await editNote(tx, actor.corpId, { contactId, noteId }, body, actor, at)
        const detail = { contactId, mentioned }
        await recordAudit(tx, actor, { action: 'note.edit', kind: 'note', id: noteId, detail, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.put('/api/m/sidebar/:externalUserid/remark', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'putRemark',
      params: Params,
      body: RemarkChange,
      response: { 200: z.object({ before: z.string() }), '4xx': Problem },
    },
    async handler({ actor, params, body }) {
      const contactId = await customerOf(actor, params.externalUserid)
      return orAway(() => editRemark(work, db, actor.corpId, { contactId, remark: body.remark }, actor))
    },
  })
}
