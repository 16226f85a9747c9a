import type { Corp } from './corp.ts'
import type { MassRule } from './mass-records.ts'

const DAY_S = 86_400
const SHANGHAI_S = 8 * 3600
const DAY_MS = DAY_S * 1000

/** Days since 1970 in Shanghai, where no clock is ever changed. */
export function shanghaiDay(seconds: number): number {
  return Math.floor((seconds + SHANGHAI_S) / DAY_S)
}

export interface MassWindow {
  /** First and last day, both included. */
  from: number
  to: number
  limit: number
}

/**
 * The calendar window a day lies in, and how many mass messages may lie in it (path/92135, 2026-11: as many a month as
 * it has days; an administrator may choose 7 a week or 1 a day; older pages say 4 a month). Weeks begin on Monday.
 */
export function massWindow(rule: MassRule, day: number): MassWindow {
  if (rule === 'day-1') return { from: day, to: day, limit: 1 }
  if (rule === 'week-7') {
    const from = day - ((day + 3) % 7) // 1 January 1970 was a Thursday
    return { from, to: from + 6, limit: 7 }
  }
  const date = new Date(day * DAY_MS)
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS
  const to = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS - 1
  return { from, to, limit: rule === 'month-4' ? 4 : to - from + 1 }
}

/** How many this customer or group has had in the window that day lies in. */
export function massUsed(corp: Corp, id: string, day: number): number {
  const { from, to } = massWindow(corp.info.options.massQuota, day)
  return corp.massDays(id).filter((it) => it >= from && it <= to).length
}

/** Takes one place, or says that there is none. What the corp's app and its members send shares the places. */
export function takeMassPlace(corp: Corp, id: string, day: number): boolean {
  const { limit } = massWindow(corp.info.options.massQuota, day)
  if (massUsed(corp, id, day) >= limit) return false
  corp.saveMassDays(id, [...corp.massDays(id), day])
  return true
}

/** As if so many had come in this window: for tests and for showing a quota that is used up. */
export function setMassUsed(corp: Corp, id: string, day: number, used: number): void {
  const { from, to } = massWindow(corp.info.options.massQuota, day)
  const others = corp.massDays(id).filter((it) => it < from || it > to)
  corp.saveMassDays(id, [...others, ...Array.from({ length: used }, () => day)])
}
