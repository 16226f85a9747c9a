import { expect, test } from 'vitest'
import { monthGrid, shiftMonth } from './month-grid.ts'

test('a month’s weeks begin on Mondays, hold every day of it once, and no week of another month alone', () => {
  for (let month = 0; month < 60; month++) {
    const day = shiftMonth('2026-01-15', month)
    const weeks = monthGrid(day)
    const days = weeks.flat()
    expect(new Set(days).size).toBe(days.length)
    const own = days.filter((one) => one.startsWith(day.slice(0, 7)))
    expect(own.length).toBe(new Date(Date.UTC(+day.slice(0, 4), +day.slice(5, 7), 0)).getUTCDate())
    expect(weeks.every((week) => week.length === 7 && week.some((one) => own.includes(one)))).toBe(true)
    expect(weeks.every(([monday]) => new Date(`${monday}T00:00:00Z`).getUTCDay() === 1)).toBe(true)
  }
})

test('a month further on the 31st is the last of a shorter month', () => {
  expect(shiftMonth('2026-01-31', 1)).toBe('2026-02-28')
  expect(shiftMonth('2026-01-31', -2)).toBe('2025-11-30')
  expect(shiftMonth('2026-12-05', 1)).toBe('2027-01-05')
})
