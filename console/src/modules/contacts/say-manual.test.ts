import { expect, test } from 'vitest'
import { findHabit } from './say-manual.ts'

const week = (...deeds: [weekday: number, hour: number, times: number][]) => {
  const hours = Array.from({ length: 168 }, () => 0)
  for (const [weekday, hour, times] of deeds) hours[weekday * 24 + hour]! += times
  return hours
}

test('the three hours and the day somebody is about most are said with their share; of four deeds nothing is', () => {
  expect(findHabit(week([6, 20, 3], [2, 22, 1]))).toBeUndefined()
  expect(findHabit(week([6, 20, 3], [2, 22, 1], [0, 9, 1]))).toEqual({
    from: 20,
    to: 23,
    weekday: 6,
    share: 0.8,
    of: 5,
  })
  expect(findHabit(week([1, 23, 5]))).toEqual({ from: 21, to: 24, weekday: 1, share: 1, of: 5 })
})
