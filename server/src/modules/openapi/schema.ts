import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { Ids } from '../contacts/identifiers.ts'

const ORIGINS_MAX = 20

/** Where a page with a web key stands: scheme, host and port, as a browser says them. */
const Origin = Text.max(200).transform((written, context) => {
  const url = URL.canParse(written.trim()) ? new URL(written.trim()) : undefined
  if (url && /^https?:$/.test(url.protocol)) return url.origin
  context.addIssue('要写成 https://shop.example.com 这样的网址')
  return z.NEVER
})

const Name = Text.trim().min(1).max(30)
export const NewApiKey = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('server'), name: Name }),
  z.object({
    kind: z.literal('web'),
    name: Name,
    allowedOrigins: z.array(Origin).min(1, '至少写一个网页的网址').max(ORIGINS_MAX),
  }),
])
export type NewApiKey = z.infer<typeof NewApiKey>

export const ApiKeyView = z.object({
  keyId: Id,
  name: z.string(),
  kind: z.enum(['server', 'web']),
  hint: z.string(),
  allowedOrigins: z.array(z.string()),
  createdBy: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
})
export type ApiKeyView = z.infer<typeof ApiKeyView>

/** The key itself is told this once. */
export const ApiKeyMade = z.object({ keyId: Id, key: z.string() })

export const NewPersonToken = z.object({
  ids: Ids,
  minutes: z
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .default(120),
})
export const PersonTokenMade = z.object({ token: z.string(), expiresAt: Instant })
