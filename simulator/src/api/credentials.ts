import { randomBytes } from 'node:crypto'
import { hashText, ID_LETTERS, makePrng } from '../prng.ts'
import type { Corp } from '../world/corp.ts'
import type { World } from '../world/world.ts'

/** Seconds; all of them on wire time. */
export const TOKEN_LIFE_S = 7200
const OAUTH_CODE_LIFE_S = 300
const USER_TICKET_LIFE_S = 1800

export type TokenKind = 'app' | 'contacts'

interface Token {
  token: string
  corpid: string
  kind: TokenKind
  expiresWireMs: number
  revoked: boolean
}

interface OauthCode {
  code: string
  corpid: string
  /** A member's userid, or a customer's external_userid. */
  userid: string
  isCustomer: boolean
  scope: string
  expiresWireMs: number
  used: boolean
}

interface Ticket {
  ticket: string
  corpid: string
  userid: string
  expiresWireMs: number
}

/** Everything with a short life that WeCom hands out. Stored: a restart of ours must not log a whole company out. */
export class Credentials {
  readonly #world: World
  readonly #tokens = new Map<string, Token>()
  readonly #codes = new Map<string, OauthCode>()
  readonly #tickets = new Map<string, Ticket>()

  constructor(world: World) {
    this.#world = world
    for (const { value } of world.store.read('token')) this.#tokens.set((value as Token).token, value as Token)
  }

  #secretText(length: number): string {
    const seed = randomBytes(16)
    return makePrng(seed.readInt32BE(0), seed.readInt32BE(4), seed.readInt32BE(8), seed.readInt32BE(12)).text(
      length,
      ID_LETTERS,
    )
  }

  issueToken(corp: Corp, kind: TokenKind): Token {
    const now = this.#world.clock.wireMs()
    const { corpid } = corp.info
    for (const token of this.#tokens.values()) {
      if (token.expiresWireMs <= now) this.#forget(token)
      else if (corp.info.options.sameToken && token.corpid === corpid && token.kind === kind && !token.revoked)
        return token
    }
    const token = {
      token: this.#secretText(150),
      corpid,
      kind,
      expiresWireMs: now + TOKEN_LIFE_S * 1000,
      revoked: false,
    }
    this.#tokens.set(token.token, token)
    this.#world.store.put('token', token.token, token)
    return token
  }

  secondsLeft(token: Token): number {
    return Math.max(1, Math.round((token.expiresWireMs - this.#world.clock.wireMs()) / 1000))
  }

  findToken(text: string): Token | undefined {
    return this.#tokens.get(text)
  }

  isExpired(token: Token): boolean {
    return this.#world.clock.wireMs() >= token.expiresWireMs
  }

  /** The platform may take a token back early. Returns how many. */
  revoke(corpid: string): number {
    let revoked = 0
    for (const token of this.#tokens.values()) {
      if (token.corpid !== corpid || token.revoked) continue
      token.revoked = true
      this.#world.store.put('token', token.token, token)
      revoked++
    }
    return revoked
  }

  #forget(token: Token): void {
    // An expired token is kept for another life, to be answered with 42001 and not with 40014.
    if (this.#world.clock.wireMs() < token.expiresWireMs + TOKEN_LIFE_S * 1000) return
    this.#tokens.delete(token.token)
    this.#world.store.remove('token', token.token)
  }

  issueCode(code: Pick<OauthCode, 'corpid' | 'userid' | 'isCustomer' | 'scope'>): string {
    const text = this.#secretText(43)
    const expiresWireMs = this.#world.clock.wireMs() + OAUTH_CODE_LIFE_S * 1000
    this.#codes.set(text, { ...code, code: text, expiresWireMs, used: false })
    return text
  }

  /** The code itself once, then 42022; 42003 after five minutes; 40029 for what we never issued. */
  redeemCode(corpid: string, text: string): OauthCode | 40029 | 42003 | 42022 {
    const code = this.#codes.get(text)
    if (!code || code.corpid !== corpid) return 40029
    if (this.#world.clock.wireMs() >= code.expiresWireMs) return 42003
    if (code.used) return 42022
    code.used = true
    return code
  }

  issueUserTicket(corpid: string, userid: string): { ticket: string; expiresIn: number } {
    const ticket = this.#secretText(64)
    const expiresWireMs = this.#world.clock.wireMs() + USER_TICKET_LIFE_S * 1000
    this.#tickets.set(ticket, { ticket, corpid, userid, expiresWireMs })
    return { ticket, expiresIn: USER_TICKET_LIFE_S }
  }

  readUserTicket(corpid: string, text: string): Ticket | 84014 | 84015 {
    const ticket = this.#tickets.get(text)
    if (!ticket || ticket.corpid !== corpid) return 84015
    return this.#world.clock.wireMs() >= ticket.expiresWireMs ? 84014 : ticket
  }

  /** The JS-SDK ticket of a corp or an app: the same one for two hours. */
  jsTicket(corp: Corp, kind: 'corp' | 'agent'): { ticket: string; expiresIn: number } {
    const period = Math.floor(this.#world.clock.wireMs() / (TOKEN_LIFE_S * 1000))
    const prng = makePrng(corp.info.seed, hashText(corp.info.corpid), period, kind === 'corp' ? 1 : 2)
    const expiresIn = TOKEN_LIFE_S - Math.floor((this.#world.clock.wireMs() / 1000) % TOKEN_LIFE_S)
    return { ticket: prng.text(86, ID_LETTERS), expiresIn }
  }
}
