import { expect, test } from 'vitest'
import { inOrder, place, type Sizes, type Way, wayKey } from './layout.ts'

const sizes: Sizes = { width: 200, gapX: 20, heightOf: () => 60, gapY: 40, gapBranch: 70, endWidth: 80 }
const graph =
  (of: Record<string, (string | null)[]>) =>
  (key: string): Way[] =>
    (of[key] ?? []).map((to, nr) => ({ port: String(nr), to }))

test('a step stands below whatever leads to it, on the longest way', () => {
  const ways = graph({ a: ['b', 'd'], b: ['c'], c: ['d'], d: [null] })
  const { steps } = place('a', ways, sizes)
  expect(steps.get('b')!.y).toBe(130)
  expect(steps.get('d')!.y).toBe(330)
  expect(inOrder('a', ways)).toEqual(['a', 'b', 'c', 'd'])
})

test('what a fork leads to stands side by side, and where it meets again in the middle', () => {
  const { steps } = place('a', graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [null] }), sizes)
  const x = (key: string) => steps.get(key)!.x
  expect(x('c') - x('b')).toBe(220)
  expect(x('d')).toBe(x('a'))
  expect(x('a')).toBe((x('b') + x('c')) / 2)
})

test('a way that ends has a place of its own beside the others', () => {
  const { steps, ends } = place('a', graph({ a: ['b', null], b: [null] }), sizes)
  expect(ends.get(wayKey('a', '1'))!.x).toBeGreaterThan(steps.get('b')!.x + 100)
  expect(ends.get(wayKey('b', '0'))!.x).toBe(steps.get('b')!.x)
})

test('forks within forks do not overlap', () => {
  const of = { a: ['b', 'c'], b: ['d', 'e'], c: ['f', 'g'], d: [null], e: [null], f: [null], g: [null] }
  const { steps } = place('a', graph(of), sizes)
  const xs = ['d', 'e', 'f', 'g'].map((key) => steps.get(key)!.x)
  for (const [nr, x] of xs.slice(1).entries()) expect(x - xs[nr]!).toBeGreaterThanOrEqual(220)
})

test('a joint that only some ways come to is placed once', () => {
  const { steps } = place('a', graph({ a: ['b', 'c', null], b: ['d'], c: ['d'], d: [null] }), sizes)
  expect(steps.size).toBe(4)
  expect(steps.get('d')!.y).toBe(230)
})
