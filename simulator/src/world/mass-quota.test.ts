import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startSimulator } from '../simulator.ts'
import { massWindow, setMassUsed, shanghaiDay, takeMassPlace } from './mass-quota.ts'
import type { MassRule } from './mass-records.ts'

const RULES = ['month-days', 'week-7', 'day-1', 'month-4'] as const
const day = (text: string) => shanghaiDay(Date.parse(`${text}+08:00`) / 1000)

test.each([
  ['2026-02-28T23:59:59', 'month-days', '2026-02-01', '2026-02-28', 28],
  ['2028-02-29T00:00:00', 'month-days', '2028-02-01', '2028-02-29', 29],
  ['2026-03-01T00:00:00', 'month-days', '2026-03-01', '2026-03-31', 31],
  ['2026-12-31T23:59:59', 'month-4', '2026-12-01', '2026-12-31', 4],
  ['2026-11-29T12:00:00', 'week-7', '2026-11-23', '2026-11-29', 7], // a Sunday
  ['2026-11-30T00:00:00', 'week-7', '2026-11-30', '2026-12-06', 7],
  ['2026-11-30T23:59:59', 'day-1', '2026-11-30', '2026-11-30', 1],
] as const)('%s lies, by %s, in %s – %s, with %i places', (at, rule, from, to, limit) => {
  expect(massWindow(rule, day(at))).toEqual({ from: day(`${from}T12:00:00`), to: day(`${to}T12:00:00`), limit })
})

/** The places as somebody with a calendar would count them: the dates of Shanghai, as text. */
function calendarKey(rule: MassRule, days: number): string {
  const date = new Date(days * 86_400_000)
  if (rule === 'day-1') return date.toISOString().slice(0, 10)
  if (rule !== 'week-7') return date.toISOString().slice(0, 7)
  while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1)
  return date.toISOString().slice(0, 10)
}

function calendarLimit(rule: MassRule, days: number): number {
  if (rule === 'month-4') return 4
  if (rule !== 'month-days') return rule === 'day-1' ? 1 : 7
  const [year, month] = new Date(days * 86_400_000).toISOString().split('-').map(Number)
  return new Date(year!, month!, 0).getDate()
}

test('a place is given exactly when the calendar has one, over month ends, leap days, changes of rule and jumps', async () => {
  const sim = await startSimulator()
  const step = fc.record({
    /** Days that pass: mostly few, sometimes over a month or a year. */
    days: fc.oneof({ weight: 6, arbitrary: fc.nat(1) }, { weight: 2, arbitrary: fc.nat(9) }, fc.nat(400)),
    rule: fc.option(fc.constantFrom(...RULES), { freq: 12 }),
    tries: fc.integer({ min: 1, max: 6 }),
    who: fc.constantFrom('wmA', 'wmB'),
  })
  const start = fc.integer({ min: day('2027-12-01T12:00:00'), max: day('2028-03-05T12:00:00') })
  fc.assert(
    fc.property(start, fc.array(step, { minLength: 1, maxLength: 60 }), (first, steps) => {
      const corp = sim.world.createCorp({ name: '一家', persist: false })
      const had: { who: string; day: number }[] = []
      let today = first
      for (const { days, rule, tries, who } of steps) {
        today += days
        if (rule) corp.info.options.massQuota = rule
        const { massQuota } = corp.info.options
        for (let n = 0; n < tries; n++) {
          const key = calendarKey(massQuota, today)
          const used = had.filter((it) => it.who === who && calendarKey(massQuota, it.day) === key).length
          const isFree = used < calendarLimit(massQuota, today)
          expect(takeMassPlace(corp, who, today)).toBe(isFree)
          if (isFree) had.push({ who, day: today })
        }
      }
    }),
    { numRuns: 300 },
  )
  await sim.stop()
})

test('a quota set by hand replaces what this window holds, and nothing of the one before', async () => {
  const sim = await startSimulator()
  const corp = sim.world.createCorp({ name: '一家', persist: false, options: { massQuota: 'week-7' } })
  const [sunday, monday] = [day('2026-11-29T12:00:00'), day('2026-11-30T12:00:00')]
  for (let n = 0; n < 7; n++) expect(takeMassPlace(corp, 'wmA', sunday)).toBe(true)
  setMassUsed(corp, 'wmA', monday, 6)
  expect([takeMassPlace(corp, 'wmA', monday), takeMassPlace(corp, 'wmA', monday)]).toEqual([true, false])
  expect(takeMassPlace(corp, 'wmA', sunday)).toBe(false)
  setMassUsed(corp, 'wmA', monday, 0)
  expect(takeMassPlace(corp, 'wmA', monday)).toBe(true)
  await sim.stop()
})
