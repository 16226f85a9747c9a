import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LocalCode, WecomError } from './errors.ts'
import { createLimiter, type Lane, type LimitClock, type LimiterOptions } from './limits.ts'

/** A clock that moves only when told, waking sleepers in order. */
class HandClock implements LimitClock {
  nowMs = 0
  #sleepers: { at: number; wake: () => void }[] = []
  monotonicMs = () => this.nowMs
  wallMs = () => Date.UTC(2026, 10, 23) + this.nowMs
  sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      this.#sleepers.push({ at: this.nowMs + ms, wake: resolve })
      signal?.addEventListener('abort', () => reject(signal.reason))
    })

  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      this.#sleepers.sort((a, b) => a.at - b.at)
      const next = this.#sleepers[0]
      if (!next || next.at > end) break
      this.#sleepers.shift()
      this.nowMs = Math.max(this.nowMs, next.at)
      next.wake()
    }
    this.nowMs = end
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const call = (api = 'externalcontact/get', lane: Lane = 'normal', corpId = 'ww1') => ({ corpId, api, lane })
const refusal = (errcode: number, api = 'externalcontact/get') =>
  new WecomError({ api, errcode, errmsg: '', outcome: 'retryable' })
const failing = (errcode: number) => async () => {
  throw refusal(errcode)
}
const errcodeOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => 0,
    (error: unknown) => (error instanceof WecomError ? error.errcode : Promise.reject(error)),
  )

function aLimiter(options: LimiterOptions = {}) {
  const clock = new HandClock()
  return { clock, limiter: createLimiter({ clock, ...options }) }
}

test('in no window of a minute or an hour do more calls start than allowed, whatever the demand', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ gapMs: fc.nat(20_000), calls: fc.nat(12), lane: fc.constantFrom<Lane>('normal', 'welcome') }),
        { maxLength: 60 },
      ),
      async (demand) => {
        const { clock, limiter } = aLimiter({
          corpPerMinute: 20,
          corpPerHour: 60,
          waitMsMax: 30_000,
          concurrency: 1_000,
        })
        const started: number[] = []
        const under: Promise<unknown>[] = []
        for (const { gapMs, calls, lane } of demand) {
          for (let n = 0; n < calls; n++) {
            under.push(errcodeOf(limiter.run(call(undefined, lane), async () => void started.push(clock.nowMs))))
          }
          await clock.advance(gapMs)
        }
        await clock.advance(3_600_000)
        await Promise.all(under)
        started.sort((a, b) => a - b)
        const most = (windowMs: number) =>
          Math.max(0, ...started.map((from) => started.filter((at) => at >= from && at < from + windowMs).length))
        expect(most(60_000)).toBeLessThanOrEqual(20)
        expect(most(3_600_000)).toBeLessThanOrEqual(60)
      },
    ),
    { numRuns: 60 },
  )
})

test('corps and APIs have buckets of their own; the address has one for each API', async () => {
  const { limiter } = aLimiter({ corpPerMinute: 4, addressPerMinute: 6, welcomeShare: 0, waitMsMax: 0 })
  const tries = (count: number, corpId: string, api?: string) =>
    Promise.all(
      Array.from({ length: count }, () => errcodeOf(limiter.run(call(api, 'normal', corpId), async () => undefined))),
    )
  expect(await tries(3, 'ww1')).toEqual([0, 0, LocalCode.heldBack]) // half of the four may start at once
  expect(await tries(3, 'ww2')).toEqual([0, LocalCode.heldBack, LocalCode.heldBack]) // half of the address’s six
  expect(await tries(2, 'ww2', 'user/get')).toEqual([0, 0])
})

test('normal calls cannot drain what the welcome lane keeps', async () => {
  const { limiter } = aLimiter({ corpPerMinute: 100, addressPerMinute: 1_000, waitMsMax: 0 })
  const run = (lane: Lane) => errcodeOf(limiter.run(call('send', lane), async () => undefined))
  const normal = await Promise.all(Array.from({ length: 60 }, () => run('normal')))
  expect(normal.filter((code) => code === 0)).toHaveLength(45)
  const welcome = await Promise.all(Array.from({ length: 10 }, () => run('welcome')))
  expect(welcome.filter((code) => code === 0)).toHaveLength(5)
})

