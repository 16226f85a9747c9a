import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'

/** The ways data travels between WeCom and us, in the order the health page lists them. */
export const LANES = [
  'callbacks',
  'welcome',
  'customers',
  'address_book',
  'tags',
  'groups',
  'channel_codes',
  'files',
  'staff_stats',
  'tokens',
] as const
export const Lane = z.enum(LANES)
export type Lane = z.infer<typeof Lane>

/** WeCom shows at most this many characters of a corp’s name in its own lists; ours is for people only. */
const CORP_NAME_MAX = 100

export const CorpSummary = z.object({ corpId: Id, name: z.string(), wecomCorpid: z.string(), simulated: z.boolean() })
export type CorpSummary = z.infer<typeof CorpSummary>

const WecomCorpid = z
  .string()
  .trim()
  .regex(/^w[wx][0-9a-zA-Z]{10,40}$/)
/** A secret is 43 letters and digits today; longer ones may come, anything else is a slip of the mouse. */
const Secret = z
  .string()
  .trim()
  .regex(/^[\w-]{20,128}$/)
/** WeCom gives seven digits; the column holds 31 bits. */
const AgentId = z.coerce.number().int().min(1).max(2_147_483_647)

/** What an administrator copies from WeCom’s console. Secrets go in and never come out. */
export const CorpidToCheck = z.object({ wecomCorpid: WecomCorpid })
export const ConnectCorp = z.object({
  name: Text.trim().min(1).max(CORP_NAME_MAX),
  wecomCorpid: WecomCorpid,
  agentId: AgentId,
  appSecret: Secret,
})
export const NewCredentials = z.object({ agentId: AgentId, appSecret: Secret })
export type NewCredentials = z.infer<typeof NewCredentials>

/** The file by which WeCom makes sure that a trusted domain is ours: `WW_verify_….txt`, or what is between. */
export const DomainProof = z.object({
  fileName: z
    .string()
    .trim()
    .regex(/^(WW_verify_)?[0-9A-Za-z]{8,64}(\.txt)?$/)
    .transform((name) => name.replace(/^WW_verify_/, '').replace(/\.txt$/, '')),
})

/** What an administrator pastes into WeCom’s console, shown once after connecting and on request with a fresh sign-in. */
export const CallbackSettings = z.object({ url: z.string(), token: z.string(), encodingAesKey: z.string() })
export type CallbackSettings = z.infer<typeof CallbackSettings>

/** Why WeCom, or the line to it, does not let us: each is mended in another place. */
export const REFUSALS = [
  'corpid',
  'secret',
  'agent',
  'disabled',
  'ip',
  'permission',
  'range',
  'contact_range',
  'nobody',
  'network',
  'tls',
  'timeout',
  'busy',
  'local_address',
  'stranger',
  'signature',
  'key',
  'clock',
  'domain',
  'unclear',
] as const
export const Refusal = z.enum(REFUSALS)
export type Refusal = z.infer<typeof Refusal>

/** What is asked of WeCom, each by one reading call; `callback` and `address` are about the way back to us. */
export const PROBES = ['app', 'directory', 'contacts', 'tags', 'codes', 'callback', 'address'] as const
export const Probe = z.enum(PROBES)
export type Probe = z.infer<typeof Probe>

export const SETUP_STEPS = ['corp', 'app', 'contacts', 'callback', 'ip', 'domain', 'sync'] as const
export const SetupStep = z.object({
  step: z.enum(SETUP_STEPS),
  /** `waiting`: for WeCom, or for another step. */
  state: z.enum(['done', 'todo', 'waiting', 'refused']),
  refusal: Refusal.nullable(),
  errcode: z.number().int(),
  at: Instant.nullable(),
})
export type SetupStep = z.infer<typeof SetupStep>

/** A corp's connection as far as it has come. */
export const CorpSettings = CorpSummary.extend({
  agentId: z.number().int(),
  /** As WeCom names the app; null until WeCom has told. */
  appName: z.string().nullable(),
  callbackUrl: z.string(),
  /** `host[:port]` to be entered as trusted domain. */
  publicHost: z.string(),
  /** The trusted domain as WeCom has it: null unknown, empty none. */
  trustedDomain: z.string().nullable(),
  domainProof: z.string().nullable(),
  egressIp: z.string().nullable(),
  /** How far our clock is from WeCom’s, when that is known. */
  clockAheadMs: z.number().int().nullable(),
  /** Members who may have customers, as last counted. */
  members: z.number().int().nullable(),
  /** Whether our own call of the callback address came through. */
  address: z.object({ refusal: Refusal.nullable(), detail: z.string(), at: Instant }).nullable(),
  lastScanAt: Instant.nullable(),
  checkedAt: Instant.nullable(),
  credentials: z.array(
    z.object({ kind: z.string(), ending: z.string().nullable(), setBy: z.string().nullable(), updatedAt: Instant }),
  ),
  steps: z.array(SetupStep),
})
export type CorpSettings = z.infer<typeof CorpSettings>

/** What an administrator grants in WeCom’s console, and how we know whether he did. */
export const GRANTS = [
  'connection',
  'agent',
  'directory',
  'contacts',
  'tags',
  'codes',
  'callback',
  'welcome',
  'login',
] as const
export const Grant = z.object({
  grant: z.enum(GRANTS),
  state: z.enum(['granted', 'refused', 'untried']),
  refusal: Refusal.nullable(),
  errcode: z.number().int(),
  /** When WeCom last said so. */
  at: Instant.nullable(),
})
export type Grant = z.infer<typeof Grant>

export const FEATURES = ['directory', 'customers', 'changes', 'tags', 'codes', 'welcome', 'sign_in'] as const
export const PermissionsView = z.object({
  checkedAt: Instant.nullable(),
  egressIp: z.string().nullable(),
  grants: z.array(Grant),
  features: z.array(
    z.object({
      feature: z.enum(FEATURES),
      state: z.enum(['granted', 'refused', 'untried']),
      needs: z.array(z.enum(GRANTS)),
    }),
  ),
})
export type PermissionsView = z.infer<typeof PermissionsView>

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
