import { z } from 'zod'
import type { OrderState } from '../schema.ts'
import { buyerOf, type Connector, GivenNo, orNothing, readShape, ShanghaiTime, Yuan } from './read-payload.ts'

const STATES: Record<string, OrderState> = {
  TRADE_NO_CREATE_PAY: 'placed',
  WAIT_BUYER_PAY: 'placed',
  PAY_PENDING: 'placed',
  WAIT_PRE_AUTH_CONFIRM: 'placed',
  SELLER_CONSIGNED_PART: 'paid',
  PAID_FORBID_CONSIGN: 'paid',
  WAIT_SELLER_SEND_GOODS: 'paid',
  WAIT_BUYER_CONFIRM_GOODS: 'paid',
  TRADE_BUYER_SIGNED: 'paid',
  TRADE_FINISHED: 'paid',
  TRADE_CLOSED: 'closed',
  TRADE_CLOSED_BY_TAOBAO: 'closed',
}

/**
 * taobao.trade.fullinfo.get, the part we read; Tmall speaks the same. Names, states and money compared on 2026-11-30 with
 * the platform's own descriptions as generated clients carry them (github.com/bububa/opentaobao, model/trade/Trade.go);
 * what a live shop sends is still to be looked at.
 */
const Trade = z.object({
  trade: z.object({
    tid: GivenNo,
    tid_str: orNothing(z.string()),
    status: z.enum(Object.keys(STATES) as [string, ...string[]]),
    created: ShanghaiTime,
    pay_time: orNothing(ShanghaiTime),
    modified: ShanghaiTime,
    payment: Yuan,
    buyer_open_uid: orNothing(GivenNo),
    receiver_mobile: orNothing(z.string()),
    orders: z.object({
      order: z.array(
        z.object({
          oid: GivenNo,
          num_iid: orNothing(GivenNo),
          title: z.string(),
          num: z.number().int().min(1),
          payment: Yuan,
          refund_status: orNothing(z.string()),
          refund_id: orNothing(GivenNo),
          divide_order_fee: orNothing(Yuan),
        }),
      ),
    }),
  }),
})

/** 淘宝, 天猫. A line given back says no sum of its own here: it is what the line came to. */
export const taobao: Connector = {
  shop: 'taobao',
  name: '淘宝/天猫',
  read(payload) {
    const { trade } = readShape('淘宝/天猫', Trade, payload)
    return {
      shop: 'taobao',
      // As a number it has lost its last digits.
      orderNo: trade.tid_str ?? trade.tid,
      state: STATES[trade.status]!,
      placedAt: trade.created,
      paidAt: trade.pay_time ?? null,
      amountFen: trade.payment,
      items: trade.orders.order.map((line) => ({
        productNo: line.num_iid ?? null,
        name: line.title,
        category: null,
        number: line.num,
        amountFen: line.divide_order_fee ?? line.payment,
      })),
      refunds: trade.orders.order
        .filter(({ refund_status }) => refund_status === 'SUCCESS')
        .map((line) => ({
          refundNo: line.refund_id ?? line.oid,
          amountFen: line.divide_order_fee ?? line.payment,
          at: trade.modified,
        })),
      identifiers: buyerOf('taobao', { buyerId: trade.buyer_open_uid, phone: trade.receiver_mobile }),
      guideUserid: null,
      updatedAt: trade.modified,
    }
  },
}
