import { expect, test } from 'vitest'
import { letterOf } from './avatar.tsx'

test('a person is known by the first letter of the name, past emoji and signs', () => {
  expect(letterOf('林晚')).toBe('林')
  expect(letterOf('🦊阿狸')).toBe('阿')
  expect(letterOf('~~')).toBe('客')
})

test('numbered people, who all begin alike, are told apart by their last two digits', () => {
  expect(letterOf('会员 100017')).toBe('17')
  expect(letterOf('导购 3')).toBe('3')
})
