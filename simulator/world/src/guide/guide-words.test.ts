import { expect, test } from 'vitest'
import { bandOf, type GuideScene } from './guide-words.ts'

const scene: GuideScene = {
  customer: '林晚',
  pronoun: '她',
  staff: '周小满',
  codeStaff: '周小满',
  code: '春熙路店桌贴',
  found: false,
  pending: false,
  parted: false,
  hasReceiver: true,
  isAway: false,
  paused: false,
  waitedMs: 2500,
  limitMs: 20_000,
}

test('the band names the next thing to tap, from the scan to the timeline', () => {
  expect(bandOf(0, scene)).toBe('让林晚扫一下「春熙路店桌贴」，她就会加上导购周小满。')
  expect(bandOf(0, { ...scene, codeStaff: undefined })).toContain('一位导购')
  expect(bandOf(0, { ...scene, found: true })).toContain('「添加」')
  expect(bandOf(0, { ...scene, pending: true })).toContain('「通过」')
  expect(bandOf(0, { ...scene, parted: true })).toContain('加回来')
  expect(bandOf(2, scene)).toContain('带「＋」的标签')
})

test('while the welcome is awaited the seconds left are said, never a negative number', () => {
  expect(bandOf(1, scene)).toContain('还剩 18 秒')
  expect(bandOf(1, { ...scene, waitedMs: 21_000 })).toContain('还剩 0 秒')
})

test('a company that is not connected, or a stopped clock, is told apart from a slow answer', () => {
  expect(bandOf(1, { ...scene, hasReceiver: false })).toContain('还没接上')
  expect(bandOf(1, { ...scene, isAway: true })).toContain('没应答')
  expect(bandOf(1, { ...scene, paused: true })).toContain('时钟停着')
})
