import { expect, test } from 'vitest'
import { LocalCode, WecomError } from './errors.ts'
import { memoryTokenStore, type StoredToken, TokenCache, type TokenStore } from './tokens.ts'

const KEY = 'gettoken ww app'
const HOUR = 3_600_000

/** A platform that counts its token calls, and a clock one can set. */
function aPlatform({ lifeMs = 2 * HOUR } = {}) {
  const state = { nowMs: 1_000_000, fetched: 0, answer: undefined as (() => StoredToken) | undefined }
  const fetchToken = async (): Promise<StoredToken> => {
    state.fetched++
    await new Promise((resolve) => setImmediate(resolve))
    return state.answer ? state.answer() : { token: `T${state.fetched}`, expiresAt: state.nowMs + lifeMs }
  }
  return { state, fetchToken, now: () => state.nowMs }
}

const refusal = (errcode: number, outcome: 'refused' | 'retryable', retryAfterMs?: number) => () => {
  throw new WecomError({ api: 'gettoken', errcode, errmsg: '', outcome, retryAfterMs })
}

test('a hundred callers that start together fetch one token', async () => {
  const { state, fetchToken, now } = aPlatform()
  const cache = new TokenCache(memoryTokenStore(), now)
  const tokens = await Promise.all(Array.from({ length: 100 }, () => cache.get(KEY, fetchToken)))
  expect(new Set(tokens)).toEqual(new Set(['T1']))
  expect(state.fetched).toBe(1)
})

test('within a process a crowd troubles the store once, not a hundred times', async () => {
  const { fetchToken, now } = aPlatform()
  const inner = memoryTokenStore()
  const asked = { read: 0, refresh: 0 }
  const store: TokenStore = {
    read: (key) => {
      asked.read++
      return inner.read(key)
    },
    refresh: (...request) => {
      asked.refresh++
      return inner.refresh(...request)
    },
  }
  const cache = new TokenCache(store, now)
  await Promise.all(Array.from({ length: 100 }, () => cache.get(KEY, fetchToken)))
  await Promise.all(Array.from({ length: 100 }, () => cache.get(KEY, fetchToken, 'T1')))
  expect(asked).toEqual({ read: 2, refresh: 2 })
})

test('a store fetches for a missing or the rejected token, and for no other', async () => {
  const { state, fetchToken } = aPlatform()
  const store = memoryTokenStore()
  const tokenOf = async (rejected?: string) => (await store.refresh(KEY, rejected, fetchToken)).token
  expect(await tokenOf()).toBe('T1')
  expect(await tokenOf()).toBe('T1')
  expect(await tokenOf('T0')).toBe('T1')
  expect(await tokenOf('T1')).toBe('T2')
  expect(await tokenOf('T1')).toBe('T2')
  expect(state.fetched).toBe(2)
})

test('three processes of a hundred callers each, all refused with one token, fetch one new one', async () => {
  const { state, fetchToken, now } = aPlatform()
  const store = memoryTokenStore()
  const processes = [1, 2, 3].map(() => new TokenCache(store, now))
  await Promise.all(processes.map((cache) => cache.get(KEY, fetchToken)))
  expect(state.fetched).toBe(1)
  const callers = processes.flatMap((cache) => Array.from({ length: 100 }, () => cache))
  const tokens = await Promise.all(callers.map((cache) => cache.get(KEY, fetchToken, 'T1')))
  expect(new Set(tokens)).toEqual(new Set(['T2']))
  expect(state.fetched).toBe(2)
  // Late news of the old token changes nothing.
  expect(await processes[0]!.get(KEY, fetchToken, 'T1')).toBe('T2')
  expect(state.fetched).toBe(2)
})

test('a token is kept until five minutes before its end, and a short one until its last tenth', async () => {
  for (const [lifeMs, keptMs] of [
    [2 * HOUR, 2 * HOUR - 300_000],
    [100_000, 90_000],
  ] as const) {
    const { state, fetchToken, now } = aPlatform({ lifeMs })
    const cache = new TokenCache(memoryTokenStore(), now)
    await cache.get(KEY, fetchToken)
    state.nowMs += keptMs - 1
    expect(await cache.get(KEY, fetchToken)).toBe('T1')
    state.nowMs += 1
    expect(await cache.get(KEY, fetchToken)).toBe('T2')
  }
})

test('an early refresh that fails leaves the old token in use', async () => {
  const { state, fetchToken, now } = aPlatform()
  const cache = new TokenCache(memoryTokenStore(), now)
  await cache.get(KEY, fetchToken)
  state.nowMs += 2 * HOUR - 60_000
  state.answer = refusal(LocalCode.unreachable, 'retryable')
  expect(await cache.get(KEY, fetchToken)).toBe('T1')
  state.nowMs += 60_000
  await expect(cache.get(KEY, fetchToken)).rejects.toMatchObject({ errcode: LocalCode.unreachable })
})

test('a platform that returns the same token while it lives is not asked on every call near its end', async () => {
  const { state, fetchToken, now } = aPlatform()
  const endsAt = state.nowMs + 2 * HOUR
  state.answer = () => ({ token: 'SAME', expiresAt: endsAt })
  const cache = new TokenCache(memoryTokenStore(), now)
  await cache.get(KEY, fetchToken)
  for (state.nowMs = endsAt - 300_000; state.nowMs < endsAt; state.nowMs += 1_000) await cache.get(KEY, fetchToken)
  expect(state.fetched).toBeLessThanOrEqual(5)
})

