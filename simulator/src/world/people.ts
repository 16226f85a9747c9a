import { noteMessage } from './chat.ts'
import type { Corp } from './corp.ts'
import { emit } from './events.ts'
import { nameOf, requireCustomer, requireFollow, requireStaff, staffNameOf } from './known.ts'
import { makeCustomer, type NewCustomer } from './newcomers.ts'
import type { ContactWay, Follow, PendingAdd } from './records.ts'
import { Refusal } from './refusal.ts'
import { pickMember, requireLiveWay } from './scan.ts'
import { issueWelcome } from './welcome.ts'
import type { World } from './world.ts'

/** add_way values used here (developer.work.weixin.qq.com/document/path/92114, 2026-11). */
const ADD_WAY_QR = 1

export interface Met {
  userid: string
  externalUserid: string
  outcome: 'added' | 'half' | 'pending' | 'already'
  welcomeCode?: string
}

/** Somebody scans a contact way: known (`externalUserid`) or never seen before (`newCustomer`). */
export function scanContactWay(
  world: World,
  corp: Corp,
  scan: { code: string; externalUserid?: string; newCustomer?: NewCustomer; half?: boolean },
): Met {
  const way = requireLiveWay(world, corp, scan.code)
  const customer =
    scan.externalUserid === undefined
      ? makeCustomer(corp, scan.newCustomer ?? {})
      : requireCustomer(corp, scan.externalUserid)
  if (way.unionid && way.unionid !== customer.unionid) throw new Refusal('way.not_for_you', '这个码只给指定的人用')
  const staff = pickMember(corp, way, customer)
  const request: PendingAdd = {
    userid: staff.userid,
    externalUserid: customer.externalUserid,
    configId: way.configId,
    state: way.state || undefined,
    addWay: ADD_WAY_QR,
    at: world.clock.seconds(),
  }
  const met = { userid: staff.userid, externalUserid: customer.externalUserid }
  if (corp.findFollow(staff.userid, customer.externalUserid)) return { ...met, outcome: 'already' }
  way.brought[staff.userid] = (way.brought[staff.userid] ?? 0) + 1
  if (way.isTemp) way.used = true
  corp.saveContactWay(way)
  if (!way.skipVerify) {
    corp.savePendingAdd(request)
    return { ...met, outcome: 'pending' }
  }
  return befriend(world, corp, request, {
    half: scan.half,
    sentence: `${customer.name}扫「${wayName(way)}」加了${staff.name}`,
  })
}

/** A customer finds a member without a code: by phone number, by card, in a group … Needs the member's tap unless told. */
export function requestAdd(
  world: World,
  corp: Corp,
  add: { userid: string; externalUserid: string; addWay?: number; state?: string; accepted?: boolean },
): Met {
  const customer = requireCustomer(corp, add.externalUserid)
  const staff = requireStaff(corp, add.userid)
  const met = { userid: staff.userid, externalUserid: customer.externalUserid }
  if (corp.findFollow(staff.userid, customer.externalUserid)) return { ...met, outcome: 'already' }
  const request: PendingAdd = { ...met, state: add.state, addWay: add.addWay ?? 2, at: world.clock.seconds() }
  if (add.accepted === false) {
    corp.savePendingAdd(request)
    return { ...met, outcome: 'pending' }
  }
  return befriend(world, corp, request, { sentence: `${customer.name}加了${staff.name}` })
}

/** The member taps 通过: a waiting request, or a half friend, becomes a friend. */
export function acceptAdd(world: World, corp: Corp, userid: string, externalUserid: string): Met {
  const staff = requireStaff(corp, userid)
  const customer = requireCustomer(corp, externalUserid)
  const sentence = `${staff.name}通过了${customer.name}的好友申请`
  const half = corp.findFollow(userid, externalUserid)
  if (half?.half) {
    half.half = undefined
    corp.saveFollow(half)
    return announce(world, corp, half, sentence, 'add_external_contact')
  }
  const request = corp.pendingAdds.get(`${staff.userid.toLowerCase()} ${externalUserid}`)
  if (!request) throw new Refusal('add.none_pending', `${customer.name}没有发来好友申请`)
  corp.removePendingAdd(userid, externalUserid)
  return befriend(world, corp, request, { sentence })
}