test('a call waits its turn if that comes soon, and is told when to come back if not', async () => {
  const { clock, limiter } = aLimiter({ corpPerMinute: 4, welcomeShare: 0, waitMsMax: 30_000 })
  const started: number[] = []
  const run = () => errcodeOf(limiter.run(call(), async () => void started.push(clock.nowMs)))
  const all = Promise.all([run(), run(), run(), run()])
  await clock.advance(60_000)
  // Two at once, then one every 30 s; the fourth would have waited 60 s.
  expect(await all).toEqual([0, 0, 0, LocalCode.heldBack])
  expect(started).toEqual([0, 0, 30_000])
  const { limiter: strict } = aLimiter({ corpPerMinute: 2, welcomeShare: 0, waitMsMax: 0 })
  await strict.run(call(), async () => undefined)
  await expect(strict.run(call(), async () => undefined)).rejects.toMatchObject({
    outcome: 'retryable',
    retryAfterMs: 60_000,
  })
})

test('after 45009 the API rests for 60 s, then for 60 min if the first call after that is refused too', async () => {
  const { clock, limiter } = aLimiter()
  await expect(limiter.run(call(), failing(45009))).rejects.toMatchObject({ errcode: 45009, retryAfterMs: 60_000 })
  let sent = 0
  const run = async () => errcodeOf(limiter.run(call(), async () => void sent++))
  clock.nowMs += 54_000
  expect(await run()).toBe(LocalCode.heldBack)
  expect(sent).toBe(0)
  clock.nowMs += 6_000
  await expect(limiter.run(call(), failing(45009))).rejects.toMatchObject({ retryAfterMs: 3_600_000 })
  clock.nowMs += 3_594_000
  expect(await run()).toBe(LocalCode.heldBack)
  clock.nowMs += 6_000
  expect(await run()).toBe(0)
  // It worked, so the next refusal is a minute's again.
  await expect(limiter.run(call(), failing(45009))).rejects.toMatchObject({ retryAfterMs: 60_000 })
})

test('a pause closes the one API of the one corp', async () => {
  const { limiter } = aLimiter()
  await limiter.run(call('a'), failing(45009)).catch(() => undefined)
  expect(await errcodeOf(limiter.run(call('a'), async () => undefined))).toBe(LocalCode.heldBack)
  expect(await errcodeOf(limiter.run(call('b'), async () => undefined))).toBe(0)
  expect(await errcodeOf(limiter.run(call('a', 'normal', 'ww2'), async () => undefined))).toBe(0)
})

test('a crowd refused together counts as one refusal, and those still waiting are not sent', async () => {
  const { clock, limiter } = aLimiter({ concurrency: 3, welcomeConcurrency: 0 })
  let sent = 0
  const refuseLate = async () => {
    sent++
    await clock.sleep(10)
    throw refusal(45009)
  }
  const results = Promise.all(Array.from({ length: 8 }, () => errcodeOf(limiter.run(call(), refuseLate))))
  await clock.advance(100)
  expect((await results).filter((code) => code === 45009)).toHaveLength(3)
  expect(sent).toBe(3)
  clock.nowMs += 60_000
  expect(await errcodeOf(limiter.run(call(), async () => undefined))).toBe(0)
})

test('45033 halves the calls under way, once per crowd, and calm brings them back', async () => {
  const { clock, limiter } = aLimiter({ concurrency: 16, welcomeConcurrency: 0 })
  let running = 0
  let most = 0
  const work =
    (errcode = 0) =>
    async () => {
      most = Math.max(most, ++running)
      await clock.sleep(10)
      running--
      if (errcode) throw refusal(errcode)
    }
  const crowd = async (count: number, errcode = 0) => {
    most = 0
    const all = Promise.all(Array.from({ length: count }, () => errcodeOf(limiter.run(call(), work(errcode)))))
    await clock.advance(2_000)
    await all
    return most
  }
  expect(await crowd(32)).toBe(16)
  expect(await crowd(16, 45033)).toBe(16)
  expect(await crowd(16)).toBe(8)
  await crowd(399)
  expect(await crowd(32)).toBe(16)
})

