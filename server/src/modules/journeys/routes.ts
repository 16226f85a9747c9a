import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { NotFound, Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { keepVisible } from '../contacts/pick-contacts.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { requireWholeCorp } from '../segments/service.ts'
import { recordAudit } from '../staff/audit.ts'
import { dryRun } from './dry-run.ts'
import { listJourneys, readChanges, readPlaces, readStats, viewJourney } from './read.ts'
import {
  Changes,
  DryRun,
  DryRunAsked,
  JourneyPage,
  JourneyQuery,
  JourneyView,
  NewJourney,
  OfPeople,
  Place,
  Saved,
  SavedDraft,
  Stats,
} from './schema.ts'
import { createJourney, publish, removeJourney, saveDraft, setState, takeOneOut } from './service.ts'

const OfJourney = z.object({ journeyId: Id })
const OfContact = z.object({ contactId: Id })
const DONE = { 204: z.null(), '4xx': Problem }

/** Journeys: what is done with customers one after another. */
export function registerJourneyRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerWrites(app, deps)
  registerLife(app, deps)
  registerPlaces(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  // What is not there is not there for anybody; what is there is for whoever sees the whole company.
  const ofWhole = <T>(actor: Actor, read: (tx: Tx) => Promise<T>): Promise<T> =>
    inCorp(db, actor.corpId, async (tx) => {
      const found = await read(tx)
      requireWholeCorp(actor)
      return found
    })
  app.get('/api/journeys', {
    config: { access: 'journeys.read' },
    schema: { operationId: 'listJourneys', querystring: JourneyQuery, response: { 200: JourneyPage, '4xx': Problem } },
    handler({ actor, query }) {
      requireWholeCorp(actor)
      return inCorp(db, actor.corpId, (tx) => listJourneys(tx, actor.corpId, query))
    },
  })
  app.get('/api/journeys/:journeyId', {
    config: { access: 'journeys.read' },
    schema: { operationId: 'readJourney', params: OfJourney, response: { 200: JourneyView, '4xx': Problem } },
    handler({ actor, params }) {
      return ofWhole(actor, (tx) => viewJourney(tx, actor.corpId, params.journeyId, work.clock.now()))
    },
  })
  app.get('/api/journeys/:journeyId/stats', {
    config: { access: 'journeys.read' },
    schema: { operationId: 'readJourneyStats', params: OfJourney, response: { 200: Stats, '4xx': Problem } },
    handler({ actor, params }) {
      return ofWhole(actor, (tx) => readStats(tx, actor.corpId, params.journeyId, work.clock.now()))
    },
  })
  app.get('/api/journeys/:journeyId/changes', {
    config: { access: 'journeys.read' },
    schema: {
      operationId: 'readJourneyChanges',
      params: OfJourney,
      response: { 200: z.object({ changes: Changes.nullable() }), '4xx': Problem },
    },
    handler({ actor, params }) {
      return ofWhole(actor, async (tx) => ({ changes: await readChanges(tx, actor.corpId, params.journeyId) }))
    },
  })
}

/** Does it and writes it down, in one transaction. */
const audited =
  ({ db, work }: RouteDeps) =>
  <T>(
    actor: Actor,
    action: string,
    id: (done: T) => string,
    detail: Record<string, unknown>,
    deed: (tx: Tx, at: Date) => Promise<T>,
  ): Promise<T> => {
    const at = work.clock.now()
    return inCorp(db, actor.corpId, async (tx) => {
      const done = await deed(tx, at)
      await recordAudit(tx, actor, { action: `journey.${action}`, kind: 'journey', id: id(done), detail, at })
      return done
    })
  }

function registerWrites(app: App, deps: RouteDeps): void {
  const within = audited(deps)
  app.post('/api/journeys', {
    config: { access: 'journeys.write' },
    schema: { operationId: 'createJourney', body: NewJourney, response: { 201: OfJourney, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const { journeyId } = await within(
        actor,
        'create',
        (made: { journeyId: string }) => made.journeyId,
        { name: body.draft.name },
        (tx, at) => createJourney(tx, actor.corpId, body, actor, at),
      )
      return reply.code(201).send({ journeyId })
    },
  })
  app.put('/api/journeys/:journeyId', {
    config: { access: 'journeys.write' },
    schema: {
      operationId: 'saveJourneyDraft',
      params: OfJourney,
      body: SavedDraft,
      response: { 200: Saved, '4xx': Problem },
    },
    handler: ({ actor, params: { journeyId }, body }) =>
      within(
        actor,
        'edit',
        () => journeyId,
        { revision: body.revision },
        (tx, at) => saveDraft(tx, actor.corpId, journeyId, body, actor, at),
      ),
  })
  app.delete('/api/journeys/:journeyId', {
    config: { access: 'journeys.write' },
    schema: { operationId: 'removeJourney', params: OfJourney, response: DONE },
    async handler({ actor, params: { journeyId } }, reply) {
      await within(
        actor,
        'remove',
        () => journeyId,
        {},
        (tx, at) => removeJourney(tx, actor.corpId, journeyId, actor, at),
      )
      return reply.code(204).send(null)
    },
  })
  app.post('/api/journeys/:journeyId/dry-run', {
    config: { access: 'journeys.write' },
    schema: {
      operationId: 'dryRunJourney',
      params: OfJourney,
      body: DryRunAsked,
      response: { 200: DryRun, '4xx': Problem },
    },
    handler({ actor, params, body }) {
      requireWholeCorp(actor)
      return inCorp(deps.db, actor.corpId, async (tx) => {
        if ((await keepVisible(tx, actor.corpId, [body.contactId], undefined)).length === 0)
          throw new NotFound({ what: '客户' })
        return dryRun(tx, actor.corpId, body, params.journeyId, deps.work.clock.now())
      })
    },
  })
}

function registerLife(app: App, deps: RouteDeps): void {
  const within = audited(deps)
  app.post('/api/journeys/:journeyId/publish', {
    config: { access: 'journeys.write' },
    schema: {
      operationId: 'publishJourney',
      params: OfJourney,
      body: z.object({ revision: z.number().int().min(1), people: OfPeople.default('stay') }),
      response: { 200: z.object({ version: z.number().int() }), '4xx': Problem },
    },
    handler: ({ actor, params: { journeyId }, body }) =>
      within(
        actor,
        'publish',
        () => journeyId,
        body,
        async (tx, at) => ({
          version: await publish(tx, actor.corpId, journeyId, body, actor, at),
        }),
      ),
  })
  const states = { pause: 'paused', resume: 'live', end: 'ended' } as const
  for (const [deed, to] of Object.entries(states) as [keyof typeof states, (typeof states)[keyof typeof states]][])
    app.post(`/api/journeys/:journeyId/${deed}`, {
      config: { access: 'journeys.write' },
      schema: { operationId: `${deed}Journey`, params: OfJourney, response: DONE },
      async handler({ actor, params: { journeyId } }, reply) {
        await within(
          actor,
          deed,
          () => journeyId,
          {},
          (tx, at) => setState(tx, actor.corpId, journeyId, to, actor, at),
        )
        return reply.code(204).send(null)
      },
    })
}

function registerPlaces(app: App, deps: RouteDeps): void {
  const seen = async (tx: Tx, { corpId, scope }: Actor, contactId: string) => {
    if ((await keepVisible(tx, corpId, [contactId], scope)).length === 0) throw new NotFound({ what: '客户' })
  }
  app.get('/api/contacts/:contactId/journeys', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'listJourneysOfContact',
      params: OfContact,
      response: { 200: z.object({ items: z.array(Place) }), '4xx': Problem },
    },
    handler: ({ actor, params: { contactId } }) =>
      inCorp(deps.db, actor.corpId, async (tx) => {
        await seen(tx, actor, contactId)
        return { items: await readPlaces(tx, actor.corpId, contactId) }
      }),
  })
  app.post('/api/contacts/:contactId/journeys/:journeyId/leave', {
    config: { access: 'journeys.write' },
    schema: { operationId: 'leaveJourney', params: OfContact.extend(OfJourney.shape), response: DONE },
    async handler({ actor, params: { contactId, journeyId } }, reply) {
      await audited(deps)(
        actor,
        'take_out',
        () => journeyId,
        { contactId },
        async (tx, at) => {
          await seen(tx, actor, contactId)
          await takeOneOut(tx, actor.corpId, journeyId, contactId, at)
        },
      )
      return reply.code(204).send(null)
    },
  })
}
