import type { FakeOrder } from './fake-orders.ts'

export const SHOP_PLATFORMS = ['youzan', 'taobao', 'jd', 'wechat-shop', 'weimob'] as const
export type ShopPlatform = (typeof SHOP_PLATFORMS)[number]

const yuan = (fen: number) => (fen / 100).toFixed(2)
const SHANGHAI_MS = 8 * 3_600_000
/** 2026-11-23 09:00:00 on the clock of Shanghai. */
const clock = (at: Date | null) =>
  at === null ? '' : new Date(at.getTime() + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ')
const seconds = (at: Date) => Math.floor(at.getTime() / 1_000)

/** Orders whose platform tells refunds elsewhere are told without. */
export const TELLS_REFUNDS: Readonly<Record<ShopPlatform, boolean>> = {
  youzan: true,
  taobao: true,
  jd: false,
  'wechat-shop': false,
  weimob: true,
}

/** An order as its platform writes it in a push. */
export const SHAPES: Readonly<Record<ShopPlatform, (order: FakeOrder) => object>> = {
  youzan: (order) => ({
    type: order.state === 'paid' ? 'trade_TradePaid' : 'trade_TradeUpdate',
    id: order.orderNo,
    msg_id: `${order.orderNo}-${seconds(order.updatedAt)}`,
    kdt_id: 100_200,
    test: false,
    msg: encodeURIComponent(
      JSON.stringify({
        full_order_info: {
          order_info: {
            tid: order.orderNo,
            status: { placed: 'WAIT_BUYER_PAY', paid: 'WAIT_SELLER_SEND_GOODS', closed: 'TRADE_CLOSED' }[order.state],
            created: clock(order.placedAt),
            pay_time: clock(order.paidAt),
            update_time: clock(order.updatedAt),
          },
          buyer_info: { yz_open_id: order.buyer, buyer_phone: '' },
          pay_info: { payment: yuan(order.amountFen) },
          orders: order.items.map((item) => ({
            item_id: item.productNo,
            title: item.name,
            num: item.number,
            payment: yuan(item.amountFen),
          })),
        },
        refund_order: order.refunds.map((one) => ({
          refund_id: one.refundNo,
          refund_fee: yuan(one.amountFen),
          refund_state: 'REFUND_SUCCESS',
          update_time: clock(one.at),
        })),
      }),
    ),
  }),
  taobao: (order) => ({
    trade: {
      tid: order.orderNo,
      tid_str: order.orderNo,
      status: { placed: 'WAIT_BUYER_PAY', paid: 'WAIT_SELLER_SEND_GOODS', closed: 'TRADE_CLOSED_BY_TAOBAO' }[
        order.state
      ],
      created: clock(order.placedAt),
      pay_time: clock(order.paidAt),
      modified: clock(order.updatedAt),
      payment: yuan(order.amountFen),
      buyer_open_uid: order.buyer,
      receiver_mobile: '138****0000',
      orders: {
        order: order.items.map((item, line) => ({
          oid: `${order.orderNo}${line}`,
          num_iid: item.productNo,
          title: item.name,
          num: item.number,
          payment: yuan(item.amountFen),
          refund_status: line === 0 && order.refunds.length > 0 ? 'SUCCESS' : 'NO_REFUND',
          ...(line === 0 && order.refunds[0] ? { refund_id: order.refunds[0].refundNo } : {}),
        })),
      },
    },
  }),
  jd: (order) => ({
    orderInfo: {
      orderId: order.orderNo,
      orderState: { placed: 'NOT_PAY', paid: 'WAIT_SELLER_STOCK_OUT', closed: 'TRADE_CANCELED' }[order.state],
      orderStartTime: clock(order.placedAt),
      paymentConfirmTime: clock(order.paidAt),
      modified: clock(order.updatedAt),
      orderPayment: yuan(order.amountFen),
      open_id_buyer: order.buyer,
      consigneeInfo: { mobile: '' },
      itemInfoList: order.items.map((item) => ({
        skuId: item.productNo,
        skuName: item.name,
        itemTotal: String(item.number),
        jdPrice: yuan(item.amountFen / item.number),
      })),
    },
  }),
  'wechat-shop': (order) => ({
    order: {
      order_id: order.orderNo,
      status: { placed: 10, paid: 20, closed: 250 }[order.state],
      create_time: seconds(order.placedAt),
      update_time: seconds(order.updatedAt),
      openid: order.buyer,
      unionid: '',
      order_detail: {
        product_infos: order.items.map((item) => ({
          product_id: String(item.productNo),
          title: item.name,
          sku_cnt: item.number,
          real_price: item.amountFen,
        })),
        pay_info: order.paidAt ? { pay_time: seconds(order.paidAt) } : {},
        price_info: { order_price: order.amountFen },
      },
    },
  }),
  weimob: (order) => ({
    id: `${order.orderNo}-${seconds(order.updatedAt)}`,
    topic: 'order',
    event: 'statusChange',
    msg_body: JSON.stringify({
      orderNo: order.orderNo,
      orderStatus: { placed: 0, paid: 1, closed: 4 }[order.state],
      createTime: order.placedAt.getTime(),
      payTime: order.paidAt?.getTime() ?? null,
      updateTime: order.updatedAt.getTime(),
      paymentAmount: yuan(order.amountFen),
      wid: order.buyer,
      userPhone: '',
      itemList: order.items.map((item) => ({
        goodsId: item.productNo,
        goodsTitle: item.name,
        skuNum: item.number,
        paymentAmount: yuan(item.amountFen),
      })),
      rightsList: order.refunds.map((one) => ({
        rightsNo: one.refundNo,
        refundAmount: yuan(one.amountFen),
        rightsStatus: 7,
        updateTime: one.at.getTime(),
      })),
    }),
  }),
}
