import { expect, test } from 'vitest'
import { freeKey, mend, moveField, newField } from './draft.ts'

const choice = (key: string) => newField('choice', key, key, ['甲', '乙'])
const after = (key: string, on: string, is: string[]) => ({
  ...newField('text', key, key, []),
  when: { field: on, is },
})

test('a field moved before what it asks is shown to everybody, and one whose options went keeps the rest', () => {
  const fields = [choice('a'), after('b', 'a', ['甲', '乙'])]
  expect(moveField(fields, 1, 0).map(({ key, when }) => [key, when])).toEqual([
    ['b', null],
    ['a', null],
  ])
  expect(mend([{ ...choice('a'), options: ['乙', '丙'] }, after('b', 'a', ['甲', '乙'])])[1]!.when).toEqual({
    field: 'a',
    is: ['乙'],
  })
  expect(mend([{ ...choice('a'), options: ['丙', '丁'] }, after('b', 'a', ['甲'])])[1]!.when).toBeNull()
  expect(moveField(fields, 0, 5)).toEqual(fields)
  expect(freeKey([{ key: 'q1' }, { key: 'q3' }])).toBe('q2')
})
