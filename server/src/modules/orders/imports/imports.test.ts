import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aCaller, aKey } from '../../../../test/open-api.ts'
import { aWholeApp } from '../../../../test/whole-app.ts'
import { aCorp, freshDb, type TestDb } from '../../../../test/world.ts'
import { csvLine } from '../../../platform/tables/csv.ts'
import { readCsv } from '../../../platform/tables/read-csv.ts'
import { guessColumns } from './fields.ts'
import { runImport } from './run-import.ts'
import type { ImportDraft, ImportMapping, ImportPreview, OrderImportView } from './schema.ts'

const ONCE = { number: 1, last: false, signal: new AbortController().signal }

async function aDesk(db: TestDb, corpId: string) {
  const there = await aWholeApp(db)
  const cookie = await there.signedIn(corpId, 'operator')
  const ask = async <T>(method: string, url: string, body?: object): Promise<T & { code?: string }> => {
    const { text } = await there.ask(method, url, cookie, body)
    return (text === '' ? {} : JSON.parse(text)) as T & { code?: string }
  }
  const upload = async (file: string | Buffer, given: { kind?: string; toldAt?: string; partBytes?: number } = {}) => {
    const bytes = Buffer.from(file)
    const { kind = 'orders', toldAt = '2026-11-20T00:00:00+08:00', partBytes = 4_000_000 } = given
    const { orderImportId } = await ask<{ orderImportId: string }>('POST', '/api/order-imports', {
      kind,
      fileName: '订单.csv',
      toldAt,
    })
    for (let part = 0; part * partBytes < bytes.length; part++)
      await there.ask(
        'PUT',
        `/api/order-imports/${orderImportId}/parts/${part}`,
        cookie,
        bytes.subarray(part * partBytes, (part + 1) * partBytes),
        'application/octet-stream',
      )
    const draft = await ask<ImportDraft>('POST', `/api/order-imports/${orderImportId}/read`)
    return { orderImportId, draft }
  }
  const start = async (orderImportId: string, mapping: ImportMapping) => {
    const started = await ask<OrderImportView>('POST', `/api/order-imports/${orderImportId}/start`, { mapping })
    if (started.code) return started
    await runImport.run(there.work, { corpId, orderImportId }, ONCE)
    return ask<OrderImportView>('GET', `/api/order-imports/${orderImportId}`)
  }
  return {
    there,
    cookie,
    ask,
    upload,
    start,
    preview: (orderImportId: string, mapping: ImportMapping) =>
      ask<ImportPreview>('POST', `/api/order-imports/${orderImportId}/preview`, { mapping }),
    /** Everything, as somebody who trusts what was guessed would do it. */
    async bring(file: string | Buffer, given: Parameters<typeof upload>[1] = {}) {
      const { orderImportId, draft } = await upload(file, given)
      return { orderImportId, run: await start(orderImportId, draft.guessed) }
    },
    async refused(orderImportId: string) {
      const { status, text } = await there.ask('GET', `/api/order-imports/${orderImportId}/refused.csv`, cookie)
      return status === 200 ? text.replace('\uFEFF', '') : status
    },
    [Symbol.asyncDispose]: () => there[Symbol.asyncDispose](),
  }
}

const books = async (db: TestDb, corpId: string) =>
  (
    await sql<{
      shop: string
      orderNo: string
      state: string
      amountFen: number
      refundedFen: number
      items: string[]
    }>`
      select o.shop, o.order_no, o.state, o.amount_fen::float8 as amount_fen, o.refunded_fen::float8 as refunded_fen,
        array(select i.name || '×' || i.number from order_item i where i.corp_id = o.corp_id and i.order_id = o.order_id order by i.line) as items
      from customer_order o where o.corp_id = ${corpId}::bigint order by o.order_no`.execute(db.owner)
  ).rows

const HEAD =
  '订单编号,订单状态,订单创建时间,订单付款时间,买家实付金额,宝贝标题,宝贝总数量,买家会员名,收货人手机,退款金额\n'

