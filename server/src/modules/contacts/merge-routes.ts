import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { decideReview, listMerges, listReviews, undoMergeInto } from './merge-reviews.ts'
import { MergeList, ReviewDecision, ReviewPage, ReviewQuery } from './merge-schema.ts'

const Stays = z.object({ contactId: Id })

/** Two who may be one person: decided by somebody, and taken back within thirty days. */
export function registerMergeRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/merge-reviews', {
    config: { access: 'contacts.merge' },
    schema: {
      operationId: 'listMergeReviews',
      querystring: ReviewQuery,
      response: { 200: ReviewPage, '4xx': Problem },
    },
    handler: ({ actor, query }) => inCorp(db, actor.corpId, (tx) => listReviews(tx, actor.corpId, query, actor.scope)),
  })
  app.post('/api/contacts/:contactId/merge-reviews/:otherId', {
    config: { access: 'contacts.merge' },
    schema: {
      operationId: 'decideMergeReview',
      params: z.object({ contactId: Id, otherId: Id }),
      body: ReviewDecision,
      response: { 200: Stays, '4xx': Problem },
    },
    handler: async ({ actor, params, body }) => ({
      contactId: await inCorp(db, actor.corpId, (tx) =>
        decideReview(tx, actor, params, body.decision, work.clock.now()),
      ),
    }),
  })
  app.get('/api/merges', {
    config: { access: 'contacts.merge' },
    schema: { operationId: 'listMerges', response: { 200: MergeList, '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, (tx) => listMerges(tx, actor.corpId, { scope: actor.scope }, work.clock.now())),
  })
  app.delete('/api/contacts/:contactId/merges/:mergeId', {
    config: { access: 'contacts.merge' },
    schema: {
      operationId: 'undoMerge',
      params: z.object({ contactId: Id, mergeId: Id }),
      response: { 200: Stays, '4xx': Problem },
    },
    handler: async ({ actor, params }) => ({
      contactId: await inCorp(db, actor.corpId, (tx) => undoMergeInto(tx, actor, params, work.clock.now())),
    }),
  })
}
