import { expect, test } from 'vitest'
import { firstOpen, type SetupStep } from './setup.ts'

const NAMES = ['corp', 'app', 'contacts', 'callback', 'ip', 'domain', 'sync'] as const
const steps = (...states: SetupStep['state'][]): SetupStep[] =>
  NAMES.map((step, index) => ({ step, state: states[index] ?? 'done', refusal: null, errcode: 0, at: null }))

test('the page opens where something is to be done; the domain may be left for later, but not wrong', () => {
  const blocked = steps('done', 'waiting', 'waiting', 'waiting', 'refused').map((step) =>
    step.step === 'app' || step.step === 'contacts' ? { ...step, refusal: 'ip' as const } : step,
  )
  expect(firstOpen(blocked)).toBe('callback') // the list of addresses can be filled only after it
  expect(firstOpen(blocked.map((step) => (step.step === 'callback' ? { ...step, state: 'done' } : step)))).toBe('ip')
  expect(firstOpen(steps('done', 'done', 'done', 'waiting'))).toBe('callback')
  expect(firstOpen(steps('done', 'done', 'done', 'done', 'done', 'todo', 'waiting'))).toBe('sync')
  expect(firstOpen(steps('done', 'done', 'done', 'done', 'done', 'refused'))).toBe('domain')
  expect(firstOpen(steps())).toBe('sync')
})
