import { expect, test } from 'vitest'
import { aFriend, aWorld, type Json, type TestWorld } from '../../test/world.ts'

const API = 'externalcontact/get_user_behavior_data'
const DAY_S = 86_400
/** 2026-11-20 12:00 in Shanghai. */
const NOON = Date.parse('2026-11-20T12:00:00+08:00')
const midnight = (day: string) => Date.parse(`${day}T00:00:00+08:00`) / 1000

const jump = (world: TestWorld, jumpSeconds: number) => world.control('POST', '/clock', { jumpSeconds })
const ask = (world: TestWorld, from: string, to: string, who: Json = { userid: ['amy'] }) =>
  world.api(API, { ...who, start_time: midnight(from), end_time: midnight(to) })
const rows = async (world: TestWorld, from: string, to: string, who?: Json) =>
  (await ask(world, from, to, who)).behavior_data as Json[]

test('a day counts its own chats: who spoke, who was answered, how fast; without a chat there is no share', async () => {
  await using world = await aWorld({ startAtMs: NOON })
  const [first, second] = [await aFriend(world, '甲'), await aFriend(world, '乙')]
  const of = ({ externalUserid }: { externalUserid: string }) => ({ userid: 'amy', externalUserid })
  await world.act({ type: 'customer_says', ...of(first), text: '在吗' })
  await jump(world, 600)
  await world.act({ type: 'staff_says', ...of(first), text: '在的' })
  await world.act({ type: 'staff_says', ...of(first), text: '您说' })
  await world.act({ type: 'customer_says', ...of(second), text: '多少钱' })
  await jump(world, DAY_S) // the answer of the next day belongs to the next day, whose chat she began herself
  await world.act({ type: 'staff_says', ...of(second), text: '58' })
  await world.act({ type: 'customer_deletes', ...of(second) })
  expect(await rows(world, '2026-11-20', '2026-11-21')).toEqual([
    {
      stat_time: midnight('2026-11-20'),
      chat_cnt: 1,
      message_cnt: 2,
      reply_percentage: 50,
      avg_reply_time: 10,
      negative_feedback_cnt: 0,
      new_contact_cnt: 2,
      new_apply_cnt: 0,
    },
  ])
  await jump(world, DAY_S)
  expect((await rows(world, '2026-11-21', '2026-11-21'))[0]).toEqual({
    stat_time: midnight('2026-11-21'),
    chat_cnt: 1,
    message_cnt: 1,
    negative_feedback_cnt: 1,
    new_contact_cnt: 0,
    new_apply_cnt: 0,
  })
})

test('today, and yesterday until three in the morning, are not there yet', async () => {
  await using world = await aWorld({ startAtMs: NOON })
  const days = async () => (await rows(world, '2026-11-19', '2026-11-21')).length
  expect(await days()).toBe(1)
  await jump(world, 14 * 3600) // 02:00
  expect(await days()).toBe(1)
  await jump(world, 3600)
  expect(await days()).toBe(2)
})

test('more than thirty days, a backward span, nobody, a stranger and a member without the permission are refused', async () => {
  await using world = await aWorld({ startAtMs: NOON })
  const code = async (...given: Parameters<typeof ask>) => (await ask(...given)).errcode
  expect(await code(world, '2026-10-21', '2026-11-19')).toBe(0)
  expect(await code(world, '2026-10-20', '2026-11-19')).toBe(40058)
  expect(await code(world, '2026-11-19', '2026-11-18')).toBe(40058)
  expect(await code(world, '2026-05-01', '2026-05-02')).toBe(40058)
  expect(await code(world, '2026-11-18', '2026-11-19', {})).toBe(40063)
  expect(await code(world, '2026-11-18', '2026-11-19', { userid: ['nobody'] })).toBe(60111)
  await world.act({ type: 'member_permit', userid: 'amy', mayContact: false })
  expect(await code(world, '2026-11-18', '2026-11-19')).toBe(84074)
})
