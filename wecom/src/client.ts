import { hash } from 'node:crypto'
import {
  type Caller,
  type CallOptions,
  type CallReport,
  createCaller,
  createRawCaller,
  type TokenKind,
} from './call.ts'
import { departmentEndpoints, userEndpoints } from './endpoints/address-book.ts'
import { agentEndpoints } from './endpoints/agent.ts'
import { contactWayEndpoints } from './endpoints/contact-ways.ts'
import { customerEndpoints } from './endpoints/customers.ts'
import { groupChatEndpoints } from './endpoints/group-chats.ts'
import { massMessageEndpoints } from './endpoints/mass-messages.ts'
import { mediaEndpoints } from './endpoints/media.ts'
import { messageEndpoints, welcomeEndpoints } from './endpoints/messages.ts'
import { momentEndpoints } from './endpoints/moments.ts'
import { oauthEndpoints } from './endpoints/sign-in.ts'
import { tagEndpoints } from './endpoints/tags.ts'
import { WecomError } from './errors.ts'
import { createLimiter, type Limiter } from './limits.ts'
import { memoryTokenStore, type Now, type StoredToken, TokenCache, type TokenStore } from './tokens.ts'
import { createTransport } from './transport.ts'

export type { CallOptions, CallReport, Limiter, StoredToken, TokenStore }
export { createLimiter, memoryTokenStore }

export interface WecomOptions {
  /** `https://qyapi.weixin.qq.com`, or a simulator. */
  baseUrl: string
  corpId: string
  agentId: number
  secrets: {
    app: string
    /** The address-book sync secret; only `user.listId` needs it. */
    contactSync?: string
  }
  /** Shared by all processes that use the same secrets. */
  tokenStore: TokenStore
  /** Give one to all clients of a process: they share its address. Default: one for this client. */
  limiter?: Limiter
  fetch?: typeof fetch
  /** Milliseconds for one exchange, reply included. Default 10,000. */
  timeoutMs?: number
  /** Unix milliseconds; default the system's clock. */
  now?: Now
  onCall?: (report: CallReport) => void
  /** Where sign-in pages are. Default `https://open.weixin.qq.com`. */
  authorizeOrigin?: string
  /** Where the QR sign-in page is. Default `https://login.work.weixin.qq.com`. */
  loginOrigin?: string
}

/** A client of one corp's app. */
export type Wecom = ReturnType<typeof createWecom>

/**
 * A client of one corp's app. Every call is bounded in time and size, waits for the limits, and is replayed once when
 * its token was refused; nothing else is ever repeated. Every failure is a `WecomError`, except mistakes of the caller
 * that are found before sending (`TypeError`).
 *
 * @example
 * const wecom = createWecom({ baseUrl, corpId, agentId, secrets: { app }, tokenStore: memoryTokenStore() })
 * for await (const page of wecom.customer.pagesByUser(await wecom.customer.followUsers())) save(page.external_contact_list)
 */
export function createWecom(options: WecomOptions) {
  const { baseUrl, corpId, agentId, secrets, onCall, now = Date.now } = options
  const transport = createTransport({ baseUrl, fetch: options.fetch, timeoutMs: options.timeoutMs, now })
  const tokens = new TokenCache(options.tokenStore, now)
  const limiter = options.limiter ?? createLimiter()

  const token = async (kind: TokenKind, rejected?: string) => {
    if (kind === 'none') return undefined
    const secret = secrets[kind]
    if (!secret) throw secretMissing(kind)
    // The secret's fingerprint is part of the key: a new secret starts clean, without the old one's failures.
    const key = `gettoken ${corpId} ${kind} ${hash('sha256', secret).slice(0, 12)}`
    return tokens.get(key, () => fetchToken(call, corpId, secret, now), rejected)
  }
  const callRaw = createRawCaller({ corpId, transport, limiter, token, onCall })
  const call = createCaller(callRaw)
  const ticket = (api: string, query: { type?: string }, rejected?: string) =>
    tokens.get(`${api} ${corpId} ${agentId}`, () => fetchTicket(call, api, query, now), rejected)

  return {
    agent: agentEndpoints(call, agentId),
    department: departmentEndpoints(call),
    user: userEndpoints(call),
    contactWay: contactWayEndpoints(call),
    customer: customerEndpoints(call),
    tag: tagEndpoints(call, agentId),
    welcome: welcomeEndpoints(call),
    groupChat: groupChatEndpoints(call),
    massMessage: massMessageEndpoints(call),
    moment: momentEndpoints(call),
    media: mediaEndpoints(call, callRaw),
    message: messageEndpoints(call, agentId),
    oauth: oauthEndpoints(call, {
      corpId,
      agentId,
      authorizeOrigin: options.authorizeOrigin ?? 'https://open.weixin.qq.com',
      loginOrigin: options.loginOrigin ?? 'https://login.work.weixin.qq.com',
    }),
    /** Tickets for `signJsapi`, cached like tokens. Name the `rejected` one after 40093 or 42012. */
    jsapi: {
      /** For `wx.config`. */
      corpTicket: (rejected?: string) => ticket('get_jsapi_ticket', {}, rejected),
      /** For `wx.agentConfig`. */
      agentTicket: (rejected?: string) => ticket('ticket/get', { type: 'agent_config' }, rejected),
    },
    /** Addresses or ranges (`a.b.c.*`) that callbacks come from. Ask daily: old and new overlap during changes. */
    async callbackIps(callOptions?: CallOptions): Promise<string[]> {
      const endpoint = { api: 'getcallbackip', method: 'GET', idempotent: true } as const
      return (await call<{ ip_list: string[] }>({ ...endpoint, reply: { ip_list: 'string[]' } }, callOptions)).ip_list
    },
  }
}

async function fetchToken(call: Caller, corpid: string, corpsecret: string, now: Now): Promise<StoredToken> {
  const endpoint = {
    api: 'gettoken',
    method: 'GET',
    idempotent: true,
    token: 'none',
    query: { corpid, corpsecret },
  } as const
  const reply = { access_token: 'string', expires_in: 'number' } as const
  // Everybody waits for a token, the welcome lane too.
  const { access_token, expires_in } = await call<{ access_token: string; expires_in: number }>(
    { ...endpoint, reply },
    { lane: 'welcome' },
  )
  return { token: access_token, expiresAt: now() + expires_in * 1000 }
}

async function fetchTicket(call: Caller, api: string, query: { type?: string }, now: Now): Promise<StoredToken> {
  const endpoint = {
    api,
    method: 'GET',
    idempotent: true,
    query,
    reply: { ticket: 'string', expires_in: 'number' },
  } as const
  const { ticket, expires_in } = await call<{ ticket: string; expires_in: number }>(endpoint)
  return { token: ticket, expiresAt: now() + expires_in * 1000 }
}

function secretMissing(kind: TokenKind): WecomError {
  return new WecomError({ api: 'gettoken', errcode: 41004, errmsg: `no ${kind} secret configured`, outcome: 'refused' })
}
