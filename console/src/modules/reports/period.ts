import { useSearchParams } from 'react-router'
import { useNow } from '../../ui/clock.ts'
import { shanghaiDay } from '../../ui/time-words.ts'

const DAY_MS = 86_400_000
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const ID = /^[1-9]\d{0,17}$/

export const PERIODS = { week: 7, month: 30, quarter: 90 } as const
export type PeriodName = keyof typeof PERIODS

/** The address bar’s filters of a report, and the way to change them. */
export function useReportParams() {
  const [params, setParams] = useSearchParams()
  const read = (name: string, shape: RegExp) => {
    const value = params.get(name)
    return value !== null && shape.test(value) ? value : undefined
  }
  const change = (to: Record<string, string | undefined>) => {
    const next = new URLSearchParams(params)
    for (const [name, value] of Object.entries(to)) value ? next.set(name, value) : next.delete(name)
    setParams(next, { replace: true })
  }
  return { params, change, departmentId: read('department', ID), day: (name: string) => read(name, DAY), id: read }
}

/** The last seven, thirty or ninety days with today, or days of one's own. */
export function usePeriod() {
  const now = useNow()
  const { params, change, day } = useReportParams()
  const [from, to] = [day('from'), day('to')]
  const own = from !== undefined && to !== undefined
  const name = own
    ? undefined
    : ((Object.keys(PERIODS) as PeriodName[]).find((one) => one === params.get('period')) ?? 'month')
  const range = own
    ? { from, to }
    : { from: shanghaiDay(new Date(now.getTime() - (PERIODS[name ?? 'month'] - 1) * DAY_MS)), to: shanghaiDay(now) }
  const days = Math.round((Date.parse(range.to) - Date.parse(range.from)) / DAY_MS) + 1
  return { name, range, days, change }
}