test('the columns of exports of Taobao, JD and Youzan are known by their headings, ours and English ones too', () => {
  expect(
    guessColumns('orders', [
      '订单编号',
      '买家会员名',
      '买家应付货款',
      '买家实际支付金额',
      '订单状态',
      '收货人手机',
      '订单创建时间',
      '订单付款时间',
      '宝贝标题',
      '宝贝总数量',
    ]),
  ).toEqual({
    orderNo: '订单编号',
    buyer: '买家会员名',
    amount: '买家实际支付金额',
    state: '订单状态',
    receiverPhone: '收货人手机',
    placedAt: '订单创建时间',
    paidAt: '订单付款时间',
    productName: '宝贝标题',
    number: '宝贝总数量',
  })
  expect(
    guessColumns('orders', [
      '订单号',
      '商品ID',
      '商品名称',
      '订购数量',
      '下单帐号',
      '下单时间',
      '订单金额',
      '结算金额',
      '应付金额',
      '订单状态',
      '付款确认时间',
      '联系电话',
    ]),
  ).toMatchObject({
    orderNo: '订单号',
    productNo: '商品ID',
    productName: '商品名称',
    number: '订购数量',
    buyer: '下单帐号',
    placedAt: '下单时间',
    amount: '应付金额',
    state: '订单状态',
    paidAt: '付款确认时间',
  })
  expect(
    guessColumns('orders', [
      '订单号',
      '订单状态',
      '订单创建时间',
      '买家付款时间',
      '订单实付金额(元)',
      '全部商品名称',
      '收货人手机号/提货人手机号',
      '买家手机号',
      '商品已退款金额',
    ]),
  ).toMatchObject({
    amount: '订单实付金额(元)',
    phone: '买家手机号',
    receiverPhone: '收货人手机号/提货人手机号',
    refundAmount: '商品已退款金额',
    paidAt: '买家付款时间',
  })
  expect(
    guessColumns('orders', ['Order ID', 'Status', 'Created At', 'Paid At', 'Total', 'SKU', 'Qty', 'Phone']),
  ).toMatchObject({
    orderNo: 'Order ID',
    state: 'Status',
    placedAt: 'Created At',
    paidAt: 'Paid At',
    amount: 'Total',
    productNo: 'SKU',
    number: 'Qty',
    phone: 'Phone',
  })
})

test('rows of one order are its items wherever they stand; what cannot be read comes back whole with the reason, and mended it goes in', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using desk = await aDesk(db, corpId)
  const file = `${HEAD}E1,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,128.50,龙井,1,小王,138****0000,
E2,等待买家付款,2026/11/2 9:00,,59,盖碗,1,小李,13800001111,
E1,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,128.50,"茶,匙",2,小王,138****0000,
,,,,,茶滤,1,,,
E3,交易成功,昨天,,10,茶,1,小张,,
E4,薛定谔,2026-11-01,,10,=cmd|' /C calc'!A0,1,小张,,
E4,交易成功,2026-11-01,,10,茶针,1,小张,,
E5,退款成功,2026-11-01,2026-11-01,20,茶,1,小张,,5
E6,交易成功,2026-11-01,2026-11-01,30,茶,1,,138****0000,
`
  const { orderImportId, draft } = await desk.upload(file, { partBytes: 37 })
  expect(draft.run).toMatchObject({ state: 'uploaded', rows: 9 })
  const preview = await desk.preview(orderImportId, draft.guessed)
  expect(preview).toMatchObject({ found: 6, good: 3, refused: 3, refusedRows: 4, goodFen: 20_750 })
  expect(preview.reasons.map(({ reason, rows }) => [reason, rows])).toEqual([
    ['不认识订单状态「…」', 2],
    ['「…」不是时间，请写成 2026-11-23 09:00:00', 1],
    ['不知道是谁买的：没有买家、手机号、会员号或客户ID（带 * 的号码认不出人）', 1],
  ])
  expect(preview.orders[0]).toMatchObject({ orderNo: 'E2', amountFen: 5_900, state: 'placed', line: 3 })
  const run = await desk.start(orderImportId, draft.guessed)
  expect(run).toMatchObject({
    state: 'done',
    created: 3,
    updated: 0,
    unchanged: 0,
    refused: 3,
    refusedRows: 4,
    rowsDone: 9,
  })
  const whole = [
    {
      shop: 'own',
      orderNo: 'E1',
      state: 'paid',
      amountFen: 12_850,
      refundedFen: 0,
      items: ['龙井×1', '茶,匙×2', '茶滤×1'],
    },
    { shop: 'own', orderNo: 'E2', state: 'placed', amountFen: 5_900, refundedFen: 0, items: ['盖碗×1'] },
    { shop: 'own', orderNo: 'E5', state: 'paid', amountFen: 2_000, refundedFen: 500, items: ['茶×1'] },
  ]
  expect(await books(db, corpId)).toEqual(whole)

  const again = await desk.bring(file)
  expect(again.run).toMatchObject({ created: 0, updated: 0, unchanged: 3, refused: 3 })
  expect(await books(db, corpId)).toEqual(whole)

  const text = await desk.refused(orderImportId)
  const refused = readCsv(String(text))
  expect(refused.map((row) => row.slice(-2))).toEqual([
    ['没导入的原因', '原来的行'],
    ['「昨天」不是时间，请写成 2026-11-23 09:00:00', '6'],
    ['不认识订单状态「薛定谔」', '7'],
    ['同一订单的第 7 行：不认识订单状态「薛定谔」', '8'],
    ['不知道是谁买的：没有买家、手机号、会员号或客户ID（带 * 的号码认不出人）', '10'],
  ])
  expect(refused[2]![5]).toBe("'=cmd|' /C calc'!A0")
  const mended = String(text).replace('"昨天"', '"2026-11-03"').replace('薛定谔', '交易成功')
  const { run: second } = await desk.bring(mended)
  expect(second).toMatchObject({ created: 2, unchanged: 0, refused: 1 })
  expect((await books(db, corpId)).find(({ orderNo }) => orderNo === 'E4')?.items).toEqual([
    "=cmd|' /C calc'!A0×1",
    '茶针×1',
  ])
  expect((await desk.bring(mended)).run).toMatchObject({ created: 0, unchanged: 2, refused: 1 })
})

