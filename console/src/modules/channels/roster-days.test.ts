import { expect, test } from 'vitest'
import { cutByDay, headPieces, hoursShown, sayHour, weekdayOf } from './roster-days.ts'
import type { RosterPlan } from './use-channels.ts'

const START = '2026-11-19T00:00:00+08:00' // a Thursday
const at = (text: string) => `2026-11-${text}:00+08:00`

test('a night shift is drawn on both of its days, and what lies outside the week is left out', () => {
  expect(cutByDay({ from: at('20T22:00'), to: at('21T01:30') }, START)).toEqual([
    { day: 1, from: 22, to: 24 },
    { day: 2, from: 0, to: 1.5 },
  ])
  expect(cutByDay({ from: at('18T20:00'), to: at('19T02:00') }, START)).toEqual([{ day: 0, from: 0, to: 2 }])
  expect(cutByDay({ from: at('26T00:00'), to: at('26T08:00') }, START)).toEqual([])
})

test('the hours shown hold every shift, and heads are counted within them alone', () => {
  const plan: RosterPlan = {
    from: START,
    to: at('26T00:00'),
    lines: [
      { staffId: '1', name: '陈屿', backup: false, stretches: [{ from: at('19T09:30'), to: at('19T15:00') }] },
      { staffId: '2', name: '许曼', backup: false, stretches: [{ from: at('20T12:00'), to: at('20T21:15') }] },
    ],
    heads: [
      { at: START, count: 0 },
      { at: at('19T09:30'), count: 1 },
      { at: at('19T15:00'), count: 0 },
      { at: at('20T12:00'), count: 1 },
      { at: at('20T21:15'), count: 0 },
    ],
    faults: [],
  }
  expect(hoursShown(plan)).toEqual({ open: 9, close: 22 })
  expect(headPieces(plan).filter((piece) => piece.count > 0)).toEqual([
    { day: 0, from: 9.5, to: 15, count: 1 },
    { day: 1, from: 12, to: 21.25, count: 1 },
  ])
  expect(headPieces(plan).filter((piece) => piece.day === 0 && piece.count === 0)).toEqual([
    { day: 0, from: 9, to: 9.5, count: 0 },
    { day: 0, from: 15, to: 22, count: 0 },
  ])
})

test('hours are said short, and Sunday is the seventh day', () => {
  expect([9, 21.5, 24, 0.25].map(sayHour)).toEqual(['9', '21:30', '24', '0:15'])
  expect([0, 3, 4].map((day) => weekdayOf(START, day))).toEqual([4, 7, 1])
})
