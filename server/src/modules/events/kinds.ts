import type { EventKind, EventProperty } from './schema.ts'

/** A kind of event as the catalogue shows it. */
export interface BuiltInKind {
  title: string
  properties: readonly EventProperty[]
  /** Pages and servers of the corp may tell it. */
  collected: boolean
}

const text = (name: string, title: string, required = false): EventProperty => ({ name, title, type: 'text', required })
const whole = (name: string, title: string, required = false): EventProperty => ({
  name,
  title,
  type: 'whole',
  required,
})
const time = (name: string, title: string): EventProperty => ({ name, title, type: 'time', required: false })
const number = (name: string, title: string): EventProperty => ({ name, title, type: 'number', required: false })
const fen = (name: string, title: string): EventProperty => ({ name, title, type: 'money_fen', required: false })
const told = (title: string, ...properties: EventProperty[]): BuiltInKind => ({ title, properties, collected: false })
const collected = (title: string, ...properties: EventProperty[]): BuiltInKind => ({
  title,
  properties,
  collected: true,
})

const PRODUCT = [text('productNo', '商品编号', true), text('name', '商品名'), text('category', '品类')]

/** As `content.sent` has it: what rules ask of what was opened. */
const CONTENT = [
  text('pieceId', '素材'),
  text('title', '标题'),
  text('kind', '什么内容'),
  text('channel', '从哪里发的'),
]

/** Every kind everybody has, with what rules may ask of it. */
export const BUILT_IN: Readonly<Record<EventKind, BuiltInKind>> = {
  'contact.added': told('加好友', text('state', '渠道参数'), number('addWay', '添加方式')),
  'contact.half_added': told('想加好友'),
  'contact.lost': told('断开好友', text('by', '谁断开的')),
  'contact.edited': told('改资料'),
  'contact.merged': told('合并身份'),
  'contact.parted': told('撤销合并'),
  'note.added': told('写跟进记录'),
  'note.edited': told('改跟进记录'),
  'welcome.sent': told('收到欢迎语', number('ms', '用了多少毫秒')),
  'welcome.failed': told('没收到欢迎语', text('cause', '原因')),
  'tag.added': told('打标签', text('tagId', '标签'), text('name', '标签名'), text('source', '谁打的')),
  'tag.removed': told('去标签', text('tagId', '标签'), text('name', '标签名')),
  'stage.moved': told(
    '换客户阶段',
    text('toId', '到哪个阶段'),
    text('to', '阶段名'),
    text('from', '原来的阶段'),
    text('lostReason', '流失原因'),
  ),
  'task.added': told('安排跟进任务', text('title', '做什么'), text('by', '谁安排的')),
  'task.done': told('完成跟进任务', text('title', '做什么'), text('outcome', '结果')),
  'task.dropped': told('跟进任务没做', text('title', '做什么'), text('as', '跳过或取消')),
  'task.reopened': told('恢复跟进任务', text('title', '做什么')),
  'touch.sent': told(
    '收到触达',
    text('channel', '哪种方式'),
    text('topic', '主题'),
    text('title', '名称'),
    text('sourceKind', '来自哪里'),
    text('sourceId', '来源编号'),
  ),
  'touch.refused': told('不愿被打扰', text('channel', '哪种方式'), text('why', '谁的意思')),
  'touch.allowed': told('恢复触达'),
  'agreement.given': told('同意约定', text('agreement', '哪种约定')),
  'agreement.withdrawn': told('撤回同意', text('agreement', '哪种约定')),
  'group.joined': told(
    '进客户群',
    text('groupChatId', '群'),
    text('name', '群名'),
    text('way', '怎么进的'),
    text('state', '群码参数'),
    text('by', '谁邀请的'),
  ),
  'group.left': told('离开客户群', text('groupChatId', '群'), text('name', '群名'), text('by', '怎么离开的')),
  'channel.scanned': told('扫码', text('channelCodeId', '活码'), text('name', '活码名')),
  'content.sent': told(
    '收到内容',
    text('kind', '什么内容'),
    text('title', '标题'),
    text('pieceId', '编号'),
    number('version', '第几版'),
  ),
  'content.opened': told('打开内容', ...CONTENT),
  'content.read': told(
    '读内容',
    ...CONTENT,
    number('seconds', '读了多少秒'),
    number('depth', '读到百分之几'),
    number('page', '读到第几页'),
  ),
  'content.forwarded': told('转发内容', ...CONTENT),
  'score.added': told('加分', whole('points', '分数'), text('why', '为什么'), text('ruleId', '规则')),
  'form.opened': told('打开表单', text('form', '表单'), text('title', '表单名'), text('placement', '投放位')),
  'staff.changed': told('换接待成员'),
  // Counted from the orders as they stand, where products, names and categories are lists.
  'order.paid': told(
    '付款订单',
    fen('amountFen', '金额'),
    text('categories', '品类'),
    text('names', '商品名'),
    text('products', '商品编号'),
    text('shop', '店铺'),
  ),
  'order.refunded': told('退款', text('orderNo', '订单号'), fen('amountFen', '金额')),
  'page.viewed': collected(
    '看页面',
    text('url', '网址', true),
    text('title', '标题'),
    text('referrer', '从哪来'),
    number('seconds', '停留秒数'),
  ),
  'element.clicked': collected('点击', text('name', '点了什么', true), text('url', '网址')),
  'element.viewed': collected('看到一块内容', text('name', '看到什么', true), text('url', '网址')),
  'product.viewed': collected('看商品', ...PRODUCT, fen('priceFen', '价格')),
  'search.made': collected('搜索', text('words', '搜的词', true), number('found', '结果数')),
  'favourite.added': collected('收藏商品', ...PRODUCT),
  'cart.added': collected('加购', ...PRODUCT, number('number', '件数'), fen('priceFen', '价格')),
  'product.bought': collected('购买商品', ...PRODUCT, number('number', '件数'), fen('amountFen', '金额')),
  // Of our own forms also the answers, by the keys of their fields.
  'form.submitted': collected(
    '提交表单',
    text('form', '表单', true),
    text('title', '表单名'),
    text('placement', '投放位'),
  ),
  'message.sent': collected(
    '发来消息',
    text('channel', '在哪里'),
    text('words', '内容'),
    text('userid', '发给哪位成员'),
  ),
  // Of whatever the corp broadcasts with: its server says who watched what for how long.
  'live.booked': collected(
    '预约直播',
    text('liveId', '直播编号', true),
    text('title', '直播标题', true),
    time('startsAt', '几点开播'),
  ),
  'live.watched': collected(
    '看直播',
    text('liveId', '直播编号', true),
    text('title', '直播标题', true),
    whole('minutes', '看了多少分钟', true),
    time('joinedAt', '几点进来'),
    time('leftAt', '几点离开'),
    whole('comments', '发了几条评论'),
    text('platform', '在哪里播'),
  ),
}

export const isBuiltIn = (kind: string): kind is EventKind => Object.hasOwn(BUILT_IN, kind)