test('an order that is pushed and stands in a file is one order, and the later word of its shop holds whichever comes first', async () => {
  await using db = await freshDb()
  const pushed = {
    shop: 'own',
    orderNo: 'E1',
    state: 'paid',
    placedAt: '2026-11-01T10:00:00+08:00',
    paidAt: '2026-11-01T10:00:00+08:00',
    amountFen: 10_000,
    items: [{ name: '茶', number: 1, amountFen: 10_000 }],
    refunds: [{ refundNo: 'R1', amountFen: 2_000, at: '2026-11-05T10:00:00+08:00' }],
    ids: { buyer: 'own:小王' },
    updatedAt: '2026-11-05T10:00:00+08:00',
  }
  for (const [toldAt, state, filed] of [
    ['2026-11-06T00:00:00+08:00', 'paid', 3_000],
    ['2026-11-02T00:00:00+08:00', 'paid', 0],
  ] as const)
    for (const fileFirst of [true, false]) {
      const corpId = await aCorp(db)
      await using desk = await aDesk(db, corpId)
      const shop = aCaller(desk.there, (await aKey(db, corpId, 'server')).key)
      const file = `${HEAD}E1,交易成功,2026-11-01 10:00:00,2026-11-01 10:00:00,100,茶,1,小王,,${filed / 100}\n`
      const bring = () => desk.bring(file, { toldAt })
      const push = () => shop.post('/open/orders', { orders: [pushed] })
      for (const act of fileFirst ? [bring, push] : [push, bring]) await act()
      // What the file says came back in all covers the refund the push names; nothing is counted twice.
      expect(await books(db, corpId)).toEqual([
        { shop: 'own', orderNo: 'E1', state, amountFen: 10_000, refundedFen: Math.max(filed, 2_000), items: ['茶×1'] },
      ])
    }
})

test('killed after any step and taken up again, a file comes to the same books, and each row is counted once', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using desk = await aDesk(db, corpId)
  const rows = Array.from(
    { length: 1_300 },
    (_, n) =>
      `E${n % 1_000},${n % 7 === 6 ? '' : '交易成功'},2026-11-01,2026-11-01,${n % 1_000},茶${n},1,买家${n % 50},,`,
  )
  const { orderImportId, draft } = await desk.upload(HEAD + rows.join('\n'), { partBytes: 10_000 })
  await desk.ask('POST', `/api/order-imports/${orderImportId}/start`, { mapping: draft.guessed })
  for (let n = 0; n < 10; n++) {
    const stopped = new AbortController()
    stopped.abort()
    await runImport.run(desk.there.work, { corpId, orderImportId }, { ...ONCE, signal: stopped.signal })
  }
  expect(await desk.ask('GET', `/api/order-imports/${orderImportId}`)).toMatchObject({
    state: 'done',
    created: 1_000,
    refused: 0,
    rowsDone: 1_300,
  })
  const all = await books(db, corpId)
  expect(all.length).toBe(1_000)
  expect(all.find(({ orderNo }) => orderNo === 'E299')?.items).toEqual(['茶299×1', '茶1299×1'])
  const { rows: left } = await sql`select from order_import_part`.execute(db.owner)
  expect(left.length).toBe(0)
})

