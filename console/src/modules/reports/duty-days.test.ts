import { expect, test } from 'vitest'
import { alwaysOn, type Calendar, type DutyPerson, dayAt, lengthOf, sayTimes, slotsOn } from './duty-days.ts'

const calendar = {
  from: '2026-11-16',
  days: 7,
  codes: [{ channelCodeId: '1', name: '码', rostered: true }],
} as Calendar
const stretch = (from: string, to: string) => ({
  channelCodeId: '1',
  backup: false,
  from: new Date(`${from}:00+08:00`).toISOString(),
  to: new Date(`${to}:00+08:00`).toISOString(),
})

test('a night shift is on two days, each up to and from midnight in Shanghai, and on no third', () => {
  const night = [stretch('2026-11-16T22:00', '2026-11-17T02:30')]
  const times = [0, 1, 2].map((nr) => slotsOn(calendar, night, nr).map(sayTimes))
  expect(times).toEqual([['22:00–24:00'], ['00:00–02:30'], []])
  expect(dayAt(calendar.from, 1).toISOString()).toBe('2026-11-16T16:00:00.000Z')
})

test('one that ends at midnight leaves nothing on the next day, and slots come as they begin', () => {
  const two = [stretch('2026-11-16T15:00', '2026-11-17T00:00'), stretch('2026-11-16T09:00', '2026-11-16T15:00')]
  expect(slotsOn(calendar, two, 0).map(sayTimes)).toEqual(['09:00–15:00', '15:00–24:00'])
  expect(slotsOn(calendar, two, 1)).toEqual([])
})

test('hours are counted once; only somebody who is on every whole day behind unrostered codes is always on', () => {
  const slots = slotsOn(
    calendar,
    [stretch('2026-11-16T09:00', '2026-11-16T12:00'), stretch('2026-11-16T11:00', '2026-11-16T13:30')],
    0,
  )
  expect(lengthOf(slots)).toBe(270)
  const free = { ...calendar, codes: [{ channelCodeId: '1', name: '码', rostered: false }] }
  const whole = { stretches: [stretch('2026-11-16T00:00', '2026-11-23T00:00')] } as DutyPerson
  const gap = { stretches: [stretch('2026-11-16T00:00', '2026-11-22T23:00')] } as DutyPerson
  expect([alwaysOn(free, whole), alwaysOn(calendar, whole), alwaysOn(free, gap)]).toEqual([true, false, false])
})
