import { randomBytes } from 'node:crypto'
import { createCallbackCipher } from '@siyu/wecom/crypto'
import type { WorkContext } from '../context.ts'
import type { Refusal } from '../schema.ts'
import type { Credentials } from '../service.ts'
import type { Finding } from './probe.ts'

/** The echo of our own call begins so; the callback door does not take it for WeCom's. */
const OWN_ECHO = 'siyu-own-'
export const isOwnEcho = (echo: string): boolean => echo.startsWith(OWN_ECHO)

/** WeCom waits one second for the echo (document path 90930, 2026-11); a slow proxy is told apart from a closed door. */
const DEADLINE_MS = 5_000

/**
 * Calls our own callback address by its public name, signed as WeCom would. Finds what most often stands between: a
 * name that leads nowhere, a certificate, a proxy that answers by itself. A firewall open only to us it cannot see.
 */
export async function callOwnAddress(
  { publicUrl, wecomBaseUrl }: WorkContext,
  corp: { wecomCorpid: string; callbackKey: string },
  credentials: Credentials,
): Promise<Finding> {
  const found = (refusal: Refusal | null, reason: string): Finding => ({
    probe: 'address',
    refusal,
    errcode: 0,
    detail: { reason },
  })
  // A simulated WeCom stands on this machine and reaches what the platform cannot.
  if (isLocal(publicUrl) && !isLocal(wecomBaseUrl)) return found('local_address', new URL(publicUrl).host)
  const { url, echo } = signedUrl(publicUrl, corp, credentials)
  try {
    const reply = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(DEADLINE_MS) })
    const text = (await reply.text()).slice(0, 100)
    if (reply.status === 200 && text === echo) return found(null, '')
    return found('stranger', `HTTP ${reply.status}`)
  } catch (error) {
    const code = codeOf(error)
    if (error instanceof Error && error.name === 'TimeoutError') return found('timeout', `${DEADLINE_MS / 1_000} s`)
    if (/CERT|SSL|TLS|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code)) return found('tls', code)
    return found('network', code)
  }
}

function signedUrl(publicUrl: string, corp: { wecomCorpid: string; callbackKey: string }, credentials: Credentials) {
  const cipher = createCallbackCipher({
    token: credentials.callback_token ?? '',
    encodingAesKey: credentials.callback_aes_key ?? '',
    receiveId: corp.wecomCorpid,
  })
  const echo = `${OWN_ECHO}${randomBytes(8).toString('hex')}`
  const [timestamp, nonce, echostr] = [
    String(Math.floor(Date.now() / 1_000)),
    randomBytes(8).toString('hex'),
    cipher.encrypt(echo),
  ]
  const url = new URL(`${publicUrl}/wecom/callback/${corp.callbackKey}`)
  url.search = new URLSearchParams({
    msg_signature: cipher.sign(timestamp, nonce, echostr),
    timestamp,
    nonce,
    echostr,
  }).toString()
  return { url, echo }
}

/** A name or address the internet cannot come to. */
function isLocal(url: string): boolean {
  const { hostname } = new URL(url)
  return (
    /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[(::1|f[cd]|fe80))/.test(hostname) ||
    !/[.:]/.test(hostname)
  )
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  return first instanceof Error && 'code' in first ? String(first.code) : 'unknown'
}
