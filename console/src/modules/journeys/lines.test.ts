import { expect, test } from 'vitest'
import type { Way } from './layout.ts'
import { type Line, tell } from './lines.ts'

const graph =
  (of: Record<string, (string | null)[]>) =>
  (key: string): Way[] =>
    (of[key] ?? []).map((to, nr) => ({ port: String(nr), to }))
const short = (lines: Line[]) =>
  lines.map(
    (line) =>
      `${'-'.repeat(line.depth)}${line.is === 'step' ? `${line.number} ${line.key}` : line.is === 'join' ? `>${line.to}` : line.is}`,
  )

test('steps are numbered in the order they are taken', () => {
  expect(short(tell('s', graph({ s: ['a'], a: ['b'], b: [null] })))).toEqual(['1 a', '2 b', 'end'])
})

test('what a fork leads to is set in, and what follows goes on below at the outer depth', () => {
  const lines = tell('s', graph({ s: ['a'], a: ['b', 'c'], b: ['d'], c: ['d'], d: [null] }))
  expect(short(lines)).toEqual(['1 a', '-way', '--1.a1 b', '-way', '--1.b1 c', '2 d', 'end'])
})

test('a way that goes straight to where the others meet says so', () => {
  const lines = tell('s', graph({ s: ['a'], a: ['b', 'd'], b: ['d'], d: [null] }))
  expect(short(lines)).toEqual(['1 a', '-way', '--1.a1 b', '-way', '-->d', '2 d', 'end'])
})

test('no step is told twice, wherever ways lead', () => {
  const lines = tell('s', graph({ s: ['a'], a: ['b', 'c'], b: ['e', null], c: ['e'], e: [null] }))
  const keys = lines.flatMap((line) => (line.is === 'step' ? [line.key] : []))
  expect(keys.toSorted()).toEqual(['a', 'b', 'c', 'e'])
})
