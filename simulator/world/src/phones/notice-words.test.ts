import { expect, test } from 'vitest'
import type { MassNoticeView, MomentNoticeView } from '../control-api.ts'
import { stateOfMass, stateOfMoment, whomOf } from './notice-words.ts'

const NOON = Date.UTC(2026, 4, 3, 4)
const mass: MassNoticeView = {
  msgid: 'msg1',
  chatType: 'single',
  own: false,
  at: NOON / 1000,
  bubbles: [],
  cancelled: false,
  reminders: 0,
  state: 'waiting',
  recipients: 118,
  names: ['林晚', '陈屿', '苏苏'],
  counts: { waiting: 118, sent: 0, gone: 0, full: 0 },
}

test('a few recipients are named, of many the number is told, groups are groups', () => {
  expect(whomOf(mass)).toBe('发给林晚、陈屿、苏苏等 118 位客户')
  expect(whomOf({ ...mass, recipients: 3 })).toBe('发给林晚、陈屿、苏苏')
  expect(whomOf({ ...mass, chatType: 'group', recipients: 4 })).toBe('发给林晚、陈屿、苏苏等 4 个客户群')
})

test('what became of a task is told in full, and only what there is', () => {
  const sent = { ...mass, state: 'sent', sentAt: NOON / 1000 + 180 } as const
  const words = (counts: Partial<MassNoticeView['counts']>) =>
    stateOfMass({ ...sent, counts: { waiting: 0, sent: 0, gone: 0, full: 0, ...counts } }, NOON + 3600_000)
  expect(words({ sent: 118 })).toBe('12:03 已发送，送达 118 位')
  expect(words({ sent: 110, gone: 2, full: 5, waiting: 1 })).toBe(
    '12:03 已发送，送达 110 位，2 位已不是好友，5 位收满了，1 位没有勾选',
  )
})

test('a task that was stopped says so where it was not sent, and nothing is said of one that waits', () => {
  expect(stateOfMass({ ...mass, cancelled: true })).toBe('企业已停止这个任务，不用发了')
  expect(stateOfMass({ ...mass, cancelled: true, state: 'sent', sentAt: NOON / 1000 }, NOON)).toContain('已发送')
  expect(stateOfMass(mass)).toBe('')
  expect(stateOfMass({ ...mass, state: 'declined' })).toContain('改了主意还可以发送')
})

test('a moment names the first who liked it and counts the others', () => {
  const moment: MomentNoticeView = {
    momentId: 'mom1',
    at: NOON / 1000,
    bubbles: [],
    cancelled: false,
    state: 'published',
    publishedAt: NOON / 1000,
    recipients: 40,
    shown: 38,
    likes: [],
    comments: [],
  }
  expect(stateOfMoment(moment, NOON)).toBe('12:00 已发表，38 位看得到，还没有人赞')
  const liked = { ...moment, likes: ['甲', '乙', '丙', '丁'], comments: [{ name: '甲', text: '好', at: 1 }] }
  expect(stateOfMoment(liked, NOON)).toBe('12:00 已发表，38 位看得到，甲、乙、丙等 4 人赞了，1 条评论')
})
