import type { i18n } from 'i18next'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** The company's day begins at midnight in Shanghai wherever the browser is. No daylight saving since 1991. */
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS

interface Parts {
  year: number
  month: number
  day: number
  hour: string
  minute: string
  second: string
  weekday: number
}

export function shanghaiParts(at: Date): Parts {
  const there = new Date(at.getTime() + SHANGHAI_OFFSET_MS)
  const two = (n: number) => String(n).padStart(2, '0')
  return {
    year: there.getUTCFullYear(),
    month: there.getUTCMonth() + 1,
    day: there.getUTCDate(),
    weekday: there.getUTCDay(),
    hour: two(there.getUTCHours()),
    minute: two(there.getUTCMinutes()),
    second: two(there.getUTCSeconds()),
  }
}

/** Days since 1970 on Shanghai's calendar. */
export function shanghaiDayNumber(at: Date): number {
  return Math.floor((at.getTime() + SHANGHAI_OFFSET_MS) / DAY_MS)
}

/** `2026-11-22`, as filters and APIs take a day. */
export function shanghaiDay(at: Date): string {
  return new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10)
}

export type Language = 'zh' | 'en'
export const languageOf = ({ language }: Pick<i18n, 'language'>): Language => (language === 'en' ? 'en' : 'zh')

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 11月22日; with the year when it is another one. */
export function sayDay(at: Date, now: Date, language: Language): string {
  const { year, month, day } = shanghaiParts(at)
  const other = year !== shanghaiParts(now).year
  if (language === 'en') return `${MONTHS[month - 1]} ${day}${other ? `, ${year}` : ''}`
  return `${other ? `${year}年` : ''}${month}月${day}日`
}

export function sayClock(at: Date): string {
  const { hour, minute } = shanghaiParts(at)
  return `${hour}:${minute}`
}

/** 刚刚, 5 分钟前, 今天 09:12 (over 12 hours), 昨天 18:20, 11月19日. An instant ahead of the clock is 刚刚 within a minute, else said in full. */
export function sayAgo(at: Date, now: Date, language: Language): string {
  const zh = language === 'zh'
  const ms = now.getTime() - at.getTime()
  if (ms < -MINUTE_MS) return sayMoment(at, now, language)
  if (ms < MINUTE_MS) return zh ? '刚刚' : 'just now'
  if (ms < HOUR_MS) return zh ? `${Math.floor(ms / MINUTE_MS)} 分钟前` : `${Math.floor(ms / MINUTE_MS)} min ago`
  const days = shanghaiDayNumber(now) - shanghaiDayNumber(at)
  if (days === 0) return zh ? `${Math.floor(ms / HOUR_MS)} 小时前` : `${Math.floor(ms / HOUR_MS)} h ago`
  if (days === 1) return zh ? `昨天 ${sayClock(at)}` : `yesterday ${sayClock(at)}`
  return sayDay(at, now, language)
}

/** 16:02 today, 昨天 16:02, 11月19日 16:02. */
export function sayMoment(at: Date, now: Date, language: Language): string {
  const days = shanghaiDayNumber(now) - shanghaiDayNumber(at)
  if (days === 0) return sayClock(at)
  if (days === 1) return `${language === 'zh' ? '昨天' : 'yesterday'} ${sayClock(at)}`
  return `${sayDay(at, now, language)} ${sayClock(at)}`
}

/** 今天, 昨天, 11月19日: the heading of a day in a journal. */
export function sayDayHeading(at: Date, now: Date, language: Language): string {
  const days = shanghaiDayNumber(now) - shanghaiDayNumber(at)
  if (days === 0) return language === 'zh' ? '今天' : 'Today'
  if (days === 1) return language === 'zh' ? '昨天' : 'Yesterday'
  return sayDay(at, now, language)
}

/** For a hover: nothing left out. */
export function sayFull(at: Date): string {
  const { year, month, day, hour, minute, second } = shanghaiParts(at)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')} ${hour}:${minute}:${second}`
}

/** 0.4 秒, 42 分钟, 3 小时, 2 天: one unit, what a person needs. */
export function saySpan(ms: number, language: Language): string {
  const zh = language === 'zh'
  if (ms < 50) return zh ? '不到 0.1 秒' : '< 0.1 s'
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} ${zh ? '秒' : 's'}`
  if (ms < MINUTE_MS) return `${Math.round(ms / 1000)} ${zh ? '秒' : 's'}`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} ${zh ? '分钟' : 'min'}`
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} ${zh ? '小时' : 'h'}`
  return `${Math.floor(ms / DAY_MS)} ${zh ? '天' : 'd'}`
}
