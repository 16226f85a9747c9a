import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { readTrial } from './read-trial.ts'
import { WelcomeTrial } from './schema.ts'

/** How the welcomes of a code do against each other. */
export function registerTrialRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/channel-codes/:channelCodeId/welcome-trial', {
    config: { access: 'channels.read' },
    schema: {
      operationId: 'readWelcomeTrial',
      params: z.object({ channelCodeId: Id }),
      response: { 200: z.object({ trial: WelcomeTrial.nullable() }), '4xx': Problem },
    },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        trial: await readTrial(tx, actor.corpId, params.channelCodeId, work.clock.now()),
      })),
  })
}
