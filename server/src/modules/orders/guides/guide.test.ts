import fc from 'fast-check'
import { expect, test } from 'vitest'
import { guideOf, locksOf } from './guide.ts'

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
  const rule = { lockDays, lockBy: 'purchase' as const }
  expect(guideOf({ paidAt: day(10), namedStaffId }, locks, follows, rule)).toMatchObject(wanted)
})

test('whoever met him first holds him to the end of his time, and whoever meets him in it neither takes nor lengthens it', () => {
  const touch = fc.record({ staffId: fc.constantFrom('1', '2', '3'), at: fc.integer({ min: 0, max: 90 }).map(day) })
  fc.assert(
    fc.property(fc.array(touch), fc.integer({ min: 1, max: 40 }), (touches, days) => {
      const locks = locksOf(touches, days)
      locks.forEach((one, i) => {
        expect(one.until.getTime() - one.since.getTime()).toBe(days * 86_400_000)
        expect(touches).toContainEqual({ staffId: one.staffId, at: one.since })
        if (i > 0) expect(one.since >= locks[i - 1]!.until).toBe(true)
      })
      for (const { at } of touches) expect(locks.filter(({ since, until }) => since <= at && at < until).length).toBe(1)
      expect(locksOf(touches, 0)).toEqual([])
    }),
  )
})

test('under a lock by adding or visiting, orders begin no lock, and say why they count', () => {
  const order = { paidAt: day(10), namedStaffId: null }
  const rule = (lockBy: 'add' | 'visit') => ({ lockDays: 30, lockBy })
  expect(guideOf(order, [lock('2', 0, 30)], [friend('3', 5)], rule('add'))).toEqual({
    staffId: '2',
    by: 'held',
    since: day(0),
    lockUntil: null,
  })
  expect(guideOf(order, [lock('2', 0, 30)], [], rule('visit'))).toMatchObject({ staffId: '2', by: 'visited' })
  expect(guideOf(order, [], [friend('3', 5)], rule('add'))).toEqual({
    staffId: '3',
    by: 'friend',
    since: day(5),
    lockUntil: null,
  })
  expect(guideOf({ ...order, namedStaffId: '1' }, [lock('2', 0, 30)], [], rule('add'))).toMatchObject({
    staffId: '1',
    by: 'named',
  })
})
