import type { TableRow } from '../../../platform/tables/limits.ts'
import { WHOLE_REFUND } from '../fold-order.ts'
import type { IncomingOrder, OrderItem } from '../schema.ts'
import type { Group } from './group-rows.ts'
import { readCount, readMoney, readNo, readState, readTime } from './read-values.ts'
import { createGroupReader, type GroupReader, GroupRefused, type Places, readIdentifiers } from './row-reader.ts'
import type { ImportMapping } from './schema.ts'

const PIECES_MAX = 1_000_000
const NAME_MAX = 200
const GUIDE_MAX = 64
const NOTHING_BUT_A_NAME = '商品'

/** The rows of one order as an order; throws `GroupRefused` with the row that cannot be read. */
export function readOrderRows(group: Group, places: Places, mapping: ImportMapping, toldAt: Date): IncomingOrder {
  const reader = createGroupReader(group, places)
  const [first] = group.rows
  const refuse = (why: string) => new GroupRefused(first!.line, why)
  const orderNo = reader.whole('orderNo', '订单编号', (cell) => readNo(cell, '订单编号'))
  if (orderNo === undefined) throw refuse('没有订单编号')
  const { shop, unit } = mapping
  const times = readTimes(reader)
  if (!times.placedAt) throw refuse('没有下单时间，也没有付款时间')
  const items = group.rows.flatMap((row) => readItem(reader, row, unit))
  const amountFen =
    reader.whole('amount', '金额', (cell) => readMoney(cell, unit)) ??
    (reader.has('itemAmount') && items.length > 0 ? items.reduce((sum, item) => sum + item.amountFen, 0) : undefined)
  if (amountFen === undefined) throw refuse('没有金额')
  const said = reader.whole('state', '订单状态', readState)
  const state = said === 'refunded' ? 'paid' : (said ?? (reader.has('paidAt') && !times.paidAt ? 'placed' : 'paid'))
  const paidAt = times.paidAt ?? (state === 'paid' ? times.placedAt : null)
  const identifiers = readIdentifiers(reader, shop)
  if (identifiers.length === 0) throw refuse('不知道是谁买的：没有买家、手机号、会员号或客户ID（带 * 的号码认不出人）')
  const back = {
    reader,
    unit,
    whole: said === 'refunded' ? amountFen : undefined,
    at: times.updatedAt ?? paidAt ?? times.placedAt,
  }
  return {
    shop,
    orderNo,
    state,
    placedAt: times.placedAt,
    paidAt,
    amountFen,
    items: shareAmount(items, amountFen, reader.has('itemAmount')),
    refunds: readRefunds(group, back),
    identifiers,
    guideUserid: reader.whole('guide', '导购', (cell) => cell.slice(0, GUIDE_MAX)) ?? null,
    updatedAt: times.updatedAt ?? toldAt,
  }
}

function readTimes(reader: GroupReader) {
  const paidAt = reader.whole('paidAt', '付款时间', readOptionalTime)
  const placedAt = reader.whole('placedAt', '下单时间', readTime) ?? paidAt
  return { paidAt, placedAt, updatedAt: reader.whole('updatedAt', '更新时间', readOptionalTime) }
}

/** What exports write where there is no time yet. */
const readOptionalTime = (cell: string) => (/^[-—/]+$|^0000|^无$|^null$/i.test(cell) ? undefined : readTime(cell))

function readItem(reader: GroupReader, row: TableRow, unit: 'yuan' | 'fen'): OrderItem[] {
  const name = reader.cell(row, 'productName')
  const productNo = reader.read(row, 'productNo', (cell) => readNo(cell, '商品编号'))
  if (name === undefined && productNo === undefined) return []
  return [
    {
      productNo: productNo ?? null,
      name: (name ?? productNo ?? NOTHING_BUT_A_NAME).slice(0, NAME_MAX).toWellFormed(),
      category: reader.cell(row, 'category')?.slice(0, 60).toWellFormed() ?? null,
      number: reader.read(row, 'number', (cell) => readCount(cell, PIECES_MAX)) ?? 1,
      amountFen: reader.read(row, 'itemAmount', (cell) => readMoney(cell, unit)) ?? 0,
    },
  ]
}

/** Where the file says nothing of single items, one alone came to the whole; of several nobody knows. */
function shareAmount(items: OrderItem[], amountFen: number, isSaid: boolean): OrderItem[] {
  const [only] = items
  return isSaid || items.length !== 1 || !only ? items : [{ ...only, amountFen }]
}

interface Back {
  reader: GroupReader
  unit: 'yuan' | 'fen'
  /** Of an order said to be given back whole. */
  whole: number | undefined
  at: Date
}

/** By their numbers where the file has them; else as what had come back by then in all. */
function readRefunds({ rows }: Group, { reader, unit, whole, at }: Back): IncomingOrder['refunds'] {
  const money = (cell: string) => readMoney(cell.replace(/^-/, ''), unit)
  const refunds = new Map<string, { refundNo: string; amountFen: number; at: Date }>()
  let unnumbered = 0
  for (const row of rows) {
    const amountFen = reader.read(row, 'refundAmount', money)
    if (!amountFen) continue
    const refundNo = reader.read(row, 'refundNo', (cell) => readNo(cell, '退款编号'))
    const refundedAt = reader.read(row, 'refundedAt', readOptionalTime) ?? at
    if (refundNo !== undefined) refunds.set(refundNo, { refundNo, amountFen, at: refundedAt })
    else unnumbered += amountFen
  }
  const rest = refunds.size === 0 ? unnumbered || whole || 0 : unnumbered
  return [...refunds.values(), ...(rest > 0 ? [{ refundNo: WHOLE_REFUND, amountFen: rest, at }] : [])]
}
