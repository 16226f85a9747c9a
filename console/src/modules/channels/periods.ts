import { useSearchParams } from 'react-router'
import { shanghaiDay } from '../../ui/time-words.ts'

const DAYS = { week: 7, month: 30, quarter: 90 } as const
export type Period = keyof typeof DAYS
export const PERIODS = Object.keys(DAYS) as Period[]
const DAY_MS = 86_400_000

export const daysOf = (period: Period): number => DAYS[period]

/** The last days of the period, today included. */
export const rangeOf = (period: Period, now: Date) => ({
  from: shanghaiDay(new Date(now.getTime() - (DAYS[period] - 1) * DAY_MS)),
  to: shanghaiDay(now),
})

/** Which stands in the address; a month when nothing does. */
export function usePeriod(): [Period, (next: Period) => void] {
  const [params, setParams] = useSearchParams()
  const period = PERIODS.find((name) => name === params.get('period')) ?? 'month'
  const put = (next: Period) => {
    const changed = new URLSearchParams(params)
    if (next === 'month') changed.delete('period')
    else changed.set('period', next)
    setParams(changed, { replace: true })
  }
  return [period, put]
}
