import { expect, test } from 'vitest'
import { moveId, readNames } from './order-tags.ts'

test('moves one id by a step and stops at the ends', () => {
  expect(moveId(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c'])
  expect(moveId(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b'])
  expect(moveId(['a', 'b'], 'a', -1)).toBeUndefined()
  expect(moveId(['a', 'b'], 'b', 1)).toBeUndefined()
  expect(moveId(['a', 'b'], 'x', 1)).toBeUndefined()
})

test('names come one a line or by commas of either script; blanks and repeats fall away', () => {
  expect(readNames(' 不要糖 \n\n少冰，去冰、少冰,热饮')).toEqual(['不要糖', '少冰', '去冰', '热饮'])
})
