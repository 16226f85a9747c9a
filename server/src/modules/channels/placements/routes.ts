import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { NewPlacements, PlacementEdit, PlacementList } from './schema.ts'
import { createPlacements, editPlacement, listPlacements } from './service.ts'

const CodeParams = z.object({ channelCodeId: Id })

export function registerPlacementRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/channel-codes/:channelCodeId/placements', {
    config: { access: 'channels.read' },
    schema: { operationId: 'listPlacements', params: CodeParams, response: { 200: PlacementList, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) =>
        listPlacements(tx, actor.corpId, params.channelCodeId, work.clock.now(), work.publicUrl),
      ),
  })

  app.post('/api/channel-codes/:channelCodeId/placements', {
    config: { access: 'channels.write' },
    schema: {
      operationId: 'createPlacements',
      params: CodeParams,
      body: NewPlacements,
      response: { 201: z.object({ channelCodeIds: z.array(Id) }), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const now = work.clock.now()
      const channelCodeIds = await inCorp(db, actor.corpId, async (tx) => {
        const made = { createdBy: actor.accountId, now }
        const ids = await createPlacements(tx, actor.corpId, params.channelCodeId, body.placements, made)
        await recordAudit(tx, actor, {
          action: 'placement.create',
          kind: 'channel_code',
          id: params.channelCodeId,
          detail: { names: body.placements.map((placement) => placement.name) },
          at: now,
        })
        return ids
      })
      return reply.code(201).send({ channelCodeIds })
    },
  })

  app.put('/api/placements/:channelCodeId', {
    config: { access: 'channels.write' },
    schema: {
      operationId: 'editPlacement',
      params: CodeParams,
      body: PlacementEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const now = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await editPlacement(tx, actor.corpId, params.channelCodeId, body, now)
        await recordAudit(tx, actor, {
          action: 'placement.edit',
          kind: 'channel_code',
          id: params.channelCodeId,
          detail: { name: body.name, costFen: body.costFen },
          at: now,
        })
      })
      return reply.code(204).send(null)
    },
  })
}
