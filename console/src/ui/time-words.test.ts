import { expect, test } from 'vitest'
import { sayAgo, sayDay, sayDayHeading, sayMoment, saySpan, shanghaiDay, shanghaiDayNumber } from './time-words.ts'

/** An instant by Shanghai's wall clock. */
const at = (text: string) => new Date(`${text}+08:00`)
const now = at('2026-11-22T16:21:30')

test('says the distance in the unit a person would use', () => {
  expect(sayAgo(at('2026-11-22T16:20:31'), now, 'zh')).toBe('刚刚')
  expect(sayAgo(at('2026-11-22T16:20:30'), now, 'zh')).toBe('1 分钟前')
  expect(sayAgo(at('2026-11-22T15:21:31'), now, 'zh')).toBe('59 分钟前')
  expect(sayAgo(at('2026-11-22T15:21:30'), now, 'zh')).toBe('1 小时前')
})

test('yesterday begins at midnight in Shanghai, not 24 hours ago', () => {
  const early = at('2026-11-22T00:30:00')
  expect(sayAgo(at('2026-11-22T00:00:00'), early, 'zh')).toBe('30 分钟前')
  expect(sayAgo(at('2026-11-21T23:20:00'), early, 'zh')).toBe('昨天 23:20')
  expect(sayAgo(at('2026-11-21T00:00:00'), early, 'zh')).toBe('昨天 00:00')
  expect(sayAgo(at('2026-11-20T23:59:59'), early, 'zh')).toBe('11月20日')
})

test('a clock a little ahead is 刚刚; one far ahead is told in full, never as a negative age', () => {
  expect(sayAgo(at('2026-11-22T16:22:00'), now, 'zh')).toBe('刚刚')
  expect(sayAgo(at('2026-11-22T18:00:00'), now, 'zh')).toBe('18:00')
})

test('names the year only when it is another one', () => {
  expect(sayDay(at('2026-01-01T00:00:00'), now, 'zh')).toBe('1月1日')
  expect(sayDay(at('2025-12-31T23:59:59'), now, 'zh')).toBe('2025年12月31日')
  expect(sayDay(at('2025-12-31T23:59:59'), now, 'en')).toBe('Dec 31, 2025')
})

test('moments and headings of a journal', () => {
  expect(sayMoment(at('2026-11-22T09:02:00'), now, 'zh')).toBe('09:02')
  expect(sayMoment(at('2026-11-21T21:33:00'), now, 'zh')).toBe('昨天 21:33')
  expect(sayMoment(at('2026-11-19T20:47:00'), now, 'zh')).toBe('11月19日 20:47')
  expect(sayDayHeading(at('2026-11-22T00:00:00'), now, 'zh')).toBe('今天')
  expect(sayDayHeading(at('2026-11-21T00:00:00'), now, 'zh')).toBe('昨天')
  expect(sayDayHeading(at('2026-10-14T15:30:00'), now, 'zh')).toBe('10月14日')
})

test('a day is Shanghai’s whatever the zone of the browser', () => {
  expect(shanghaiDay(new Date('2026-11-21T16:00:00Z'))).toBe('2026-11-22')
  expect(shanghaiDay(new Date('2026-11-21T15:59:59Z'))).toBe('2026-11-21')
  expect(
    shanghaiDayNumber(new Date('2026-11-21T16:00:00Z')) - shanghaiDayNumber(new Date('2026-11-21T15:59:59Z')),
  ).toBe(1)
})

test('spans keep one decimal below ten seconds and one unit above', () => {
  expect(saySpan(49, 'zh')).toBe('不到 0.1 秒')
  expect(saySpan(2_130, 'zh')).toBe('2.1 秒')
  expect(saySpan(11_400, 'zh')).toBe('11 秒')
  expect(saySpan(42 * 60_000, 'zh')).toBe('42 分钟')
  expect(saySpan(25 * 3_600_000, 'en')).toBe('1 d')
})
