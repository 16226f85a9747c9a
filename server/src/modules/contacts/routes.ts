import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import type { RouteDeps } from '../corps/context.ts'
import { readTimeline } from '../events/journal.ts'
import { TimelinePage } from '../events/schema.ts'
import { recordAudit } from '../staff/audit.ts'
import { NoSyncRunning } from './errors.ts'
import { registerExportRoutes } from './export-routes.ts'
import { registerFieldRoutes } from './field-routes.ts'
import { countContacts, listContacts, readNeighbours } from './list-contacts.ts'
import { countFollows, listFollows } from './list-follows.ts'
import { registerLossRoutes } from './loss-routes.ts'
import { contactIdsOf } from './merge-contacts.ts'
import { registerNoteRoutes } from './note-routes.ts'
import { readNow } from './notes.ts'
import { readHome } from './read-home.ts'
import { readInterest } from './read-interest.ts'
import { findByExternalUserid, readProfile, requireContact } from './read-profile.ts'
import { registerReveal } from './reveal.ts'
import {
  ContactCount,
  ContactFilter,
  ContactInterest,
  ContactListQuery,
  ContactPage,
  ContactProfile,
  FollowPage,
  HomeView,
  Neighbours,
  SyncRunView,
} from './schema.ts'
import { beginSync, cancelSync, listRuns } from './sync-runs.ts'
import { registerViewRoutes } from './view-routes.ts'

const Params = z.object({ contactId: Id })
const TimelineQuery = z.object({
  before: z.string().max(80).optional(),
  kinds: Text.max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
})

export async function registerContactRoutes(app: App, deps: RouteDeps): Promise<void> {
  registerReads(app, deps)
  registerSync(app, deps)
  registerExportRoutes(app, deps)
  registerViewRoutes(app, deps)
  registerFieldRoutes(app, deps)
  registerLossRoutes(app, deps)
  registerNoteRoutes(app, deps)
  registerReveal(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/home', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readHome', response: { 200: HomeView, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readHome(tx, actor.corpId, work.clock.now(), actor.scope)),
  })
  app.get('/api/contacts', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'listContacts',
      querystring: ContactListQuery,
      response: { 200: ContactPage, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        listContacts(tx, actor.corpId, { ...query, now: work.clock.now() }, actor.scope),
      ),
  })
  app.get('/api/contacts/count', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'countContacts',
      querystring: ContactFilter,
      response: { 200: ContactCount, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        countContacts(tx, actor.corpId, { ...query, now: work.clock.now() }, actor.scope),
      ),
  })
  app.get('/api/follows', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'listFollows',
      querystring: ContactListQuery,
      response: { 200: FollowPage, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => listFollows(tx, actor.corpId, { ...query, now: work.clock.now() }, actor.scope)),
  })
  app.get('/api/follows/count', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'countFollows',
      querystring: ContactFilter,
      response: { 200: ContactCount, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        countFollows(tx, actor.corpId, { ...query, now: work.clock.now() }, actor.scope),
      ),
  })
  app.get('/api/contacts/:contactId', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readContact', params: Params, response: { 200: ContactProfile, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readProfile(tx, actor.corpId, params.contactId, actor.scope)),
  })
  app.get('/api/contacts/:contactId/interest', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readInterest', params: Params, response: { 200: ContactInterest, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readInterest(tx, actor.corpId, params.contactId, actor.scope)),
  })
  app.get('/api/contacts/:contactId/neighbours', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'readNeighbours',
      params: Params,
      querystring: ContactFilter,
      response: { 200: Neighbours, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireContact(tx, actor.corpId, params.contactId, actor.scope)
        return readNeighbours(tx, actor.corpId, contactId, { ...query, now: work.clock.now() }, actor.scope)
      }),
  })
  app.get('/api/contacts/by-external/:externalUserid', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'findContact',
      params: z.object({ externalUserid: Text.min(1).max(64) }),
      response: { 200: z.object({ contactId: Id }), '4xx': Problem },
    },
    handler: async ({ actor, params }) => ({
      contactId: await inCorp(db, actor.corpId, (tx) =>
        findByExternalUserid(tx, actor.corpId, params.externalUserid, actor.scope),
      ),
    }),
  })
  app.get('/api/contacts/:contactId/timeline', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'readTimeline',
      params: Params,
      querystring: TimelineQuery,
      response: { 200: TimelinePage, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireContact(tx, actor.corpId, params.contactId, actor.scope)
        const page = await readTimeline(tx, actor.corpId, {
          contactIds: await contactIdsOf(tx, actor.corpId, contactId),
          limit: query.limit,
          before: query.before,
          scope: actor.scope,
          ...(query.kinds ? { kinds: query.kinds.split(',') } : {}),
        })
        return { ...page, items: await readNow(tx, actor.corpId, page.items, actor.accountId, work.clock.now()) }
      }),
  })
}

function registerSync(app: App, { db, work }: RouteDeps): void {
  app.get('/api/sync', {
    config: { access: 'health.read' },
    schema: { operationId: 'listSyncRuns', response: { 200: z.array(SyncRunView), '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => listRuns(tx, actor.corpId)),
  })
  app.post('/api/sync', {
    config: { access: 'health.act' },
    schema: { operationId: 'startSync', response: { 202: z.object({ syncRunId: Id }), '4xx': Problem } },
    async handler({ actor }, reply) {
      const at = work.clock.now()
      const syncRunId = await inCorp(db, actor.corpId, async (tx) => {
        const id = await beginSync(tx, actor.corpId, 'full', at)
        await recordAudit(tx, actor, { action: 'sync.start', kind: 'sync_run', id, detail: {}, at })
        return id
      })
      return reply.code(202).send({ syncRunId })
    },
  })
  app.post('/api/sync/cancel', {
    config: { access: 'health.act' },
    schema: { operationId: 'cancelSync', response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        if (!(await cancelSync(tx, actor.corpId, work.clock.now()))) throw new NoSyncRunning()
        await recordAudit(tx, actor, {
          action: 'sync.cancel',
          kind: 'sync_run',
          id: null,
          detail: {},
          at: work.clock.now(),
        })
      })
      return reply.code(204).send(null)
    },
  })
}
