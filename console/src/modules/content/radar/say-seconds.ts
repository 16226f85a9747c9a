/** 8 秒, 1 分 20 秒, 2 小时 5 分: as long as somebody read. */
export function saySeconds(seconds: number | null, language: 'zh' | 'en'): string {
  if (seconds === null) return '—'
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60]
  const [h, m, s] = language === 'zh' ? [' 小时', ' 分', ' 秒'] : ['h', 'm', 's']
  if (hours > 0) return minutes > 0 ? `${hours}${h} ${minutes}${m}` : `${hours}${h}`
  if (minutes > 0) return rest > 0 ? `${minutes}${m} ${rest}${s}` : `${minutes}${m}`
  return `${rest}${s}`
}