test('whatever order rows stand in, the books are the same', async () => {
  await using db = await freshDb()
  const lines = Array.from({ length: 8 }, (_, n) => [
    `E${n % 3}`,
    '交易成功',
    '2026-11-01',
    '2026-11-01',
    '30',
    `茶${n}`,
    '1',
    '小王',
    '',
    '',
  ])
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(lines, { minLength: lines.length }), async (shuffled) => {
      const corpId = await aCorp(db)
      await using desk = await aDesk(db, corpId)
      await desk.bring(HEAD + shuffled.map((cells) => csvLine(cells)).join(''))
      const all = await books(db, corpId)
      expect(all.map(({ orderNo, items }) => [orderNo, [...items].sort()])).toEqual(
        ['E0', 'E1', 'E2'].map((no) => [
          no,
          lines
            .filter(([own]) => own === no)
            .map((cells) => `${cells[5]}×1`)
            .sort(),
        ]),
      )
    }),
    { numRuns: 5 },
  )
})

test('a file belongs to its corp, phone numbers in it lie nowhere in clear, and a cancelled one is gone', async () => {
  await using db = await freshDb()
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  await using desk = await aDesk(db, corpId)
  await using others = await aDesk(db, theirs)
  const { orderImportId, draft } = await desk.upload(
    `${HEAD}E1,薛定谔,2026-11-01,2026-11-01,1,茶,1,,13812345678,\nE2,交易成功,2026-11-01,2026-11-01,1,茶,1,,13812345679,`,
  )
  for (const way of ['read', 'cancel'])
    expect((await others.ask('POST', `/api/order-imports/${orderImportId}/${way}`)).code).toBe('platform.not_found')
  expect((await others.start(orderImportId, draft.guessed)).code).toBe('platform.not_found')
  await desk.start(orderImportId, draft.guessed)
  expect(await others.refused(orderImportId)).toBe(404)
  expect(await others.ask('GET', '/api/order-imports')).toEqual({ items: [] })
  const { rows } = await sql<{ text: string }>`
    select f::text as text from order_import_refusal f union all select p::text from order_import_part p union all select i::text from contact_identity i union all select e.props::text from event e`.execute(
    db.owner,
  )
  for (const { text } of rows)
    for (const number of ['13812345678', '13812345679']) {
      expect(text).not.toContain(number)
      expect(text).not.toContain(Buffer.from(number).toString('hex'))
    }
  const second = await desk.upload(`${HEAD}E3,交易成功,2026-11-01,2026-11-01,1,茶,1,小王,,`)
  await desk.ask('POST', `/api/order-imports/${second.orderImportId}/cancel`)
  expect((await desk.start(second.orderImportId, second.draft.guessed)).code).toBe('orders.import_step_passed')
  const missing = await desk.upload('订单编号\n')
  expect(missing.draft.code).toBe('orders.import_headless')
})

test('members come in by the same way; a file brought in twice changes nothing', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using desk = await aDesk(db, corpId)
  const file =
    '会员号,会员等级,积分,入会时间,手机号\nV1,金卡,"1,200",2025-01-01,13800001111\nV2,,不知道,2025-01-01,\nV3,银卡,0,,\n,金卡,1,,\n'
  const { run, orderImportId } = await desk.bring(file, { kind: 'members' })
  expect(run).toMatchObject({ state: 'done', created: 2, refused: 2 })
  expect(readCsv(String(await desk.refused(orderImportId))).map((row) => row.at(-2))).toEqual([
    '没导入的原因',
    '积分「不知道」不是整数',
    '没有会员号',
  ])
  expect((await desk.bring(file, { kind: 'members' })).run).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
  const { rows } =
    await sql`select member_no, level, points::int as points from member_account order by member_no`.execute(db.owner)
  expect(rows).toEqual([
    { memberNo: 'V1', level: '金卡', points: 1_200 },
    { memberNo: 'V3', level: '银卡', points: 0 },
  ])
})
