import { expect, test } from 'vitest'
import {
  blankStep,
  changeStep,
  type Draft,
  freshKey,
  KINDS,
  putStep,
  START,
  type Step,
  takeStep,
  waysIn,
} from './steps.ts'

const name = (nr: number) => `way ${nr}`
const draft = (first: string | null, ...steps: Step[]): Draft => ({
  name: 'x',
  trigger: { kind: 'friend', staffIds: [], channelCodeIds: [] },
  first,
  steps,
  priority: 5,
  again: { kind: 'never' },
  leaveOn: { reply: false, order: false, segmentId: null },
  goal: null,
  workdays: false,
})
const step = (kind: Step['kind'], key: string, next: string | null = null): Step => {
  const made = blankStep(kind, key, name)
  return 'next' in made ? { ...made, next } : made
}

test('every kind can be put in before the first step and taken out again, and nothing else has changed', () => {
  const before = draft('a', step('wait', 'a', 'b'), step('message', 'b'))
  for (const { kind } of KINDS) {
    if (kind === 'exit') continue
    const put = putStep(before, { key: START, port: 'next' }, blankStep(kind, 'x', name))
    expect(put.first, kind).toBe('x')
    expect(waysIn(put)('x')[0]!.to, kind).toBe('a')
    const { draft: after, lost } = takeStep(put, 'x')
    expect({ after, lost }, kind).toEqual({ after: before, lost: 0 })
  }
})

test('taking out the only step leaves the trigger alone', () => {
  expect(takeStep(draft('a', step('wait', 'a')), 'a').draft).toEqual(draft(null))
})

test('an arm taken away takes along what only it led to', () => {
  const random = blankStep('random', 'r', name) as Extract<Step, { kind: 'random' }>
  const [one, two] = [
    { ...random.arms[0]!, next: 'a' },
    { ...random.arms[1]!, next: 'b' },
  ]
  const with2 = draft(
    'r',
    { ...random, arms: [one, two] },
    step('wait', 'a', 'c'),
    step('tag', 'b', 'c'),
    step('goal', 'c'),
  )
  const after = changeStep(with2, { ...random, arms: [one] })
  expect(after.steps.map(({ key }) => key)).toEqual(['r', 'a', 'c'])
})

test('a new key is nobody else’s', () => {
  expect(freshKey(draft('n2', step('wait', 'n2', 'n10'), step('wait', 'n10')))).toBe('n11')
})
