import { expect, test } from 'vitest'
import { seeded } from '../../../../test/random.ts'
import { planRoster } from './check-roster.ts'
import { everybodyIn, rosterAt, type Standing } from './roster-at.ts'
import { Roster } from './schema.ts'

const MINUTE_MS = 60_000
const FORTNIGHT_MINUTES = 14 * 1_440
/** A Thursday, midnight in Shanghai. */
const START = Date.parse('2026-11-19T00:00:00+08:00')
const at = (text: string) => new Date(`2026-11-${text}:00+08:00`)

const shift = (weekdays: number[], from: string, to: string, staffIds: string[]) => ({ weekdays, from, to, staffIds })
const aRoster = (given: Partial<Roster> = {}): Roster =>
  Roster.parse({ week: [], days: [], backupIds: ['9'], dailyCap: null, caps: [], autoAccept: null, ...given })
const standing = (given: Partial<Standing> = {}): Standing => ({
  able: new Set(['1', '2', '3', '4', '5', '9', '10']),
  off: new Map(),
  addsToday: new Map(),
  ...given,
})

/** The same question answered the slow way: every minute of the fortnight painted with who is on shift. */
function paint(roster: Roster): Set<string>[] {
  const minutes = Array.from({ length: FORTNIGHT_MINUTES }, () => new Set<string>())
  for (let day = -1; day < 14; day++) {
    const midnight = new Date(START + day * 1_440 * MINUTE_MS + 8 * 3_600_000) // its UTC fields read as Shanghai's
    const date = midnight.toISOString().slice(0, 10)
    const weekday = midnight.getUTCDay() === 0 ? 7 : midnight.getUTCDay()
    const own = roster.days.find((it) => it.on === date)
    for (const { from, to, staffIds } of own ? own.shifts : roster.week.filter((s) => s.weekdays.includes(weekday))) {
      let minute = day * 1_440
      const clock = () => {
        const of = ((minute % 1_440) + 1_440) % 1_440
        return `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`
      }
      while (clock() !== from) minute++
      do {
        if (minute >= 0 && minute < FORTNIGHT_MINUTES) for (const id of staffIds) minutes[minute]!.add(id)
        minute++
      } while (clock() !== to.replace('24:00', '00:00'))
    }
  }
  return minutes
}

/** Small numbers from a seed. */
const smallNumbers = (seed: number) => {
  const draw = seeded(seed)
  return (below: number) => Math.floor(draw() * below)
}

function randomRoster(seed: number): Roster {
  const pick = smallNumbers(seed)
  const time = () => `${String(pick(24)).padStart(2, '0')}:${['00', '15', '30', '59'][pick(4)]}`
  const end = () => (pick(6) === 0 ? '24:00' : time())
  const people = () => [...new Set(Array.from({ length: 1 + pick(3) }, () => String(1 + pick(5))))]
  const span = () => ({ from: time(), to: end(), staffIds: people() })
  const weekdays = () => [1, 2, 3, 4, 5, 6, 7].filter(() => pick(2) === 0)
  const days = [...new Set(Array.from({ length: pick(4) }, () => 19 + pick(11)))]
  return aRoster({
    week: Array.from({ length: pick(6) }, () => ({ ...span(), weekdays: weekdays() })).filter((s) => s.weekdays.length),
    days: days.map((day) => ({ on: `2026-11-${day}`, shifts: Array.from({ length: pick(3) }, span) })),
    dailyCap: pick(2) === 0 ? null : 1 + pick(3),
    caps: [{ staffId: '2', dailyCap: 1 + pick(4) }],
    backupIds: pick(2) === 0 ? ['9'] : ['9', '3'],
  })
}

test('for every minute of a fortnight, 15 random rosters say whom the minutes painted one by one say', () => {
  let checked = 0
  for (let seed = 1; seed <= 15; seed++) {
    const roster = randomRoster(seed)
    const pick = smallNumbers(seed * 7_919)
    const painted = paint(roster)
    const people = everybodyIn(roster)
    let current = standing()
    for (let minute = 0; minute < FORTNIGHT_MINUTES; minute++) {
      const now = new Date(START + minute * MINUTE_MS)
      if (minute % 97 === 0)
        current = standing({
          able: new Set(people.filter(() => pick(6) > 0)),
          off: new Map(
            people
              .filter(() => pick(4) === 0)
              .map((id) => [id, pick(2) ? null : new Date(+now + pick(200) * MINUTE_MS)]),
          ),
          addsToday: new Map(people.map((id) => [id, pick(4)])),
        })
      const isOff = (id: string) =>
        current.off.has(id) && (current.off.get(id) === null || +current.off.get(id)! > +now)
      const cap = (id: string) => roster.caps.find((c) => c.staffId === id)?.dailyCap ?? roster.dailyCap ?? 1e9
      const free = people.filter(
        (id) => painted[minute]!.has(id) && current.able.has(id) && !isOff(id) && current.addsToday.get(id)! < cap(id),
      )
      const backups = roster.backupIds.filter((id) => current.able.has(id))
      const present = backups.filter((id) => !isOff(id))
      const wanted = free.length > 0 ? free : present.length > 0 ? present : backups
      const turn = rosterAt(roster, now, current)
      if (turn.receives.join() !== [...wanted].sort((a, b) => Number(a) - Number(b)).join())
        throw new Error(
          `seed ${seed}, minute ${minute}: ${turn.receives} instead of ${wanted} in ${JSON.stringify(roster)}`,
        )
      checked++
    }
  }
  expect(checked).toBe(15 * FORTNIGHT_MINUTES)
})

