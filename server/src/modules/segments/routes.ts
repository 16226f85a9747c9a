import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { listSegments, previewParts, previewRule, readMemberships, readOverlaps, readSegment, readWhy } from './read.ts'
import { registerRfmRoutes } from './rfm/routes.ts'
import {
  Membership,
  NewSegment,
  Overlap,
  Preview,
  PreviewParts,
  Rule,
  SegmentEdit,
  SegmentSummary,
  SegmentView,
  Why,
} from './schema.ts'
import { archiveSegment, createSegment, editSegment, requireWholeCorp, restoreSegment } from './service.ts'

const Params = z.object({ segmentId: Id })

export function registerSegmentRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerWrites(app, deps)
  registerRfmRoutes(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/segments', {
    config: { access: 'segments.read' },
    schema: {
      operationId: 'listSegments',
      response: { 200: z.object({ items: z.array(SegmentSummary) }), '4xx': Problem },
    },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        items: await listSegments(tx, actor.corpId, actor.scope, work.clock.now()),
      })),
  })
  app.get('/api/segments/:segmentId', {
    config: { access: 'segments.read' },
    schema: { operationId: 'readSegment', params: Params, response: { 200: SegmentView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readSegment(tx, actor.corpId, params.segmentId, actor.scope, work.clock.now())),
  })
  app.get('/api/segments/:segmentId/overlaps', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'readOverlaps',
      params: Params,
      response: { 200: z.object({ items: z.array(Overlap) }), '4xx': Problem },
    },
    handler({ actor, params }) {
      requireWholeCorp(actor)
      return inCorp(db, actor.corpId, async (tx) => {
        const now = work.clock.now()
        await readSegment(tx, actor.corpId, params.segmentId, actor.scope, now)
        return { items: await readOverlaps(tx, actor.corpId, params.segmentId, now) }
      })
    },
  })
  app.get('/api/segments/:segmentId/why/:contactId', {
    config: { access: 'segments.read' },
    schema: {
      operationId: 'readWhy',
      params: Params.extend({ contactId: Id }),
      response: { 200: Why, '4xx': Problem },
    },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) =>
        readWhy(tx, actor.corpId, params.segmentId, params.contactId, actor.scope, work.clock.now()),
      ),
  })
  app.get('/api/contacts/:contactId/segments', {
    config: { access: 'segments.read' },
    schema: {
      operationId: 'readMemberships',
      params: z.object({ contactId: Id }),
      response: { 200: z.object({ items: z.array(Membership) }), '4xx': Problem },
    },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        items: await readMemberships(tx, actor.corpId, params.contactId, actor.scope, work.clock.now()),
      })),
  })
}

function registerWrites(app: App, { db, work }: RouteDeps): void {
  app.post('/api/segments/preview', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'previewRule',
      body: z.object({ rule: Rule }),
      response: { 200: Preview, '4xx': Problem, '5xx': Problem },
    },
    handler({ actor, body }) {
      requireWholeCorp(actor)
      return inCorp(db, actor.corpId, (tx) => previewRule(tx, actor.corpId, body.rule, work.clock.now()))
    },
  })
  app.post('/api/segments/preview/parts', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'previewParts',
      body: z.object({ rule: Rule }),
      response: { 200: PreviewParts, '4xx': Problem, '5xx': Problem },
    },
    handler({ actor, body }) {
      requireWholeCorp(actor)
      return inCorp(db, actor.corpId, (tx) => previewParts(tx, actor.corpId, body.rule, work.clock.now()))
    },
  })
  app.post('/api/segments', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'createSegment',
      body: NewSegment,
      response: { 201: z.object({ segmentId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const segmentId = await inCorp(db, actor.corpId, async (tx) => {
        const id = await createSegment(tx, actor.corpId, body, actor, at)
        await recordAudit(tx, actor, { action: 'segment.create', kind: 'segment', id, detail: { ...body }, at })
        return id
      })
      return reply.code(201).send({ segmentId })
    },
  })
  app.patch('/api/segments/:segmentId', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'editSegment',
      params: Params,
      body: SegmentEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params: { segmentId: id }, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await editSegment(tx, actor.corpId, id, body, actor, at)
        await recordAudit(tx, actor, { action: 'segment.edit', kind: 'segment', id, detail: { ...body }, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/segments/:segmentId', {
    config: { access: 'segments.write' },
    schema: { operationId: 'archiveSegment', params: Params, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params: { segmentId: id } }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        const name = await archiveSegment(tx, actor.corpId, id, actor, at)
        await recordAudit(tx, actor, { action: 'segment.archive', kind: 'segment', id, detail: { name }, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/segments/:segmentId/restore', {
    config: { access: 'segments.write' },
    schema: { operationId: 'restoreSegment', params: Params, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params: { segmentId: id } }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await restoreSegment(tx, actor.corpId, id, actor, at)
        await recordAudit(tx, actor, { action: 'segment.restore', kind: 'segment', id, detail: {}, at })
      })
      return reply.code(204).send(null)
    },
  })
}
