import { expect, test } from 'vitest'
import { makePrng, type Prng } from '../../../../simulator/src/prng.ts'
import { aCorp, aStaff, freshDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { alwaysRoster, rosterAt } from '../channels/roster/roster-at.ts'
import { Roster } from '../channels/roster/schema.ts'
import { NewChannelCode } from '../channels/schema.ts'
import { createChannelCode } from '../channels/service.ts'
import { type DutyCode, minutesOf, type Off, piecesOf, readDutyCalendar } from './duty-calendar.ts'

const MINUTE = 60_000
const monday = new Date('2026-11-16T00:00:00+08:00')
const after = (minutes: number) => new Date(monday.getTime() + minutes * MINUTE)
const STAFF = ['1', '2', '3', '4', '5']

const aTime = (prng: Prng) => `${String(prng.int(0, 23)).padStart(2, '0')}:${prng.pick(['00', '07', '30', '59'])}`
const some = <T>(prng: Prng, list: T[], most: number) => [
  ...new Set(Array.from({ length: prng.int(1, most) }, () => prng.pick(list))),
]

function aRoster(prng: Prng): Roster {
  const shift = () => ({
    from: aTime(prng),
    to: prng.pick([aTime(prng), '24:00', '00:00']),
    staffIds: some(prng, STAFF, 3),
  })
  return Roster.parse({
    week: Array.from({ length: prng.int(0, 5) }, () => ({
      ...shift(),
      weekdays: some(prng, [1, 2, 3, 4, 5, 6, 7], 6),
    })),
    days: prng.chance(0.5) ? [{ on: '2026-11-18', shifts: Array.from({ length: prng.int(0, 2) }, shift) }] : [],
    backupIds: some(prng, STAFF, 2),
    dailyCap: prng.pick([null, 5]),
    caps: [],
    autoAccept: prng.chance(0.3) ? [{ weekdays: [1, 3], from: '10:11', to: '12:13' }] : null,
  })
}

test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
  'a random week’s pieces say of every minute what the roster says of it (seed %i)',
  (seed) => {
    const prng = makePrng(seed)
    const roster = prng.chance(0.85) ? aRoster(prng) : null
    const code: DutyCode = { channelCodeId: '9', name: '码', roster, staffIds: ['2', '4'] }
    const able = new Set(STAFF.filter(() => prng.chance(0.85)))
    const off: Off[] = some(prng, STAFF, 2).map((staffId) => {
      const since = after(prng.int(-2_000, 6_000))
      return {
        staffId,
        since,
        until: prng.chance(0.3) ? null : new Date(since.getTime() + prng.int(1, 5_000) * MINUTE),
      }
    })
    const pieces = piecesOf(code, able, off, monday, after(7 * 1_440))
    expect([pieces[0]!.from, pieces.at(-1)!.to]).toEqual([monday, after(7 * 1_440)])
    for (const [i, { to }] of pieces.slice(0, -1).entries()) expect(pieces[i + 1]!.from).toEqual(to)
    for (let minute = 0; minute < 7 * 1_440; minute++) {
      const at = after(minute)
      const away = new Map(off.filter(({ since }) => since <= at).map(({ staffId, until }) => [staffId, until]))
      const turn = rosterAt(roster ?? alwaysRoster(code.staffIds), at, { able, off: away, addsToday: new Map() })
      const piece = pieces.find(({ from, to }) => from <= at && at < to)!
      expect([at, piece.receives, piece.byBackup]).toEqual([at, turn.receives, roster !== null && turn.byBackup])
    }
  },
)

test('an hour on two codes is one hour', () => {
  const span = (from: number, to: number) => ({ from: after(from).toISOString(), to: after(to).toISOString() })
  expect(minutesOf([span(60, 180), span(120, 240), span(130, 140), span(300, 310)])).toBe(190)
})

test('a week shows whom one sees: hours, gaps, two rosters at once, who is off and until when; archived codes are gone', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, bob, cat] = [
    await aStaff(db, corpId, { name: '艾米' }),
    await aStaff(db, corpId, { name: '波波' }),
    await aStaff(db, corpId, { name: '凯特' }),
  ]
  const now = after(2 * 1_440 + 600)
  const roster = (from: string, to: string, who: string, backup: string) =>
    Roster.parse({
      week: [{ weekdays: [1], from, to, staffIds: [who] }],
      days: [],
      backupIds: [backup],
      dailyCap: null,
      caps: [],
      autoAccept: null,
    })
  const ids = await inCorp(db.api, corpId, async (tx) => {
    const make = (given: object) =>
      createChannelCode(tx, corpId, NewChannelCode.parse({ name: '码', ...given }), { createdBy: '1', now })
    const made = [
      await make({ roster: roster('09:00', '12:00', amy, bob) }),
      await make({ roster: roster('11:00', '14:00', amy, bob) }),
      await make({ staffIds: [cat] }),
    ]
    await tx.insertInto('offDuty').values({ corpId, staffId: cat, since: now, until: null, saidBy: '她' }).execute()
    return made
  })
  const read = (scope: string[] | undefined, days = 1) =>
    inCorp(db.api, corpId, (tx) => readDutyCalendar(tx, corpId, scope, { from: '2026-11-16', days }, now))
  const all = await read(undefined)
  const span = (from: number, to: number) => ({ from: after(from).toISOString(), to: after(to).toISOString() })
  expect(all.people.map(({ staffId, minutes, off }) => [staffId, minutes, off])).toEqual([
    [amy, 300, false],
    [bob, 0, false],
    [cat, 0, true],
  ])
  expect(all.people[0]!.stretches).toEqual([
    { channelCodeId: ids[0], backup: false, ...span(540, 720) },
    { channelCodeId: ids[1], backup: false, ...span(660, 840) },
  ])
  expect(all.doubles).toEqual([{ staffId: amy, channelCodeIds: [ids[0], ids[1]], ...span(660, 720) }])
  expect(all.gaps).toEqual([
    { channelCodeId: ids[0], ...span(0, 540) },
    { channelCodeId: ids[0], ...span(720, 1_440) },
    { channelCodeId: ids[1], ...span(0, 660) },
    { channelCodeId: ids[1], ...span(840, 1_440) },
  ])
  const hers = await read([cat], 7)
  expect(hers.people.map(({ staffId }) => staffId)).toEqual([cat])
  expect(hers.codes.map(({ channelCodeId }) => channelCodeId)).toEqual([ids[2]])
  expect([hers.gaps, hers.doubles]).toEqual([[], []])
})
