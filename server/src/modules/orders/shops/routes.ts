import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { NewShop, ShopEdit, ShopTrial, ShopView, UnknownOrders } from './schema.ts'
import { addShop, editShop, listShops, listUnknown, removeShop, requireShop, retryUnknown } from './shops.ts'
import { tryShop } from './try-shop.ts'

const MAY = { access: 'openapi.manage' } as const
const One = z.object({ shopConnectionId: Id })
const DONE = { 204: z.null(), '4xx': Problem }

/** Shops that push their orders, for whoever connects them. */
export function registerShopRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/shop-connections', {
    config: MAY,
    schema: {
      operationId: 'listShops',
      response: { 200: z.object({ items: z.array(ShopView) }), '4xx': Problem },
    },
    handler: async ({ actor: { corpId } }) => ({
      items: await inCorp(db, corpId, (tx) => listShops(tx, corpId, work.publicUrl, work.clock.now())),
    }),
  })
  app.post('/api/shop-connections', {
    config: { ...MAY, stepUp: true },
    schema: { operationId: 'addShop', body: NewShop, response: { 201: One, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const now = work.clock.now()
      const shopConnectionId = await inCorp(db, actor.corpId, (tx) => addShop(tx, work.vault, actor, body, now))
      return reply.code(201).send({ shopConnectionId })
    },
  })
  app.patch('/api/shop-connections/:shopConnectionId', {
    config: { ...MAY, stepUp: true },
    schema: { operationId: 'editShop', params: One, body: ShopEdit, response: DONE },
    async handler({ actor, params, body }, reply) {
      const now = work.clock.now()
      await inCorp(db, actor.corpId, (tx) => editShop(tx, work.vault, actor, params.shopConnectionId, body, now))
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/shop-connections/:shopConnectionId', {
    config: { ...MAY, stepUp: true },
    schema: { operationId: 'removeShop', params: One, response: DONE },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => removeShop(tx, actor, params.shopConnectionId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.post('/api/shop-connections/:shopConnectionId/trial', {
    config: MAY,
    schema: { operationId: 'tryShop', params: One, response: { 200: ShopTrial, '4xx': Problem } },
    async handler({ actor: { corpId }, params }) {
      const shop = await inCorp(db, corpId, (tx) => requireShop(tx, work.vault, corpId, params.shopConnectionId))
      return tryShop(work.publicUrl, shop)
    },
  })
  app.get('/api/shop-connections/:shopConnectionId/unknown', {
    config: MAY,
    schema: { operationId: 'listUnknownOrders', params: One, response: { 200: UnknownOrders, '4xx': Problem } },
    handler: ({ actor: { corpId }, params: { shopConnectionId } }) =>
      inCorp(db, corpId, async (tx) => {
        await requireShop(tx, work.vault, corpId, shopConnectionId)
        return { items: await listUnknown(tx, corpId, shopConnectionId) }
      }),
  })
  app.post('/api/shop-connections/:shopConnectionId/retry', {
    config: MAY,
    schema: { operationId: 'retryUnknownOrders', params: One, response: DONE },
    async handler({ actor: { corpId }, params: { shopConnectionId } }, reply) {
      await inCorp(db, corpId, async (tx) => {
        await requireShop(tx, work.vault, corpId, shopConnectionId)
        await retryUnknown(tx, corpId, shopConnectionId)
      })
      return reply.code(204).send(null)
    },
  })
}
