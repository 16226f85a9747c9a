import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aMaterial } from '../../../../../test/radar-house.ts'
import { seeded } from '../../../../../test/random.ts'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../../../test/world.ts'
import { inCorp } from '../../../../platform/db.ts'
import { newViewId } from '../reading/view-token.ts'
import type { RadarSetting } from '../schema.ts'
import { isQuiet, rings } from './bell.ts'
import { noteOpenings } from './note.ts'
import { AT_FIRST } from './settings.ts'
import { settleLetters } from './tell.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** 10:00 in Shanghai. */
const TEN = Date.parse('2026-11-20T02:00:00Z')

test('quiet hours over midnight and within a day begin with their first minute and end before their last', () => {
  const at = (time: string) => new Date(`2026-11-20T${time}:00+08:00`)
  const night = { quietFrom: '21:30', quietUntil: '08:30' }
  expect(['21:29', '21:30', '03:00', '08:29', '08:30'].map((time) => isQuiet(night, at(time)))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ])
  const noon = { quietFrom: '12:00', quietUntil: '13:00' }
  expect(['11:59', '12:00', '12:59', '13:00'].map((time) => isQuiet(noon, at(time)))).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect(isQuiet({ quietFrom: '09:00', quietUntil: '09:00' }, at('09:00'))).toBe(false)
})

test('a first opening rings at once, later ones after the digest’s time, and no hour has more letters than the corp allows', () => {
  const waiting = { since: new Date(TEN), hasFirst: false, rung: [] as Date[] }
  expect(rings({ ...waiting, hasFirst: true }, AT_FIRST, new Date(TEN))).toBe(true)
  expect(rings(waiting, AT_FIRST, new Date(TEN + 59 * MINUTE))).toBe(false)
  expect(rings(waiting, AT_FIRST, new Date(TEN + 60 * MINUTE))).toBe(true)
  const rung = [0, 1, 2, 3].map((n) => new Date(TEN + n * MINUTE))
  expect(rings({ ...waiting, hasFirst: true, rung }, AT_FIRST, new Date(TEN + HOUR - 1))).toBe(false)
  expect(rings({ ...waiting, hasFirst: true, rung }, AT_FIRST, new Date(TEN + HOUR))).toBe(true)
  expect(rings({ ...waiting, hasFirst: true }, { ...AT_FIRST, notify: false }, new Date(TEN))).toBe(false)
})

test('two weeks of openings at all hours, thousands in a minute among them: never too many letters, never at night, and nothing untold', () => {
  const random = seeded(5)
  for (const setting of [
    AT_FIRST,
    { ...AT_FIRST, hourlyMax: 1, digestMinutes: 5 },
    { ...AT_FIRST, quietFrom: '12:00', quietUntil: '14:00' },
  ] satisfies RadarSetting[]) {
    const letters: Date[] = []
    let waiting: { since: Date; hasFirst: boolean; atOnce: boolean }[] = []
    let [told, opened] = [0, 0]
    for (let minute = 0; minute < 14 * 24 * 60; minute++) {
      const now = new Date(TEN + minute * MINUTE)
      const openings = random() < 0.01 ? 2_000 : random() < 0.3 ? 1 : 0
      for (let i = 0; i < openings; i++) waiting.push({ since: now, hasFirst: random() < 0.4, atOnce: false })
      opened += openings
      if (waiting.length === 0) continue
      const one = { since: waiting[0]!.since, hasFirst: waiting.some((w) => w.hasFirst), rung: letters }
      if (!rings(one, setting, now)) continue
      letters.push(now)
      told += waiting.length
      waiting = []
    }
    for (const at of letters) {
      const hour = letters.filter((other) => other >= at && other.getTime() < at.getTime() + HOUR)
      expect(hour.length).toBeLessThanOrEqual(setting.hourlyMax)
      expect(isQuiet(setting, at)).toBe(false)
    }
    expect(told + waiting.length).toBe(opened)
    expect(letters.length).toBeGreaterThan(100)
  }
})

async function open(
  db: TestDb,
  corpId: string,
  given: { staffId: string; readerId: string; materialId: string; isFirst: boolean; at: number },
) {
  const viewId = newViewId(given.at)
  await inCorp(db.api, corpId, (tx) => noteOpenings(tx, corpId, [{ ...given, viewId }], new Date(given.at)))
}

test('each member hears of his own links alone; what comes within the hour is one letter that names a few and says how many', async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const [zhou, tang] = [await aStaff(db, corpId, { userid: 'zhou' }), await aStaff(db, corpId, { userid: 'tang' })]
  const materialId = await aMaterial(db, corpId, { title: '春茶<怎么>选' })
  const people = await Promise.all(
    ['林晚', '陈伯年', '苏苏', '阿哲'].map((name) => aContact(db, corpId, { name, staffId: zhou })),
  )
  const theirs = await aContact(db, other, { name: '外人', staffId: await aStaff(db, other) })
  const settle = (at: number) =>
    inCorp(db.api, corpId, (tx) => settleLetters(tx, corpId, 'https://siyu.example', new Date(at)))
  const sent = async (at: number) => {
    const letters = await settle(at)
    await inCorp(db.api, corpId, (tx) =>
      sql`delete from radar_notice where corp_id = ${corpId}::bigint and batch is not null`.execute(tx),
    )
    return letters.flatMap(({ messages }) => messages)
  }
  await open(db, corpId, { staffId: zhou, readerId: people[0]!, materialId, isFirst: true, at: TEN })
  await open(db, corpId, { staffId: tang, readerId: people[1]!, materialId, isFirst: false, at: TEN })
  await open(db, other, { staffId: zhou, readerId: theirs, materialId, isFirst: true, at: TEN })
  expect(await sent(TEN)).toEqual([
    {
      touser: 'zhou',
      content: `林晚看了《春茶 怎么 选》\n看看读到哪里：https://siyu.example/content/radar/${materialId}`,
    },
  ])
  for (const [i, readerId] of people.entries())
    for (let n = 0; n <= i; n++)
      await open(db, corpId, { staffId: zhou, readerId, materialId, isFirst: false, at: TEN + (10 + i) * MINUTE + n })
  expect(await sent(TEN + 30 * MINUTE)).toEqual([])
  const later = await sent(TEN + 80 * MINUTE)
  expect(later.map(({ touser }) => touser).sort()).toEqual(['tang', 'zhou'])
  expect(later.find(({ touser }) => touser === 'zhou')!.content).toContain(
    '阿哲、苏苏、陈伯年等 4 位客户看了《春茶 怎么 选》，共 10 次',
  )
  expect(await sent(TEN + 81 * MINUTE)).toEqual([])
})

test('settled and not yet sent, the same letter is written again; a member who has left is told nothing', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [stays, leaves] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const materialId = await aMaterial(db, corpId)
  const readerId = await aContact(db, corpId, { staffId: stays })
  for (const staffId of [stays, leaves])
    await open(db, corpId, { staffId, readerId, materialId, isFirst: true, at: TEN })
  await inCorp(db.api, corpId, (tx) =>
    tx
      .updateTable('staff')
      .set({ leftAt: new Date(TEN) })
      .where('corpId', '=', corpId)
      .where('staffId', '=', leaves)
      .execute(),
  )
  const settle = () => inCorp(db.api, corpId, (tx) => settleLetters(tx, corpId, 'https://siyu.example', new Date(TEN)))
  const first = await settle()
  expect(first).toHaveLength(1)
  expect(await settle()).toEqual(first)
})
