import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContactWorld, type ContactWorld } from '../../../test/contact-world.ts'
import { aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { standingClock } from '../../platform/clock.ts'
import { addDays, dayStart } from '../../platform/shanghai.ts'
import { FETCH_BEHAVIOR, fetchBehavior, settledUntil } from './fetch-behavior.ts'

const API = 'externalcontact/get_user_behavior_data'
const HOUR = 3_600_000

/** The simulator's present, and a clock of ours that can be wound beside its own. */
async function aTalk(db: TestDb) {
  const start = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00+08:00`)
  const clock = standingClock(start)
  const there = await aContactWorld(db, { clock })
  const { virtualMs } = await there.world.control<{ virtualMs: number }>('GET', '/clock')
  const wind = async (ms: number) => {
    clock.move(ms)
    await there.world.control('POST', '/clock', { jumpSeconds: ms / 1000 })
  }
  await there.world.control('POST', '/clock', { paused: true, jumpSeconds: 0 })
  // Both at the next noon.
  await there.world.control('POST', '/clock', { jumpSeconds: (start.getTime() + 24 * HOUR - virtualMs) / 1000 })
  clock.move(24 * HOUR)
  for (const userid of ['amy', 'bob', 'cat']) await aStaff(db, there.corpId, { userid, name: userid })
  const friend = async (userid: string) => {
    const { externalUserid } = await there.world.act<{ externalUserid: string }>({ type: 'new_customer', name: '林晚' })
    await there.world.act({ type: 'add', userid, externalUserid })
    return { userid, externalUserid }
  }
  return { there, clock, wind, friend }
}

const run = ({ context, corpId }: ContactWorld) => fetchBehavior(context, corpId, new AbortController().signal)
const counted = async (db: TestDb) =>
  (
    await sql<{ userid: string; day: string; chats: number; messages: number; replyShare: number | null }>`
      select s.userid, to_char(b.on_day, 'YYYY-MM-DD') as day, b.chats, b.messages, b.reply_share
      from staff_behavior b join staff s on s.staff_id = b.staff_id where b.chats > 0 or b.reply_share is not null order by 1, 2`.execute(
      db.owner,
    )
  ).rows
const days = async (db: TestDb) =>
  (
    await sql<{ userid: string; n: number; until: string | null; refused: number | null }>`
      select s.userid, count(b.staff_id)::int as n, to_char(t.settled_until, 'YYYY-MM-DD') as until, t.refused from staff s
      left join staff_behavior b on b.staff_id = s.staff_id left join staff_behavior_state t on t.staff_id = s.staff_id group by 1, 3, 4 order by 1`.execute(
      db.owner,
    )
  ).rows
const today = (clock: { now(): Date }) => new Date(clock.now().getTime() + 8 * HOUR).toISOString().slice(0, 10)

test('thirty days are read at first, one member a call, then only the new one; a repeat asks nothing and changes nothing', async () => {
  await using db = await freshDb()
  const { there, clock, wind, friend } = await aTalk(db)
  await using _ = there
  const asked: unknown[] = []
  there.line.before = (api, body) => {
    if (api === API) asked.push(body.userid)
    return undefined
  }
  const pair = await friend('amy')
  await there.world.act({ type: 'customer_says', ...pair, text: '在吗' })
  await wind(10 * 60_000)
  await there.world.act({ type: 'staff_says', ...pair, text: '在' })
  const dayOne = today(clock)
  await wind(24 * HOUR)
  await run(there)
  expect(asked.map((one) => (one as string[]).length)).toEqual([1, 1, 1])
  expect(await counted(db)).toEqual([{ userid: 'amy', day: dayOne, chats: 1, messages: 1, replyShare: 100 }])
  expect(await days(db)).toEqual(
    ['amy', 'bob', 'cat'].map((userid) => ({ userid, n: 30, until: dayOne, refused: null })),
  )
  await run(there)
  expect(asked).toHaveLength(3)
  await wind(24 * HOUR)
  asked.length = 0 // the token has run out meanwhile, so that a call may be repeated
  await run(there)
  expect(new Set(asked.map(String))).toEqual(new Set(['amy', 'bob', 'cat']))
  expect((await days(db)).map(({ n, until }) => [n, until])).toEqual(Array(3).fill([31, addDays(dayOne, 1)]))
})

test('a run broken by WeCom keeps whom it has read, says so on the health page, and the next goes on with the others', async () => {
  await using db = await freshDb()
  const { there } = await aTalk(db)
  await using _ = there
  for (const userid of ['dan', 'eve', 'fay']) {
    await there.world.act({ type: 'member_add', userid, name: userid })
    await aStaff(db, there.corpId, { userid, name: userid })
  }
  const asked: string[] = []
  there.line.before = (api, body) => {
    if (api !== API) return undefined
    const [userid = ''] = body.userid as string[]
    asked.push(userid)
    return userid === 'fay' ? { errcode: 45033, errmsg: 'busy' } : undefined
  }
  await expect(run(there)).rejects.toMatchObject({ errcode: 45033 })
  const failures = async () =>
    (
      await sql<{ cause: string; open: boolean; replay: unknown }>`
        select cause, resolved_at is null as open, replay from lane_failure where lane = 'staff_stats'`.execute(
        db.owner,
      )
    ).rows
  expect(await failures()).toEqual([
    { cause: 'wecom.45033', open: true, replay: { job: FETCH_BEHAVIOR, payload: { corpId: there.corpId } } },
  ])
  expect((await days(db)).map(({ n }) => n)).toEqual([30, 30, 30, 30, 0, 0])
  asked.length = 0
  there.line.before = (api, body) => {
    if (api === API) asked.push(...(body.userid as string[]))
    return undefined
  }
  await run(there)
  expect(asked.toSorted()).toEqual(['eve', 'fay'])
  expect((await days(db)).map(({ n }) => n)).toEqual(Array(6).fill(30))
  expect(await failures()).toMatchObject([{ open: false }])
})

test('a member without the permission has no numbers and a reason, which is not the same as zeros; once he has it he is read', async () => {
  await using db = await freshDb()
  const { there, wind } = await aTalk(db)
  await using _ = there
  await there.world.act({ type: 'member_permit', userid: 'Bob', mayContact: false })
  await run(there)
  expect((await days(db)).map(({ userid, n, refused }) => [userid, n, refused])).toEqual([
    ['amy', 30, null],
    ['bob', 0, 84074],
    ['cat', 30, null],
  ])
  await there.world.act({ type: 'member_permit', userid: 'Bob', mayContact: true })
  await wind(5 * HOUR)
  await run(there)
  expect((await days(db))[1]).toMatchObject({ userid: 'bob', n: 30, refused: null })
})

test('yesterday read in the night is read again when it has settled, and holds what WeCom says then', async () => {
  await using db = await freshDb()
  const { there, clock, wind, friend } = await aTalk(db)
  await using _ = there
  const pair = await friend('amy')
  const dayOne = today(clock)
  await there.world.act({ type: 'staff_says', ...pair, text: '你好' })
  await wind(13 * HOUR) // 01:00: not counted yet
  await run(there)
  expect(await counted(db)).toEqual([])
  expect((await days(db))[0]).toMatchObject({ n: 29, until: addDays(dayOne, -1) })
  await wind(5 * HOUR) // 06:00: counted, and corrected later
  const wrong = { stat_time: dayStart(dayOne).getTime() / 1000, chat_cnt: 7, message_cnt: 9 }
  there.line.before = (api) =>
    api === API
      ? {
          errcode: 0,
          errmsg: 'ok',
          behavior_data: [{ ...wrong, negative_feedback_cnt: 0, new_apply_cnt: 0, new_contact_cnt: 0 }],
        }
      : undefined
  await run(there)
  expect((await days(db))[0]).toMatchObject({ n: 30, until: addDays(dayOne, -1) })
  there.line.before = undefined
  await wind(7 * HOUR) // 13:00
  await run(there)
  expect(await counted(db)).toEqual([{ userid: 'amy', day: dayOne, chats: 1, messages: 1, replyShare: null }])
  expect((await days(db))[0]).toMatchObject({ n: 30, until: dayOne })
})

test('a day is settled half a day after its end and no sooner; one never told is waited for, three days long', () => {
  const due = (until: string | null) => ({ staffId: '1', userid: 'a', settledUntil: until })
  const at = (text: string) => new Date(`${text}+08:00`)
  const told = new Set(['2026-11-18', '2026-11-19'])
  expect(settledUntil(due('2026-11-17'), told, at('2026-11-20T11:59:59'))).toBe('2026-11-18')
  expect(settledUntil(due('2026-11-17'), told, at('2026-11-20T12:00:00'))).toBe('2026-11-19')
  const gap = new Set(['2026-11-19'])
  expect(settledUntil(due('2026-11-17'), gap, at('2026-11-20T12:00:00'))).toBe('2026-11-17')
  expect(settledUntil(due('2026-11-17'), gap, at('2026-11-22T00:00:00'))).toBe('2026-11-19')
})
