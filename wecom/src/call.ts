import { WecomError, type WecomOutcome } from './errors.ts'
import type { Lane, Limiter } from './limits.ts'
import { type Exchange, notUnderstood, type Reply, type Transport } from './transport.ts'

/** Which secret's token a call needs; `none` for fetching a token. */
export type TokenKind = 'app' | 'contactSync' | 'none'

/** What every endpoint of the client takes last. */
export interface CallOptions {
  /** `welcome` uses the share of every limit that other calls cannot drain. */
  lane?: Lane
  /** Milliseconds for one exchange; default the client's. */
  timeoutMs?: number
  signal?: AbortSignal
}

/** One endpoint and one call of it. */
export interface Endpoint extends Omit<Exchange, 'timeoutMs' | 'signal'> {
  /** Default `app`. */
  token?: TokenKind
  /** What a good reply must hold; lists may be left out of a reply whose errcode is 0. */
  reply?: Readonly<Record<string, FieldShape>>
}

export type FieldShape = 'string' | 'number' | 'object' | 'string[]' | 'object[]'

/** Told once for every exchange with WeCom, replays included. Must not throw. */
export interface CallReport {
  api: string
  /** Milliseconds, waiting for limits not included. */
  ms: number
  /** 0 when it worked, WeCom's code or a `LocalCode` otherwise. */
  errcode: number
  outcome: 'ok' | WecomOutcome
  /** WeCom's clock as its answer says, Unix milliseconds; only when it worked. */
  serverNow?: number
}

/** Performs an endpoint and returns its checked JSON reply. */
export type Caller = <R>(endpoint: Endpoint, options?: CallOptions) => Promise<R>
/** Performs an endpoint that answers with bytes. */
export type RawCaller = (endpoint: Endpoint, options?: CallOptions) => Promise<Reply>

export interface CallerParts {
  corpId: string
  transport: Transport
  limiter: Limiter
  /** A token of that kind that is not the rejected one. */
  token(kind: TokenKind, rejected?: string): Promise<string | undefined>
  onCall?: (report: CallReport) => void
}

/** Codes after which a fresh token may help; WeCom did nothing before it looked at the token, so a replay is safe. */
const TOKEN_CODES: ReadonlySet<number> = new Set([40001, 40014, 42001])

/** Puts limits, tokens and the one replay around the transport. */
export function createRawCaller({ corpId, transport, limiter, token, onCall }: CallerParts): RawCaller {
  const exchangeOnce = async (endpoint: Endpoint, options: CallOptions, accessToken: string | undefined) => {
    const started = performance.now()
    const report = (errcode: number, outcome: CallReport['outcome'], serverNow?: number) =>
      onCall?.({
        api: endpoint.api,
        ms: performance.now() - started,
        errcode,
        outcome,
        ...(serverNow && { serverNow }),
      })
    try {
      const { timeoutMs, signal } = options
      const query = { access_token: accessToken, ...endpoint.query }
      const reply = await transport({ ...endpoint, query, timeoutMs, signal })
      if (endpoint.reply) checkReply(endpoint, reply)
      report(0, 'ok', Date.parse(reply.header('date') ?? ''))
      return reply
    } catch (error) {
      if (error instanceof WecomError) report(error.errcode, error.outcome)
      throw error
    }
  }
  return async (endpoint, options = {}) => {
    const kind = endpoint.token ?? 'app'
    const { api } = endpoint
    const { lane, signal } = options
    const limited = (accessToken: string | undefined) =>
      limiter.run({ corpId, api, lane, signal }, () => exchangeOnce(endpoint, options, accessToken))
    const accessToken = await token(kind)
    try {
      return await limited(accessToken)
    } catch (error) {
      if (!accessToken || !(error instanceof WecomError) || !TOKEN_CODES.has(error.errcode)) throw error
      return limited(await token(kind, accessToken))
    }
  }
}

/** The same for endpoints that answer in JSON. */
export function createCaller(callRaw: RawCaller): Caller {
  return async <R>(endpoint: Endpoint, options?: CallOptions) => {
    const { json } = await callRaw({ ...endpoint, reply: endpoint.reply ?? {} }, options)
    return json as R // checked against `reply` above; the rest is WeCom's word
  }
}

function checkReply(endpoint: Endpoint, reply: Reply): void {
  if (!reply.json) throw notUnderstood(endpoint, 'the reply is not a JSON object')
  for (const [name, shape] of Object.entries(endpoint.reply ?? {})) {
    const value = reply.json[name]
    // Without an errcode an absent list is more likely a mangled reply than an empty list, and emptiness deletes.
    if (value == null && shape.endsWith('[]') && reply.json.errcode === 0) Object.assign(reply.json, { [name]: [] })
    else if (!hasShape(value, shape)) throw notUnderstood(endpoint, `${name} should be ${shape}`)
  }
}

function hasShape(value: unknown, shape: FieldShape): boolean {
  if (shape === 'string' || shape === 'number') return typeof value === shape
  if (shape === 'object') return isObject(value)
  return Array.isArray(value) && value.every(shape === 'object[]' ? isObject : (item) => typeof item === 'string')
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A WecomError for a mistake found before anything was sent would hide it: these are bugs of the caller. */
export function requireThat(condition: boolean, message: string): asserts condition {
  if (!condition) throw new TypeError(message)
}
