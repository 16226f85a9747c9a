import { expect, test } from 'vitest'
import { Clock } from './clock.ts'

function aClock() {
  const real = { ms: 1_000_000 }
  return { real, clock: new Clock(undefined, { startAtMs: 0, real: () => real.ms }) }
}

test('speed multiplies the world’s time and leaves wire time alone', () => {
  const { real, clock } = aClock()
  clock.set({ speed: 3600 })
  real.ms += 1000
  expect([clock.virtualMs(), clock.wireMs()]).toEqual([3_600_000, 1000])
})

test('a jump moves both', () => {
  const { real, clock } = aClock()
  clock.set({ jumpSeconds: 20 })
  real.ms += 5
  expect([clock.virtualMs(), clock.wireMs()]).toEqual([20_005, 20_005])
})

test('a pause stops both, and going on loses nothing', () => {
  const { real, clock } = aClock()
  real.ms += 10
  clock.set({ paused: true })
  real.ms += 60_000
  expect([clock.virtualMs(), clock.wireMs()]).toEqual([10, 10])
  clock.set({ paused: false })
  real.ms += 5
  expect([clock.virtualMs(), clock.wireMs()]).toEqual([15, 15])
})

test('changing the speed does not rewrite the past', () => {
  const { real, clock } = aClock()
  real.ms += 1000
  clock.set({ speed: 60 })
  real.ms += 1000
  clock.set({ speed: 1 })
  real.ms += 1000
  expect(clock.virtualMs()).toBe(1000 + 60_000 + 1000)
})

test('after a restart the time off counts at ordinary speed, and not at all when paused', () => {
  const { real, clock } = aClock()
  clock.set({ speed: 3600 })
  real.ms += 1000
  const stored = clock.snapshot()
  real.ms += 10_000
  const again = new Clock(stored, { real: () => real.ms })
  expect([again.virtualMs(), again.wireMs(), again.speed]).toEqual([3_600_000 + 10_000, 11_000, 3600])

  again.set({ paused: true })
  const paused = again.snapshot()
  real.ms += 10_000
  expect(new Clock(paused, { real: () => real.ms }).virtualMs()).toBe(paused.virtualMs)
})
