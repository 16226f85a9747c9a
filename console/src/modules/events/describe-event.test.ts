import { expect, test } from 'vitest'
import { nameAddWay } from './add-way.ts'
import { describeEvent, explainTagging, shortEvent } from './describe-event.ts'

const describe = (kind: string, props: Record<string, unknown> = {}) => describeEvent({ kind, props })

test('only a customer who leaves by himself is bad news', () => {
  expect(describe('contact.lost', { by: 'customer' })).toMatchObject({
    word: 'lost_customer',
    tone: 'bad',
    meaning: { word: 'stopped' },
  })
  expect(describe('contact.lost', { by: 'staff' })).toMatchObject({ word: 'lost_staff', tone: 'quiet' })
  expect(describe('contact.lost', { by: 'somebody' })).toMatchObject({ word: 'lost_unknown', tone: 'quiet' })
})

test('a welcome another app sent first is no failure of ours', () => {
  expect(describe('welcome.failed', { cause: 'wecom.41051' })).toMatchObject({
    tone: 'quiet',
    meaning: { word: 'taken' },
  })
  expect(describe('welcome.failed', { cause: 'welcome.too_late' })).toMatchObject({
    tone: 'bad',
    meaning: { word: 'late' },
  })
  expect(describe('welcome.failed', { cause: 'wecom.40096' })).toMatchObject({
    tone: 'bad',
    meaning: { word: 'refused', cause: 'wecom.40096' },
  })
})

test('a remark set, changed and removed are three different things', () => {
  const remark = (from: string, to: string) => describe('contact.edited', { remark: { from, to } }).meaning?.word
  expect([remark('', '晓棠'), remark('晓棠', '苏晓棠'), remark('晓棠', '')]).toEqual([
    'remarkSet',
    'remark',
    'remarkGone',
  ])
  expect(describe('contact.edited', { description: { from: '', to: 'x' } }).meaning).toEqual({ word: 'description' })
})

test('says who put a tag: a person, a code, a rule, WeCom, the customer', () => {
  expect(explainTagging({ source: 'staff', by: '周岚' })).toEqual({ word: 'by', by: '周岚' })
  expect(explainTagging({ source: 'staff' })).toEqual({ word: 'byHand' })
  expect(explainTagging({ source: 'rule', channelCode: '静安寺店' })).toEqual({ word: 'byCode', code: '静安寺店' })
  expect(explainTagging({ source: 'rule' })).toEqual({ word: 'byRule' })
  expect(explainTagging({ source: 'rule', ruleId: '7' })).toEqual({ word: 'byAutoTag' })
  expect(explainTagging({ source: 'wecom', by: '周岚' })).toEqual({ word: 'byWecom' })
  expect(explainTagging({ source: 'self' })).toEqual({ word: 'bySelf' })
})

test('a kind of a newer server is shown, not dropped', () => {
  expect(describe('parcel.sent')).toMatchObject({ word: 'other' })
  expect(shortEvent('parcel.sent')).toBe('other')
  expect(shortEvent('contact.lost')).toBe('lost')
  expect(nameAddWay(1)).toBe('scan')
  expect(nameAddWay(999)).toBe('unknown')
})
