/** Asia/Shanghai has had no summer time since 1991: a fixed offset is right. */
const OFFSET_MS = 8 * 3_600_000
export const DAY_MS = 24 * 3_600_000

/** Milliseconds since 1970-01-01 00:00 in Shanghai, and the instant that is so many of them later. */
export const shanghaiMs = (at: Date): number => at.getTime() + OFFSET_MS
export const instantOfMs = (ms: number): Date => new Date(ms - OFFSET_MS)

/** The clock of an instant in Shanghai: 2026-11-23T09:05:00.000. */
const onTheClock = (at: Date): string => new Date(shanghaiMs(at)).toISOString().slice(0, -1)

/** The day of an instant in Shanghai, as YYYY-MM-DD. */
export const shanghaiDay = (at: Date): string => onTheClock(at).slice(0, 10)

/** 2026-11-23 09:05. */
export const shanghaiTime = (at: Date): string => onTheClock(at).slice(0, 16).replace('T', ' ')

/** An instant in Shanghai, for a sentence: 11月25日 09:00. */
export function shanghaiMinute(at: Date): string {
  const [day = '', time = ''] = onTheClock(at).split('T')
  const [, month, date] = day.split('-').map(Number)
  return `${month}月${date}日 ${time.slice(0, 5)}`
}

/** When a day begins in Shanghai. */
export const dayStart = (day: string): Date => new Date(`${day}T00:00:00+08:00`)

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** How many days from the first to the last, both counted. */
export const dayCount = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1

/** 1 Monday to 7 Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/** How many days the month of a day has. */
export const monthLength = (day: string): number =>
  new Date(Date.UTC(+day.slice(0, 4), +day.slice(5, 7), 0)).getUTCDate()

/** Minutes since midnight of a clock: 09:05 is 545, 24:00 is 1440. */
export const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** When a clock shows on a day in Shanghai. */
export const clockOn = (day: string, clock: string): Date =>
  new Date(dayStart(day).getTime() + minuteOf(clock) * 60_000)
