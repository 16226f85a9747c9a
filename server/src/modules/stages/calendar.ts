import { addDays, DAY_MS, dayStart, minuteOf, shanghaiDay, shanghaiMs, weekdayOf } from '../../platform/shanghai.ts'
import type { Calendar } from './schema.ts'

const MINUTE_MS = 60_000
/** Monday is day 4 of the calendar of days since 1970-01-01, a Thursday. */
const FIRST_MONDAY = 4

/** Monday to Friday, nine to six. */
export const USUAL: Calendar = { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', holidays: [], workdays: [] }

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS

/** How long one working day is. */
export const dayMs = ({ from, to }: Calendar): number => (minuteOf(to) - minuteOf(from)) * MINUTE_MS

/** Whether it is worked on that day: holidays and 调休 are days of their own. */
export const isWorkday = ({ weekdays, holidays, workdays }: Calendar, day: string): boolean =>
  workdays.includes(day) || (weekdays.includes(weekdayOf(day)) && !holidays.includes(day))

/** Working time passed since some day long ago: the difference of two is what lies between. */
function workedUntil(calendar: Calendar, at: Date): number {
  const day = shanghaiDay(at)
  const passed = (shanghaiMs(at) % DAY_MS) - minuteOf(calendar.from) * MINUTE_MS
  const today = isWorkday(calendar, day) ? Math.min(Math.max(passed, 0), dayMs(calendar)) : 0
  return workdaysBefore(calendar, day) * dayMs(calendar) + today
}

/** Counted by whole weeks, then put right by the days that are not as their weekday is. */
function workdaysBefore(calendar: Calendar, day: string): number {
  const { weekdays, holidays, workdays } = calendar
  const days = dayNumber(day) - FIRST_MONDAY
  const begun = weekdays.filter((weekday) => weekday <= days % 7).length
  const usual = Math.floor(days / 7) * weekdays.length + begun
  const before = (all: readonly string[], usually: boolean) =>
    all.filter((one) => one < day && weekdays.includes(weekdayOf(one)) === usually).length
  const closed = before(
    holidays.filter((one) => !workdays.includes(one)),
    true,
  )
  return usual - closed + before(workdays, false)
}

/** Working time between two instants. */
export const workedBetween = (calendar: Calendar, from: Date, until: Date): number =>
  Math.max(0, workedUntil(calendar, until) - workedUntil(calendar, from))

/** The first instant by which so much working time has passed since `from`. */
export function addWorked(calendar: Calendar, from: Date, ms: number): Date {
  if (ms <= 0) return from
  const wanted = workedUntil(calendar, from) + ms
  const startOf = (days: number) => dayStart(addDays(shanghaiDay(from), days))
  let [low, high] = [0, 8] // by the start of day `low` it has not passed, by that of `high` it has
  while (workedUntil(calendar, startOf(high)) < wanted) [low, high] = [high, high * 2]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (workedUntil(calendar, startOf(middle)) < wanted) low = middle
    else high = middle
  }
  const left = wanted - workedUntil(calendar, startOf(low))
  return new Date(startOf(low).getTime() + minuteOf(calendar.from) * MINUTE_MS + left)
}
