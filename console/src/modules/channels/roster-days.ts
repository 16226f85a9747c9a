import { shanghaiDayNumber, shanghaiParts } from '../../ui/time-words.ts'
import type { RosterPlan } from './use-channels.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const OFFSET_MS = 8 * HOUR_MS
export const DAYS = 7

/** A piece of time within one day; hours from that day's midnight, 0 to 24. */
export interface Piece {
  day: number
  from: number
  to: number
}

/** Cuts a stretch at midnights, into the days after `start`. */
export function cutByDay({ from, to }: { from: string; to: string }, start: string): Piece[] {
  const first = shanghaiDayNumber(new Date(start))
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  const pieces: Piece[] = []
  for (let at = begin; at < end; ) {
    const number = shanghaiDayNumber(new Date(at))
    const midnight = number * DAY_MS - OFFSET_MS
    const until = Math.min(end, midnight + DAY_MS)
    const day = number - first
    if (day >= 0 && day < DAYS) pieces.push({ day, from: (at - midnight) / HOUR_MS, to: (until - midnight) / HOUR_MS })
    at = until
  }
  return pieces
}

/** The hours worth drawing: from the first start of any day to the last end, in whole hours. */
export function hoursShown(plan: RosterPlan): { open: number; close: number } {
  const pieces = plan.lines.flatMap((line) => line.stretches.flatMap((stretch) => cutByDay(stretch, plan.from)))
  if (pieces.length === 0) return { open: 0, close: 24 }
  return {
    open: Math.floor(Math.min(...pieces.map((piece) => piece.from))),
    close: Math.ceil(Math.max(...pieces.map((piece) => piece.to))),
  }
}

/** How many are on shift, piece by piece, within the hours shown. */
export function headPieces(plan: RosterPlan): (Piece & { count: number })[] {
  const { open, close } = hoursShown(plan)
  return plan.heads.flatMap(({ at, count }, nr) =>
    cutByDay({ from: at, to: plan.heads[nr + 1]?.at ?? plan.to }, plan.from)
      .map((piece) => ({ ...piece, from: Math.max(piece.from, open), to: Math.min(piece.to, close), count }))
      .filter((piece) => piece.from < piece.to),
  )
}

/** 9, 21:30: as short as it can be said. */
export function sayHour(hours: number): string {
  const minutes = Math.round((hours % 1) * 60)
  return minutes === 0 ? String(Math.floor(hours)) : `${Math.floor(hours)}:${String(minutes).padStart(2, '0')}`
}

/** As the API has them: 1 Monday … 7 Sunday. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
export type Weekday = (typeof WEEKDAYS)[number]

export const weekdayAt = (at: Date): Weekday => WEEKDAYS[(shanghaiParts(at).weekday + 6) % 7] ?? 1
export const weekdayOf = (start: string, day: number) => weekdayAt(new Date(Date.parse(start) + day * DAY_MS))
