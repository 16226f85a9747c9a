import { expect, test } from 'vitest'
import type { Message } from '../../../src/world/records.ts'
import { linesOf, noteFor } from './chat-notes.ts'

const names = { customer: '林晚', staff: '周小满' }
const said = (seq: number, at: number, given: Partial<Message>): Message => ({
  seq,
  at,
  userid: 'zhouxiaoman',
  externalUserid: 'wmA',
  from: 'staff',
  kind: 'text',
  text: '',
  ...given,
})

test('each phone reads the same fact from its own side', () => {
  const added = '你已添加周小满，可以开始聊天了'
  expect(noteFor('customer', added, names)).toEqual({ text: added, aside: false })
  expect(noteFor('staff', added, names)).toEqual({ text: '林晚加了你，可以开始聊天了', aside: false })
})

test('a deletion is marked as ours on the phone of whoever was deleted: WeCom tells them nothing', () => {
  expect(noteFor('staff', '林晚删掉了周小满', names)).toEqual({ text: '林晚删掉了你，你的手机上看不出来', aside: true })
  expect(noteFor('customer', '林晚删掉了周小满', names).text).toBe('你删掉了周小满')
  expect(noteFor('staff', '周小满删掉了林晚', names).text).toBe('你删掉了林晚')
  expect(noteFor('customer', '周小满删掉了林晚', names).text).toBe('周小满删掉了你，你的手机上看不出来')
})

test('the time is shown again after five silent minutes, not before', () => {
  const lines = linesOf([said(1, 1000, {}), said(2, 1300, {}), said(3, 1601, {})], 'staff', names)
  expect(lines.map(({ kind }) => kind)).toEqual(['time', 'said', 'said', 'time', 'said'])
})

test('bubbles are mine by side, and the caption stands under the last part of a welcome', () => {
  const welcome = { delaySeconds: 1.2 }
  const messages = [said(1, 10, { welcome }), said(2, 10, { welcome, kind: 'link' }), said(3, 20, { from: 'customer' })]
  const lines = linesOf(messages, 'customer', names).filter((line) => line.kind === 'said')
  expect(lines.map(({ mine }) => mine)).toEqual([false, false, true])
  expect(lines.map(({ welcomeEnds }) => welcomeEnds)).toEqual([false, true, false])
})
