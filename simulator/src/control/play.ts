import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import type { Autopilot } from '../autopilot.ts'
import type { Corp } from '../world/corp.ts'
import { forgetCustomer } from '../world/people.ts'
import { NotFound } from './found.ts'

const GuideBody = z.strictObject({ corpid: z.string(), externalUserid: z.string() })
const AutopilotBody = z.strictObject({
  on: z.boolean().optional(),
  perMinute: z.number().min(0.1).max(6000).optional(),
})

export interface Stage {
  autopilot: Autopilot
  consoleUrl?: string
}

/** What only the world page needs: the guided path, and a world that goes on by itself. */
export function playRoutes(scope: FastifyInstance, platform: Platform, { autopilot, consoleUrl }: Stage): void {
  const { world } = platform
  const requireCorp = (corpid: string): Corp => {
    const corp = world.corps.get(corpid)
    if (!corp) throw new NotFound('corp.unknown', `没有这个企业：${corpid}`)
    return corp
  }
  const autopilotView = () => ({ ...autopilot.state, acts: autopilot.acts })

  scope.get('/settings', async () => ({ url: platform.publicUrl, consoleUrl, seed: world.seed }))

  scope.get('/autopilot', async () => autopilotView())
  scope.post('/autopilot', async (request) => {
    autopilot.set(AutopilotBody.parse(request.body))
    return autopilotView()
  })

  /** 「重来」: this one customer is as before the first scan. */
  scope.post('/guide/reset', async (request) => {
    const { corpid, externalUserid } = GuideBody.parse(request.body)
    forgetCustomer(world, requireCorp(corpid), externalUserid)
    return {}
  })
}
