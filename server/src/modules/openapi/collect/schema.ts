import { z } from 'zod'
import { Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'
import { Ids } from '../../contacts/identifiers.ts'

/** One request; larger ones only add latency. */
export const BATCH_MAX = 500
export const BODY_BYTES_MAX = 512 * 1024
export const ITEM_BYTES_MAX = 8 * 1024

/** The envelope. Each item is looked at on its own, so that one that is wrong keeps none of the others back. */
export const CollectBody = z.object({
  batch: z.array(z.unknown()).min(1).max(BATCH_MAX),
  /** When the sender's clock said he sends it: shows how wrong that clock is. */
  sentAt: Instant.optional(),
  /** A server's word that this is of long ago: it may be older, and it is nobody's news. */
  history: z.boolean().optional(),
  /** Signed by a server for the person in front of this browser. */
  personToken: Text.max(500).optional(),
})
export type CollectBody = z.infer<typeof CollectBody>

const Device = Text.min(1).max(100)
/** As it came: a record of zod's would leave out a `__proto__`, which is to be refused. */
const Properties = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  '要是一个对象',
)
const base = {
  /** The same message told again is the same fact. */
  messageId: Text.min(1).max(100),
  at: Instant,
  device: Device.optional(),
  /** The same, as other SDKs call it. */
  anonymousId: Device.optional(),
  ids: Ids.default({}),
  properties: Properties.default({}),
}

export const CollectItem = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('track'), event: z.string().min(1).max(81) }),
  z.object({ ...base, type: z.literal('page') }),
  /** These identifiers are one person's. */
  z.object({ ...base, type: z.literal('identify') }),
  /** The same, of identifiers known apart before; a server's word. */
  z.object({ ...base, type: z.literal('merge') }),
])
export type CollectItem = z.infer<typeof CollectItem>

export const Collected = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  refused: z.array(z.object({ index: z.number().int(), code: z.string(), message: z.string() })),
})
export type Collected = z.infer<typeof Collected>
