import { minuteOf, shanghaiTime } from '../../../../platform/shanghai.ts'
import type { RadarSetting } from '../schema.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** What waits to be told to one member, and when he was told something of late. */
export interface Waiting {
  /** When the first of it was noted. */
  since: Date
  /** Somebody opened something for the first time. */
  hasFirst: boolean
  /** Letters of the last hour, any order. */
  rung: readonly Date[]
}

/** Whether members are left in peace at an instant. */
export function isQuiet({ quietFrom, quietUntil }: Pick<RadarSetting, 'quietFrom' | 'quietUntil'>, at: Date): boolean {
  const minute = minuteOf(shanghaiTime(at).slice(11))
  const [from, until] = [minuteOf(quietFrom), minuteOf(quietUntil)]
  return from <= until ? minute >= from && minute < until : minute >= from || minute < until
}

/**
 * Whether a member is to be told now: a first opening at once, what came later together after so many minutes, nothing in
 * quiet hours, and never more letters an hour than the corp allows. What waits longer is told with the next.
 */
export function rings(waiting: Waiting, setting: RadarSetting, now: Date): boolean {
  if (!setting.notify || isQuiet(setting, now)) return false
  const ofLate = waiting.rung.filter((at) => now.getTime() - at.getTime() < HOUR_MS).length
  if (ofLate >= setting.hourlyMax) return false
  return waiting.hasFirst || now.getTime() - waiting.since.getTime() >= setting.digestMinutes * MINUTE_MS
}
