import { addDays, clockOn, shanghaiDay, shanghaiTime } from '../../platform/shanghai.ts'
import { isWorkday } from '../stages/calendar.ts'
import type { Calendar } from '../stages/schema.ts'
import type { Policy } from './schema.ts'

/** The longest a holiday may keep us from everybody; beyond it the calendar is wrong. */
const DAYS_AHEAD = 400

/** Whether people may be written to at an instant. */
export function mayTouchAt(policy: Policy, calendar: Calendar, at: Date): boolean {
  const hours = hoursOn(policy, calendar, shanghaiDay(at))
  const clock = shanghaiTime(at).slice(11)
  return hours !== null && clock >= hours.from && clock < hours.to
}

/** The first instant from `at` on when people may be written to; undefined: not within a year. */
export function nextTouchAt(policy: Policy, calendar: Calendar, at: Date): Date | undefined {
  if (mayTouchAt(policy, calendar, at)) return at
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead++) {
    const day = addDays(shanghaiDay(at), ahead)
    const hours = hoursOn(policy, calendar, day)
    if (!hours) continue
    const opens = clockOn(day, hours.from)
    if (opens >= at) return opens
  }
  return undefined
}

function hoursOn({ hours }: Policy, calendar: Calendar, day: string) {
  return isWorkday(calendar, day) ? hours.workday : hours.restday
}
