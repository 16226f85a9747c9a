import { ADVICE, type ErrcodeKind, LocalCode, ROWS } from './error-table.ts'

export { type ErrcodeKind, LocalCode }

/**
 * What a failed call means for the next step. `retryable`: it had no effect, or repeating it does no harm. `refused`:
 * it had no effect and repeating it as it is will not help. `unknown`: it may have had its effect and repeating it
 * could double it; find out first.
 */
export type WecomOutcome = 'retryable' | 'refused' | 'unknown'

export interface ErrcodeExplanation {
  meaningZh: string
  adviceZh: string
  meaningEn: string
  adviceEn: string
  kind: ErrcodeKind
}

interface WecomErrorFields {
  api: string
  errcode: number
  errmsg: string
  outcome: WecomOutcome
  retryAfterMs?: number
  cause?: unknown
}

/**
 * The one error of every call. Branch on `errcode` (WeCom's, or a `LocalCode` when WeCom gave no answer) and on
 * `outcome`; `errmsg` and `hint` are for logs and vendor support. Holds no token and no secret.
 */
export class WecomError extends Error {
  override name = 'WecomError'
  readonly api: string
  readonly errcode: number
  readonly errmsg: string
  readonly outcome: WecomOutcome
  /** `<unix ts>_<n>_<32 hex>`: what vendor support asks for. */
  readonly hint: string | undefined
  /** The address WeCom saw us come from, when it told: the one to enter after 60020. */
  readonly callerIp: string | undefined
  /** Milliseconds before another try can succeed, when known. */
  readonly retryAfterMs: number | undefined

  constructor({ api, errcode, errmsg, outcome, retryAfterMs, cause }: WecomErrorFields) {
    super(`${api}: ${errcode} ${errmsg}`, cause === undefined ? undefined : { cause })
    this.api = api
    this.errcode = errcode
    this.errmsg = errmsg
    this.outcome = outcome
    this.hint = /hint: \[([^\]]{1,200})\]/.exec(errmsg)?.[1]
    this.callerIp = /from ip: ([0-9a-fA-F.:]{3,45})/.exec(errmsg)?.[1]
    this.retryAfterMs = retryAfterMs
  }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS

/** What 45009 closes an API for, shortest first. */
export type LimitWindow = 'minute' | 'hour' | 'day' | 'month'
const WINDOWS: readonly LimitWindow[] = ['minute', 'hour', 'day', 'month']

/** APIs whose tightest published limit is not per minute: developer.work.weixin.qq.com/document/path/90312, 2026-11. */
const FIRST_WINDOW: Readonly<Record<string, LimitWindow>> = {
  gettoken: 'hour',
  get_jsapi_ticket: 'hour',
  'ticket/get': 'hour',
  'idconvert/unionid_to_external_userid': 'hour',
  'media/uploadimg': 'day',
}

/**
 * Milliseconds an API stays closed after 45009. WeCom does not say which window overflowed, so the first refusal is
 * taken for the API's shortest window and each `strike` right after a pause for the next longer one.
 * 60 s, 60 min, the end of the day in Shanghai, 30 days: developer.work.weixin.qq.com/document/path/90312, 2026-11.
 */
export function limitPauseMs(api: string, strike: number, nowMs: number): number {
  const window = WINDOWS[Math.min(WINDOWS.indexOf(FIRST_WINDOW[api] ?? 'minute') + strike, WINDOWS.length - 1)]
  if (window === 'minute') return MINUTE_MS
  if (window === 'hour') return HOUR_MS
  if (window === 'day') return DAY_MS - ((nowMs + SHANGHAI_OFFSET_MS) % DAY_MS)
  return 30 * DAY_MS
}

const EXPLANATIONS: ReadonlyMap<number, ErrcodeExplanation> = new Map(
  ROWS.map(([code, kind, meaningZh, meaningEn, advice]) => {
    const [adviceZh, adviceEn] = ADVICE[advice]
    return [code, { meaningZh, adviceZh, meaningEn, adviceEn, kind }]
  }),
)

/** Ceilings that open again by themselves; the others need somebody to make room. */
const PASSING_QUOTAS: ReadonlySet<number> = new Set([45009, 45033, 41078, 41210, LocalCode.heldBack])

/** Puts a code into people's words: what it means and what to do next. Codes WeCom adds later get a general answer. */
export function explainErrcode(errcode: number): ErrcodeExplanation {
  const known = EXPLANATIONS.get(errcode)
  if (known) return known
  const link = `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
  return {
    meaningZh: `企业微信返回了未收录的错误码 ${errcode}`,
    adviceZh: `到 ${link} 查询含义，并把提示码（hint）发给技术同事`,
    meaningEn: `WeCom answered with a code not listed here, ${errcode}`,
    adviceEn: `Look it up at ${link} and send the hint to a developer`,
    kind: 'bug',
  }
}

/** Makes the error for a code WeCom answered with: such an answer says that the call had no effect. */
export function refusedCall(api: string, errcode: number, errmsg: string, nowMs: number): WecomError {
  const passes = explainErrcode(errcode).kind === 'retry' || PASSING_QUOTAS.has(errcode)
  const retryAfterMs = errcode === 45009 ? limitPauseMs(api, 0, nowMs) : undefined
  return new WecomError({ api, errcode, errmsg, outcome: passes ? 'retryable' : 'refused', retryAfterMs })
}

/** Makes the error for a call its caller gave up before anything was sent. */
export function cancelledCall(api: string): WecomError {
  const errmsg = 'cancelled before it was sent'
  return new WecomError({ api, errcode: LocalCode.cancelled, errmsg, outcome: 'retryable' })
}
