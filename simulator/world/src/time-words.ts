/** China keeps one offset and no summer time, so plain arithmetic says what a calendar would. */
const SHANGHAI_MS = 8 * 3600_000
const DAY_MS = 24 * 3600_000
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

function shanghai(ms: number): Date {
  return new Date(ms + SHANGHAI_MS)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** 14:34 */
export function minuteOf(ms: number): string {
  const at = shanghai(ms)
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

/** 14:34:10 */
export function secondOf(ms: number): string {
  return `${minuteOf(ms)}:${two(shanghai(ms).getUTCSeconds())}`
}

/** 11月22日 周日 */
export function dayOf(ms: number): string {
  const at = shanghai(ms)
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${WEEKDAYS[at.getUTCDay()]}`
}

function daysBetween(fromMs: number, toMs: number): number {
  return Math.floor((toMs + SHANGHAI_MS) / DAY_MS) - Math.floor((fromMs + SHANGHAI_MS) / DAY_MS)
}

/** As a message list says it: the minute today, then 昨天, the day, and the year when it is another one. */
export function chatTimeOf(ms: number, nowMs: number): string {
  const days = daysBetween(ms, nowMs)
  if (days <= 0) return minuteOf(ms)
  if (days === 1) return '昨天'
  const at = shanghai(ms)
  const day = `${at.getUTCMonth() + 1}月${at.getUTCDate()}日`
  return at.getUTCFullYear() === shanghai(nowMs).getUTCFullYear() ? day : `${at.getUTCFullYear()}年${day}`
}

/** Between two messages: 昨天 18:20, 11月19日 18:20; today the minute alone. */
export function separatorOf(ms: number, nowMs: number): string {
  const said = chatTimeOf(ms, nowMs)
  return said === minuteOf(ms) ? said : `${said} ${minuteOf(ms)}`
}

/** How long somebody has been known: by the calendar at first, then in the largest unit that is at least one. */
export function knownFor(sinceMs: number, nowMs: number): string {
  const days = daysBetween(sinceMs, nowMs)
  if (days <= 0) return '今天加的'
  if (days === 1) return '昨天加的'
  if (days < 31) return `${days} 天`
  if (days < 365) return `${Math.floor(days / 30.44)} 个月`
  return `${Math.floor(days / 365.25) || 1} 年`
}

/** 1.2 秒 */
export function secondsOf(ms: number): string {
  const seconds = Math.round(ms / 100) / 10
  return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} 秒`
}
