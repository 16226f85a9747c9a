import type { TFunction } from 'i18next'
import type { Answer } from '../../api/types.ts'
import { sayYuan } from '../../ui/number-words.ts'

export type Manual = Answer<'/api/contacts/{contactId}/manual'>

/** Fewer deeds than this show no habit. */
const HABIT_MIN = 5
const WINDOW = 3

export interface Habit {
  /** Hours of the day, the first counted and the last not. */
  from: number
  to: number
  /** 0: Monday. */
  weekday: number
  share: number
  of: number
}

/** The three hours of the day, and the day of the week, when somebody is about most. Nothing of too few deeds. */
export function findHabit(hours: readonly number[]): Habit | undefined {
  const of = hours.reduce((sum, n) => sum + n, 0)
  if (of < HABIT_MIN) return undefined
  const sumOf = (keeps: (place: number) => boolean) => hours.reduce((sum, n, place) => sum + (keeps(place) ? n : 0), 0)
  const most = (n: number, count: (at: number) => number) =>
    Array.from({ length: n }, (_, at) => at).reduce((best, at) => (count(at) > count(best) ? at : best))
  const inWindow = (from: number) => sumOf((place) => place % 24 >= from && place % 24 < from + WINDOW)
  const from = most(24 - WINDOW + 1, inWindow)
  const weekday = most(7, (day) => sumOf((place) => Math.floor(place / 24) === day))
  return { from, to: from + WINDOW, weekday, share: inWindow(from) / of, of }
}

/** The manual in a sentence, of what is known and nothing else. */
export function sayManual(manual: Manual, t: TFunction): string {
  const { orders, likes, hours, annoyed, rfm } = manual
  const best = likes[0]
  const habit = findHabit(hours)
  const said = [
    best && t('insight.manual.saySure', { name: best.name }),
    habit &&
      t('insight.manual.sayHours', {
        weekday: t(`channels.roster.weekday.${(habit.weekday + 1) as 1}`),
        from: habit.from,
        to: habit.to,
      }),
    orders && orders.count > 0 && t('insight.manual.saySpent', { n: orders.count, money: sayYuan(orders.totalFen) }),
    orders?.count === 0 && (best || habit) && t('insight.manual.sayNever'),
    rfm?.atRisk && t('insight.manual.sayRisk'),
    annoyed.some(({ what }) => what === 'lost') && t('insight.manual.sayCareful'),
  ].filter((part) => typeof part === 'string')
  return said.length === 0
    ? t('insight.manual.sayNothing')
    : said.join(t('insight.manual.comma')) + t('insight.manual.stop')
}
