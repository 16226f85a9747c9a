import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../../platform/shanghai.ts'
import { USUAL as OFFICE } from '../stages/calendar.ts'
import { BLOCK } from './blocks.ts'
import { type DayCounts, fullest, fullestAt, limitsOn, spanOf } from './caps.ts'
import { drawOf } from './draw.ts'
import { mayTouchAt, nextTouchAt } from './hours.ts'
import { type Cap, type Policy, USUAL } from './schema.ts'

const days = (n: number): Cap['window'] => ({ kind: 'days', days: n })
const at = (clock: string) => new Date(`${clock}+08:00`)

test('a window of days in a row lies anywhere about the day; a week begins on Monday, a month has its own length', () => {
  expect(spanOf(days(7), '2026-11-25')).toEqual({ from: '2026-11-19', to: '2026-12-01', length: 7 })
  expect(spanOf({ kind: 'week' }, '2026-11-29')).toEqual({ from: '2026-11-23', to: '2026-11-29', length: 7 }) // a Sunday
  expect(spanOf({ kind: 'week' }, '2026-11-30')).toEqual({ from: '2026-11-30', to: '2026-12-06', length: 7 })
  expect(spanOf({ kind: 'month' }, '2028-02-29')).toEqual({ from: '2028-02-01', to: '2028-02-29', length: 29 })
  expect(spanOf({ kind: 'day' }, '2026-12-31')).toEqual({ from: '2026-12-31', to: '2026-12-31', length: 1 })
})

test('WeCom’s own limit is the month’s length, and nobody’s topic is exempt from it', () => {
  const limits = (day: string, topic: string) => limitsOn(USUAL, day, 'mass', topic)
  expect(limits('2027-02-10', '服务').map(({ limit, ofPlatform }) => [limit, ofPlatform])).toEqual([[28, true]])
  expect(limits('2026-12-10', '营销').map(({ limit }) => limit)).toEqual([2, 6, 31])
  expect(limitsOn({ ...USUAL, platform: 'day_1' }, '2026-12-10', 'mass', '服务')[0]).toMatchObject({
    length: 1,
    limit: 1,
  })
  expect(limitsOn(USUAL, '2026-12-10', 'moment', '营销').some(({ ofPlatform }) => ofPlatform)).toBe(false)
  // What is told whatever the caps say does not use them up either.
  expect(limits('2026-12-10', '营销')[0]!.counts('chat', '服务')).toBe(false)
  expect(limits('2026-12-10', '营销')[0]!.counts('chat', '关怀')).toBe(true)
})

/** Plainly: every window of the length that holds the day. */
function plainFullest(held: ReadonlyMap<string, number>, window: Cap['window'], day: string): number {
  if (window.kind !== 'days') {
    const { from, length } = spanOf(window, day)
    return Array.from({ length }, (_, i) => held.get(addDays(from, i)) ?? 0).reduce((a, b) => a + b, 0)
  }
  let most = 0
  for (let first = 1 - window.days; first <= 0; first++) {
    let sum = 0
    for (let i = 0; i < window.days; i++) sum += held.get(addDays(day, first + i)) ?? 0
    most = Math.max(most, sum)
  }
  return most
}

test('the fullest window is what counting every window finds, for a block as for one', () => {
  const window = fc.oneof(
    fc.constantFrom<Cap['window']>({ kind: 'day' }, { kind: 'week' }, { kind: 'month' }),
    fc.integer({ min: 2, max: 40 }).map(days),
  )
  fc.assert(
    fc.property(
      ...[window, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: BLOCK - 1 })],
      fc.array(fc.tuple(fc.integer({ min: -45, max: 45 }), fc.integer({ min: 1, max: 5 })), { maxLength: 30 }),
      (window, offset, place, touched) => {
        const day = addDays('2026-10-20', offset)
        const held = new Map<string, number>()
        for (const [off, times] of touched) held.set(addDays(day, off), (held.get(addDays(day, off)) ?? 0) + times)
        const rows = [...held].map(([on, times]): DayCounts => {
          const counts = new Uint8Array(BLOCK)
          counts[place] = times
          return { day: on, channel: 'mass', topic: '营销', counts }
        })
        const policy: Policy = { ...USUAL, caps: [{ channels: [], topics: [], window, limit: 1 }] }
        const limit = limitsOn(policy, day, 'chat', '营销')[0]!
        const expected = plainFullest(held, window, day)
        expect(fullest(limit, rows)[place]).toBe(expected)
        expect(fullestAt(limit, rows, place)).toBe(expected)
        expect(fullest(limit, rows)[(place + 1) % BLOCK]).toBe(0)
      },
    ),
    { numRuns: 200 },
  )
})

test('people are reached within the hours of the day as the calendar has it: 调休 is worked, a holiday is not', () => {
  const calendar = { ...OFFICE, holidays: ['2027-01-01'], workdays: ['2027-01-09'] }
  const policy: Policy = {
    ...USUAL,
    hours: { workday: { from: '09:00', to: '21:00' }, restday: { from: '10:00', to: '20:00' } },
  }
  const may = (clock: string) => mayTouchAt(policy, calendar, at(clock))
  expect([may('2026-12-31T20:59:59'), may('2026-12-31T21:00:00'), may('2026-12-31T09:00:00')]).toEqual([
    true,
    false,
    true,
  ])
  expect([may('2027-01-01T09:30:00'), may('2027-01-01T10:00:00'), may('2027-01-01T20:00:00')]).toEqual([
    false,
    true,
    false,
  ])
  expect(may('2027-01-09T09:30:00')).toBe(true) // a Saturday that is worked
  expect(nextTouchAt(policy, calendar, at('2026-12-31T21:00:00'))).toEqual(at('2027-01-01T10:00:00'))
  const never: Policy = { ...policy, hours: { workday: policy.hours.workday, restday: null } }
  expect(nextTouchAt(never, calendar, at('2026-12-31T22:00:00'))).toEqual(at('2027-01-04T09:00:00'))
  expect(
    nextTouchAt({ ...never, hours: { workday: null, restday: null } }, calendar, at('2026-12-31T22:00:00')),
  ).toBeUndefined()
})

test('a holdout takes its share evenly, the same people each time, and others under another salt', () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => i + 1)
  const held = (salt: number) => ids.filter((id) => drawOf(salt, id) < 100)
  const [one, other] = [held(7), held(8)]
  expect(one).toEqual(held(7))
  expect(one.length).toBeGreaterThan(9_600)
  expect(one.length).toBeLessThan(10_400)
  const also = new Set(other)
  const both = one.filter((id) => also.has(id)).length
  expect(both).toBeGreaterThan(800) // a tenth of a tenth, were they independent
  expect(both).toBeLessThan(1_200)
})
