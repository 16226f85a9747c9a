import type { Answer } from '../../api/types.ts'

export type Calendar = Answer<'/api/reports/duty'>
export type DutyPerson = Calendar['people'][number]
type Stretch = DutyPerson['stretches'][number]

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** A piece of a stretch within one day; minutes from its midnight. */
export interface Slot {
  channelCodeId: string
  start: number
  end: number
  backup: boolean
  /** The code has a roster; else it always rings. */
  rostered: boolean
}

export const dayAt = (from: string, nr: number): Date => new Date(Date.parse(`${from}T00:00:00+08:00`) + nr * DAY_MS)

/** What of these stretches falls on the nth day, in the order it begins. */
export function slotsOn(calendar: Calendar, stretches: Stretch[], nr: number): Slot[] {
  const midnight = dayAt(calendar.from, nr).getTime()
  const rostered = new Map(calendar.codes.map((code) => [code.channelCodeId, code.rostered]))
  return stretches
    .flatMap(({ channelCodeId, from, to, backup }): Slot[] => {
      const [start, end] = [Date.parse(from) - midnight, Date.parse(to) - midnight].map((ms) =>
        Math.min(Math.max(ms, 0), DAY_MS),
      ) as [number, number]
      if (end <= start) return []
      const minutes = { start: start / MINUTE_MS, end: end / MINUTE_MS }
      return [{ channelCodeId, backup, rostered: rostered.get(channelCodeId) ?? false, ...minutes }]
    })
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** 09:00–15:30, as a wall clock says it. */
export function sayTimes({ start, end }: { start: number; end: number }): string {
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(Math.floor(minute % 60)).padStart(2, '0')}`
  return `${clock(start)}–${clock(end)}`
}

/** Behind codes without a roster alone, and every day the same: one word says it. */
export const alwaysOn = (calendar: Calendar, { stretches }: DutyPerson): boolean =>
  Array.from({ length: calendar.days }, (_, nr) => slotsOn(calendar, stretches, nr)).every(
    (slots, _, all) =>
      slots.every(({ rostered, start, end }) => !rostered && start === 0 && end === DAY_MS / MINUTE_MS) &&
      slots.map(({ channelCodeId }) => channelCodeId).join() ===
        all[0]?.map(({ channelCodeId }) => channelCodeId).join(),
  )

/** Minutes covered by any of them. */
export function lengthOf(slots: Slot[]): number {
  let [minutes, until] = [0, 0]
  for (const { start, end } of slots) {
    minutes += Math.max(0, end - Math.max(start, until))
    until = Math.max(until, end)
  }
  return minutes
}
