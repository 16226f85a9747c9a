import { expect, test } from 'vitest'
import { ApiFailure } from './errors.ts'
import { Rates } from './rates.ts'

function clocked() {
  const clock = { ms: 0 }
  const rates = new Rates(() => clock.ms)
  /** How many of `count` calls pass. */
  const call = (count: number, { corpid = 'ww1', ip = '1.1.1.1', path = 'a' } = {}) => {
    let passed = 0
    for (let i = 0; i < count; i++) {
      try {
        rates.check(corpid, ip, path)
        passed++
      } catch (error) {
        if (!(error instanceof ApiFailure) || error.errcode !== 45009) throw error
      }
    }
    return passed
  }
  return { clock, call, rates }
}

test('ten thousand calls a minute of one corp to one API, then nothing for a minute', () => {
  const { clock, call } = clocked()
  expect(call(10_001)).toBe(10_000)
  clock.ms = 59_999
  expect(call(1)).toBe(0)
  clock.ms = 60_001
  expect(call(1)).toBe(1)
})

test('another API and another corp are not touched', () => {
  const { call } = clocked()
  call(10_001)
  expect([call(1, { path: 'b' }), call(1, { corpid: 'ww2' })]).toEqual([1, 1])
})

test('one IP has 20 000 a minute over all corps', () => {
  const { call } = clocked()
  expect([call(10_000, { corpid: 'ww1' }), call(10_000, { corpid: 'ww2' }), call(1, { corpid: 'ww3' })]).toEqual([
    10_000, 10_000, 0,
  ])
  expect(call(1, { corpid: 'ww3', ip: '2.2.2.2' })).toBe(1)
})

test('150 000 in an hour block for an hour', () => {
  const { clock, call } = clocked()
  let passed = 0
  for (let minute = 0; minute < 16; minute++) {
    clock.ms = minute * 61_000
    passed += call(9_900)
  }
  expect(passed).toBe(150_000)
  clock.ms += 59 * 60_000
  expect(call(1)).toBe(0)
  clock.ms += 2 * 60_000
  expect(call(1)).toBe(1)
})