function befriend(world: World, corp: Corp, request: PendingAdd, how: { half?: boolean; sentence: string }): Met {
  const way = request.configId === undefined ? undefined : corp.contactWays.get(request.configId)
  const follow: Follow = {
    seq: corp.nextSequence(),
    userid: request.userid,
    externalUserid: request.externalUserid,
    remark: corp.customers.get(request.externalUserid)!.name,
    description: '',
    createtime: world.clock.seconds(),
    tags: [],
    personalTags: [],
    addWay: request.addWay,
    operUserid: request.externalUserid,
    state: request.state,
    half: how.half || undefined,
    configId: request.configId,
    temporaryUntil: way?.isTemp ? world.clock.seconds() + (way.chatExpiresIn ?? 24 * 3600) : undefined,
  }
  corp.addFollow(follow)
  return announce(world, corp, follow, how.sentence, how.half ? 'add_half_external_contact' : 'add_external_contact')
}

function announce(world: World, corp: Corp, follow: Follow, sentence: string, changeType: string): Met {
  const { userid, externalUserid } = follow
  const staff = requireStaff(corp, userid)
  noteMessage(world, corp, follow, `你已添加${staff.name}，可以开始聊天了`, 'added')
  const welcome = issueWelcome(world, corp, follow)
  emit(world, corp, {
    event: 'change_external_contact',
    changeType,
    about: externalUserid,
    sentence,
    fields: { UserID: userid, ExternalUserID: externalUserid, State: follow.state, WelcomeCode: welcome?.code },
    welcomeCode: welcome?.code,
  })
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'follow', id: externalUserid })
  return { userid, externalUserid, outcome: follow.half ? 'half' : 'added', welcomeCode: welcome?.code }
}

/** The customer deletes the member: the relation with its remark and tags is gone, the chat stays on the phones. */
export function customerDeletes(world: World, corp: Corp, userid: string, externalUserid: string): void {
  const follow = requireFollow(corp, userid, externalUserid)
  part(world, corp, follow, 'del_follow_user', `${nameOf(corp, externalUserid)}删掉了${staffNameOf(corp, userid)}`)
}

/** The member deletes the customer. */
export function staffDeletes(world: World, corp: Corp, userid: string, externalUserid: string): void {
  const follow = requireFollow(corp, userid, externalUserid)
  part(world, corp, follow, 'del_external_contact', `${staffNameOf(corp, userid)}删掉了${nameOf(corp, externalUserid)}`)
}

function part(world: World, corp: Corp, follow: Follow, changeType: string, sentence: string): void {
  const { userid, externalUserid } = follow
  corp.removeFollow(follow)
  noteMessage(world, corp, follow, sentence, changeType === 'del_follow_user' ? 'customer_left' : 'staff_left')
  emit(world, corp, {
    event: 'change_external_contact',
    changeType,
    about: externalUserid,
    sentence,
    fields: { UserID: userid, ExternalUserID: externalUserid },
  })
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'follow', id: externalUserid })
}

/** Back to the moment before the first scan: friendships end (and say so), chats and requests vanish. */
export function forgetCustomer(world: World, corp: Corp, externalUserid: string): void {
  requireCustomer(corp, externalUserid)
  for (const follow of [...corp.followsOfCustomer(externalUserid)])
    customerDeletes(world, corp, follow.userid, externalUserid)
  for (const staff of corp.staff.values()) {
    corp.removeConversation(staff.userid, externalUserid)
    corp.removePendingAdd(staff.userid, externalUserid)
  }
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'customer', id: externalUserid })
}

function wayName(way: ContactWay): string {
  return way.remark || way.state || '联系我'
}
