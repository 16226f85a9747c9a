import { expect, test } from 'vitest'
import { Yuan } from './read-payload.ts'
import { CONNECTORS, PLATFORMS, type Platform } from './registry.ts'

// Samples written by hand in the shape of each platform's order; none is a recording, and they have still to be compared
// with what a live shop sends.
const YOUZAN = {
  full_order_info: {
    order_info: {
      tid: 'E20261101100000000001',
      status: 'WAIT_SELLER_SEND_GOODS',
      created: '2026-11-01 10:00:00',
      pay_time: '2026-11-01 10:01:30',
      update_time: '2026-11-02 09:00:00',
    },
    buyer_info: { yz_open_id: 'yzA', buyer_phone: '13800001111' },
    pay_info: { payment: '128.50' },
    orders: [{ item_id: 8001, title: '明前龙井 250g', num: 2, payment: '128.50' }],
  },
  refund_order: [
    { refund_id: 'R1', refund_fee: '28.5', refund_state: 'REFUND_SUCCESS', update_time: '2026-11-02 09:00:00' },
    { refund_id: 'R2', refund_fee: '50.00', refund_state: 'REFUNDING', update_time: '2026-11-02 09:00:00' },
  ],
}
const TAOBAO = {
  trade: {
    tid: 2_345_678_901,
    tid_str: '2345678901234567890',
    status: 'TRADE_FINISHED',
    created: '2026-11-01 10:00:00',
    pay_time: '2026-11-01 10:01:30',
    modified: '2026-11-02 09:00:00',
    payment: '108.50',
    buyer_open_uid: 'AAE',
    receiver_mobile: '138****1111',
    orders: {
      order: [
        { oid: '1', num_iid: 66, title: '盖碗', num: 1, payment: '80.00', refund_status: 'NO_REFUND' },
        {
          oid: '2',
          num_iid: 67,
          title: '茶匙',
          num: 1,
          payment: '30.00',
          divide_order_fee: '28.50',
          refund_status: 'SUCCESS',
          refund_id: 'R1',
        },
      ],
    },
  },
}
const JD = {
  orderInfo: {
    orderId: '301234567890',
    orderState: 'NOT_PAY',
    orderStartTime: '2026-11-01 10:00:00',
    paymentConfirmTime: '',
    modified: '2026-11-02 09:00:00',
    orderPayment: '59.80',
    open_id_buyer: 'jdA',
    consigneeInfo: { mobile: '' },
    itemInfoList: [{ skuId: '900', skuName: '茉莉花茶', itemTotal: '2', jdPrice: '29.90' }],
  },
}
const WECHAT_SHOP = {
  order: {
    order_id: '3705115058471208928',
    status: 250,
    create_time: 1_793_498_400,
    update_time: 1_793_581_200,
    openid: 'oA',
    unionid: '',
    order_detail: {
      product_infos: [{ product_id: '10000001', title: '普洱茶饼', sku_cnt: 1, real_price: 19_900 }],
      pay_info: {},
      price_info: { order_price: 19_900 },
    },
  },
}
const WEIMOB = {
  orderNo: 920_261_101_001,
  orderStatus: 2,
  createTime: 1_793_498_400_000,
  payTime: 1_793_498_490_000,
  updateTime: 1_793_581_200_000,
  paymentAmount: '66.60',
  wid: 10_086,
  userPhone: '',
  itemList: [{ goodsId: 5, goodsTitle: '桂花乌龙', skuNum: 3, paymentAmount: '66.60' }],
  rightsList: [
    { rightsNo: 'Q1', refundAmount: '6.60', rightsStatus: 7, updateTime: 1_793_581_200_000 },
    { rightsNo: 'Q2', refundAmount: '60', rightsStatus: 1, updateTime: 1_793_581_200_000 },
  ],
}
const SAMPLES: Record<Platform, object> = {
  weimob: WEIMOB,
  youzan: YOUZAN,
  taobao: TAOBAO,
  jd: JD,
  'wechat-shop': WECHAT_SHOP,
}
const ten = new Date('2026-11-01T02:00:00Z')
const later = new Date('2026-11-02T01:00:00Z')

