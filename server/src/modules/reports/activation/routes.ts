import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { askToCountLife } from './life.ts'
import { readActivation } from './read-activation.ts'
import { Activation, ActivationQuery } from './schema.ts'

export function registerActivation(app: App, { db, work }: RouteDeps): void {
  app.get('/api/reports/activation', {
    config: { access: 'orders.read' },
    schema: {
      operationId: 'readActivation',
      querystring: ActivationQuery,
      response: { 200: Activation, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, async (tx) => {
        const found = await readActivation(tx, corpId, query.days, scope, work.clock.now())
        // A corp whose people never look pays for no counts: the first who does has them begun.
        if (found.counting) await askToCountLife(tx, corpId)
        return found
      }),
  })
}
