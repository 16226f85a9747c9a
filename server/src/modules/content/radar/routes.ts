import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { Actor, RouteDeps } from '../../corps/context.ts'
import { readViewer } from '../materials/visible.ts'
import { makeLink } from './make-link.ts'
import { readRadarSetting, saveRadarSetting } from './notices/settings.ts'
import { registerReadingRules } from './rules/routes.ts'
import {
  Effect,
  EffectQuery,
  ForwardTree,
  MaterialRadar,
  NewLink,
  RadarSetting,
  RadarSummary,
  ReaderPage,
  ReaderQuery,
} from './schema.ts'
import { readEffect } from './stats/effect.ts'
import { readForwards } from './stats/forward-tree.ts'
import { listReaders } from './stats/list-readers.ts'
import { listRadar, readRadar, requireSeen } from './stats/read-radar.ts'

const OfMaterial = z.object({ materialId: Id })

/** Who read what was sent, and what came of it. */
export function registerRadarRoutes(app: App, deps: RouteDeps): void {
  registerStats(app, deps)
  registerSettings(app, deps)
  registerReadingRules(app, deps)
}

function registerStats(app: App, { db, work }: RouteDeps): void {
  const ofSeen = <T>(actor: Actor, materialId: string, read: (tx: Tx) => Promise<T>): Promise<T> =>
    inCorp(db, actor.corpId, async (tx) => {
      await requireSeen(tx, actor.corpId, materialId, await readViewer(tx, actor.corpId, actor))
      return read(tx)
    })
  app.get('/api/radar/materials', {
    config: { access: 'content.read' },
    schema: {
      operationId: 'listRadar',
      response: { 200: z.object({ items: z.array(RadarSummary) }), '4xx': Problem },
    },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        items: await listRadar(tx, actor.corpId, await readViewer(tx, actor.corpId, actor), actor.scope),
      })),
  })
  app.get('/api/radar/materials/:materialId', {
    config: { access: 'content.read' },
    schema: { operationId: 'readMaterialRadar', params: OfMaterial, response: { 200: MaterialRadar, '4xx': Problem } },
    handler: ({ actor, params }) =>
      ofSeen(actor, params.materialId, (tx) =>
        readRadar(tx, actor.corpId, params.materialId, actor.scope, work.clock.now()),
      ),
  })
  app.get('/api/radar/materials/:materialId/readers', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'listReaders',
      params: OfMaterial,
      querystring: ReaderQuery,
      response: { 200: ReaderPage, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      ofSeen(actor, params.materialId, (tx) => listReaders(tx, actor.corpId, params.materialId, query, actor.scope)),
  })
  app.get('/api/radar/materials/:materialId/forwards', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readForwards', params: OfMaterial, response: { 200: ForwardTree, '4xx': Problem } },
    handler: ({ actor, params }) =>
      ofSeen(actor, params.materialId, (tx) => readForwards(tx, actor.corpId, params.materialId, actor.scope)),
  })
  app.get('/api/radar/effect', {
    config: { access: 'content.read' },
    schema: { operationId: 'readContentEffect', querystring: EffectQuery, response: { 200: Effect, '4xx': Problem } },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => readEffect(tx, actor.corpId, query, actor.scope, work.clock.now())),
  })
}

function registerSettings(app: App, { db, work }: RouteDeps): void {
  app.post('/api/radar/links', {
    config: { access: 'content.own' },
    schema: {
      operationId: 'makeRadarLink',
      body: NewLink,
      response: { 201: z.object({ url: z.string() }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const url = await inCorp(db, actor.corpId, (tx) => makeLink(tx, actor, work, body, work.clock.now()))
      return reply.code(201).send({ url })
    },
  })
  app.get('/api/radar/settings', {
    config: { access: 'content.read' },
    schema: { operationId: 'readRadarSetting', response: { 200: RadarSetting, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readRadarSetting(tx, actor.corpId)),
  })
  app.put('/api/radar/settings', {
    config: { access: 'content.write' },
    schema: { operationId: 'saveRadarSetting', body: RadarSetting, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, (tx) => saveRadarSetting(tx, actor, body, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}
