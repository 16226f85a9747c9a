import { addDays, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import type { Schedule } from './schema.ts'

type Every = Extract<Schedule, { kind: 'every' }>

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const weekday = (day: string): number => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
const lastOf = (day: string): number => new Date(Date.UTC(+day.slice(0, 4), +day.slice(5, 7), 0)).getUTCDate()
/** A month has no 31st twice in a row at most: within so many days every rhythm comes round. */
const LOOKED_AHEAD = 40

/** The first time of a rhythm after an instant; undefined once it has ended. A month without that day has its last one. */
export function nextOccurrence({ every, on, time, until }: Every, after: Date): Date | undefined {
  for (let ahead = 0; ahead <= LOOKED_AHEAD; ahead++) {
    const day = addDays(shanghaiDay(after), ahead)
    if (until !== null && day > until) return undefined
    const falls =
      every === 'day' || (every === 'week' ? weekday(day) === on : +day.slice(8) === Math.min(on, lastOf(day)))
    if (!falls) continue
    const at = new Date(dayStart(day).getTime() + minutesOf(time) * 60_000)
    if (at > after) return at
  }
  return undefined
}

export const occurrenceOf = (at: Date): string => `at ${at.toISOString()}`
