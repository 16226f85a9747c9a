import { instantOfMs, minuteOf, shanghaiMs } from '../../../platform/shanghai.ts'
import type { Roster, Verdict, Window } from './schema.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

/** How people stand at an instant, besides the roster. */
export interface Standing {
  /** Active members who may have customers. */
  able: ReadonlySet<string>
  /** Whoever takes no customers, until when; null: until he says so. */
  off: ReadonlyMap<string, Date | null>
  /** New customers of this code today. */
  addsToday: ReadonlyMap<string, number>
}

export interface Turn {
  /** Who receives, ascending; empty only when nobody at all can. */
  receives: string[]
  byBackup: boolean
  /** Everybody the roster names. */
  verdicts: Map<string, Verdict>
  /** Null: as the code says. */
  skipVerify: boolean | null
  /** The next instant at which the answer may change with nothing happening; undefined: never. */
  changesAt: Date | undefined
}

/** Who receives a code's customers at an instant: the one truth behind what WeCom is told, the page that explains it and the checker. */
export function rosterAt(roster: Roster, at: Date, { able, off, addsToday }: Standing): Turn {
  const onShift = new Set(shiftsAt(roster, at).flatMap((shift) => shift.staffIds))
  const isOff = (staffId: string) => {
    const until = off.get(staffId)
    return until === null || (until !== undefined && until > at)
  }
  const verdictOf = (staffId: string): Verdict => {
    if (!able.has(staffId)) return 'cannot'
    if (!onShift.has(staffId)) return 'not_on_shift'
    if (isOff(staffId)) return 'off_duty'
    return (addsToday.get(staffId) ?? 0) >= capOf(roster, staffId) ? 'cap_reached' : 'receives'
  }
  const verdicts = new Map(everybodyIn(roster).map((staffId) => [staffId, verdictOf(staffId)]))
  let receives = [...verdicts].filter(([, verdict]) => verdict === 'receives').map(([staffId]) => staffId)
  const byBackup = receives.length === 0
  const backups = roster.backupIds.filter((staffId) => able.has(staffId))
  if (byBackup) {
    // Somebody has to stand in WeCom. When even the backups are off duty, they are still the ones it is for.
    const present = backups.filter((staffId) => !isOff(staffId))
    receives = present.length > 0 ? present : backups
    for (const staffId of receives) verdicts.set(staffId, 'receives')
  } else {
    for (const staffId of backups) if (verdicts.get(staffId) === 'not_on_shift') verdicts.set(staffId, 'stands_by')
  }
  return {
    receives: receives.sort(byNumber),
    byBackup,
    verdicts,
    skipVerify: roster.autoAccept?.some((window) => isWithin(window, at)) ?? null,
    changesAt: nextChange(roster, at, off),
  }
}

export const capOf = ({ caps, dailyCap }: Roster, staffId: string): number =>
  caps.find((cap) => cap.staffId === staffId)?.dailyCap ?? dailyCap ?? Number.POSITIVE_INFINITY

/** Whoever the roster names, ascending. */
export function everybodyIn({ week, days, backupIds }: Roster): string[] {
  const named = [...week, ...days.flatMap((day) => day.shifts)].flatMap((shift) => shift.staffIds)
  return [...new Set([...named, ...backupIds])].sort(byNumber)
}

/** A code without a roster: everybody behind it, always; when all are off duty, all of them still. */
export const alwaysRoster = (staffIds: string[]): Roster => ({
  week: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00', staffIds }],
  days: [],
  backupIds: staffIds,
  dailyCap: null,
  caps: [],
  autoAccept: null,
})

/** A shift on a given day; minutes from that day's midnight, the end may lie on the next day. */
export interface DayShift {
  start: number
  end: number
  staffIds: string[]
}

/** The shifts that begin on a day (days since 1970 in Shanghai). */
export function shiftsOn({ week, days }: Roster, day: number): DayShift[] {
  const date = days.find(({ on }) => Date.parse(on) === day * DAY_MINUTES * MINUTE_MS)
  const shifts = date ? date.shifts : week.filter((shift) => shift.weekdays.includes(weekdayOf(day)))
  return shifts.map((shift) => ({ ...spanOf(shift), staffIds: shift.staffIds }))
}

/** The Shanghai day of an instant, in days since 1970, and its minute. */
export function dayAndMinute(at: Date): { day: number; minute: number } {
  const minutes = Math.floor(shanghaiMs(at) / MINUTE_MS)
  return { day: Math.floor(minutes / DAY_MINUTES), minute: minutes % DAY_MINUTES }
}

/** The instant a minute of a Shanghai day begins. */
export const instantOf = (day: number, minute: number): Date => instantOfMs((day * DAY_MINUTES + minute) * MINUTE_MS)

function shiftsAt(roster: Roster, at: Date): DayShift[] {
  const { day, minute } = dayAndMinute(at)
  const covers = (now: number) => (shift: DayShift) => shift.start <= now && now < shift.end
  return [
    ...shiftsOn(roster, day).filter(covers(minute)),
    ...shiftsOn(roster, day - 1).filter(covers(minute + DAY_MINUTES)),
  ]
}

/** Whether an instant lies in the window; one that crosses midnight belongs to the day it begins on. */
export function isWithin(window: Window, at: Date): boolean {
  const { day, minute } = dayAndMinute(at)
  const { start, end } = spanOf(window)
  const covers = (on: number, now: number) => window.weekdays.includes(weekdayOf(on)) && start <= now && now < end
  return covers(day, minute) || covers(day - 1, minute + DAY_MINUTES)
}

/** The nearest boundary of anything; the coming midnight at the latest, when caps begin anew. */
function nextChange(roster: Roster, at: Date, off: ReadonlyMap<string, Date | null>): Date | undefined {
  const { day } = dayAndMinute(at)
  const spans = [day - 1, day].flatMap((on) => [
    ...shiftsOn(roster, on).flatMap(({ start, end }) => [instantOf(on, start), instantOf(on, end)]),
    ...(roster.autoAccept ?? [])
      .filter((window) => window.weekdays.includes(weekdayOf(on)))
      .map(spanOf)
      .flatMap(({ start, end }) => [instantOf(on, start), instantOf(on, end)]),
  ])
  const named = new Set(everybodyIn(roster))
  const back = [...off].flatMap(([staffId, until]) => (until && named.has(staffId) ? [until] : []))
  const byTheClock = neverTurns(roster) ? [] : [...spans, instantOf(day + 1, 0)]
  const coming = [...byTheClock, ...back].filter((instant) => instant > at)
  return coming.length === 0 ? undefined : new Date(Math.min(...coming.map(Number)))
}

/** The whole week around, with nothing counted: only people change it. */
const neverTurns = ({ week, days, dailyCap, caps, autoAccept }: Roster) =>
  days.length === 0 &&
  dailyCap === null &&
  caps.length === 0 &&
  autoAccept === null &&
  week.every(({ weekdays, from, to }) => weekdays.length === 7 && from === '00:00' && to === '24:00')

const weekdayOf = (day: number) => ((day + 3) % 7) + 1 // 1970-01-01 was a Thursday

function spanOf({ from, to }: { from: string; to: string }): { start: number; end: number } {
  const [start, end] = [minuteOf(from), minuteOf(to)]
  return { start, end: end > start ? end : end + DAY_MINUTES }
}

const byNumber = (a: string, b: string) => Number(a) - Number(b)
