import { z } from 'zod'
import type { OrderState } from '../schema.ts'
import { buyerOf, type Connector, EpochSeconds, FenGiven, GivenNo, orNothing, readShape } from './read-payload.ts'

/** 10 to be paid; 12, 13 gift; 20 to be sent; 21 part sent; 30 sent; 100 done; 200 closed after service; 250 closed unpaid. */
const STATES: Record<number, OrderState> = {
  10: 'placed',
  12: 'paid',
  13: 'paid',
  20: 'paid',
  21: 'paid',
  30: 'paid',
  100: 'paid',
  200: 'closed',
  250: 'closed',
}

/**
 * channels/ec/order/get, the part we read: money in fen, instants in seconds. The order's own fields compared on 2026-11-30
 * with developers.weixin.qq.com/doc/channels/locallife/api/query_coupon.html; those of `order_detail` are still to be.
 */
const Order = z.object({
  order: z.object({
    order_id: GivenNo,
    status: z.number().refine((status) => status in STATES, '不认识的状态'),
    create_time: EpochSeconds,
    update_time: EpochSeconds,
    openid: orNothing(GivenNo),
    unionid: orNothing(GivenNo),
    order_detail: z.object({
      product_infos: z.array(
        z.object({
          product_id: orNothing(GivenNo),
          title: z.string(),
          sku_cnt: z.number().int().min(1),
          real_price: FenGiven,
        }),
      ),
      pay_info: z.object({ pay_time: z.number().int().nonnegative().default(0) }).default({ pay_time: 0 }),
      price_info: z.object({ order_price: FenGiven }),
      delivery_info: z
        .object({ address_info: z.object({ tel_number: orNothing(z.string()) }).default({}) })
        .default({ address_info: {} }),
    }),
  }),
})

/** 微信小店. Refunds come by the after-sale interface and are not in an order. */
export const wechatShop: Connector = {
  shop: 'wechat-shop',
  name: '微信小店',
  read(payload) {
    const { order } = readShape('微信小店', Order, payload)
    const { pay_info, price_info, product_infos, delivery_info } = order.order_detail
    return {
      shop: 'wechat-shop',
      orderNo: order.order_id,
      state: STATES[order.status]!,
      placedAt: order.create_time,
      paidAt: pay_info.pay_time > 0 ? new Date(pay_info.pay_time * 1000) : null,
      amountFen: price_info.order_price,
      items: product_infos.map((item) => ({
        productNo: item.product_id ?? null,
        name: item.title,
        category: null,
        number: item.sku_cnt,
        amountFen: item.real_price,
      })),
      refunds: [],
      identifiers: buyerOf('wechat-shop', {
        buyerId: order.openid,
        unionid: order.unionid,
        phone: delivery_info.address_info.tel_number,
      }),
      guideUserid: null,
      updatedAt: order.update_time,
    }
  },
}
