import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCount, readMoney, readNo, readState, readTime } from './read-values.ts'

const or = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

test.each([
  ['128.5', 12_850],
  ['¥1,234.50', 123_450],
  ['￥ 0.1', 10],
  ['19.99元', 1_999],
  ['１２．３０', 1_230],
  ['12.3000', 1_230],
  ['1,23', undefined],
  ['12.345', undefined],
  ['-5', undefined],
  ['1e3', undefined],
  ['9'.repeat(13), undefined],
  ['免费', undefined],
])('%s yuan are %s fen', (cell, fen) => {
  expect(or(() => readMoney(cell, 'yuan'))).toBe(fen)
})

test('any amount in fen comes back from however it is written; fen with a fraction are the wrong unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), fc.boolean(), (fen, grouped) => {
      const whole = String(Math.floor(fen / 100))
      const yuan = grouped ? whole.replaceAll(/\B(?=(\d{3})+$)/g, ',') : whole
      expect(readMoney(`¥${yuan}.${String(fen % 100).padStart(2, '0')}`, 'yuan')).toBe(fen)
      expect(readMoney(String(fen), 'fen')).toBe(fen)
    }),
  )
  expect(() => readMoney('128.5', 'fen')).toThrow(/单位/)
})

test.each([
  ['2026-11-01 10:00:05', '2026-11-01T02:00:05Z'],
  ['2026/11/1 9:05', '2026-11-01T01:05:00Z'],
  ['2026年11月1日 9时5分', '2026-11-01T01:05:00Z'],
  ['2026年11月1日9时5分7秒', '2026-11-01T01:05:07Z'],
  ['2026.11.1', '2026-10-31T16:00:00Z'],
  ['20261101', '2026-10-31T16:00:00Z'],
  ['20261101100000', '2026-11-01T02:00:00Z'],
  ['2026-11-01T10:00:00+08:00', '2026-11-01T02:00:00Z'],
  ['2026-11-01T10:00:00Z', '2026-11-01T10:00:00Z'],
  ['1793498400', '2026-11-01T02:00:00Z'],
  ['1793498400000', '2026-11-01T02:00:00Z'],
  ['46327.5', '2026-11-01T04:00:00Z'],
  ['2026-02-30', undefined],
  ['2026-11-01 25:00', undefined],
  ['11/1/2026', undefined],
  ['昨天', undefined],
  ['1899-01-01', undefined],
])('%s is %s', (cell, at) => {
  expect(or(() => readTime(cell))?.toISOString()).toBe(at && new Date(at).toISOString())
})

test.each([
  ['交易成功', 'paid'],
  ['买家已付款，等待卖家发货', 'paid'],
  ['等待出库', 'paid'],
  ['等待买家付款', 'placed'],
  ['待付款', 'placed'],
  ['交易关闭', 'closed'],
  ['(锁定)已取消', 'closed'],
  ['退款成功', 'refunded'],
  ['WAIT_BUYER_PAY', 'placed'],
  ['Paid', 'paid'],
  ['薛定谔', undefined],
])('the words %s mean %s', (cell, state) => {
  expect(or(() => readState(cell))).toBe(state)
})

test('a number a spreadsheet has spoilt is refused; quotes put round one to save it are not part of it', () => {
  expect(() => readNo('2.34567890123457E+18', '订单编号')).toThrow(/科学计数/)
  expect(readNo('="2345678901234567890"', '订单编号')).toBe('2345678901234567890')
  expect(readNo("'00123", '订单编号')).toBe('00123')
  expect(readCount('2 件', 10)).toBe(2)
  expect(() => readCount('0', 10)).toThrow(/数量/)
})
