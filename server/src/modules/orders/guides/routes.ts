import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { readGuideRule } from './guide-rule.ts'
import { cancelRecount, previewRule, readRecount, startRecount } from './recount.ts'
import { GuidePreview, GuideRuleBody, GuideRuleView } from './schema.ts'
import { requireWholeCorp } from './whole-corp.ts'

/** Whom orders count for. */
export function registerGuideRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/guide-rule', {
    config: { access: 'orders.read' },
    schema: { operationId: 'readGuideRule', response: { 200: GuideRuleView, '4xx': Problem } },
    handler: ({ actor: { corpId } }) =>
      inCorp(db, corpId, async (tx) => ({
        rule: await readGuideRule(tx, corpId),
        recount: await readRecount(tx, corpId),
      })),
  })
  app.post('/api/guide-rule/preview', {
    config: { access: 'orders.manage' },
    schema: { operationId: 'previewGuideRule', body: GuideRuleBody, response: { 200: GuidePreview, '4xx': Problem } },
    async handler({ actor, body }) {
      requireWholeCorp(actor)
      return previewRule(db, actor.corpId, body)
    },
  })
  app.put('/api/guide-rule', {
    config: { access: 'orders.manage' },
    schema: { operationId: 'saveGuideRule', body: GuideRuleBody, response: { 202: GuideRuleView, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      requireWholeCorp(actor)
      const view = await inCorp(db, actor.corpId, async (tx) => {
        await startRecount(tx, actor, body, work.clock.now())
        return { rule: body, recount: await readRecount(tx, actor.corpId) }
      })
      return reply.code(202).send(view)
    },
  })
  app.post('/api/guide-recounts/:guideRecountId/cancel', {
    config: { access: 'orders.manage' },
    schema: {
      operationId: 'cancelGuideRecount',
      params: z.object({ guideRecountId: Id }),
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => cancelRecount(tx, actor.corpId, params.guideRecountId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}
