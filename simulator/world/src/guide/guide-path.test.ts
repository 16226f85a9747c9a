import { expect, test } from 'vitest'
import type { Message } from '../../../src/world/records.ts'
import { type PathFacts, type PathMemory, pathOf, remember, welcomeOf } from './guide-path.ts'

const stranger: PathFacts = { welcome: 'none', settling: false }
const friend = (tags: string[] = [], change: Partial<PathFacts> = {}): PathFacts => ({
  follow: { seq: 7, tags },
  welcome: 'sent',
  settling: false,
  ...change,
})
/** As the page lives through it: each sight after the other. */
const live = (...sights: PathFacts[]) => sights.reduce<PathMemory>(remember, {})

test('before the scan the first step is next and the others wait', () => {
  expect(pathOf(stranger, {})).toEqual({ steps: ['now', 'todo', 'todo', 'todo'], now: 0 })
})

test('after the scan we wait for the welcome, after the welcome for a tag', () => {
  expect(pathOf(friend([], { welcome: 'waiting' }), { followSeq: 7 }).now).toBe(1)
  expect(pathOf(friend(), { followSeq: 7 })).toEqual({ steps: ['done', 'done', 'now', 'todo'], now: 2 })
})

test('a welcome that never came is shown as missed and does not hold the visitor up', () => {
  expect(pathOf(friend([], { welcome: 'missed' }), { followSeq: 7 })).toEqual({
    steps: ['done', 'missed', 'now', 'todo'],
    now: 2,
  })
})

test('tags that come with the code are not the member’s; one put on later is', () => {
  const withCode = live(friend([], { settling: true }), friend(['cxl', 'table'], { settling: true }))
  expect(withCode.tagged).toBeUndefined()
  const byHand = remember(withCode, friend(['cxl', 'table', 'cold']))
  expect(byHand.tagged).toBe(true)
  expect(pathOf(friend(['cxl', 'table', 'cold']), byHand).now).toBe(3)
})

test('an old friend’s tags do not count as this visit’s, and taking one off is no tagging', () => {
  const old = live(friend(['a', 'b']))
  expect(old.tagged).toBeUndefined()
  expect(remember(old, friend(['a'])).tagged).toBeUndefined()
})

test('a tag taken off again leaves the step done', () => {
  expect(live(friend(), friend(['cold']), friend()).tagged).toBe(true)
})

test('deleting sends the path back to the scan, and a new friendship starts it anew', () => {
  const whole: PathMemory = { followSeq: 7, tagged: true, opened: true }
  expect(pathOf(friend(), whole)).toEqual({ steps: ['done', 'done', 'done', 'done'], now: 4 })
  expect(pathOf(stranger, whole).now).toBe(0)
  const again = { ...friend(), follow: { seq: 9, tags: ['cold'] } }
  expect(pathOf(again, remember(whole, again)).now).toBe(2)
})

test('looking at the timeline first is allowed: the tag is then what is left', () => {
  expect(pathOf(friend(), { followSeq: 7, opened: true })).toEqual({ steps: ['done', 'done', 'now', 'done'], now: 2 })
})

test('a half friend still has to be accepted', () => {
  expect(pathOf({ ...friend(), follow: { seq: 7, tags: [], half: true } }, { followSeq: 7 }).now).toBe(0)
})

test('nothing new leaves the memory the very same object', () => {
  const memory = live(friend(['a']))
  expect(remember(memory, friend(['a']))).toBe(memory)
  expect(remember(memory, stranger)).toBe(memory)
})

test('the welcome of an earlier friendship is not this one’s', () => {
  const said = (seq: number, welcome?: { delaySeconds: number }) => ({ seq, welcome }) as Message
  const before = said(3, { delaySeconds: 1 })
  const now = said(8, { delaySeconds: 1.2 })
  expect(welcomeOf([before, said(9)], { seq: 7 })).toBeUndefined()
  expect(welcomeOf([before, now], { seq: 7 })).toBe(now)
})
