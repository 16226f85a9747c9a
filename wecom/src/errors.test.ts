import { expect, test } from 'vitest'
import { ADVICE, ROWS } from './error-table.ts'
import { explainErrcode, LocalCode, limitPauseMs, refusedCall, WecomError } from './errors.ts'

/** Section by section of developer.work.weixin.qq.com/document/path/90313, 2026-11, worked out apart from the table. */
const CODES =
  '-1 0 6000 40001 40003 60111 40004-40009 40013 40014 40029 42003 42022 40031 40032 40035 40058 40063 40056 41011 40066 60123 40068 40071 40093 42012 40096 40097-40100 40128-40131 40143 40205 40123 40126 40144 40145 40201 40204 41001 41002 41004 41035 41037-41045 41046-41048 41049-41051 41096 41053 41054 41055 41058 41056 41057 41059-41062 41067 41063 41079 41064 41065 41072 41080-41082 41090 41068-41071 41076 41077 41083 41084 41073-41075 41085-41087 41078 41088 41089 41091 41093 41094 41095 41098 41210 42001 42009 42014-42020 42052 43004 43009 43012 44001 44004 45001 45002 45007 45008 45009 45024 45029 45033 45035 45036 46004 48001 48002 48004 48006 48005 48007 48009 48011 50001 50002 50003 50100 60011 60021 60030 60020 60140 60251-60253 81013 82001 81017 84014 84015 84061 84074 84084 85002 85005 90200 90206-90208 90500-90511 95000 95004 95001 95002 95003 95007 95011 95012 95013 95014 95016 95018 95019 95017 95021 95023 95026 95027 95031 95033 301002 301021 301048 301052 301053 301058 301060 301059 301061 301111 610014-610018 610023 610024 701008 830001-830003'
    .split(' ')
    .flatMap((part) => {
      const [from, to] = part.split(/(?<=\d)-/).map(Number) as [number, number?]
      return Array.from({ length: (to ?? from) - from + 1 }, (_, step) => from + step)
    })

test('every documented code is explained, in words of its own and with something to do', () => {
  const listed = new Set(ROWS.map(([code]) => code))
  expect(CODES.filter((code) => !listed.has(code))).toEqual([])
  for (const code of [...CODES, ...Object.values(LocalCode)]) {
    const words = explainErrcode(code)
    expect(words.meaningZh).toMatch(/\p{Script=Han}/u)
    expect(words.adviceZh).toMatch(/\p{Script=Han}/u)
    expect(`${words.meaningEn}${words.adviceEn}`).not.toMatch(/\p{Script=Han}/u)
    expect(words.meaningZh).not.toContain(String(code))
  }
})

test('no code is listed twice and no advice is left over', () => {
  expect(ROWS.length).toBe(new Set(ROWS.map(([code]) => code)).size)
  expect(new Set(ROWS.map(([, , , , advice]) => advice))).toEqual(new Set(Object.keys(ADVICE)))
})

test('a code WeCom adds later says where to look it up', () => {
  expect(explainErrcode(123456)).toMatchObject({ kind: 'bug', adviceZh: expect.stringContaining('e=123456') })
})

test.each([
  [40096, 'refused'],
  [41050, 'refused'],
  [41051, 'refused'],
  [48002, 'refused'],
  [60020, 'refused'],
  [45024, 'refused'],
  [40126, 'refused'],
  [123456, 'refused'],
  [-1, 'retryable'],
  [6000, 'retryable'],
  [41063, 'retryable'],
  [41096, 'retryable'],
  [45009, 'retryable'],
  [45033, 'retryable'],
  [45035, 'retryable'],
  [50100, 'retryable'],
])('%i leaves the call %s', (errcode, outcome) => {
  expect(refusedCall('externalcontact/get', errcode, '', 0).outcome).toBe(outcome)
})

test('the hint and the address WeCom saw are taken out of its text; hostile text yields neither', () => {
  const errmsg =
    'not allow to access from your ip, hint: [1700000000_1_0123456789abcdef0123456789abcdef], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=60020'
  const error = refusedCall('user/get', 60020, errmsg, 0)
  expect(error).toMatchObject({
    hint: '1700000000_1_0123456789abcdef0123456789abcdef',
    callerIp: '203.0.113.7',
    api: 'user/get',
  })
  expect(refusedCall('user/get', 60020, 'hint: [], from ip: <script>', 0)).toMatchObject({
    hint: undefined,
    callerIp: undefined,
  })
  expect(error).toBeInstanceOf(WecomError)
})

test('after 45009 an API stays closed for its shortest window first, then for longer ones', () => {
  const at = Date.UTC(2026, 10, 23, 15, 30) // 23:30 in Shanghai
  const pauses = (api: string) => [0, 1, 2, 3, 9].map((strike) => limitPauseMs(api, strike, at) / 60_000)
  expect(pauses('externalcontact/get')).toEqual([1, 60, 30, 43_200, 43_200])
  expect(pauses('get_jsapi_ticket')).toEqual([60, 30, 43_200, 43_200, 43_200])
  expect(pauses('media/uploadimg')).toEqual([30, 43_200, 43_200, 43_200, 43_200])
  expect(limitPauseMs('media/uploadimg', 0, Date.UTC(2026, 10, 23, 16))).toBe(24 * 3_600_000)
})