test('the welcome lane finds a free slot when normal calls fill theirs, and goes first when none is', async () => {
  const { clock, limiter } = aLimiter({ concurrency: 4, welcomeConcurrency: 1 })
  const started: string[] = []
  const run = (name: string, lane: Lane) =>
    limiter.run(call('x', lane), async () => {
      started.push(name)
      await clock.sleep(10)
    })
  const all = Promise.all([
    ...['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => run(name, 'normal')),
    run('w1', 'welcome'),
    run('w2', 'welcome'),
  ])
  await clock.advance(5)
  expect(started).toEqual(['n1', 'n2', 'n3', 'w1'])
  await clock.advance(5)
  expect(started[4]).toBe('w2')
  await clock.advance(100)
  await all
})

test('who waits too long for a slot is held back, and leaves the line', async () => {
  const { clock, limiter } = aLimiter({ concurrency: 1, welcomeConcurrency: 0, waitMsMax: 1_000 })
  const first = limiter.run(call(), () => clock.sleep(5_000))
  const second = errcodeOf(limiter.run(call(), async () => undefined))
  await clock.advance(1_000)
  expect(await second).toBe(LocalCode.heldBack)
  await clock.advance(4_000)
  await first
  expect(await errcodeOf(limiter.run(call(), async () => undefined))).toBe(0)
})

test('30 minutes at three times the real limit against a platform that enforces it: at most 3 refusals', async () => {
  // The platform’s fixed windows, divided by ten to keep the test short; so are our limits.
  const { clock, limiter } = aLimiter({
    waitMsMax: 0,
    corpPerMinute: 900,
    corpPerHour: 13_500,
    addressPerMinute: 1_800,
    addressPerHour: 54_000,
  })
  const windows = new Map<number, number>()
  let refused = 0
  let sent = 0
  const platform = async () => {
    sent++
    for (const [sizeMs, limit] of [
      [60_000, 1_000],
      [3_600_000, 15_000],
    ] as const) {
      const key = sizeMs + Math.floor(clock.nowMs / sizeMs)
      windows.set(key, (windows.get(key) ?? 0) + 1)
      if (windows.get(key)! > limit) {
        refused++
        throw refusal(45009)
      }
    }
  }
  for (let second = 0; second < 1_800; second++) {
    for (let n = 0; n < 50; n++) await errcodeOf(limiter.run(call(), platform))
    clock.nowMs += 1_000
  }
  expect(refused).toBeLessThanOrEqual(3)
  expect(sent).toBeGreaterThan(7_000)
})

test('who gives up while waiting, for its turn or for a slot, is not sent and leaves the line', async () => {
  const { clock, limiter } = aLimiter({
    corpPerMinute: 4,
    welcomeShare: 0,
    waitMsMax: 60_000,
    concurrency: 1,
    welcomeConcurrency: 0,
  })
  const controller = new AbortController()
  let sent = 0
  const first = limiter.run(call(), () => clock.sleep(10_000))
  const giveUp = (api?: string) =>
    errcodeOf(limiter.run({ ...call(api), signal: controller.signal }, async () => void sent++))
  const forSlot = [giveUp(), giveUp('other')]
  const forTurn = giveUp()
  await clock.advance(1_000)
  controller.abort()
  expect(await Promise.all([...forSlot, forTurn])).toEqual([
    LocalCode.cancelled,
    LocalCode.cancelled,
    LocalCode.cancelled,
  ])
  await clock.advance(9_000)
  await first
  expect(sent).toBe(0)
  expect(await errcodeOf(limiter.run(call('other'), async () => void sent++))).toBe(0)
})
