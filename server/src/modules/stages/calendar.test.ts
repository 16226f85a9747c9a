import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, dayStart, shanghaiDay, shanghaiTime } from '../../platform/shanghai.ts'
import { addWorked, dayMs, USUAL, workedBetween } from './calendar.ts'
import { Calendar } from './schema.ts'

const MINUTE = 60_000
const START = '2026-09-26' // a week before the long holiday of October

/** Whether somebody is at work in the minute that begins then, as one would say it. */
function worksAt(calendar: Calendar, at: Date): boolean {
  const [day = '', time = ''] = shanghaiTime(at).split(' ')
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7
  const open =
    calendar.workdays.includes(day) || (calendar.weekdays.includes(weekday) && !calendar.holidays.includes(day))
  return open && time >= calendar.from && time < calendar.to
}

const days = fc.integer({ min: 0, max: 20 }).map((n) => addDays(START, n))
const clocks = fc
  .integer({ min: 0, max: 23 * 60 + 59 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
const calendars = fc
  .record({
    weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    hours: fc.uniqueArray(clocks, { minLength: 2, maxLength: 2 }).map((both) => both.sort()),
    holidays: fc.array(days, { maxLength: 9 }),
    workdays: fc.array(days, { maxLength: 4 }),
  })
  .map(({ hours: [from, to], ...rest }) => Calendar.parse({ ...rest, from, to }))
const minutes = fc.integer({ min: 0, max: 20 * 24 * 60 }).map((m) => new Date(dayStart(START).getTime() + m * MINUTE))

test('working time between any two instants is what a count minute by minute finds, whatever the hours, holidays and days made up for', () => {
  let counted = 0
  fc.assert(
    fc.property(calendars, minutes, minutes, (calendar, one, other) => {
      const [from, until] = one <= other ? [one, other] : [other, one]
      let sum = 0
      for (let at = from.getTime(); at < until.getTime(); at += MINUTE)
        if (worksAt(calendar, new Date(at))) sum += MINUTE
      expect(workedBetween(calendar, from, until)).toBe(sum)
      counted += sum / MINUTE
    }),
    { numRuns: 120 },
  )
  expect(counted).toBeGreaterThan(100_000)
})

test('so much working time after an instant is the first minute by which a count has it', () => {
  fc.assert(
    fc.property(calendars, minutes, fc.integer({ min: 1, max: 400 }), (calendar, from, hundredths) => {
      const wanted = Math.max(1, Math.round((hundredths * dayMs(calendar)) / MINUTE / 100))
      const due = addWorked(calendar, from, wanted * MINUTE)
      let [left, at] = [wanted, from.getTime()]
      for (; left > 0; at += MINUTE) if (worksAt(calendar, new Date(at))) left--
      expect(due.toISOString()).toBe(new Date(at).toISOString())
    }),
    { numRuns: 80 },
  )
})

test('three working days from a Thursday afternoon over a long holiday end the day work is as long again', () => {
  const calendar: Calendar = {
    ...USUAL,
    holidays: Array.from({ length: 7 }, (_, i) => addDays('2026-10-01', i)),
    workdays: ['2026-10-10'],
  }
  const due = addWorked(calendar, new Date('2026-09-30T08:00:00Z'), 3 * dayMs(calendar)) // Wednesday, four o'clock
  expect(shanghaiTime(due)).toBe('2026-10-10 16:00')
  expect(shanghaiDay(addWorked(USUAL, new Date('2026-09-30T08:00:00Z'), 3 * dayMs(USUAL)))).toBe('2026-10-05')
})

test('two years and a hundred working days on, it is still found', () => {
  const from = new Date('2024-01-01T02:00:00Z')
  const due = addWorked(USUAL, from, 600 * dayMs(USUAL))
  expect(workedBetween(USUAL, from, due)).toBe(600 * dayMs(USUAL))
  expect(workedBetween(USUAL, from, new Date(due.getTime() - 1))).toBeLessThan(600 * dayMs(USUAL))
})