test('有赞: yuan become fen, clocks are Shanghai’s, only refunds that went through count, the receiver’s number proves nothing', () => {
  expect(CONNECTORS.youzan.read(YOUZAN)).toMatchObject({
    orderNo: 'E20261101100000000001',
    state: 'paid',
    placedAt: ten,
    paidAt: new Date('2026-11-01T02:01:30Z'),
    amountFen: 12_850,
    items: [{ productNo: '8001', name: '明前龙井 250g', number: 2, amountFen: 12_850 }],
    refunds: [{ refundNo: 'R1', amountFen: 2_850, at: later }],
    identifiers: [
      { kind: 'buyer', value: 'youzan:yzA', trust: 2 },
      { kind: 'phone', value: '13800001111', trust: 1 },
    ],
    updatedAt: later,
  })
})

test('淘宝: the number is the one with all its digits, a masked phone is nobody’s, a line given back is worth its share', () => {
  expect(CONNECTORS.taobao.read(TAOBAO)).toMatchObject({
    orderNo: '2345678901234567890',
    state: 'paid',
    amountFen: 10_850,
    items: [{ amountFen: 8_000 }, { amountFen: 2_850 }],
    refunds: [{ refundNo: 'R1', amountFen: 2_850 }],
    identifiers: [{ kind: 'buyer', value: 'taobao:AAE', trust: 2 }],
  })
})

test('京东: an order not paid has no day of payment; lines are price times number', () => {
  expect(CONNECTORS.jd.read(JD)).toMatchObject({
    state: 'placed',
    paidAt: null,
    amountFen: 5_980,
    items: [{ productNo: '900', number: 2, amountFen: 5_980 }],
    identifiers: [{ kind: 'buyer', value: 'jd:jdA', trust: 2 }],
  })
})

test('微信小店: fen and seconds are taken as they are; one closed before it was paid was never paid', () => {
  expect(CONNECTORS['wechat-shop'].read(WECHAT_SHOP)).toMatchObject({
    orderNo: '3705115058471208928',
    state: 'closed',
    placedAt: new Date(1_793_498_400_000),
    paidAt: null,
    amountFen: 19_900,
    identifiers: [{ kind: 'buyer', value: 'wechat-shop:oA', trust: 2 }],
  })
})

test('微盟: milliseconds, yuan, and only rights that are over count as refunds', () => {
  expect(CONNECTORS.weimob.read(WEIMOB)).toMatchObject({
    orderNo: '920261101001',
    state: 'paid',
    placedAt: ten,
    amountFen: 6_660,
    items: [{ name: '桂花乌龙', number: 3, amountFen: 6_660 }],
    refunds: [{ refundNo: 'Q1', amountFen: 660, at: later }],
    identifiers: [{ kind: 'buyer', value: 'weimob:10086', trust: 2 }],
    updatedAt: later,
  })
})

test('what is no order of the platform is refused in words, whatever is thrown at it', () => {
  for (const platform of PLATFORMS) {
    for (const junk of [null, 7, 'x', [], {}, { __proto__: null }])
      expect(() => CONNECTORS[platform].read(junk)).toThrow(/看不懂/)
    // Every word of a good sample put wrong, one at a time, is taken or refused, never a crash.
    const text = JSON.stringify(SAMPLES[platform])
    for (const { 0: found, index } of text.matchAll(/(?<=":)("[^"]*"|\d+)/g))
      for (const wrong of ['null', '-1', '"x"', '"constructor"', '{}', '9e99']) {
        const spoilt = JSON.parse(text.slice(0, index) + wrong + text.slice(index + found.length))
        try {
          CONNECTORS[platform].read(spoilt)
        } catch (error) {
          expect(error).toMatchObject({ code: 'orders.payload_unreadable' })
        }
      }
  }
})

test.each([
  ['0.1', 10],
  ['19.99', 1_999],
  [19.99, 1_999],
  ['1.005', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['', undefined],
  ['1,000', undefined],
  ['128.500', 12_850],
  [1.1, 110],
])('%s yuan are %s fen', (written, fen) => {
  expect(Yuan.safeParse(written).data).toBe(fen)
})
