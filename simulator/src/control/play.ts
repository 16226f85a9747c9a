import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import { forgetCustomer } from '../world/people.ts'
import { NotFound } from './found.ts'

const GuideBody = z.strictObject({ corpid: z.string(), externalUserid: z.string() })

/** What only the world page needs: its guided path and who is acting. */
export function playRoutes(scope: FastifyInstance, { world }: Platform): void {
  /** 「重来」: this one customer is as before the first scan. */
  scope.post('/guide/reset', async (request) => {
    const { corpid, externalUserid } = GuideBody.parse(request.body)
    const corp = world.corps.get(corpid)
    if (!corp) throw new NotFound('corp.unknown', `没有这个企业：${corpid}`)
    forgetCustomer(world, corp, externalUserid)
    return {}
  })
}
