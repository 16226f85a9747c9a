import { expect, test } from 'vitest'
import { spaceHan } from './han-spacing.ts'

test('a name that ends in digits or letters is set off from the words around it, once', () => {
  expect(spaceHan('替Eric说一句')).toBe('替 Eric 说一句')
  expect(spaceHan('会员 17的手机')).toBe('会员 17 的手机')
  expect(spaceHan('会员 17 的手机')).toBe('会员 17 的手机')
})

test('Han beside Han and beside punctuation stays as it is', () => {
  expect(spaceHan('林晚的手机')).toBe('林晚的手机')
  expect(spaceHan('「＋ 爱冷泡」，20 秒')).toBe('「＋ 爱冷泡」，20 秒')
})
