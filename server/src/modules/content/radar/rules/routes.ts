import { z } from 'zod'
import { inCorp } from '../../../../platform/db.ts'
import { Problem } from '../../../../platform/errors.ts'
import type { App } from '../../../../platform/http.ts'
import { Id } from '../../../../platform/id.ts'
import type { RouteDeps } from '../../../corps/context.ts'
import { readViewer } from '../../materials/visible.ts'
import { requireSeen } from '../stats/read-radar.ts'
import { addReadingRule, listReadingRules, stopReadingRule } from './rules.ts'
import { NewReadingRule, ReadingRule } from './schema.ts'

const OfRule = z.object({ readingRuleId: Id })

/** What happens by itself to whoever reads enough. */
export function registerReadingRules(app: App, { db, work }: RouteDeps): void {
  app.get('/api/radar/materials/:materialId/rules', {
    config: { access: 'content.read' },
    schema: {
      operationId: 'listReadingRules',
      params: z.object({ materialId: Id }),
      response: { 200: z.object({ items: z.array(ReadingRule) }), '4xx': Problem },
    },
    handler: ({ actor, params: { materialId } }) =>
      inCorp(db, actor.corpId, async (tx) => {
        await requireSeen(tx, actor.corpId, materialId, await readViewer(tx, actor.corpId, actor))
        return { items: await listReadingRules(tx, actor.corpId, materialId) }
      }),
  })
  app.post('/api/radar/rules', {
    config: { access: 'content.write' },
    schema: { operationId: 'addReadingRule', body: NewReadingRule, response: { 201: OfRule, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const readingRuleId = await inCorp(db, actor.corpId, (tx) => addReadingRule(tx, actor, body, work.clock.now()))
      return reply.code(201).send({ readingRuleId })
    },
  })
  app.delete('/api/radar/rules/:readingRuleId', {
    config: { access: 'content.write' },
    schema: { operationId: 'stopReadingRule', params: OfRule, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => stopReadingRule(tx, actor, params.readingRuleId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}
