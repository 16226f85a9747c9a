import { expect, test } from 'vitest'
import { USUAL } from '../stages/calendar.ts'
import type { Step } from './schema.ts'
import { standsUntil } from './when.ts'

const calendar = { ...USUAL, holidays: ['2026-12-02'], workdays: ['2026-12-05'] }
const shanghai = (time: string) => new Date(`${time}:00+08:00`)
const wait = (given: Partial<Extract<Step, { kind: 'wait' }>>): Step => ({
  ...{ key: 'n1', kind: 'wait', span: { n: 1, unit: 'day' }, at: null, workdays: false, next: null },
  ...given,
})
const until = (weekdays: number[], at: string): Step => ({ key: 'n1', kind: 'until', weekdays, at, next: null })

// 2026-12-01 is a Tuesday.
test.each<[string, Step, string, string]>([
  [
    'a clock that shows the time already is waited for no longer',
    until([], '10:00'),
    '2026-12-01 10:00',
    '2026-12-01 10:00',
  ],
  [
    'one that showed it a minute ago is waited for until tomorrow',
    until([], '10:00'),
    '2026-12-01 10:01',
    '2026-12-02 10:00',
  ],
  ['weekdays count from Monday, Sunday is the seventh', until([7], '09:00'), '2026-12-01 10:00', '2026-12-06 09:00'],
  ['a day is twenty-four hours', wait({}), '2026-12-01 10:01', '2026-12-02 10:01'],
  ['a holiday is passed over', wait({ workdays: true }), '2026-12-01 10:01', '2026-12-03 10:01'],
  [
    'a Saturday that is worked on is not',
    wait({ span: { n: 4, unit: 'day' }, workdays: true }),
    '2026-12-01 10:01',
    '2026-12-05 10:01',
  ],
  ['first so long, then until the clock shows it', wait({ at: '10:00' }), '2026-12-01 10:01', '2026-12-03 10:00'],
])('%s', (_, step, from, to) => {
  expect(standsUntil(step, shanghai(from.replace(' ', 'T')), { workdays: false }, calendar)).toEqual(
    shanghai(to.replace(' ', 'T')),
  )
})
