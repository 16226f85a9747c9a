import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'

/** The ways data travels between WeCom and us, in the order the health page lists them. */
export const LANES = [
  'callbacks',
  'welcome',
  'customers',
  'address_book',
  'tags',
  'channel_codes',
  'staff_stats',
  'tokens',
] as const
export const Lane = z.enum(LANES)
export type Lane = z.infer<typeof Lane>

/** WeCom shows at most this many characters of a corp’s name in its own lists; ours is for people only. */
const CORP_NAME_MAX = 100

export const CorpSummary = z.object({ corpId: Id, name: z.string(), wecomCorpid: z.string(), simulated: z.boolean() })
export type CorpSummary = z.infer<typeof CorpSummary>

/** What an administrator copies from WeCom’s console. Secrets go in and never come out. */
export const ConnectCorp = z.object({
  name: z.string().trim().min(1).max(CORP_NAME_MAX),
  wecomCorpid: z
    .string()
    .trim()
    .regex(/^w[wx][0-9a-zA-Z]{10,40}$/),
  agentId: z.coerce.number().int().min(1),
  appSecret: z.string().trim().min(20).max(128),
  contactSyncSecret: z.string().trim().min(20).max(128).optional(),
})
export type ConnectCorp = z.infer<typeof ConnectCorp>

/** What an administrator pastes into WeCom’s console, shown once after connecting and on request with a fresh sign-in. */
export const CallbackSettings = z.object({ url: z.string(), token: z.string(), encodingAesKey: z.string() })
export type CallbackSettings = z.infer<typeof CallbackSettings>

export const CorpSettings = CorpSummary.extend({
  agentId: z.number().int(),
  callbackUrl: z.string(),
  credentials: z.array(z.object({ kind: z.string(), fingerprint: z.string(), updatedAt: Instant })),
})

const Tick = z.object({ startsAt: Instant, state: z.enum(['none', 'ok', 'slow', 'failed']) })

export const LaneHealth = z.object({
  lane: Lane,
  state: z.enum(['ok', 'slow', 'broken', 'idle']),
  lastSuccessAt: Instant.nullable(),
  lagMs: z.number().nullable(),
  waiting: z.number().int(),
  openFailures: z.number().int(),
  ticks: z.array(Tick).length(48),
})
export type LaneHealth = z.infer<typeof LaneHealth>

/** A failure in people’s words: what happened, what it touches, what to do, in steps; then what engineers want. */
export const FailureView = z.object({
  failureId: Id,
  lane: Lane,
  cause: z.string(),
  subject: z.string(),
  title: z.string(),
  meaning: z.string(),
  affects: z.string(),
  safe: z.string(),
  steps: z.array(z.string()),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  replayable: z.boolean(),
  times: z.number().int(),
  firstAt: Instant,
  lastAt: Instant,
  resolvedAt: Instant.nullable(),
})
export type FailureView = z.infer<typeof FailureView>

export const HealthView = z.object({ checkedAt: Instant, lanes: z.array(LaneHealth), failures: z.array(FailureView) })
export type HealthView = z.infer<typeof HealthView>
