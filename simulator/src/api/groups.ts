import type { Group } from '../world/records.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import type { Body } from './params.ts'

/** path/92120, 2026-11. */
const LIMIT_MAX = 1000
const OWNERS_MAX = 100
const MEMBERS_WITHOUT_FILTER_MAX = 1000

function listGroups({ corp, body, world }: Call): Body {
  const owners = (body.owner_filter as { userid_list?: string[] } | undefined)?.userid_list ?? []
  if (owners.length === 0 && corp.staff.size > MEMBERS_WITHOUT_FILTER_MAX) fail(81017)
  const wanted = new Set(owners.map((userid) => userid.toLowerCase()))
  const status = (body.status_filter as number | undefined) ?? 0
  const groups = [...corp.groups.values()]
    .filter((group) => wanted.size === 0 || wanted.has(group.owner.toLowerCase()))
    .map((group) => ({ chat_id: group.chatId, status: corp.findStaff(group.owner) ? 0 : 1 }))
    .filter((row) => status === 0 || row.status === status)
  const wireMs = world.clock.wireMs()
  const from = readCursor('groups', body.cursor, wireMs)?.[0] ?? 0
  const to = from + (body.limit as number)
  return {
    group_chat_list: groups.slice(from, to),
    next_cursor: to < groups.length ? writeCursor('groups', [to], wireMs) : '',
  }
}

function groupView(group: Group, needName: boolean): Body {
  return {
    chat_id: group.chatId,
    name: group.name,
    owner: group.owner,
    create_time: group.createTime,
    notice: group.notice,
    member_list: group.members.map((member) => ({
      userid: member.id,
      type: member.type,
      unionid: member.unionid,
      join_time: member.joinTime,
      join_scene: member.joinScene,
      invitor: member.invitor === undefined ? undefined : { userid: member.invitor },
      state: member.state,
      ...(needName ? { group_nickname: member.groupNickname, name: member.name } : {}),
    })),
    admin_list: group.admins.map((userid) => ({ userid })),
    member_version: group.memberVersion,
  }
}

export const groupEndpoints: Endpoint[] = [
  {
    path: 'externalcontact/groupchat/list',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'status_filter', is: 'int', oneOf: [0, 1, 2, 3] },
      { at: 'owner_filter.userid_list', is: 'texts', itemsMax: OWNERS_MAX },
      { at: 'cursor', is: 'text' },
      { at: 'limit', is: 'int', need: 40063, min: 1, max: LIMIT_MAX },
    ],
    handle: listGroups,
    say: () => '列出客户群',
  },
  {
    path: 'externalcontact/groupchat/get',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'chat_id', is: 'text', need: 40058 },
      { at: 'need_name', is: 'int', oneOf: [0, 1] },
    ],
    handle({ corp, body }) {
      const group = corp.groups.get(body.chat_id as string) ?? fail(40058, '没有这个客户群')
      if (!corp.findStaff(group.owner)) fail(60011)
      return { group_chat: groupView(group, body.need_name === 1) }
    },
    say: ({ corp, body }) => `读取客户群「${corp.groups.get(String(body.chat_id))?.name ?? ''}」`,
  },
]
