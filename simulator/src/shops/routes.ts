import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { World } from '../world/world.ts'
import { pushOrders } from './push.ts'
import { SHOP_PLATFORMS } from './shapes.ts'

const share = z.number().min(0).max(1).default(0)
const PushBody = z.strictObject({
  platform: z.enum(SHOP_PLATFORMS),
  url: z.url({ protocol: /^https?$/, hostname: /^(localhost|127\.0\.0\.1)$/ }),
  appKey: z.string().max(100).default(''),
  secret: z.string().min(1).max(200),
  seed: z.int().min(0).max(1_000_000).default(1),
  orders: z.int().min(1).max(200).default(20),
  faults: z
    .strictObject({
      repeat: share,
      shuffle: z.boolean().default(false),
      delayMs: z.int().min(0).max(2_000).default(0),
      forge: share,
    })
    .default({ repeat: 0, shuffle: false, delayMs: 0, forge: 0 }),
})

/** A make-believe shop of any platform, pushing to an address of this machine. */
export function shopRoutes(scope: FastifyInstance, world: World): void {
  scope.post('/shops/push', async (request) =>
    pushOrders(PushBody.parse(request.body), new Date(world.clock.virtualMs())),
  )
}
