import type { Corp } from '../world/corp.ts'
import type { World } from '../world/world.ts'
import type { Credentials, TokenKind } from './credentials.ts'
import { ApiFailure } from './errors.ts'
import type { Body, Param } from './params.ts'
import type { Rates } from './rates.ts'

/** What handlers share across calls. */
export interface Platform {
  world: World
  rates: Rates
  credentials: Credentials
  /** Where this simulator is reached from outside: the base of QR images and avatars. */
  publicUrl: string
}

/** One authenticated call. The parameter table has been checked against `body` or `query` before a handler sees it. */
export interface Call extends Platform {
  corp: Corp
  query: Record<string, string | undefined>
  body: Body
  ip: string
  /** Multipart bodies only. */
  contentType: string
  bytes: Buffer
  range?: string
}

export interface RawReply {
  status: number
  headers: Record<string, string>
  bytes: Uint8Array
}

export interface Endpoint {
  path: string
  method: 'GET' | 'POST'
  /** Which secret's token may call it; `none` takes no token at all. */
  by: TokenKind | 'both' | 'none'
  params?: readonly Param[]
  /** Takes part in 41096: called before a slow call waits, so that another one finds the thing in use. */
  reserve?(call: Call, ms: number): void
  handle(call: Call): Body | RawReply
  /** What happened, for people. `reply` is absent when the call was refused. */
  say(call: Call, reply?: Body): string
}

export function isRaw(reply: Body | RawReply): reply is RawReply {
  return reply.bytes instanceof Uint8Array
}

export function fail(errcode: number, reason?: string): never {
  throw new ApiFailure(errcode, reason)
}
