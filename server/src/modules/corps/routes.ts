import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { readHealth, replayFailure } from './health-view.ts'
import { HealthView } from './schema.ts'
import { probeCorp } from './setup/probe.ts'
import { type CorpRouteDeps, registerSetupRoutes } from './setup/routes.ts'

export async function registerCorpRoutes(app: App, deps: CorpRouteDeps): Promise<void> {
  const { db, work, recordAudit } = deps
  registerSetupRoutes(app, deps)

  app.get('/api/health', {
    config: { access: 'health.read' },
    schema: { operationId: 'readHealth', response: { 200: HealthView, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readHealth(tx, actor.corpId, work.clock.now())),
  })

  app.post('/api/health/check', {
    config: { access: 'health.act' },
    schema: { operationId: 'checkHealth', response: { 200: HealthView, '4xx': Problem } },
    async handler({ actor }) {
      await probeCorp(work, actor.corpId)
      await work.health.flush()
      return inCorp(db, actor.corpId, (tx) => readHealth(tx, actor.corpId, work.clock.now()))
    },
  })

  app.post('/api/health/failures/:failureId/replay', {
    config: { access: 'health.act' },
    schema: {
      operationId: 'replayFailure',
      params: z.object({ failureId: Id }),
      response: { 202: z.null(), '4xx': Problem },
    },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await replayFailure(tx, actor.corpId, params.failureId, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'health.replay',
          kind: 'failure',
          id: params.failureId,
          detail: {},
          at: work.clock.now(),
        })
      })
      return reply.code(202).send(null)
    },
  })
}
