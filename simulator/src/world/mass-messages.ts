import { say } from './chat.ts'
import type { Corp } from './corp.ts'
import { nameOf, requireStaff } from './known.ts'
import { pressAt, repliesTo } from './mass-habits.ts'
import { shanghaiDay, takeMassPlace } from './mass-quota.ts'
import type { Bubble, MassFate, MassNotice, MassTask } from './mass-records.ts'
import type { Follow } from './records.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

/** Who is asked to send to whom, and who is left over because nobody can. */
export interface MassPlan {
  to: Map<string, string[]>
  failed: string[]
}

/** OR within a list, AND between them. */
export type TagFilter = readonly (readonly string[])[]

export function friendsOf(corp: Corp, userid: string): Follow[] {
  return corp.followsOfStaff(userid).filter((follow) => !follow.half)
}

/** Customers by id: the named sender's, or each with the member who last chatted with him (path/92135, 2026-11). */
export function planByCustomers(corp: Corp, externalUserids: readonly string[], sender?: string): MassPlan {
  const plan: MassPlan = { to: new Map(), failed: [] }
  for (const externalUserid of new Set(externalUserids)) {
    const follow = sender === undefined ? lastChatted(corp, externalUserid) : corp.findFollow(sender, externalUserid)
    if (follow && !follow.half) add(plan, follow.userid, externalUserid)
    else plan.failed.push(externalUserid)
  }
  return plan
}

/** All customers of the sender, or of everybody, that wear the tags. */
export function planByTags(corp: Corp, filter: TagFilter, sender?: string): MassPlan {
  const plan: MassPlan = { to: new Map(), failed: [] }
  const wears = (follow: Follow) => filter.every((any) => any.some((tag) => follow.tags.includes(tag)))
  if (sender !== undefined) {
    for (const follow of friendsOf(corp, sender)) if (wears(follow)) add(plan, follow.userid, follow.externalUserid)
    return plan
  }
  for (const { externalUserid } of corp.customers.values()) {
    const follow = lastChatted(corp, externalUserid, wears)
    if (follow) add(plan, follow.userid, externalUserid)
  }
  return plan
}

/** Groups go through their owner; without a list it is all of his. */
export function planByChats(corp: Corp, sender: string, chatIds?: readonly string[]): MassPlan {
  const plan: MassPlan = { to: new Map(), failed: [] }
  const owns = (chatId: string) => corp.groups.get(chatId)?.owner.toLowerCase() === sender.toLowerCase()
  for (const chatId of new Set(chatIds ?? [...corp.groups.keys()].filter(owns))) {
    if (owns(chatId)) add(plan, sender, chatId)
    else plan.failed.push(chatId)
  }
  return plan
}

function add(plan: MassPlan, userid: string, id: string): void {
  const known = plan.to.get(userid)
  if (known) known.push(id)
  else plan.to.set(userid, [id])
}

/** The friend whose talk with the customer is the most recent; the newest friend where nobody has talked. */
function lastChatted(corp: Corp, externalUserid: string, fits = (_: Follow) => true): Follow | undefined {
  let best: { follow: Follow; at: number } | undefined
  for (const follow of corp.followsOfCustomer(externalUserid)) {
    if (follow.half || !corp.findStaff(follow.userid)?.mayContact || !fits(follow)) continue
    const last = corp.conversation(follow.userid, externalUserid).findLast((message) => message.from !== 'system')
    const at = last?.at ?? follow.createtime - 1e11
    if (!best || at >= best.at) best = { follow, at }
  }
  return best?.follow
}

export interface NewMassTask {
  chatType: MassTask['chatType']
  creator?: string
  allowSelect?: boolean
  text?: { content: string }
  attachments?: MassTask['attachments']
  bubbles: Bubble[]
}

/** Members get their notices once the task has been created, some seconds later. */
export function makeMassTask(world: World, corp: Corp, plan: MassPlan, wanted: NewMassTask): MassTask {
  const createdAt = world.clock.seconds()
  const msgid = corp.makeId('msg', 32)
  const notices = [...plan.to].map(
    ([userid, to]): MassNotice => ({
      userid,
      to,
      fates: '0'.repeat(to.length),
      state: 'waiting',
      dueAt: pressAt(world.seed, msgid, userid, createdAt),
    }),
  )
  const task: MassTask = {
    allowSelect: false,
    attachments: [],
    ...wanted,
    seq: corp.nextSequence(),
    msgid,
    createdAt,
    readyMs: world.clock.virtualMs() + corp.info.options.massCreationMs,
    notices,
    reminders: [],
  }
  keep(world, corp, task)
  tellLater(world, corp, 'mass', msgid)
  return task
}

/** Phones that look on learn of it when it has been created. */
export function tellLater(world: World, corp: Corp, what: 'mass' | 'moment', id: string): void {
  const tell = () => world.wire.tell({ type: 'world', corpid: corp.info.corpid, what, id })
  setTimeout(tell, corp.info.options.massCreationMs + 20).unref()
}

function keep(world: World, corp: Corp, task: MassTask): void {
  corp.saveMassTask(task)
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'mass', id: task.msgid })
}

/** What a member's phone shows: not yet created tasks are nobody's business. */
export function isReady(world: World, task: { readyMs: number }): boolean {
  return world.clock.virtualMs() >= task.readyMs
}

export function requireNotice(world: World, corp: Corp, msgid: string, userid: string): [MassTask, MassNotice] {
  const task = corp.massTasks.get(msgid)
  if (!task) throw new Refusal('mass.unknown', '没有这个群发任务')
  const { name } = requireStaff(corp, userid)
  const notice = task.notices.find((it) => it.userid.toLowerCase() === userid.toLowerCase())
  if (!notice || !isReady(world, task)) throw new Refusal('mass.not_asked', `${name}还没有收到这个群发任务`)
  if (task.cancelledAt !== undefined) throw new Refusal('mass.cancelled', '企业已停止这个群发任务')
  if (notice.state === 'sent') throw new Refusal('mass.sent', `${name}已经发送过了`)
  return [task, notice]
}

