import { nameOf } from '../world/known.ts'
import type { TagGroup } from '../world/records.ts'
import { appendTags, byOrder, deleteTags, findTagGroupByName, makeTagGroup } from '../world/tags.ts'
import { requirePair } from './customers.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import type { Body } from './params.ts'

/** path/92117, 2026-11. */
const NAME_CHARS_MAX = 30
/** What an app is told that touches a tag it did not make (the code is not published). */
const NO_PERMISSION = 48002

interface GivenTag {
  name?: unknown
  order?: number
}

function groupView(group: TagGroup, only?: ReadonlySet<string>): Body {
  const tags = group.tags.filter((tag) => !only || only.has(tag.id)).sort(byOrder)
  return {
    group_id: group.id,
    group_name: group.name,
    create_time: group.createTime,
    order: group.order,
    deleted: false,
    tag: tags.map(({ id, name, createTime, order }) => ({ id, name, create_time: createTime, order, deleted: false })),
  }
}

function listTags({ corp, body }: Call): Body {
  const groupIds = (body.group_id as string[] | undefined) ?? []
  const tagIds = (body.tag_id as string[] | undefined) ?? []
  const groups = [...corp.tagGroups.values()].sort(byOrder)
  if (groupIds.length > 0)
    return { tag_group: groups.filter((it) => groupIds.includes(it.id)).map((it) => groupView(it)) }
  if (tagIds.length === 0) return { tag_group: groups.map((it) => groupView(it)) }
  const wanted = new Set(tagIds)
  const holding = groups.filter((group) => group.tags.some((tag) => wanted.has(tag.id)))
  return { tag_group: holding.map((group) => groupView(group, wanted)) }
}

function readTags(given: GivenTag[]): { name: string; order?: number }[] {
  if (given.length === 0) fail(40058, '标签组不能是空的')
  return given.map(({ name, order }) => {
    if (typeof name !== 'string' || name === '' || [...name].length > NAME_CHARS_MAX) fail(40058, '标签名 1–30 个字')
    return { name: name as string, order }
  })
}

function addTags(call: Call): Body {
  const { corp, body, world } = call
  const tags = readTags(body.tag as GivenTag[])
  const known = findGroup(call)
  if (known?.tags.some((tag) => tags.some((given) => given.name === tag.name))) fail(40071)
  if (corp.tags.size + tags.length > corp.info.options.tagsMax) fail(40126)
  const createdBy = corp.info.agentId
  const createTime = world.clock.seconds()
  if (known) {
    const made = new Set(appendTags(corp, known, tags, createdBy, createTime).map((tag) => tag.id))
    noteEffect(call, 'externalcontact/add_corp_tag', known.id)
    return { tag_group: groupView(known, made) }
  }
  const groupName = (body.group_name as string | undefined) ?? fail(40063, '缺少 group_id 或 group_name')
  const group = makeTagGroup(corp, {
    groupName,
    order: body.order as number | undefined,
    tags,
    createdBy,
    createTime,
  })
  noteEffect(call, 'externalcontact/add_corp_tag', group.id)
  return { tag_group: groupView(group) }
}

function findGroup({ corp, body }: Call): TagGroup | undefined {
  const groupId = body.group_id as string | undefined
  if (groupId) return corp.tagGroups.get(groupId) ?? fail(40068)
  const name = body.group_name as string | undefined
  return name === undefined ? undefined : findTagGroupByName(corp, name)
}

function editTag(call: Call): Body {
  const { corp, body } = call
  const id = body.id as string
  const tag = corp.tags.get(id)
  const group = corp.tagGroups.get(tag?.groupId ?? id) ?? fail(40068)
  const it = tag ?? group
  if (it.createdBy !== corp.info.agentId) fail(NO_PERMISSION, '只能改本应用创建的标签')
  const name = body.name as string | undefined
  if (name !== undefined && name !== it.name) {
    const taken = tag ? group.tags.some((other) => other.name === name) : findTagGroupByName(corp, name)
    if (taken) fail(40071)
    it.name = name
  }
  it.order = (body.order as number | undefined) ?? it.order
  corp.saveTagGroup(group)
  noteEffect(call, 'externalcontact/edit_corp_tag', id)
  return {}
}

