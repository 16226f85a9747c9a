import { addDays, clockOn, shanghaiDay, weekdayOf } from '../../platform/shanghai.ts'
import { spanMs } from '../segments/evaluate.ts'
import { isWorkday } from '../stages/calendar.ts'
import type { Calendar } from '../stages/schema.ts'
import type { Draft, Step, StepOf } from './schema.ts'

/** No calendar of ours looks further. */
const DAYS_MAX = 370

/** The first instant from `from` on, that included, at which the clock shows `at` on a day that will do. */
function nextClock(from: Date, at: string, willDo: (day: string) => boolean): Date {
  const today = shanghaiDay(from)
  for (let n = 0; n < DAYS_MAX; n++) {
    const day = addDays(today, n)
    const instant = clockOn(day, at)
    if (instant >= from && willDo(day)) return instant
  }
  return clockOn(addDays(today, DAYS_MAX), at)
}

/** The same time of day on the first day that is worked on. */
function onWorkday(from: Date, calendar: Calendar): Date {
  const today = shanghaiDay(from)
  for (let n = 0; n < DAYS_MAX; n++)
    if (isWorkday(calendar, addDays(today, n))) return new Date(from.getTime() + n * 86_400_000)
  return from
}

/**
 * Until when whoever comes to a step at an instant stands there: that instant itself where nothing is waited for.
 * What is waited for is over at the latest a year from then.
 */
export function standsUntil(step: Step, at: Date, { workdays }: Pick<Draft, 'workdays'>, calendar: Calendar): Date {
  const works = (day: string) => isWorkday(calendar, day)
  switch (step.kind) {
    case 'wait': {
      const over = new Date(at.getTime() + spanMs(step.span))
      if (step.at !== null) return nextClock(over, step.at, step.workdays ? works : () => true)
      return step.workdays ? onWorkday(over, calendar) : over
    }
    case 'until':
      return nextClock(at, step.at, (day) => step.weekdays.length === 0 || step.weekdays.includes(weekdayOf(day)))
    case 'event':
      return new Date(at.getTime() + spanMs(step.within))
    case 'broadcast':
      return nextClock(at, step.at, workdays ? works : () => true)
    case 'message':
    case 'notice':
    case 'task':
      return workdays ? onWorkday(at, calendar) : at
    default:
      return at
  }
}

/** Where a way of a step leads; null: to the end. */
export function follow(step: Step, port: string): string | null {
  if (step.kind === 'exit') return null
  if (port === 'otherwise') return (step as StepOf<'event'> | StepOf<'split'>).otherwise
  if (step.kind === 'split' || step.kind === 'random') return step.arms[Number(port)]?.next ?? null
  return step.next
}

/** Every way of a step. */
export function portsOf(step: Step): string[] {
  if (step.kind === 'exit') return []
  if (step.kind === 'random') return step.arms.map((_, nr) => String(nr))
  if (step.kind === 'split') return [...step.arms.map((_, nr) => String(nr)), 'otherwise']
  return step.kind === 'event' ? ['next', 'otherwise'] : ['next']
}
