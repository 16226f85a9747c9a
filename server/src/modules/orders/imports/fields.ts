/** Columns an import can fill, with what shops call them; the first name is ours. */
export const ORDER_COLUMNS = {
  orderNo: ['订单编号', '订单号', '主订单编号', '交易编号', 'order_no', 'order id', 'orderid', 'tid', 'order number'],
  state: ['订单状态', '状态', '交易状态', 'status', 'order status', 'state'],
  placedAt: [
    '下单时间',
    '订单创建时间',
    '创建时间',
    '订单时间',
    '拍下时间',
    'created',
    'created at',
    'order time',
    'placed at',
  ],
  paidAt: [
    '付款时间',
    '订单付款时间',
    '支付时间',
    '买家付款时间',
    '付款确认时间',
    'pay_time',
    'paid at',
    'payment time',
  ],
  updatedAt: ['更新时间', '修改时间', '最后修改时间', 'modified', 'updated at', 'update_time'],
  amount: [
    '实付金额',
    '买家实付金额',
    '买家实际支付金额',
    '订单实付金额',
    '应付金额',
    '订单金额',
    '结算金额',
    '支付金额',
    '订单实际支付金额',
    '买家应付货款',
    'payment',
    'amount',
    'total',
    'paid amount',
  ],
  productNo: [
    '商品编号',
    '商品ID',
    '宝贝ID',
    '商品编码',
    '商家编码',
    '规格编码',
    'SKU',
    'sku id',
    'product_no',
    'product id',
    'item id',
  ],
  productName: [
    '商品名称',
    '宝贝标题',
    '全部商品名称',
    '商品标题',
    '标题',
    '商品',
    'product',
    'product name',
    'title',
    'item',
  ],
  category: ['商品类目', '品类', '类目', '商品分类', 'category'],
  number: ['商品数量', '数量', '宝贝总数量', '订购数量', '购买数量', '商品件数', 'num', 'quantity', 'qty'],
  itemAmount: [
    '商品实付金额',
    '商品金额',
    '商品小计',
    '小计',
    '商品实际成交金额',
    '子订单实付金额',
    'item amount',
    'line total',
  ],
  refundNo: ['退款编号', '退款单号', '售后单号', 'refund_no', 'refund id'],
  refundAmount: ['退款金额', '已退款金额', '商品已退款金额', 'refund', 'refund amount'],
  refundedAt: ['退款时间', '退款成功时间', 'refunded at', 'refund time'],
  buyer: [
    '买家会员名',
    '买家ID',
    '买家编号',
    '下单帐号',
    '下单账号',
    '买家昵称ID',
    '用户ID',
    'buyer',
    'buyer id',
    'open_uid',
    'yz_open_id',
  ],
  phone: ['手机号', '买家手机号', '下单人手机号', '会员手机号', '手机', 'mobile', 'phone'],
  receiverPhone: [
    '收货人手机号',
    '收货人手机',
    '联系手机',
    '收货人手机号/提货人手机号',
    '收件人电话',
    '客户电话',
    '收货人电话',
    'receiver_mobile',
    'receiver phone',
  ],
  member: ['会员号', '会员编号', '会员卡号', 'member_no', 'member id', 'member'],
  unionid: ['unionid', '微信unionid'],
  externalUserid: ['客户ID', '客户 ID', 'external_userid', '外部联系人ID'],
  guide: ['导购', '导购员', '导购账号', '销售员', '导购userid', 'guide', 'guide userid'],
} as const satisfies Record<string, readonly string[]>
export type OrderColumn = keyof typeof ORDER_COLUMNS

export const MEMBER_COLUMNS = {
  member: ['会员号', '会员编号', '会员卡号', '卡号', 'member_no', 'member id', 'card no'],
  level: ['会员等级', '等级', '会员级别', '卡等级', 'level', 'tier'],
  points: ['积分', '可用积分', '积分余额', '当前积分', 'points', 'balance'],
  joinedAt: ['入会时间', '注册时间', '开卡时间', '成为会员时间', '加入时间', 'joined at', 'created at'],
  updatedAt: ['更新时间', '修改时间', 'modified', 'updated at'],
  phone: ['手机号', '会员手机号', '手机', '联系电话', 'mobile', 'phone'],
  unionid: ['unionid', '微信unionid'],
  externalUserid: ['客户ID', '客户 ID', 'external_userid', '外部联系人ID'],
} as const satisfies Record<string, readonly string[]>
export type MemberColumn = keyof typeof MEMBER_COLUMNS

export const COLUMNS = { orders: ORDER_COLUMNS, members: MEMBER_COLUMNS } as const
export type ImportKind = keyof typeof COLUMNS
export type ColumnName = OrderColumn | MemberColumn

/** Without these nothing can be read. */
export const NEEDED: Readonly<Record<ImportKind, readonly ColumnName[]>> = { orders: ['orderNo'], members: ['member'] }

/** As headings are compared: case, blanks, brackets and the units in them aside. */
const bare = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[(（[【].*?[)）\]】]/g, '')
    .replaceAll(/[\s_\-:：*'"`]/g, '')

/** Which heading is which column, as far as the headings say: whole names before parts of them, each heading once. */
export function guessColumns(kind: ImportKind, head: readonly string[]): Partial<Record<ColumnName, string>> {
  const guessed: Partial<Record<ColumnName, string>> = {}
  const taken = new Set<string>()
  const wanted = Object.entries(COLUMNS[kind]) as [ColumnName, readonly string[]][]
  const take = (fits: (heading: string, name: string) => boolean) => {
    for (const [column, names] of wanted) {
      if (guessed[column] !== undefined) continue
      const found = names
        .map((name) => head.find((heading) => !taken.has(heading) && heading !== '' && fits(bare(heading), bare(name))))
        .find((heading) => heading !== undefined)
      if (found === undefined) continue
      guessed[column] = found
      taken.add(found)
    }
  }
  take((heading, name) => heading === name)
  take((heading, name) => name.length >= PART_MIN && heading.endsWith(name))
  return guessed
}

/** Shorter names stand in too many headings that mean something else. */
const PART_MIN = 4
