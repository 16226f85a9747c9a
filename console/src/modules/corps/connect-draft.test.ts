import { expect, test } from 'vitest'
import { fits } from './connect-draft.ts'

test('what WeCom’s console shows is taken, spaces around it forgiven', () => {
  expect(fits('corpid', ' ww3e9bd1868ac33f4e\n')).toBe(true)
  expect(fits('agentId', '1000002')).toBe(true)
  expect(fits('secret', ` ${'s_-'.repeat(14)}x`)).toBe(true)
  expect(fits('proof', 'WW_verify_AbCd1234efGH5678.txt')).toBe(true)
})

test('what cannot be right is said before the server is asked', () => {
  expect(fits('corpid', 'abc')).toBe(false)
  expect(fits('agentId', '1e3')).toBe(false)
  expect(fits('agentId', '2147483648')).toBe(false)
  expect(fits('secret', 'short')).toBe(false)
  expect(fits('secret', `${'s'.repeat(42)} x`)).toBe(false)
  expect(fits('name', '  ')).toBe(false)
  expect(fits('proof', '../passwd')).toBe(false)
})
