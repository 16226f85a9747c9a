import { expect, test } from 'vitest'
import { topicsOf } from './live-topics.ts'
import { anEntry } from './wire/an-entry.ts'

const heard = (given: Parameters<typeof anEntry>[0]) => topicsOf({ type: 'entry', entry: anEntry(given) })

test('a message makes stale the inbox of the member and the one chat, of this company', () => {
  const event = { type: 'message', corpid: 'ww1', userid: 'zhou', externalUserid: 'wmA' } as const
  expect(topicsOf(event)).toEqual(['message:ww1:zhou', 'message:ww1:zhou:wmA'])
})

test('a friendship is told for all, for the company and for the one customer', () => {
  const event = { type: 'world', corpid: 'ww1', what: 'follow', id: 'wmA' } as const
  expect(topicsOf(event)).toEqual(['follow', 'follow:ww1', 'follow:ww1:wmA'])
})

test('the console’s own writes make codes, tags and remarks stale; its reads and failures do not', () => {
  expect(heard({ api: 'externalcontact/update_contact_way' })).toEqual(['ways:ww1'])
  expect(heard({ api: 'externalcontact/get_contact_way' })).toEqual([])
  expect(heard({ api: 'externalcontact/add_contact_way', ok: false })).toEqual([])
  expect(heard({ api: 'externalcontact/add_corp_tag' })).toEqual(['tags:ww1'])
  expect(heard({ api: 'externalcontact/remark', request: { external_userid: 'wmA' } })).toEqual(['follow:ww1:wmA'])
})

test('a checked callback address means that the company may be connected now', () => {
  expect(heard({ api: 'GET /wecom/callback?echostr', direction: 'callback' })).toEqual(['corps'])
  expect(heard({ api: 'add_external_contact', direction: 'callback' })).toEqual([])
})