function removeTags(call: Call): Body {
  const { corp, body } = call
  const tagIds = (body.tag_id as string[] | undefined) ?? []
  const groupIds = (body.group_id as string[] | undefined) ?? []
  if (tagIds.length + groupIds.length === 0) fail(40063)
  const groups = groupIds.map((id) => corp.tagGroups.get(id) ?? fail(40068))
  const tags = [...tagIds.map((id) => corp.tags.get(id) ?? fail(40068)), ...groups.flatMap((group) => group.tags)]
  if (tags.some((tag) => tag.createdBy !== corp.info.agentId)) fail(NO_PERMISSION, '只能删本应用创建的标签')
  deleteTags(
    corp,
    tags.map((tag) => tag.id),
  )
  for (const id of [...groupIds, ...tagIds]) noteEffect(call, 'externalcontact/del_corp_tag', id)
  return {}
}

/** A pair being edited by a slowed-down call refuses others with 45035 until then (wire milliseconds). */
const editedUntil = new Map<string, number>()

function pairOf({ corp, body }: Call): string {
  return `${corp.info.corpid} ${String(body.userid).toLowerCase()} ${String(body.external_userid)}`
}

function markTag(call: Call): Body {
  const { corp, body, world } = call
  const add = (body.add_tag as string[] | undefined) ?? []
  const remove = (body.remove_tag as string[] | undefined) ?? []
  if (add.length + remove.length === 0) fail(40063, 'add_tag 与 remove_tag 不能都为空')
  const follow = requirePair(call, body.userid as string, body.external_userid as string)
  const pair = pairOf(call)
  if (world.clock.wireMs() < (editedUntil.get(pair) ?? 0)) fail(45035)
  editedUntil.delete(pair)
  for (const id of [...add, ...remove]) if (!corp.tags.has(id)) fail(40068)
  const removed = new Set(remove)
  follow.tags = [...new Set([...follow.tags.filter((id) => !removed.has(id)), ...add])]
  corp.saveFollow(follow)
  corp.addEffect({
    at: world.clock.seconds(),
    api: 'externalcontact/mark_tag',
    kind: 'mark_tag',
    userid: follow.userid,
    externalUserid: follow.externalUserid,
    content: { add, remove },
  })
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'follow', id: follow.externalUserid })
  return {}
}

function noteEffect({ corp, world }: Call, api: string, id: string): void {
  corp.addEffect({ at: world.clock.seconds(), api, kind: 'corp_tag', id })
}

const TAG_NAMES = [
  { at: 'name', is: 'text', charsMax: NAME_CHARS_MAX },
  { at: 'order', is: 'int', min: 0, max: 2 ** 32 - 1 },
] as const

export const tagEndpoints: Endpoint[] = [
  {
    path: 'externalcontact/get_corp_tag_list',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'tag_id', is: 'texts' },
      { at: 'group_id', is: 'texts' },
    ],
    handle: listTags,
    say: () => '读取企业标签',
  },
  {
    path: 'externalcontact/add_corp_tag',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'group_id', is: 'text' },
      { at: 'group_name', is: 'text', charsMax: NAME_CHARS_MAX },
      { at: 'order', is: 'int', min: 0, max: 2 ** 32 - 1 },
      { at: 'tag', is: 'objects', need: 40063 },
      { at: 'agentid', is: 'int', bad: 40056 },
    ],
    handle: addTags,
    say: ({ body }) =>
      `新建标签「${((body.tag ?? []) as GivenTag[]).map((tag) => String(tag.name)).join('、')}」，企业微信不回调`,
  },
  {
    path: 'externalcontact/edit_corp_tag',
    method: 'POST',
    by: 'app',
    params: [{ at: 'id', is: 'text', need: 40068 }, ...TAG_NAMES],
    handle: editTag,
    say: ({ body }) => `修改标签${body.name ? `为「${String(body.name)}」` : ''}，企业微信不回调`,
  },
  {
    path: 'externalcontact/del_corp_tag',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'tag_id', is: 'texts' },
      { at: 'group_id', is: 'texts' },
    ],
    handle: removeTags,
    say: () => '删除标签，企业微信不回调',
  },
  {
    path: 'externalcontact/mark_tag',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'userid', is: 'text', need: 40003 },
      { at: 'external_userid', is: 'text', need: 41035 },
      { at: 'add_tag', is: 'texts', bad: 40068 },
      { at: 'remove_tag', is: 'texts', bad: 40068 },
    ],
    reserve: (call, ms) => editedUntil.set(pairOf(call), call.world.clock.wireMs() + ms),
    handle: markTag,
    say({ corp, body }) {
      const names = (ids: unknown) =>
        ((ids ?? []) as string[]).map((id) => `「${corp.tags.get(id)?.name ?? id}」`).join('')
      const [added, removed] = [names(body.add_tag), names(body.remove_tag)]
      const did = [added && `打上${added}`, removed && `摘掉${removed}`].filter(Boolean).join('，')
      return `给${nameOf(corp, String(body.external_userid))}${did}，企业微信不回调`
    },
  },
]
