import { z } from 'zod'
import type { OrderState } from '../schema.ts'
import { buyerOf, type Connector, GivenNo, orNothing, readShape, ShanghaiTime, Yuan } from './read-payload.ts'

const STATES: Record<string, OrderState> = {
  NOT_PAY: 'placed',
  WAIT_SELLER_STOCK_OUT: 'paid',
  WAIT_GOODS_RECEIVE_CONFIRM: 'paid',
  FINISHED_L: 'paid',
  TRADE_CANCELED: 'closed',
  LOCKED: 'paid',
  PAUSE: 'paid',
}

/**
 * jingdong.pop.order.get, the part we read. Looked for on 2026-11-30: only the call itself was found described, its answer is
 * still to be compared with the document. Refunds come by an interface of their own and are not in it.
 */
const Order = z.object({
  orderInfo: z.object({
    orderId: GivenNo,
    orderState: z.enum(Object.keys(STATES) as [string, ...string[]]),
    orderStartTime: ShanghaiTime,
    paymentConfirmTime: orNothing(ShanghaiTime),
    modified: ShanghaiTime,
    orderPayment: Yuan,
    open_id_buyer: orNothing(GivenNo),
    consigneeInfo: z.object({ mobile: orNothing(z.string()) }).default({}),
    itemInfoList: z.array(
      z.object({
        skuId: orNothing(GivenNo),
        skuName: z.string(),
        itemTotal: z.coerce.number().int().min(1),
        jdPrice: Yuan,
      }),
    ),
  }),
})

/** 京东. */
export const jd: Connector = {
  shop: 'jd',
  name: '京东',
  read(payload) {
    const { orderInfo: order } = readShape('京东', Order, payload)
    return {
      shop: 'jd',
      orderNo: order.orderId,
      state: STATES[order.orderState]!,
      placedAt: order.orderStartTime,
      paidAt: order.paymentConfirmTime ?? null,
      amountFen: order.orderPayment,
      items: order.itemInfoList.map((item) => ({
        productNo: item.skuId ?? null,
        name: item.skuName,
        category: null,
        number: item.itemTotal,
        amountFen: item.jdPrice * item.itemTotal,
      })),
      refunds: [],
      identifiers: buyerOf('jd', { buyerId: order.open_id_buyer, phone: order.consigneeInfo.mobile }),
      guideUserid: null,
      updatedAt: order.modified,
    }
  },
}