test('between one change it announces and the next, the answer stays the same', () => {
  for (let seed = 100; seed < 112; seed++) {
    const roster = randomRoster(seed)
    const off = new Map([['2', new Date(START + 3_333 * MINUTE_MS)]])
    const now = standing({ off, addsToday: new Map([['1', 2]]) })
    let minute = 0
    let last = rosterAt(roster, new Date(START), now)
    for (minute = 1; minute < 5 * 1_440; minute++) {
      const instant = new Date(START + minute * MINUTE_MS)
      const turn = rosterAt(roster, instant, now)
      if (last.changesAt && last.changesAt <= instant) last = turn
      else expect([seed, minute, turn.receives.join()]).toEqual([seed, minute, last.receives.join()])
    }
  }
})

test('a shift over midnight belongs to the day it begins on, and a date beats its weekday', () => {
  const roster = aRoster({
    week: [shift([5], '22:00', '02:00', ['1']), shift([6], '09:00', '18:00', ['2'])],
    days: [{ on: '2026-11-28', shifts: [] }],
  })
  const receives = (text: string) => rosterAt(roster, at(text), standing()).receives
  expect(receives('20T21:59')).toEqual(['9']) // Friday
  expect(receives('20T22:00')).toEqual(['1'])
  expect(receives('21T01:59')).toEqual(['1'])
  expect(receives('21T02:00')).toEqual(['9'])
  expect(receives('21T09:00')).toEqual(['2']) // Saturday
  expect(receives('28T09:00')).toEqual(['9']) // the next Saturday is free
  expect(receives('28T01:00')).toEqual(['1']) // what began on Friday goes on into it
})

test('caps hold to the customer, and a backup takes over beyond them, even one who is full himself', () => {
  const roster = aRoster({
    week: [shift([1, 2, 3, 4, 5, 6, 7], '00:00', '24:00', ['1', '2'])],
    dailyCap: 3,
    caps: [{ staffId: '2', dailyCap: 1 }],
    backupIds: ['2'],
  })
  const with_ = (adds: Record<string, number>) =>
    rosterAt(roster, at('20T12:00'), standing({ addsToday: new Map(Object.entries(adds)) }))
  expect(with_({ 1: 2, 2: 0 }).receives).toEqual(['1', '2'])
  expect(with_({ 1: 2, 2: 1 }).receives).toEqual(['1'])
  const full = with_({ 1: 3, 2: 1 })
  expect([full.receives, full.byBackup, full.verdicts.get('1')]).toEqual([['2'], true, 'cap_reached'])
})

test('friends are accepted by themselves within the windows alone, over midnight too', () => {
  const windows = [{ weekdays: [5], from: '22:00', to: '02:00' }]
  const roster = aRoster({ autoAccept: windows })
  const accepts = (text: string) => rosterAt(roster, at(text), standing()).skipVerify
  expect(['20T21:59', '20T22:00', '21T01:59', '21T02:00'].map(accepts)).toEqual([false, true, true, false])
  expect(rosterAt(aRoster(), at('20T12:00'), standing()).skipVerify).toBeNull()
})

test('the checker finds the hour nobody stands in, who cannot, who stands twice and the date gone by, and nothing else', () => {
  const everyDay = [1, 2, 3, 4, 5, 6, 7]
  const people = ['1', '2', '3', '9'].map((staffId) => ({ staffId, name: staffId, able: staffId !== '3' }))
  const good = aRoster({ week: [shift(everyDay, '09:00', '15:00', ['1']), shift(everyDay, '15:00', '22:00', ['2'])] })
  expect(
    planRoster(
      good,
      people.filter((p) => p.able),
      at('19T08:00'),
    ).faults,
  ).toEqual([])

  const gap = aRoster({
    week: [
      shift(everyDay, '09:00', '15:00', ['1']),
      shift([1, 2, 4, 5, 6, 7], '15:00', '22:00', ['2']),
      shift([3], '15:00', '21:00', ['2']),
    ],
  })
  expect(
    planRoster(
      gap,
      people.filter((p) => p.able),
      at('19T08:00'),
    ).faults,
  ).toEqual([
    { kind: 'gap', from: at('25T21:00').toISOString(), to: at('25T22:00').toISOString(), staffIds: [] },
    { kind: 'gap', from: '2026-12-02T13:00:00.000Z', to: '2026-12-02T14:00:00.000Z', staffIds: [] },
  ])

  const bad = aRoster({
    week: [shift(everyDay, '09:00', '22:00', ['1']), shift([4], '10:00', '12:00', ['1', '3'])],
    days: [
      { on: '2026-11-01', shifts: [] },
      { on: '2026-11-24', shifts: [] },
    ],
  })
  expect(planRoster(bad, people, at('19T08:00')).faults.map((f) => [f.kind, f.staffIds.join()])).toEqual([
    ['cannot', '3'],
    ['double', '1'],
    ['past', ''],
  ])
})

test('a crowd WeCom does not take is found at the minute it gathers', () => {
  const crowd = Array.from({ length: 60 }, (_, nr) => String(100 + nr))
  const other = Array.from({ length: 60 }, (_, nr) => String(300 + nr))
  const roster = aRoster({ week: [shift([4], '09:00', '12:00', crowd), shift([4], '11:30', '18:00', other)] })
  const everybody = [...crowd, ...other, '9'].map((staffId) => ({ staffId, name: staffId, able: true }))
  expect(planRoster(roster, everybody, at('19T08:00')).faults.filter((f) => f.kind === 'crowd')).toEqual([
    { kind: 'crowd', from: at('19T11:30').toISOString(), to: at('19T12:00').toISOString(), staffIds: [] },
  ])
})
