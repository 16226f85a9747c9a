import type { Language } from '../../ui/time-words.ts'

/** −12, 0, +7. */
export const sayNet = (net: number): string => (net < 0 ? `−${-net}` : net > 0 ? `+${net}` : '0')

/** WeCom's percent; nobody asked is a dash. */
export const sayShare = (share: number | null): string => (share === null ? '—' : `${share.toFixed(1)}%`)

/** 4.2 分钟, 1.5 小时. */
export function sayMinutes(minutes: number | null, language: Language): string {
  if (minutes === null) return '—'
  const zh = language === 'zh'
  if (minutes >= 60) return `${(minutes / 60).toFixed(1)} ${zh ? '小时' : 'h'}`
  return `${minutes.toFixed(1).replace(/\.0$/, '')} ${zh ? '分钟' : 'min'}`
}

/** 7.5 小时 of shift. */
export const sayHours = (minutes: number, language: Language): string =>
  `${(minutes / 60).toFixed(1).replace(/\.0$/, '')} ${language === 'zh' ? '小时' : 'h'}`
