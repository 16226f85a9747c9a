import { z } from 'zod'
import type { OrderState } from '../schema.ts'
import { buyerOf, type Connector, EpochMs, GivenNo, orNothing, readShape, Yuan } from './read-payload.ts'

/** 0 to be paid, 1 to be sent, 2 sent, 3 done, 4 cancelled. */
const STATES: Record<number, OrderState> = { 0: 'placed', 1: 'paid', 2: 'paid', 3: 'paid', 4: 'closed' }

/**
 * An order of the cloud of 微盟 as its order detail has it, the part we read: instants in milliseconds, money in yuan.
 * Looked for on 2026-11-30 and no public document of it was found: written without one, to be compared with it.
 */
const Order = z.object({
  orderNo: GivenNo,
  orderStatus: z.number().refine((status) => status in STATES, '不认识的状态'),
  createTime: EpochMs,
  payTime: orNothing(EpochMs),
  updateTime: EpochMs,
  paymentAmount: Yuan,
  wid: orNothing(GivenNo),
  userPhone: orNothing(z.string()),
  guiderUserid: orNothing(z.string().max(64)),
  itemList: z.array(
    z.object({
      goodsId: orNothing(GivenNo),
      goodsTitle: z.string(),
      goodsCategory: orNothing(z.string()),
      skuNum: z.number().int().min(1),
      paymentAmount: Yuan,
    }),
  ),
  rightsList: z
    .array(z.object({ rightsNo: GivenNo, refundAmount: Yuan, rightsStatus: z.number(), updateTime: EpochMs }))
    .default([]),
})
/** Rights that are over and paid back. */
const RIGHTS_DONE = 7

/** 微盟. */
export const weimob: Connector = {
  shop: 'weimob',
  name: '微盟',
  read(payload) {
    const order = readShape('微盟', Order, payload)
    return {
      shop: 'weimob',
      orderNo: order.orderNo,
      state: STATES[order.orderStatus]!,
      placedAt: order.createTime,
      paidAt: order.payTime ?? null,
      amountFen: order.paymentAmount,
      items: order.itemList.map((item) => ({
        productNo: item.goodsId ?? null,
        name: item.goodsTitle,
        category: item.goodsCategory ?? null,
        number: item.skuNum,
        amountFen: item.paymentAmount,
      })),
      refunds: order.rightsList
        .filter(({ rightsStatus }) => rightsStatus === RIGHTS_DONE)
        .map((one) => ({ refundNo: one.rightsNo, amountFen: one.refundAmount, at: one.updateTime })),
      identifiers: buyerOf('weimob', { buyerId: order.wid, phone: order.userPhone }),
      guideUserid: order.guiderUserid ?? null,
      updatedAt: order.updateTime,
    }
  },
}
