import { expect, test } from 'vitest'
import { insert, mayLeadTo, remove, type Wiring } from './edit.ts'

interface Step {
  key: string
  to: (string | null)[]
}
const wiring: Wiring<Step> = {
  keyOf: ({ key }) => key,
  waysOf: ({ to }) => to.map((one, nr) => ({ port: String(nr), to: one })),
  withWay: (step, port, to) => ({ ...step, to: step.to.with(Number(port), to) }),
}
const step = (key: string, ...to: (string | null)[]): Step => ({ key, to })
const steps = [step('s', 'a'), step('a', 'b'), step('b', null)]

test('a step put in is followed by what stood there', () => {
  expect(insert(steps, { key: 'a', port: '0' }, step('x', null), wiring)).toEqual([
    step('s', 'a'),
    step('a', 'x'),
    step('b', null),
    step('x', 'b'),
  ])
})

test('a fork put in keeps what stood there on its first way', () => {
  const made = insert(steps, { key: 's', port: '0' }, step('f', null, null), wiring)
  expect(made.find(({ key }) => key === 'f')).toEqual(step('f', 'a', null))
})

test('whatever led to a step taken out leads to what followed it', () => {
  const both = [step('s', 'f'), step('f', 'a', 'b'), step('a', 'c'), step('b', 'c'), step('c', 'd'), step('d', null)]
  const { steps: rest, lost } = remove(both, 's', 'c', wiring)
  expect(rest.filter(({ to }) => to.includes('d')).map(({ key }) => key)).toEqual(['a', 'b'])
  expect(lost).toEqual([])
})

test('with a fork go the steps nobody can come to any more, and no others', () => {
  const forked = [step('s', 'f'), step('f', 'a', 'b'), step('a', 'c'), step('b', 'c'), step('c', null)]
  const { steps: rest, lost } = remove(forked, 's', 'f', wiring)
  expect(rest.map(({ key }) => key)).toEqual(['s', 'a', 'c'])
  expect(lost.map(({ key }) => key)).toEqual(['b'])
})

test('the start stays', () => {
  expect(remove(steps, 's', 's', wiring).steps).toEqual(steps)
})

test('no way may lead back to where it came from', () => {
  expect(mayLeadTo(steps, 'a', wiring).map(({ key }) => key)).toEqual(['b'])
})
