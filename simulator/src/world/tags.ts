import type { Corp } from './corp.ts'
import type { Tag, TagGroup } from './records.ts'

/** Larger order first; the older one where they are equal. */
export function byOrder(a: { order: number; createTime: number }, b: { order: number; createTime: number }): number {
  return b.order - a.order || a.createTime - b.createTime
}

export function findTagGroupByName(corp: Corp, name: string): TagGroup | undefined {
  return [...corp.tagGroups.values()].find((group) => group.name === name)
}

export interface NewTags {
  groupName: string
  order?: number
  tags: { name: string; order?: number }[]
  /** The app's agentid; 0 is the console. */
  createdBy: number
  createTime: number
}

export function makeTagGroup(corp: Corp, { groupName, order = 0, tags, createdBy, createTime }: NewTags): TagGroup {
  const group: TagGroup = { id: corp.makeId('et', 32), name: groupName, order, createTime, createdBy, tags: [] }
  appendTags(corp, group, tags, createdBy, createTime)
  return group
}

/** Duplicate names of one call are dropped; names the group already has are the caller's error. */
export function appendTags(
  corp: Corp,
  group: TagGroup,
  tags: { name: string; order?: number }[],
  createdBy: number,
  createTime: number,
): Tag[] {
  const made = new Map<string, Tag>()
  for (const { name, order = 0 } of tags) {
    if (made.has(name)) continue
    made.set(name, { id: corp.makeId('et', 32), groupId: group.id, name, order, createTime, createdBy })
  }
  group.tags = [...group.tags, ...made.values()]
  corp.saveTagGroup(group)
  return [...made.values()]
}

/** Takes the tags off every customer. A group goes with its last tag. Returns the groups that went. */
export function deleteTags(corp: Corp, tagIds: readonly string[]): TagGroup[] {
  const gone = new Set(tagIds)
  const emptied: TagGroup[] = []
  for (const group of new Set(tagIds.map((id) => corp.tagGroups.get(corp.tags.get(id)?.groupId ?? '')))) {
    if (!group) continue
    const left = group.tags.filter((tag) => !gone.has(tag.id))
    if (left.length === 0) {
      corp.removeTagGroup(group)
      emptied.push(group)
    } else {
      group.tags = left
      corp.saveTagGroup(group)
    }
  }
  for (const id of gone) corp.tags.delete(id)
  for (const staff of corp.staff.values()) {
    for (const follow of corp.followsOfStaff(staff.userid)) {
      if (!follow.tags.some((id) => gone.has(id))) continue
      follow.tags = follow.tags.filter((id) => !gone.has(id))
      corp.saveFollow(follow)
    }
  }
  return emptied
}
