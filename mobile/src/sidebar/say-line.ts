import type { Line } from '../api/sidebar.ts'
import { yuan } from '../words/numbers.ts'
import { speak } from '../words/words.ts'

const say = speak({
  added: ['加了{staff}', 'Added {staff}'],
  addedBy: ['扫「{code}」加了{staff}', 'Scanned “{code}”, added {staff}'],
  half: ['想加{staff}，还没通过', 'Asks to add {staff}'],
  lostCustomer: ['删除了{staff}', 'Deleted {staff}'],
  lostStaff: ['被{staff}删除', 'Deleted by {staff}'],
  lost: ['和{staff}断开了', 'No longer a friend of {staff}'],
  edited: ['{staff}改了资料', 'Edited by {staff}'],
  remarked: ['备注改成「{to}」', 'Remark is now “{to}”'],
  welcomed: ['欢迎语已送到', 'Welcomed'],
  unwelcomed: ['没收到欢迎语', 'Not welcomed'],
  tagged: ['打上「{name}」', 'Tagged “{name}”'],
  untagged: ['去掉「{name}」', 'Untagged “{name}”'],
  staged: ['进入「{to}」', 'Came into “{to}”'],
  left: ['离开「{from}」', 'Left “{from}”'],
  unstaged: ['撤销换阶段，回到「{to}」', 'Moved back to “{to}”'],
  scanned: ['扫了「{name}」', 'Scanned “{name}”'],
  changed: ['换了接待成员', 'Another member looks after them'],
  noted: ['{by}：{text}', '{by}: {text}'],
  noteEdited: ['{by}改了跟进记录', '{by} edited a note'],
  page: ['看了「{thing}」', 'Viewed “{thing}”'],
  clicked: ['点了「{thing}」', 'Clicked “{thing}”'],
  product: ['看了商品「{thing}」', 'Looked at “{thing}”'],
  searched: ['搜了「{thing}」', 'Searched “{thing}”'],
  saved: ['收藏了「{thing}」', 'Saved “{thing}”'],
  carted: ['把「{thing}」加进购物车', 'Put “{thing}” in the cart'],
  bought: ['买了「{thing}」', 'Bought “{thing}”'],
  form: ['提交了「{thing}」', 'Submitted “{thing}”'],
  wrote: ['发来「{thing}」', 'Wrote “{thing}”'],
  paid: ['付款 {sum}', 'Paid {sum}'],
  sent: ['{staff}发了「{thing}」', '{staff} sent “{thing}”'],
  opened: ['打开《{thing}》', 'Opened “{thing}”'],
  read: ['看《{thing}》，读到 {depth}%', 'Read “{thing}” to {depth}%'],
  watched: ['看直播「{thing}」{minutes} 分钟', 'Watched “{thing}” live, {minutes} min'],
  booked: ['预约直播「{thing}」', 'Booked “{thing}” live'],
  scored: ['分数 {points}：{why}', 'Score {points}: {why}'],
  forwarded: ['转发《{thing}》，有人打开了', 'Sent on “{thing}”, and it was opened'],
  refunded: ['退款 {sum}', 'Got back {sum}'],
  merged: ['和另一个身份合成了一位', 'Merged with another identity'],
  parted: ['撤销了一次合并', 'A merge was undone'],
  you: ['你', 'you'],
  member: ['成员', 'a member'],
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const thingOf = (props: Line['props']): string =>
  ['title', 'name', 'words', 'form', 'productNo', 'url'].map((name) => text(props[name])).find(Boolean) ?? ''

const BY_THING: Record<string, Parameters<typeof say>[0]> = {
  'page.viewed': 'page',
  'element.clicked': 'clicked',
  'element.viewed': 'page',
  'product.viewed': 'product',
  'search.made': 'searched',
  'favourite.added': 'saved',
  'cart.added': 'carted',
  'product.bought': 'bought',
  'form.submitted': 'form',
  'message.sent': 'wrote',
  'live.booked': 'booked',
}

/** What one line of the journal says happened, as the member who looks would tell it. */
export function sayLine(
  { kind, title, props, staffId, staffName }: Line,
  me: { staffId: string; code: string | null | undefined },
): string {
  const staff = staffId === me.staffId ? say('you') : (staffName ?? say('member'))
  const byThing = BY_THING[kind]
  if (byThing) return say(byThing, { thing: thingOf(props) })
  switch (kind) {
    case 'contact.added': {
      const { code } = me
      return code && staffId === me.staffId && props.state ? say('addedBy', { code, staff }) : say('added', { staff })
    }
    case 'contact.half_added':
      return say('half', { staff })
    case 'contact.lost':
      return say(props.by === 'customer' ? 'lostCustomer' : props.by === 'staff' ? 'lostStaff' : 'lost', { staff })
    case 'contact.edited': {
      const { remark } = props as { remark?: { to?: string } | null }
      return remark?.to ? say('remarked', { to: remark.to }) : say('edited', { staff })
    }
    case 'welcome.sent':
      return say('welcomed')
    case 'welcome.failed':
      return say('unwelcomed')
    case 'tag.added':
      return say('tagged', { name: text(props.name) })
    case 'tag.removed':
      return say('untagged', { name: text(props.name) })
    case 'stage.moved': {
      const [from, to] = [text(props.from), text(props.to)]
      if (props.undo === true) return say('unstaged', { to: to || from })
      return to ? say('staged', { to }) : say('left', { from })
    }
    case 'channel.scanned':
      return say('scanned', { name: text(props.name) })
    case 'content.sent':
      return say('sent', { staff, thing: thingOf(props) })
    case 'content.opened':
      return say('opened', { thing: thingOf(props) })
    case 'content.read':
      return say('read', { thing: thingOf(props), depth: String(props.depth ?? 0) })
    case 'live.watched':
      return say('watched', { thing: thingOf(props), minutes: String(props.minutes ?? 0) })
    case 'score.added': {
      const points = Number(props.points ?? 0)
      return say('scored', { points: `${points > 0 ? '+' : ''}${points}`, why: text(props.why) })
    }
    case 'content.forwarded':
      return say('forwarded', { thing: thingOf(props) })
    case 'staff.changed':
      return say('changed')
    case 'note.added':
      return say('noted', { by: text(props.by), text: text(props.text) })
    case 'note.edited':
      return say('noteEdited', { by: text(props.by) })
    case 'order.paid':
    case 'order.refunded':
      return say(kind === 'order.paid' ? 'paid' : 'refunded', { sum: yuan(Number(props.amountFen ?? 0)) })
    case 'contact.merged':
      return say('merged')
    case 'contact.parted':
      return say('parted')
    default:
      return title ?? kind
  }
}
