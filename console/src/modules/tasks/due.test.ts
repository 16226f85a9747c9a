import { expect, test } from 'vitest'
import { firstDue, fromLocal, presetAt, toLocal } from './due.ts'

const at = (text: string) => new Date(`${text}:00+08:00`)

test('what an input holds is Shanghai’s clock, wherever the browser stands', () => {
  expect(toLocal(new Date('2026-11-30T16:30:00Z'))).toBe('2026-12-01T00:30')
  expect(fromLocal('2026-12-01T00:30')?.toISOString()).toBe('2026-11-30T16:30:00.000Z')
  expect(fromLocal('2026-12-')).toBeUndefined()
})

test('a preset that is over, or about to be, is not offered; a new task begins with the first that is', () => {
  expect(presetAt('tonight', at('2026-11-30T17:29'))).toEqual(at('2026-11-30T18:00'))
  expect(presetAt('tonight', at('2026-11-30T17:30'))).toBeUndefined()
  expect(firstDue(at('2026-11-30T17:30'))).toEqual(at('2026-12-01T10:00'))
  expect(presetAt('week', at('2026-12-28T00:10'))).toEqual(at('2027-01-04T10:00'))
})
