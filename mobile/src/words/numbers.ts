import { isChinese } from './words.ts'

/** Of Shanghai, whatever the phone says. */
const part = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(isChinese ? 'zh-CN' : 'en', { timeZone: 'Asia/Shanghai', ...options })
const minute = part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const day = part({ month: 'numeric', day: 'numeric' })
const dayAndYear = part({ year: 'numeric', month: 'numeric', day: 'numeric' })

export const yuan = (fen: number): string =>
  `¥${(fen / 100).toLocaleString('en-US', { minimumFractionDigits: fen % 100 === 0 ? 0 : 2, maximumFractionDigits: 2 })}`

const DAY_MS = 86_400_000
const dayNumber = (ms: number) => Math.floor((ms + 8 * 3_600_000) / DAY_MS)

/** Just now, the minute of today, yesterday, the day; with its year once that is another. */
export function shortTime(iso: string, nowMs: number): string {
  const at = new Date(iso)
  const ms = at.getTime()
  if (nowMs - ms < 60_000) return isChinese ? '刚刚' : 'now'
  const days = dayNumber(nowMs) - dayNumber(ms)
  if (days === 0) return minute.format(at)
  if (days === 1) return isChinese ? '昨天' : 'yest.'
  return at.getFullYear() === new Date(nowMs).getFullYear() ? day.format(at) : dayAndYear.format(at)
}

/** How long one has known somebody. */
export function daysSince(iso: string, nowMs: number): number {
  return Math.max(0, dayNumber(nowMs) - dayNumber(new Date(iso).getTime()))
}

export const fullTime = (iso: string): string => `${dayAndYear.format(new Date(iso))} ${minute.format(new Date(iso))}`

/** By when something is to be done: the minute today and tomorrow, else the day. */
export function dueTime(iso: string, nowMs: number): string {
  const at = new Date(iso)
  const days = dayNumber(at.getTime()) - dayNumber(nowMs)
  if (days === 0) return `${isChinese ? '今天' : 'today'} ${minute.format(at)}`
  if (days === 1) return `${isChinese ? '明天' : 'tomorrow'} ${minute.format(at)}`
  return day.format(at)
}
