import { expect, test } from 'vitest'
import type { EventItem } from './describe-event.ts'
import { insertLive } from './insert-live.ts'
import { mergePairs } from './merge-pairs.ts'

const item = (eventId: string, at: string, more: Partial<EventItem> = {}): EventItem => ({
  eventId,
  contactId: '1',
  contactName: '苏晓棠',
  at: `2026-11-22T${at}.000Z`,
  kind: 'contact.added',
  title: null,
  trusted: true,
  source: 'callback',
  staffId: '2',
  staffName: '陈屿',
  props: {},
  ...more,
})
const page = (...items: EventItem[]) => ({ items, nextCursor: null })
const ids = (pages: { items: EventItem[] }[]) => pages.map(({ items }) => items.map(({ eventId }) => eventId))

test('what happens now goes to the top', () => {
  expect(ids(insertLive([page(item('a', '08:00:00'))], item('b', '08:00:05')))).toEqual([['b', 'a']])
  expect(ids(insertLive([page()], item('b', '08:00:05')))).toEqual([['b']])
})

test('what is told late still stands at its time', () => {
  expect(ids(insertLive([page(item('c', '08:00:09'), item('a', '08:00:00'))], item('b', '08:00:05')))).toEqual([
    ['c', 'b', 'a'],
  ])
})

test('a repeat changes nothing, wherever the first one stands', () => {
  const pages = [page(item('b', '08:00:05')), page(item('a', '08:00:00'))]
  expect(insertLive(pages, item('a', '08:00:00'))).toBe(pages)
})

test('one tagging of two pairs is read once; another tag, time or customer is not swallowed', () => {
  const tagged = (eventId: string, more: Partial<EventItem> = {}) =>
    item(eventId, '08:00:00', { kind: 'tag.added', props: { tagId: '7' }, ...more })
  const merged = mergePairs([
    tagged('a', { staffId: '2' }),
    tagged('b', { staffId: '3' }),
    tagged('c', { props: { tagId: '8' } }),
    tagged('d', { contactId: '9' }),
    tagged('e', { at: '2026-11-22T08:00:00.001Z' }),
    item('f', '08:00:00'),
    item('g', '08:00:00', { staffId: '3' }),
  ])
  expect(merged.map(({ eventId }) => eventId)).toEqual(['a', 'c', 'd', 'e', 'f', 'g'])
})
