import type { Language } from './time-words.ts'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 3,012; from 100,000 on 12.3 万, from 100,000,000 on 1.2 亿. English stays in digits. */
export function sayCount(n: number, language: Language = 'zh'): string {
  const size = Math.abs(n)
  if (language === 'zh' && size >= 1e8) return `${trimmed(n / 1e8)} 亿`
  if (language === 'zh' && size >= 1e5) return `${trimmed(n / 1e4)} 万`
  return grouped.format(n)
}

const trimmed = (n: number) => n.toFixed(1).replace(/\.0$/, '')

const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** ¥1,176 from fen; two decimals only below ¥1,000 and only where there are any. */
export function sayYuan(fen: number): string {
  const yuan = fen / 100
  return `¥${Math.abs(yuan) < 1_000 && fen % 100 !== 0 ? cents.format(yuan) : grouped.format(yuan)}`
}

/** 63.1%; a rate of nothing is a dash, not 0%. */
export function sayRate(part: number, whole: number): string {
  return whole === 0 ? '—' : `${((part / whole) * 100).toFixed(1)}%`
}

export interface Change {
  direction: 'up' | 'down' | 'flat'
  words: string
}

/** How a number moved against the period before. From nothing there is no percentage: the difference is said instead. */
export function compareNumbers(now: number, before: number): Change {
  if (now === before) return { direction: 'flat', words: '0%' }
  const direction = now > before ? 'up' : 'down'
  if (before === 0) return { direction, words: grouped.format(Math.abs(now - before)) }
  const share = Math.abs((now - before) / before) * 100
  return { direction, words: `${share >= 1000 ? grouped.format(share) : share.toFixed(1)}%` }
}

/** Bytes a text takes in UTF-8: WeCom's limits are in bytes. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length
