import { addDays, dayCount, monthLength, weekdayOf } from '../../platform/shanghai.ts'
import { BLOCK } from './blocks.ts'
import type { Cap, Channel, Platform, Policy } from './schema.ts'

/** A limit as it is asked on one day: no `length` days in a row within [from, to] may hold more than `limit`. */
export interface Limit {
  from: string
  to: string
  length: number
  limit: number
  /** WeCom's own, which nobody can lift. */
  ofPlatform: boolean
  counts(channel: Channel, topic: string): boolean
  cap?: Cap
}

/** The days a window of a cap may hold beside `day`, and how many of them are one window. */
export function spanOf(window: Cap['window'], day: string): { from: string; to: string; length: number } {
  if (window.kind === 'day') return { from: day, to: day, length: 1 }
  if (window.kind === 'days')
    return { from: addDays(day, 1 - window.days), to: addDays(day, window.days - 1), length: window.days }
  const length = window.kind === 'week' ? 7 : monthLength(day)
  const from = window.kind === 'week' ? addDays(day, 1 - weekdayOf(day)) : `${day.slice(0, 8)}01`
  return { from, to: addDays(from, length - 1), length }
}

/** WeCom: as many mass messages a month as the month has days; or 7 a week, 1 a day, or (before) 4 a month. */
function platformCap(platform: Platform, day: string): Pick<Cap, 'window' | 'limit'> {
  if (platform === 'day_1') return { window: { kind: 'day' }, limit: 1 }
  if (platform === 'week_7') return { window: { kind: 'week' }, limit: 7 }
  return { window: { kind: 'month' }, limit: platform === 'month_4' ? 4 : monthLength(day) }
}

/** Every limit that a touch of this channel and topic on this day has to keep to; WeCom's last. */
export function limitsOn(policy: Policy, day: string, channel: Channel, topic: string): Limit[] {
  const exempt = new Set(policy.topics.filter((one) => one.exempt).map(({ name }) => name))
  const own = exempt.has(topic) ? [] : policy.caps.filter((cap) => holdsFor(cap, channel, topic))
  const limits = own.map(
    (cap): Limit => ({
      ...spanOf(cap.window, day),
      ...{ limit: cap.limit, ofPlatform: false, cap },
      counts: (of, about) => !exempt.has(about) && holdsFor(cap, of, about),
    }),
  )
  if (channel !== 'mass') return limits
  const { window, limit } = platformCap(policy.platform, day)
  return [...limits, { ...spanOf(window, day), limit, ofPlatform: true, counts: (of) => of === 'mass' }]
}

const holdsFor = ({ channels, topics }: Cap, channel: Channel, topic: string): boolean =>
  (channels.length === 0 || channels.includes(channel)) && (topics.length === 0 || topics.includes(topic))

/** How many live touches of one channel and topic each customer of a block has on one day. */
export interface DayCounts {
  day: string
  channel: Channel
  topic: string
  counts: Uint8Array
}

/** For each customer of a block, what the fullest window of a limit holds already. */
export function fullest(limit: Limit, rows: readonly DayCounts[]): Uint16Array {
  const most = new Uint16Array(BLOCK)
  const days: Uint8Array[][] = Array.from({ length: dayCount(limit.from, limit.to) }, () => [])
  let any = false
  for (const row of rows) {
    if (row.day < limit.from || row.day > limit.to || !limit.counts(row.channel, row.topic)) continue
    days[dayCount(limit.from, row.day) - 1]!.push(row.counts)
    any = true
  }
  if (!any) return most
  const sum = new Uint16Array(BLOCK)
  for (const [i, arrived] of days.entries()) {
    for (const counts of arrived) for (let p = 0; p < BLOCK; p++) sum[p]! += counts[p]!
    for (const counts of days[i - limit.length] ?? []) for (let p = 0; p < BLOCK; p++) sum[p]! -= counts[p]!
    if (i >= limit.length - 1) for (let p = 0; p < BLOCK; p++) if (sum[p]! > most[p]!) most[p] = sum[p]!
  }
  return most
}

/** The same for one customer. */
export function fullestAt(limit: Limit, rows: readonly DayCounts[], place: number): number {
  const days = new Uint16Array(dayCount(limit.from, limit.to))
  for (const row of rows)
    if (row.day >= limit.from && row.day <= limit.to && limit.counts(row.channel, row.topic))
      days[dayCount(limit.from, row.day) - 1]! += row.counts[place]!
  let [sum, most] = [0, 0]
  for (let i = 0; i < days.length; i++) {
    sum += days[i]! - (days[i - limit.length] ?? 0)
    if (i >= limit.length - 1) most = Math.max(most, sum)
  }
  return most
}
