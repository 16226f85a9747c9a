import type { Corp } from './corp.ts'
import { emit } from './events.ts'
import type { TagGroup } from './records.ts'
import { Refusal } from './refusal.ts'
import { appendTags, deleteTags, findTagGroupByName, makeTagGroup } from './tags.ts'
import type { World } from './world.ts'

const CONSOLE = 0

/** An administrator creates tags in the WeCom console: one callback for the group if it is new, one for each tag. */
export function createTagsInConsole(
  world: World,
  corp: Corp,
  { groupName, names, order }: { groupName: string; names: string[]; order?: number },
): TagGroup {
  const now = world.clock.seconds()
  const known = findTagGroupByName(corp, groupName)
  const taken = names.find((name) => known?.tags.some((tag) => tag.name === name))
  if (taken !== undefined) throw new Refusal('tag.name_taken', `「${groupName}」里已有「${taken}」`)
  if (names.length === 0) throw new Refusal('tag.empty_group', '标签组里至少要有一个标签')
  const tags = names.map((name) => ({ name }))
  if (known) {
    for (const tag of appendTags(corp, known, tags, CONSOLE, now))
      tagChanged(world, corp, 'create', 'tag', tag.id, `后台新建标签「${tag.name}」`)
    return known
  }
  const group = makeTagGroup(corp, { groupName, order, tags, createdBy: CONSOLE, createTime: now })
  tagChanged(world, corp, 'create', 'tag_group', group.id, `后台新建标签组「${groupName}」`)
  for (const tag of group.tags) tagChanged(world, corp, 'create', 'tag', tag.id, `后台新建标签「${tag.name}」`)
  return group
}

export function editTagInConsole(world: World, corp: Corp, edit: { id: string; name?: string; order?: number }): void {
  const group = corp.tagGroups.get(edit.id)
  const tag = corp.tags.get(edit.id)
  const it = group ?? tag
  if (!it) throw new Refusal('tag.unknown', `没有这个标签：${edit.id}`)
  const was = it.name
  it.name = edit.name ?? it.name
  it.order = edit.order ?? it.order
  corp.saveTagGroup(group ?? corp.tagGroups.get(tag!.groupId)!)
  const kind = group ? 'tag_group' : 'tag'
  tagChanged(world, corp, 'update', kind, edit.id, `后台把「${was}」改成「${it.name}」`)
}

/** Deleting a group says nothing of its tags; deleting the last tag of a group takes the group along. */
export function deleteTagsInConsole(world: World, corp: Corp, { ids }: { ids: string[] }): void {
  for (const id of ids) {
    const group = corp.tagGroups.get(id)
    const tag = corp.tags.get(id)
    if (!group && !tag) throw new Refusal('tag.unknown', `没有这个标签：${id}`)
    const emptied = deleteTags(corp, group ? group.tags.map((it) => it.id) : [id])
    if (tag) tagChanged(world, corp, 'delete', 'tag', id, `后台删除标签「${tag.name}」`)
    for (const gone of emptied)
      tagChanged(world, corp, 'delete', 'tag_group', gone.id, `后台删除标签组「${gone.name}」`)
  }
}

/** The order inside a group, or (no id) the order of all groups, was dragged about. */
export function shuffleTagsInConsole(
  world: World,
  corp: Corp,
  { groupId, ids }: { groupId?: string; ids: string[] },
): void {
  const items = groupId === undefined ? corp.tagGroups : corp.tags
  ids.forEach((id, at) => {
    const item = items.get(id)
    if (item) item.order = ids.length - at
  })
  for (const group of corp.tagGroups.values()) corp.saveTagGroup(group)
  tagChanged(world, corp, 'shuffle', undefined, groupId ?? '', '后台调整了标签顺序')
}

function tagChanged(
  world: World,
  corp: Corp,
  changeType: string,
  tagType: 'tag' | 'tag_group' | undefined,
  id: string,
  sentence: string,
): void {
  emit(world, corp, {
    event: 'change_external_tag',
    changeType,
    // A tag's events wait for its group's: all of them share a lane.
    about: 'corp tags',
    sentence,
    fields: { Id: id, TagType: tagType },
  })
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'tags', id })
}
