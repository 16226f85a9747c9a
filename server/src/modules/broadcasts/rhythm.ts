import { addDays, clockOn, monthLength, shanghaiDay, weekdayOf } from '../../platform/shanghai.ts'
import type { Schedule } from './schema.ts'

type Every = Extract<Schedule, { kind: 'every' }>

/** A month has no 31st twice in a row at most: within so many days every rhythm comes round. */
const LOOKED_AHEAD = 40

/** The first time of a rhythm after an instant; undefined once it has ended. A month without that day has its last one. */
export function nextOccurrence({ every, on, time, until }: Every, after: Date): Date | undefined {
  for (let ahead = 0; ahead <= LOOKED_AHEAD; ahead++) {
    const day = addDays(shanghaiDay(after), ahead)
    if (until !== null && day > until) return undefined
    const falls =
      every === 'day' || (every === 'week' ? weekdayOf(day) === on : +day.slice(8) === Math.min(on, monthLength(day)))
    if (!falls) continue
    const at = clockOn(day, time)
    if (at > after) return at
  }
  return undefined
}

export const occurrenceOf = (at: Date): string => `at ${at.toISOString()}`
