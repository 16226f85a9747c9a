import { z } from 'zod'
import type { OrderState } from '../schema.ts'
import { buyerOf, type Connector, GivenNo, orNothing, readShape, ShanghaiTime, Yuan } from './read-payload.ts'

/**
 * youzan.trade.get 4.0.x, and what trade_ messages carry, the part we read. `pay_info`, `buyer_info` and their names compared
 * on 2026-11-30 with an order somebody has published (github.com/inNovationGG/petnote_admin_server, test.js); there phones
 * come encrypted ($…$1$), which is nobody's number. The rest is still to be compared with the document.
 */
const Trade = z.object({
  full_order_info: z.object({
    order_info: z.object({
      tid: GivenNo,
      status: z.string(),
      created: ShanghaiTime,
      pay_time: orNothing(ShanghaiTime),
      update_time: ShanghaiTime,
    }),
    buyer_info: z.object({ yz_open_id: orNothing(GivenNo), buyer_phone: orNothing(z.string()) }).default({}),
    pay_info: z.object({ payment: Yuan }),
    orders: z.array(
      z.object({ item_id: orNothing(GivenNo), title: z.string(), num: z.number().int().min(1), payment: Yuan }),
    ),
  }),
  refund_order: z
    .array(z.object({ refund_id: GivenNo, refund_fee: Yuan, refund_state: z.string(), update_time: ShanghaiTime }))
    .default([]),
})

const STATES: Record<string, OrderState> = {
  WAIT_BUYER_PAY: 'placed',
  TRADE_PAID: 'paid',
  WAIT_CONFIRM: 'paid',
  WAIT_SELLER_SEND_GOODS: 'paid',
  WAIT_BUYER_CONFIRM_GOODS: 'paid',
  TRADE_SUCCESS: 'paid',
  TRADE_CLOSED: 'closed',
}

/** 有赞. */
export const youzan: Connector = {
  shop: 'youzan',
  name: '有赞',
  read(payload) {
    const { full_order_info: info, refund_order: refunds } = readShape(
      '有赞',
      Trade.refine(({ full_order_info }) => Object.hasOwn(STATES, full_order_info.order_info.status), {
        path: ['full_order_info', 'order_info', 'status'],
        message: '不认识的状态',
      }),
      payload,
    )
    const { order_info: order, buyer_info: buyer } = info
    return {
      shop: 'youzan',
      orderNo: order.tid,
      state: STATES[order.status]!,
      placedAt: order.created,
      paidAt: order.pay_time ?? null,
      amountFen: info.pay_info.payment,
      items: info.orders.map((item) => ({
        productNo: item.item_id ?? null,
        name: item.title,
        category: null,
        number: item.num,
        amountFen: item.payment,
      })),
      refunds: refunds
        .filter(({ refund_state }) => refund_state === 'REFUND_SUCCESS')
        .map((one) => ({ refundNo: one.refund_id, amountFen: one.refund_fee, at: one.update_time })),
      identifiers: buyerOf('youzan', { buyerId: buyer.yz_open_id, phone: buyer.buyer_phone }),
      guideUserid: null,
      updatedAt: order.update_time,
    }
  },
}
