import { expect, test } from 'vitest'
import { anEntry } from './an-entry.ts'
import { isAbout, isServerAway, passesFilter, wordsOf } from './wire-words.ts'

const sent = { xml: '<xml/>', cipher: '', query: {}, attempt: 1, checks: [] }

test('a good answer is told as it came, a refusal in red with its code', () => {
  expect(wordsOf(anEntry({ result: 'ok' }))).toEqual({ result: 'ok', tone: 'good' })
  expect(wordsOf(anEntry({ result: '45009', ok: false }))).toEqual({ result: '45009', tone: 'bad' })
})

test('what waits or was lost on purpose is amber, not red', () => {
  const lost = wordsOf(anEntry({ direction: 'callback', result: '已丢失，对账会补上', ok: false }))
  expect(lost).toEqual({ result: '丢失', tone: 'waiting', note: '已丢失，对账会补上' })
  expect(wordsOf(anEntry({ direction: 'callback', result: '待送达', ok: false })).tone).toBe('waiting')
  expect(wordsOf(anEntry({ direction: 'callback', result: '没有配置接收地址', ok: false })).tone).toBe('waiting')
})

test('a callback nobody took says whether it comes again: three retries, not four', () => {
  const unheard = (attempt: number) =>
    wordsOf(anEntry({ direction: 'callback', result: 'ECONNREFUSED', ok: false, callback: { ...sent, attempt } })).note
  expect(unheard(3)).toBe('那个地址上没有程序在听，稍后重试')
  expect(unheard(4)).toBe('那个地址上没有程序在听，不再重试')
})

test('a timed-out call says whether it took effect', () => {
  expect(wordsOf(anEntry({ result: '超时（已生效）', ok: false }))).toEqual({
    result: '超时',
    tone: 'bad',
    note: '已生效',
  })
})

test('the server counts as away by its newest callback alone, and a refusal is still an answer', () => {
  const gone = anEntry({ direction: 'callback', result: 'ECONNREFUSED', ok: false, callback: sent })
  const taken = anEntry({ direction: 'callback', result: '200', callback: sent })
  const refused = anEntry({ direction: 'callback', result: '403', ok: false, callback: sent })
  const lost = anEntry({ direction: 'callback', result: '已丢失，对账会补上', ok: false })
  expect(isServerAway([anEntry({}), gone, taken])).toBe(true)
  expect(isServerAway([taken, gone])).toBe(false)
  expect(isServerAway([refused])).toBe(false)
  expect(isServerAway([lost, taken])).toBe(false)
  expect(isServerAway([])).toBe(false)
})

test('filters part the wire by direction, and injected faults cut across', () => {
  const faulty = anEntry({ direction: 'call', fault: { kind: '45009-minute', label: '限频' } })
  expect(passesFilter(faulty, 'call')).toBe(true)
  expect(passesFilter(faulty, 'callback')).toBe(false)
  expect(passesFilter(faulty, 'fault')).toBe(true)
  expect(passesFilter(anEntry({}), 'fault')).toBe(false)
})

test('a row is about a customer when the callback, the request or the reply names them', () => {
  const callback = anEntry({ callback: { ...sent, xml: '<ExternalUserID>wmA</ExternalUserID>' } })
  expect(isAbout(callback, 'wmA')).toBe(true)
  expect(isAbout(callback, 'wmB')).toBe(false)
  expect(isAbout(anEntry({ request: { external_userid: 'wmA' } }), 'wmA')).toBe(true)
  expect(isAbout(anEntry({ response: { list: ['wmA'] } }), 'wmA')).toBe(true)
  expect(isAbout(anEntry({}), '')).toBe(false)
})
