import { LocalCode, WecomError } from './errors.ts'

/** An access token or a ticket. */
export interface StoredToken {
  token: string
  /** Unix milliseconds. */
  expiresAt: number
}

/**
 * Where tokens live. All processes of an installation share one store, since WeCom keeps one token per secret and may
 * take the old one back when another is fetched. Tokens are secrets: seal them at rest.
 */
export interface TokenStore {
  /** The stored token, fresh or not. */
  read(key: string): Promise<StoredToken | undefined>
  /**
   * Replaces a token that is missing or equals `rejected`; otherwise returns the stored one without fetching. However
   * many callers in however many processes noticed the same rejected token, `fetchToken` runs once; the others wait for
   * its result. A failure of `fetchToken` is passed on and changes nothing.
   */
  refresh(key: string, rejected: string | undefined, fetchToken: () => Promise<StoredToken>): Promise<StoredToken>
}

/** A store for one process. */
export function memoryTokenStore(): TokenStore {
  const stored = new Map<string, StoredToken>()
  const fetching = new Map<string, Promise<StoredToken>>()
  return {
    read: async (key) => stored.get(key),
    async refresh(key, rejected, fetchToken) {
      const running = fetching.get(key)
      if (running !== undefined) return running
      const current = stored.get(key)
      if (current && current.token !== rejected) return current
      const fetched = fetchToken()
        .then((token) => {
          stored.set(key, token)
          return token
        })
        .finally(() => fetching.delete(key))
      fetching.set(key, fetched)
      return fetched
    },
  }
}

/** A wall clock in Unix milliseconds. */
export type Now = () => number

interface Held {
  value: StoredToken
  refreshAt: number
}

interface Breaker {
  failures: number
  /** Unix ms; until then nobody asks. */
  openUntil: number
  last: WecomError
}

const EARLY_MS = 5 * 60_000
const EARLY_SHARE = 0.1
/**
 * WeCom shuts out an address for an hour after about 2000 failing calls (staff answer in the developer community, read
 * 2026-11), and every process of an installation shares it: six tries in ten minutes leave room for three processes.
 */
const FAILURES_MAX = 3
const REFUSED_PAUSE = { firstMs: 60_000, maxMs: 10 * 60_000 }
/** A line that is down harms nobody by being tried, and a welcome has only 20 s. */
const UNREACHED_PAUSE = { firstMs: 2_000, maxMs: 60_000 }

/**
 * Hands out tokens from a store: at most one refresh in flight per key, early refresh, and a pause after three failures
 * in a row so that a wrong secret is not hammered (one probe after 1, 2, 4, 8, then every 10 minutes).
 */
export class TokenCache {
  readonly #store: TokenStore
  readonly #now: Now
  readonly #held = new Map<string, Held>()
  readonly #refreshing = new Map<string, Promise<string>>()
  readonly #breakers = new Map<string, Breaker>()

  constructor(store: TokenStore, now: Now) {
    this.#store = store
    this.#now = now
  }

  /**
   * A token other than `rejected`. A key begins with the API that fetches it. Throws the `WecomError` of the fetch, or
   * the last one again while paused.
   */
  async get(key: string, fetchToken: () => Promise<StoredToken>, rejected?: string): Promise<string> {
    const held = this.#held.get(key)
    if (held && held.value.token !== rejected && this.#now() < held.refreshAt) return held.value.token
    for (let running = this.#refreshing.get(key); running; running = this.#refreshing.get(key)) {
      const token = await running
      if (token !== rejected) return token
    }
    const refreshing = this.#obtain(key, fetchToken, rejected).finally(() => this.#refreshing.delete(key))
    this.#refreshing.set(key, refreshing)
    return refreshing
  }

  async #obtain(key: string, fetchToken: () => Promise<StoredToken>, rejected: string | undefined): Promise<string> {
    const stored = await this.#store.read(key)
    const unspoiled = stored && stored.token !== rejected && this.#now() < stored.expiresAt
    // Another process may have refreshed. Only the one whose own token grows old asks early.
    if (unspoiled && stored.token !== this.#held.get(key)?.value.token) return this.#hold(key, stored)
    const spent = rejected ?? stored?.token
    try {
      const value = await this.#refresh(key, spent, fetchToken)
      if (value.token === rejected) throw unchanged(key)
      this.#breakers.delete(key)
      return this.#hold(key, value)
    } catch (error) {
      this.#fail(key, error)
      if (unspoiled) return stored.token
      throw error
    }
  }

  async #refresh(key: string, spent: string | undefined, fetchToken: () => Promise<StoredToken>): Promise<StoredToken> {
    const guarded = () => {
      this.#pass(key)
      return fetchToken()
    }
    const value = await this.#store.refresh(key, spent, guarded)
    if (this.#now() < value.expiresAt) return value
    // The store moved on from ours to one that ran out meanwhile.
    return this.#store.refresh(key, value.token, guarded)
  }

  /** Keeps until five minutes before the end, or until a tenth is left of a short life. */
  #hold(key: string, value: StoredToken): string {
    const lifeMs = value.expiresAt - this.#now()
    this.#held.set(key, { value, refreshAt: value.expiresAt - Math.min(EARLY_MS, lifeMs * EARLY_SHARE) })
    return value.token
  }

  #pass(key: string): void {
    const breaker = this.#breakers.get(key)
    if (!breaker || this.#now() >= breaker.openUntil) return
    const { api, errcode, errmsg, outcome } = breaker.last
    throw new PausedRefresh({ api, errcode, errmsg, outcome, retryAfterMs: breaker.openUntil - this.#now() })
  }

  #fail(key: string, error: unknown): void {
    if (!(error instanceof WecomError) || error instanceof PausedRefresh) return
    const failures = (this.#breakers.get(key)?.failures ?? 0) + 1
    const unreached = error.outcome === 'retryable' && error.errcode !== LocalCode.notUnderstood
    const { firstMs, maxMs } = unreached ? UNREACHED_PAUSE : REFUSED_PAUSE
    const pauseMs = failures < FAILURES_MAX ? 0 : Math.min(firstMs * 2 ** (failures - FAILURES_MAX), maxMs)
    const openUntil = this.#now() + Math.max(pauseMs, error.retryAfterMs ?? 0)
    this.#breakers.set(key, { failures, openUntil, last: error })
  }
}

/** WeCom handed the rejected token out again: asking once more would only repeat that. */
function unchanged(key: string): WecomError {
  const errmsg = 'the platform returned the token it had rejected'
  return new WecomError({ api: key.split(' ', 1)[0]!, errcode: LocalCode.notUnderstood, errmsg, outcome: 'retryable' })
}

class PausedRefresh extends WecomError {}