test('a token another process fetched is taken over without a fetch', async () => {
  const { state, fetchToken, now } = aPlatform()
  const store = memoryTokenStore()
  const [first, second] = [new TokenCache(store, now), new TokenCache(store, now)]
  await first.get(KEY, fetchToken)
  expect(await second.get(KEY, fetchToken)).toBe('T1')
  state.nowMs += 2 * HOUR - 300_000
  expect(await second.get(KEY, fetchToken)).toBe('T2')
  expect(await first.get(KEY, fetchToken)).toBe('T2')
  expect(state.fetched).toBe(2)
})

test('a store whose newer token has run out too is refreshed again', async () => {
  const { state, fetchToken, now } = aPlatform()
  const store = memoryTokenStore()
  const sleeper = new TokenCache(store, now)
  await sleeper.get(KEY, fetchToken)
  await new TokenCache(store, now).get(KEY, fetchToken, 'T1')
  state.nowMs += 3 * HOUR
  expect(await sleeper.get(KEY, fetchToken, 'T1')).toBe('T3')
})

test('a wrong secret costs at most 6 token calls in ten minutes of constant calling', async () => {
  const { state, fetchToken, now } = aPlatform()
  state.answer = refusal(40001, 'refused')
  const cache = new TokenCache(memoryTokenStore(), now)
  const endsAt = state.nowMs + 600_000
  for (; state.nowMs < endsAt; state.nowMs += 100) {
    await expect(cache.get(KEY, fetchToken)).rejects.toMatchObject({ errcode: 40001, outcome: 'refused' })
  }
  expect(state.fetched).toBe(6)
  state.answer = undefined
  state.nowMs += 600_000
  expect(await cache.get(KEY, fetchToken)).toBe('T7')
})

test('a paused refresh says when it will be tried again', async () => {
  const { state, fetchToken, now } = aPlatform()
  state.answer = refusal(40001, 'refused')
  const cache = new TokenCache(memoryTokenStore(), now)
  for (let call = 0; call < 3; call++) await cache.get(KEY, fetchToken).catch(() => undefined)
  state.nowMs += 15_000
  await expect(cache.get(KEY, fetchToken)).rejects.toMatchObject({ retryAfterMs: 45_000 })
  expect(state.fetched).toBe(3)
})

test('a line that is down is tried again within seconds: a welcome cannot wait a minute', async () => {
  const { state, fetchToken, now } = aPlatform()
  state.answer = refusal(LocalCode.unreachable, 'retryable')
  const cache = new TokenCache(memoryTokenStore(), now)
  for (let call = 0; call < 3; call++) await cache.get(KEY, fetchToken).catch(() => undefined)
  state.answer = undefined
  await expect(cache.get(KEY, fetchToken)).rejects.toMatchObject({ errcode: LocalCode.unreachable })
  state.nowMs += 2_000
  expect(await cache.get(KEY, fetchToken)).toBe('T4')
})

test('after 45009 the token is not asked for until the window ends', async () => {
  const { state, fetchToken, now } = aPlatform()
  state.answer = refusal(45009, 'retryable', HOUR)
  const cache = new TokenCache(memoryTokenStore(), now)
  await cache.get(KEY, fetchToken).catch(() => undefined)
  state.answer = undefined
  state.nowMs += HOUR - 1
  await expect(cache.get(KEY, fetchToken)).rejects.toMatchObject({ errcode: 45009 })
  state.nowMs += 1
  expect(await cache.get(KEY, fetchToken)).toBe('T2')
})

test('a platform that hands the refused token out again is not asked once per call', async () => {
  const { state, fetchToken, now } = aPlatform()
  state.answer = () => ({ token: 'STUCK', expiresAt: state.nowMs + 2 * HOUR })
  const cache = new TokenCache(memoryTokenStore(), now)
  await cache.get(KEY, fetchToken)
  for (let call = 0; call < 50; call++) {
    await expect(cache.get(KEY, fetchToken, 'STUCK')).rejects.toMatchObject({ outcome: 'retryable' })
  }
  expect(state.fetched).toBe(1 + 3)
})

test('keys do not share tokens or failures', async () => {
  const { state, fetchToken, now } = aPlatform()
  const cache = new TokenCache(memoryTokenStore(), now)
  state.answer = refusal(40001, 'refused')
  for (let call = 0; call < 3; call++) await cache.get(KEY, fetchToken).catch(() => undefined)
  state.answer = undefined
  expect(await cache.get('gettoken ww2 app', fetchToken)).toBe('T4')
  await expect(cache.get(KEY, fetchToken)).rejects.toMatchObject({ errcode: 40001 })
})

test('trouble of the store itself is passed on and opens no breaker', async () => {
  const { fetchToken, now } = aPlatform()
  let reads = 0
  const store = memoryTokenStore()
  const flaky: TokenStore = {
    ...store,
    read: async (key) => (++reads <= 5 ? Promise.reject(new Error('store down')) : store.read(key)),
  }
  const cache = new TokenCache(flaky, now)
  for (let call = 0; call < 5; call++) await expect(cache.get(KEY, fetchToken)).rejects.toThrow('store down')
  expect(await cache.get(KEY, fetchToken)).toBe('T1')
})
