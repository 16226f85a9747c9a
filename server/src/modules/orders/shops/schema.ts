import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'
import { PLATFORMS } from '../connectors/registry.ts'

const Name = Text.trim().min(1).max(30)
const AppKey = Text.trim().max(100)
const Secret = Text.trim().min(6).max(200)

export const NewShop = z.object({
  platform: z.enum(PLATFORMS),
  name: Name,
  /** client_id, AppKey or AppID; nothing where the platform signs without. */
  appKey: AppKey.default(''),
  secret: Secret,
})
export type NewShop = z.infer<typeof NewShop>

/** The secret is set anew or left; it is never read out. */
export const ShopEdit = z.object({
  name: Name.optional(),
  appKey: AppKey.optional(),
  secret: Secret.optional(),
  isOn: z.boolean().optional(),
})
export type ShopEdit = z.infer<typeof ShopEdit>

export const ShopView = z.object({
  shopConnectionId: Id,
  platform: z.enum(PLATFORMS),
  name: z.string(),
  /** Where it pushes to. */
  url: z.string(),
  appKey: z.string(),
  /** Enough to tell one secret from another. */
  secretMark: z.string(),
  isOn: z.boolean(),
  createdBy: z.string(),
  receivedAt: Instant.nullable(),
  /** When something came whose signature was not right. */
  refusedAt: Instant.nullable(),
  waiting: z.number().int(),
  takenToday: z.number().int(),
  /** Orders that could not be read. */
  unknown: z.number().int(),
})
export type ShopView = z.infer<typeof ShopView>

export const UnknownOrders = z.object({
  items: z.array(z.object({ shopPushId: Id, cause: z.string(), receivedAt: Instant })),
})
export const ShopTrial = z.object({ ok: z.boolean(), why: z.string() })
