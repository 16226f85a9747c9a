import type { TFunction } from 'i18next'
import type { Body } from '../../../api/types.ts'
import { sayYuan } from '../../../ui/number-words.ts'

export type Draft = Body<'/api/rfm', 'put'>
export type Cuts = Draft['cuts']
export const BANDS = [1, 2, 3, 4, 5] as const
type Stretch = readonly number[]

/** 30–60 天: the days of the bands from the worst to the best of a stretch. */
export function sayRecency([from = 1, to = 5]: Stretch, { r }: Cuts, t: TFunction): string {
  const [least, most] = [to === 5 ? 0 : r[4 - to]!, from === 1 ? Infinity : r[5 - from]!]
  if (least >= most) return t('insight.rfm.emptyBand')
  if (least === 0) return most === Infinity ? t('insight.rfm.any') : t('insight.rfm.days.upTo', { n: most })
  return most === Infinity
    ? t('insight.rfm.days.over', { n: least })
    : t('insight.rfm.days.between', { from: least, to: most })
}

/** 3–4 次. Nobody has fewer than one, unless a window lets them. */
export function sayNumber([from = 1, to = 5]: Stretch, { f }: Cuts, t: TFunction): string {
  const [least, most] = [from === 1 ? 0 : f[from - 2]! + 1, to === 5 ? Infinity : f[to - 1]!]
  if (least > most) return t('insight.rfm.emptyBand')
  if (from === 1) {
    if (most === Infinity) return t('insight.rfm.any')
    return most === 1 ? t('insight.rfm.times.once') : t('insight.rfm.times.upTo', { n: most })
  }
  if (most === Infinity) return t('insight.rfm.times.over', { n: least })
  return least === most
    ? t('insight.rfm.times.one', { n: least })
    : t('insight.rfm.times.between', { from: least, to: most })
}

/** ¥150–¥300. */
export function sayMoney([from = 1, to = 5]: Stretch, { m }: Cuts, t: TFunction): string {
  const [least, most] = [from === 1 ? 0 : m[from - 2]!, to === 5 ? Infinity : m[to - 1]!]
  if (most === Infinity) return from === 1 ? t('insight.rfm.any') : t('insight.rfm.yuan.over', { n: sayYuan(least) })
  if (from > 1 && least >= most) return t('insight.rfm.emptyBand')
  return from === 1
    ? t('insight.rfm.yuan.upTo', { n: sayYuan(most) })
    : t('insight.rfm.yuan.between', { from: sayYuan(least), to: sayYuan(most) })
}
