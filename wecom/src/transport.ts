import { randomBytes } from 'node:crypto'
import { cancelledCall, LocalCode, refusedCall, WecomError, type WecomOutcome } from './errors.ts'

export interface UploadFile {
  bytes: Uint8Array
  filename: string
  /** Default `application/octet-stream`. */
  contentType?: string
}

/** One HTTP exchange. */
export interface Exchange {
  /** The path under `/cgi-bin/`. */
  api: string
  method: 'GET' | 'POST'
  /** A repeat does no harm, so a lost answer is `retryable` rather than `unknown`. */
  idempotent: boolean
  query?: Readonly<Record<string, string | number | undefined>>
  body?: object
  file?: UploadFile
  /** Bytes. Default 8 MiB. */
  replyBytesMax?: number
  /** Milliseconds for everything up to the last byte of the reply. */
  timeoutMs?: number
  signal?: AbortSignal
}

export interface Reply {
  bytes: Buffer
  /** Lower-case header names. */
  header(name: string): string | undefined
  /** Undefined when the bytes are no JSON object. */
  json: Readonly<Record<string, unknown>> | undefined
}

export interface TransportOptions {
  baseUrl: string
  fetch?: typeof fetch
  timeoutMs?: number
  /** Unix milliseconds. */
  now: () => number
}

/** Sends one exchange; never repeats it. Every failure is a `WecomError`. */
export type Transport = (exchange: Exchange) => Promise<Reply>

/** Milliseconds. WeCom publishes no bound; its own callbacks are cut after 5 s. */
const TIMEOUT_MS = 10_000
const REPLY_BYTES_MAX = 8 * 1024 * 1024

export function createTransport({
  baseUrl,
  fetch: send = fetch,
  timeoutMs = TIMEOUT_MS,
  now,
}: TransportOptions): Transport {
  const base = new URL('cgi-bin/', baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)
  return async (exchange) => {
    const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(exchange.timeoutMs ?? timeoutMs))) // whole milliseconds only
    const signal = exchange.signal ? AbortSignal.any([deadline, exchange.signal]) : deadline
    let response: Response
    let bytes: Buffer
    try {
      if (exchange.signal?.aborted) throw cancelledCall(exchange.api)
      response = await send(urlOf(base, exchange), {
        ...content(exchange),
        method: exchange.method,
        redirect: 'error',
        signal,
      })
      bytes = await readBytes(exchange, response)
    } catch (error) {
      throw error instanceof WecomError ? error : lostCall(exchange, error)
    }
    const json = parseObject(bytes)
    const errcode = json === undefined ? undefined : readErrcode(exchange, json)
    if (errcode) throw refusedCall(exchange.api, errcode, String(json?.errmsg ?? ''), now())
    // WeCom's own answers carry the errcode whatever the status, so the body is asked first.
    if (!response.ok && errcode === undefined) throw statusFailure(exchange, response.status)
    return { bytes, json, header: (name) => response.headers.get(name) ?? undefined }
  }
}

/** The reply came, but is not what the endpoint promises. */
export function notUnderstood(exchange: Pick<Exchange, 'api' | 'idempotent'>, errmsg: string): WecomError {
  return localFailure(exchange, LocalCode.notUnderstood, errmsg)
}

function localFailure(
  exchange: Pick<Exchange, 'api' | 'idempotent'>,
  errcode: number,
  errmsg: string,
  cause?: unknown,
): WecomError {
  const outcome: WecomOutcome = exchange.idempotent ? 'retryable' : 'unknown'
  return new WecomError({ api: exchange.api, errcode, errmsg, outcome, cause })
}

function urlOf(base: URL, { api, query }: Exchange): URL {
  const url = new URL(api, base)
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

function content({ body, file }: Exchange): {
  body?: string | Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
} {
  if (file) return multipart(file)
  if (!body) return {}
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}

/**
 * Written by hand because WeCom has refused parts without a filename and bodies without Content-Length; whole bytes
 * make fetch send one, `FormData` may go out in chunks.
 */
function multipart({ bytes, filename, contentType = 'application/octet-stream' }: UploadFile) {
  const boundary = `----wecom${randomBytes(16).toString('hex')}`
  const name = filename.replace(/["\r\n]/g, (character) => encodeURIComponent(character))
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="media"; filename="${name}"; filelength=${bytes.length}\r\nContent-Type: ${contentType.replace(/[\r\n]/g, '')}\r\n\r\n`
  return {
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}

async function readBytes(exchange: Exchange, response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop by a throw cancels the stream, which closes the connection.
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > (exchange.replyBytesMax ?? REPLY_BYTES_MAX))
      throw localFailure(exchange, LocalCode.tooLarge, 'reply too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (bytes[0] !== 0x7b) return undefined // only `{` begins an object; spares parsing media
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return value as Readonly<Record<string, unknown>> // it begins with `{`, so it is an object
  } catch {
    return undefined
  }
}

function readErrcode(exchange: Exchange, json: Readonly<Record<string, unknown>>): number | undefined {
  if (json.errcode === undefined) return undefined
  if (!Number.isSafeInteger(json.errcode)) throw notUnderstood(exchange, 'errcode is not an integer')
  return json.errcode as number
}

/** A 4xx says the request was not taken on; anything else leaves open how far it came. */
function statusFailure(exchange: Exchange, status: number): WecomError {
  const errmsg = `HTTP ${status}`
  if (status === 429)
    return new WecomError({ api: exchange.api, errcode: LocalCode.httpStatus, errmsg, outcome: 'retryable' })
  if (status >= 400 && status < 500 && status !== 408) {
    return new WecomError({ api: exchange.api, errcode: LocalCode.httpStatus, errmsg, outcome: 'refused' })
  }
  return localFailure(exchange, LocalCode.httpStatus, errmsg)
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** No reply at all. What failed before the connection stood was certainly not sent. */
function lostCall(exchange: Exchange, error: unknown): WecomError {
  const unsent = (errcode: number, errmsg: string) =>
    new WecomError({ api: exchange.api, errcode, errmsg, outcome: 'retryable', cause: error })
  if (exchange.signal?.aborted) return localFailure(exchange, LocalCode.cancelled, 'cancelled', error)
  if (error instanceof Error && error.name === 'TimeoutError')
    return localFailure(exchange, LocalCode.timeout, 'no reply in time', error)
  const code = codeOf(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return unsent(LocalCode.dns, `host name not resolved (${code})`)
  if (UNREACHABLE.has(code)) return unsent(LocalCode.unreachable, `no connection (${code})`)
  if (/CERT|SSL|TLS|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code))
    return unsent(LocalCode.tls, `certificate not accepted (${code})`)
  return localFailure(exchange, LocalCode.reset, `connection lost (${code || 'no code'})`, error)
}

/** fetch wraps what happened in a TypeError; several addresses failing come as one AggregateError. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  return first instanceof Error && 'code' in first ? String(first.code) : ''
}
