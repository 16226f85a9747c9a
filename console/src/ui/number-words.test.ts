import { expect, test } from 'vitest'
import { byteLength, compareNumbers, sayCount, sayRate, sayYuan } from './number-words.ts'

test('counts are grouped, and turn to 万 and 亿 where look says, in Chinese only', () => {
  expect(sayCount(3_012)).toBe('3,012')
  expect(sayCount(99_999)).toBe('99,999')
  expect(sayCount(100_000)).toBe('10 万')
  expect(sayCount(123_456)).toBe('12.3 万')
  expect(sayCount(120_000_000)).toBe('1.2 亿')
  expect(sayCount(123_456, 'en')).toBe('123,456')
})

test('a rate of nothing is a dash, a rate of something has one decimal', () => {
  expect(sayRate(812, 1_286)).toBe('63.1%')
  expect(sayRate(0, 5)).toBe('0.0%')
  expect(sayRate(0, 0)).toBe('—')
})

test('a change names its direction and its share of what was before', () => {
  expect(compareNumbers(112, 100)).toEqual({ direction: 'up', words: '12.0%' })
  expect(compareNumbers(94, 97)).toEqual({ direction: 'down', words: '3.1%' })
  expect(compareNumbers(0, 8)).toEqual({ direction: 'down', words: '100.0%' })
  expect(compareNumbers(7, 7)).toEqual({ direction: 'flat', words: '0%' })
})

test('from nothing and across zero the change is still told the right way round', () => {
  expect(compareNumbers(5, 0)).toEqual({ direction: 'up', words: '5' })
  expect(compareNumbers(-3, 0)).toEqual({ direction: 'down', words: '3' })
  expect(compareNumbers(2, -4)).toEqual({ direction: 'up', words: '150.0%' })
})

test('bytes are counted as WeCom counts them', () => {
  expect(byteLength('茶a')).toBe(4)
  expect(byteLength('🍵')).toBe(4)
})

test('money from fen: grouped, with two decimals only below ¥1,000 and only where there are fen', () => {
  expect([76, 32_000, 117_600, 99_999, 123_456, 0].map(sayYuan)).toEqual([
    '¥0.76',
    '¥320',
    '¥1,176',
    '¥999.99',
    '¥1,235',
    '¥0',
  ])
})
