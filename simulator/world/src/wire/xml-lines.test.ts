import { expect, test } from 'vitest'
import { shorten, xmlLines } from './xml-lines.ts'

test('an event is one element a line, without its CDATA wrapping', () => {
  const xml = '<xml><Event><![CDATA[change_external_contact]]></Event><CreateTime>1795401816</CreateTime></xml>'
  expect(xmlLines(xml)).toEqual([
    { depth: 0, kind: 'open', tag: 'xml', text: '' },
    { depth: 1, kind: 'leaf', tag: 'Event', text: 'change_external_contact' },
    { depth: 1, kind: 'leaf', tag: 'CreateTime', text: '1795401816' },
    { depth: 0, kind: 'close', tag: 'xml', text: '' },
  ])
})

test('what a customer typed may contain markup: inside CDATA it is text', () => {
  const [, leaf, close] = xmlLines('<xml><State><![CDATA[<b>1</b>]]></State></xml>')
  expect(leaf).toMatchObject({ kind: 'leaf', tag: 'State', text: '<b>1</b>' })
  expect(close).toMatchObject({ kind: 'close', tag: 'xml' })
})

test('nested and empty elements keep their place', () => {
  const lines = xmlLines('<xml><List><Item>a</Item><Item>b</Item></List><State></State></xml>')
  expect(lines.map(({ depth, kind, tag }) => `${depth} ${kind} ${tag}`)).toEqual([
    '0 open xml',
    '1 open List',
    '2 leaf Item',
    '2 leaf Item',
    '1 close List',
    '1 leaf State',
    '0 close xml',
  ])
})

test('a long id keeps both ends, a short one stays whole', () => {
  expect(shorten('wmWoBte6w21ax34d0ZpDxaOJTWejrEL0')).toBe('wmWoBte6w2…rEL0')
  expect(shorten('change_external_contact')).toBe('change_external_contact')
})
