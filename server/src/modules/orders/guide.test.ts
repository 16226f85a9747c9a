import { expect, test } from 'vitest'
import { guideOf } from './guide.ts'

const day = (n: number) => new Date(Date.UTC(2026, 9, 1) + n * 86_400_000)
const lock = (staffId: string, since: number, until: number) => ({ staffId, since: day(since), until: day(until) })
const friend = (staffId: string, added: number, lost: number | null = null) => ({
  staffId,
  addedAt: day(added),
  lostAt: lost === null ? null : day(lost),
})
const NOBODY = { staffId: null, lockUntil: null }

test.each([
  ['nobody at all', null, [], [], 30, NOBODY],
  ['whom the order names begins a lock', '1', [], [friend('2', 0)], 30, { staffId: '1', lockUntil: day(40) }],
  [
    'whom the order names has it though another holds the customer',
    '1',
    [lock('2', 0, 30)],
    [],
    30,
    { staffId: '1', lockUntil: null },
  ],
  [
    'whoever holds the customer goes before the friend',
    null,
    [lock('2', 0, 30)],
    [friend('3', 5)],
    30,
    { staffId: '2', lockUntil: null },
  ],
  [
    'a lock counts at the moment it begins',
    null,
    [lock('2', 10, 30)],
    [friend('3', 5)],
    30,
    { staffId: '2', lockUntil: null },
  ],
  [
    'a lock is over at the moment it ends',
    null,
    [lock('2', 0, 10)],
    [friend('3', 5)],
    30,
    { staffId: '3', lockUntil: day(40) },
  ],
  [
    'a lock of later does not count',
    null,
    [lock('2', 11, 30)],
    [friend('3', 5)],
    30,
    { staffId: '3', lockUntil: day(40) },
  ],
  ['of two locks the first', null, [lock('3', 5, 35), lock('2', 1, 31)], [], 30, { staffId: '2', lockUntil: null }],
  [
    'of two friends who added last',
    null,
    [],
    [friend('3', 5), friend('2', 8)],
    30,
    { staffId: '2', lockUntil: day(40) },
  ],
  [
    'a friend of later is none yet',
    null,
    [],
    [friend('3', 5), friend('2', 11)],
    30,
    { staffId: '3', lockUntil: day(40) },
  ],
  [
    'a friend lost by then is none',
    null,
    [],
    [friend('3', 5), friend('2', 8, 9)],
    30,
    { staffId: '3', lockUntil: day(40) },
  ],
  ['a friend lost later was one', null, [], [friend('2', 8, 11)], 30, { staffId: '2', lockUntil: day(40) }],
  ['a friend lost and added again is one', null, [], [friend('2', 8, 4)], 30, { staffId: '2', lockUntil: day(40) }],
  ['nobody is kept for 0 days', null, [], [friend('2', 8)], 0, { staffId: '2', lockUntil: null }],
] as const)('%s', (_name, namedStaffId, locks, follows, lockDays, wanted) => {
  expect(guideOf({ paidAt: day(10), namedStaffId }, locks, follows, lockDays)).toEqual(wanted)
})
