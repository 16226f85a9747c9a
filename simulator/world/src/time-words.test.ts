import { expect, test } from 'vitest'
import { chatTimeOf, dayOf, knownFor, minuteOf, secondOf, secondsOf, separatorOf } from './time-words.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)

test('the world is told in Shanghai time, whatever the machine’s zone', () => {
  expect(secondOf(Date.parse('2026-11-22T16:04:09Z'))).toBe('00:04:09')
  expect(dayOf(Date.parse('2026-11-22T15:59:59Z'))).toBe('11月22日 周日')
  expect(dayOf(Date.parse('2026-11-22T16:00:00Z'))).toBe('11月23日 周一')
})

test('a list says the minute today, 昨天 by the calendar and not by 24 hours, then the day, then the year', () => {
  const now = at('2026-11-22T00:30:00')
  expect(chatTimeOf(at('2026-11-22T00:01:00'), now)).toBe('00:01')
  expect(chatTimeOf(at('2026-11-21T23:59:00'), now)).toBe('昨天')
  expect(chatTimeOf(at('2026-11-20T23:59:00'), now)).toBe('11月20日')
  expect(chatTimeOf(at('2025-11-22T08:00:00'), now)).toBe('2025年11月22日')
})

test('a message from a moment ahead of our clock is today’s, not in the past', () => {
  expect(chatTimeOf(at('2026-11-22T10:00:01'), at('2026-11-22T10:00:00'))).toBe('10:00')
})

test('separators carry the minute once', () => {
  const now = at('2026-11-22T12:00:00')
  expect(separatorOf(at('2026-11-22T11:05:00'), now)).toBe('11:05')
  expect(separatorOf(at('2026-11-21T18:20:00'), now)).toBe('昨天 18:20')
  expect(minuteOf(at('2026-11-21T18:20:00'))).toBe('18:20')
})

test('how long a customer is known is said in the largest whole unit', () => {
  const now = at('2026-11-22T12:00:00')
  expect(knownFor(at('2026-11-22T01:00:00'), now)).toBe('今天加的')
  expect(knownFor(at('2026-11-21T23:00:00'), now)).toBe('昨天加的')
  expect(knownFor(at('2026-11-15T01:00:00'), now)).toBe('7 天')
  expect(knownFor(at('2026-08-15T01:00:00'), now)).toBe('3 个月')
  expect(knownFor(at('2025-11-22T01:00:00'), now)).toBe('1 年')
})

test('seconds have one decimal, and none when whole', () => {
  expect(secondsOf(1234)).toBe('1.2 秒')
  expect(secondsOf(20_000)).toBe('20 秒')
})
