import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { createKey, listKeys, revokeKey } from './keys.ts'
import { ApiKeyMade, ApiKeyView, NewApiKey } from './schema.ts'

/** The keys of 设置 → 开放接口. Making one asks for a fresh proof of the person: whoever has it may speak for customers. */
export function registerKeyRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/openapi/keys', {
    config: { access: 'openapi.manage' },
    schema: { operationId: 'listApiKeys', response: { 200: z.array(ApiKeyView), '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => listKeys(tx, actor.corpId)),
  })
  app.post('/api/openapi/keys', {
    config: { access: 'openapi.manage', stepUp: true },
    schema: { operationId: 'createApiKey', body: NewApiKey, response: { 201: ApiKeyMade, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const made = await inCorp(db, actor.corpId, (tx) => createKey(tx, actor, body, work.clock.now()))
      return reply.code(201).header('cache-control', 'no-store').send(made)
    },
  })
  app.delete('/api/openapi/keys/:keyId', {
    config: { access: 'openapi.manage' },
    schema: {
      operationId: 'revokeApiKey',
      params: z.object({ keyId: Id }),
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => revokeKey(tx, actor, params.keyId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}