/**
 * The member presses send. `only` is whom he left ticked; the others stay unsent. Each recipient is looked at now: no
 * longer a friend, or had as many as WeCom allows.
 */
export function sendMass(
  world: World,
  corp: Corp,
  { msgid, userid, only, at = world.clock.seconds() }: { msgid: string; userid: string; only?: string[]; at?: number },
): { sent: number; gone: number; full: number } {
  const [task, notice] = requireNotice(world, corp, msgid, userid)
  if (only && !task.allowSelect) throw new Refusal('mass.fixed', '企业没有允许成员自己选客户')
  const ticked = only && new Set(only)
  const day = shanghaiDay(at)
  const fates = notice.to.map((id, index): MassFate => {
    if (ticked && !ticked.has(id)) return notice.fates[index] as MassFate
    if (!canReach(corp, task, notice.userid, id)) return '2'
    if (!takeMassPlace(corp, id, day)) return '3'
    deliver(world, corp, task, notice.userid, id, at)
    return '1'
  })
  Object.assign(notice, { fates: fates.join(''), state: 'sent', sentAt: at, dueAt: undefined })
  if (task.chatType === 'single') {
    const reached = notice.to.filter((_, index) => fates[index] === '1')
    notice.replies = repliesTo(world.seed, task.msgid, reached, at)
  }
  keep(world, corp, task)
  const count = (fate: MassFate) => fates.filter((it) => it === fate).length
  return { sent: count('1'), gone: count('2'), full: count('3') }
}

/** Everybody who has been asked and has not sent yet presses send. */
export function sendAllMass(world: World, corp: Corp, msgid: string): { members: number; sent: number } {
  const open = corp.massTasks.get(msgid)?.notices.filter((it) => it.state !== 'sent') ?? []
  const done = open.map(({ userid }) => sendMass(world, corp, { msgid, userid }))
  return { members: done.length, sent: done.reduce((sum, { sent }) => sum + sent, 0) }
}

function canReach(corp: Corp, task: MassTask, userid: string, id: string): boolean {
  if (task.chatType === 'group') return corp.groups.get(id)?.owner.toLowerCase() === userid.toLowerCase()
  const follow = corp.findFollow(userid, id)
  return follow !== undefined && !follow.half
}

function deliver(world: World, corp: Corp, task: MassTask, userid: string, id: string, at: number): void {
  const { msgid } = task
  // A group's talk is kept under its own id on both sides.
  const where =
    task.chatType === 'single' ? { userid, externalUserid: id } : { userid: id, externalUserid: id, speaker: userid }
  for (const bubble of task.bubbles) say(world, corp, { ...where, from: 'staff', msgid, at, ...bubble })
}

/** The member says no. WeCom knows no such answer: for the company the task stays unsent. He may think better of it. */
export function declineMass(world: World, corp: Corp, msgid: string, userid: string): void {
  const [task, notice] = requireNotice(world, corp, msgid, userid)
  Object.assign(notice, { state: 'declined', dueAt: undefined })
  keep(world, corp, task)
}

/** Not now: whoever holds the phone decides, and nobody for him. */
export function postponeMass(world: World, corp: Corp, msgid: string, userid: string): void {
  const [task, notice] = requireNotice(world, corp, msgid, userid)
  Object.assign(notice, { state: 'later', dueAt: undefined })
  keep(world, corp, task)
}

/** Whoever has not sent sees it anew, and some then do. */
export function remindMass(world: World, corp: Corp, task: MassTask): void {
  const now = world.clock.seconds()
  task.reminders.push(now)
  for (const notice of task.notices) {
    if (notice.state === 'sent') continue
    // Who has answered is being played: nobody decides for him.
    const isPlayed = notice.state !== 'waiting'
    const soon = isPlayed ? undefined : pressAt(world.seed, task.msgid, notice.userid, now, task.reminders.length)
    notice.state = 'waiting'
    if (soon !== undefined) notice.dueAt = Math.min(notice.dueAt ?? soon, soon)
  }
  keep(world, corp, task)
}

/** Stops whoever has not sent; what was sent stays. */
export function cancelMass(world: World, corp: Corp, task: MassTask): void {
  task.cancelledAt = world.clock.seconds()
  for (const notice of task.notices) notice.dueAt = undefined
  keep(world, corp, task)
}

/** A member sends to his customers by himself: the same places are used up, and the list shows it as a member's own. */
export function sendOwnMass(
  world: World,
  corp: Corp,
  { userid, text, externalUserids }: { userid: string; text: string; externalUserids?: string[] },
): { msgid: string; sent: number; gone: number; full: number } {
  const staff = requireStaff(corp, userid)
  const ids = externalUserids ?? friendsOf(corp, userid).map((follow) => follow.externalUserid)
  const plan = planByCustomers(corp, ids, staff.userid)
  const [stranger] = plan.failed
  if (stranger) throw new Refusal('follow.none', `${nameOf(corp, stranger)}不是${staff.name}的好友`)
  if (plan.to.size === 0) throw new Refusal('mass.nobody', `${staff.name}还没有客户`)
  const bubbles: Bubble[] = [{ kind: 'text', text }]
  const task = makeMassTask(world, corp, plan, {
    chatType: 'single',
    creator: staff.userid,
    text: { content: text },
    bubbles,
  })
  task.readyMs = world.clock.virtualMs()
  return { msgid: task.msgid, ...sendMass(world, corp, { msgid: task.msgid, userid: staff.userid }) }
}
