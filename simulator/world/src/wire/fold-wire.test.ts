import { expect, test } from 'vitest'
import type { WireEntry } from '../../../src/wire.ts'
import { anEntry } from './an-entry.ts'
import { foldWire, repeatsOf } from './fold-wire.ts'

/** Newest first, one row each `gapMs`, ids counting down to 1. */
function rows(count: number, gapMs: number, change: (id: number) => Partial<WireEntry> = () => ({})): WireEntry[] {
  return Array.from({ length: count }, (_, i) => count - i).map((id) =>
    anEntry({ id, realAt: id * gapMs, ...change(id) }),
  )
}
const shape = (items: ReturnType<typeof foldWire>) =>
  items.map((item) => ('fold' in item ? `fold of ${item.fold.entries.length}` : `row ${item.entry.id}`))

test('a burst of eight rows about nobody on stage is one fold, seven rows stay rows', () => {
  expect(shape(foldWire(rows(8, 100), 'wmA'))).toEqual(['fold of 8'])
  expect(foldWire(rows(7, 100), 'wmA')).toHaveLength(7)
})

test('rows a second and a half apart still belong together, slower ones never fold', () => {
  expect(shape(foldWire(rows(10, 1500), 'wmA'))).toEqual(['fold of 10'])
  expect(foldWire(rows(10, 1501), 'wmA')).toHaveLength(10)
})

test('the row of the customer on stage parts a burst and stays in sight', () => {
  const burst = rows(17, 10, (id) => (id === 9 ? { request: { external_userid: 'wmA' } } : {}))
  expect(shape(foldWire(burst, 'wmA'))).toEqual(['fold of 8', 'row 9', 'fold of 8'])
  expect(shape(foldWire(burst, 'wmB'))).toEqual(['fold of 17'])
})

test('a long burst is cut into folds of fifty from its oldest end, so that older folds never change', () => {
  const before = foldWire(rows(120, 10), '')
  expect(shape(before)).toEqual(['fold of 20', 'fold of 50', 'fold of 50'])
  const after = foldWire(rows(155, 10), '')
  expect(shape(after).slice(-3)).toEqual(['fold of 50', 'fold of 50', 'fold of 50'])
  expect(after.at(-1)).toEqual(before.at(-1))
})

test('what was refused or injected in a burst is counted on its fold, each once', () => {
  const [item] = foldWire(
    rows(9, 10, (id) =>
      id > 6 ? { ok: false, fault: { kind: 'drop', label: '丢失' } } : id > 4 ? { ok: false, result: '41051' } : {},
    ),
    '',
  )
  expect(item && 'fold' in item && item.fold).toMatchObject({ injected: 3, refused: 2 })
})

test('a fold keeps its id while newer rows join it, and says what it holds', () => {
  const change = (id: number) => ({ api: id % 3 === 0 ? 'gettoken' : 'externalcontact/get' })
  const [before] = foldWire(rows(9, 10, change), '')
  const [after] = foldWire(rows(12, 10, change), '')
  if (!before || !after || !('fold' in before) || !('fold' in after)) throw new Error('not folded')
  expect(after.fold.id).toBe(before.fold.id)
  expect(after.fold.apis).toBe('externalcontact/get × 8，gettoken × 4')
  expect(after.fold.kind).toBe('called')
  const played = foldWire(
    rows(8, 10, (id) => (id === 1 ? { callback: { xml: '', cipher: '', query: {}, attempt: 1, checks: [] } } : {})),
    '',
  )[0]
  expect(played && 'fold' in played && played.fold.kind).toBe('played')
  const checked = foldWire(
    rows(8, 10, (id) => (id === 1 ? { direction: 'callback', api: 'GET /?echostr' } : {})),
    '',
  )[0]
  expect(checked && 'fold' in checked && checked.fold.kind).toBe('called')
})

test('of an event sent twice the later row is the repeat; another event and a retry are not', () => {
  const sent = (id: number, xml: string, kind?: string) =>
    anEntry({
      id,
      direction: 'callback',
      fault: kind === undefined ? undefined : { kind, label: '' },
      callback: { xml, cipher: '', query: {}, attempt: 1, checks: [] },
    })
  const rows = [sent(5, '<b/>'), sent(4, '<b/>'), sent(3, '<a/>', 'duplicate'), sent(2, '<c/>', 'duplicate')]
  expect([...repeatsOf([...rows, sent(1, '<a/>', 'duplicate')])]).toEqual([3])
})
