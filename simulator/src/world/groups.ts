import { HEX, hashText, makePrng } from '../prng.ts'
import type { Corp } from './corp.ts'
import { emit } from './events.ts'
import { nameOf, requireCustomer, requireStaff, staffNameOf } from './known.ts'
import type { Group, GroupMember } from './records.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

/** A QR of a group stops working at 200 members, invitations at 500 (client rules, unconfirmed). */
const QR_MEMBERS_MAX = 200
const MEMBERS_MAX = 500

/** JoinScene of the callback has its own numbers: 0 invited, 3 by QR; `groupchat/get` says 1, 2, 3. */
const EVENT_JOIN_SCENE = { 1: 0, 2: 0, 3: 3 } as const

export function requireGroup(corp: Corp, chatId: string): Group {
  const group = corp.groups.get(chatId)
  if (!group) throw new Refusal('group.unknown', `没有这个群：${chatId}`)
  return group
}

export function createGroup(
  world: World,
  corp: Corp,
  { name, owner, memberIds = [] }: { name: string; owner: string; memberIds?: string[] },
): Group {
  const now = world.clock.seconds()
  const staff = requireStaff(corp, owner)
  const group: Group = {
    chatId: corp.makeId('wr', 32),
    name,
    owner: staff.userid,
    createTime: now,
    notice: '',
    admins: [],
    members: [makeMember(corp, staff.userid, { joinTime: now, joinScene: 1 })],
    memberVersion: '',
  }
  for (const id of memberIds)
    group.members.push(makeMember(corp, id, { joinTime: now, joinScene: 1, invitor: staff.userid }))
  turnVersion(group)
  corp.saveGroup(group)
  groupChanged(world, corp, group, 'create', `${staff.name}建了群「${name}」`)
  return group
}

export function joinGroup(
  world: World,
  corp: Corp,
  {
    chatId,
    id,
    scene = 3,
    invitor,
    state,
  }: { chatId: string; id: string; scene?: 1 | 2 | 3; invitor?: string; state?: string },
): void {
  const group = requireGroup(corp, chatId)
  if (group.members.some((member) => member.id === id)) throw new Refusal('group.already_in', '已经在群里了')
  const max = scene === 3 ? QR_MEMBERS_MAX : MEMBERS_MAX
  if (group.members.length >= max) throw new Refusal('group.full', `群里已有 ${max} 人`)
  const lastVersion = group.memberVersion
  group.members.push(makeMember(corp, id, { joinTime: world.clock.seconds(), joinScene: scene, invitor, state }))
  turnVersion(group)
  corp.saveGroup(group)
  const who = group.members.at(-1)!.name
  membersChanged(world, corp, group, lastVersion, [id], `${who}进了「${group.name}」`, {
    UpdateDetail: 'add_member',
    JoinScene: EVENT_JOIN_SCENE[scene],
  })
}

export function leaveGroup(
  world: World,
  corp: Corp,
  { chatId, id, removed = false }: { chatId: string; id: string; removed?: boolean },
): void {
  const group = requireGroup(corp, chatId)
  const member = group.members.find((it) => it.id === id)
  if (!member) throw new Refusal('group.not_in', '不在群里')
  const lastVersion = group.memberVersion
  group.members = group.members.filter((it) => it !== member)
  turnVersion(group)
  corp.saveGroup(group)
  const sentence = removed ? `${member.name}被移出「${group.name}」` : `${member.name}退出了「${group.name}」`
  membersChanged(world, corp, group, lastVersion, [id], sentence, {
    UpdateDetail: 'del_member',
    QuitScene: removed ? 1 : 0,
  })
}

export function editGroup(
  world: World,
  corp: Corp,
  { chatId, name, notice, owner }: { chatId: string; name?: string; notice?: string; owner?: string },
): void {
  const group = requireGroup(corp, chatId)
  if (name !== undefined) {
    const was = group.name
    group.name = name
    groupChanged(world, corp, group, 'update', `群「${was}」改名为「${name}」`, { UpdateDetail: 'change_name' })
  }
  if (notice !== undefined) {
    group.notice = notice
    groupChanged(world, corp, group, 'update', `「${group.name}」换了群公告`, { UpdateDetail: 'change_notice' })
  }
  if (owner !== undefined) {
    group.owner = requireStaff(corp, owner).userid
    const sentence = `「${group.name}」换了群主：${staffNameOf(corp, owner)}`
    groupChanged(world, corp, group, 'update', sentence, { UpdateDetail: 'change_owner' })
  }
  corp.saveGroup(group)
}

export function dismissGroup(world: World, corp: Corp, { chatId }: { chatId: string }): void {
  const group = requireGroup(corp, chatId)
  corp.removeGroup(chatId)
  groupChanged(world, corp, group, 'dismiss', `群「${group.name}」解散了`)
}

/** Puts somebody in a group without a word: for history that lies before the first callback. */
export function makeMember(
  corp: Corp,
  id: string,
  how: Pick<GroupMember, 'joinTime' | 'joinScene' | 'invitor' | 'state'>,
): GroupMember {
  const staff = corp.findStaff(id)
  if (staff) return { id: staff.userid, type: 1, groupNickname: '', name: staff.name, ...how }
  const customer = requireCustomer(corp, id)
  return { id, type: 2, groupNickname: '', name: nameOf(corp, id), unionid: customer.unionid, ...how }
}

/** An opaque 32-hex string, not a counter: it says only whether the members are still the same ones. */
export function turnVersion(group: Group): void {
  const members = group.members.map((member) => member.id).join(' ')
  group.memberVersion = makePrng(hashText(members), hashText(group.memberVersion), hashText(group.chatId)).text(32, HEX)
}

function membersChanged(
  world: World,
  corp: Corp,
  group: Group,
  lastVersion: string,
  ids: string[],
  sentence: string,
  fields: Record<string, string | number>,
): void {
  groupChanged(world, corp, group, 'update', sentence, {
    ...fields,
    MemChangeCnt: ids.length,
    MemChangeList: { Item: ids },
    LastMemVer: lastVersion,
    CurMemVer: group.memberVersion,
  })
}

function groupChanged(
  world: World,
  corp: Corp,
  group: Group,
  changeType: string,
  sentence: string,
  fields: Record<string, string | number | { Item: string[] }> = {},
): void {
  emit(world, corp, {
    event: 'change_external_chat',
    changeType,
    about: group.chatId,
    sentence,
    fields: { ChatId: group.chatId, ...fields },
  })
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'group', id: group.chatId })
}
