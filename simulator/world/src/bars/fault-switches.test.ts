import { expect, test } from 'vitest'
import { FAULT_SWITCHES, flip, isOn } from './fault-switches.ts'

const drop = FAULT_SWITCHES.find(({ label }) => label === '丢失')!
const late = FAULT_SWITCHES.find(({ label }) => label === '延迟')!

test('a switch turns its own fault on and off and leaves the others alone', () => {
  const both = flip(flip([], drop), late)
  expect(isOn(both, drop) && isOn(both, late)).toBe(true)
  const one = flip(both, drop)
  expect(isOn(one, drop)).toBe(false)
  expect(isOn(one, late)).toBe(true)
})

test('a rule somebody set up over the control API shows as on, survives other flips, and goes with its own', () => {
  const theirs = { where: 'callback', kind: 'drop', probability: 0.1, match: 'add_external_contact' } as const
  expect(isOn([theirs], drop)).toBe(true)
  expect(flip([theirs], late)[0]).toMatchObject(theirs)
  expect(flip([theirs], drop)).toEqual([])
})

test('tallies of the view are not sent back as rules', () => {
  const seen = { where: 'callback', kind: 'late', ms: 6000, label: '延迟', seen: 3, injected: 3 } as const
  expect(Object.keys(flip([seen], drop)[0]!)).not.toContain('seen')
})

test('each switch has a kind of its own', () => {
  expect(new Set(FAULT_SWITCHES.map(({ rule }) => `${rule.where} ${rule.kind}`)).size).toBe(6)
})
