import type { EventItem } from './describe-event.ts'

/** A tag put on a customer of two staff members is two facts at one instant and one thing to read. */
export function mergePairs(items: EventItem[]): EventItem[] {
  const seen = new Set<string>()
  return items.filter(({ kind, contactId, at, props }) => {
    if (kind !== 'tag.added' && kind !== 'tag.removed') return true
    const same = [kind, contactId, at, props.tagId].join(' ')
    return !seen.has(same) && seen.add(same)
  })
}
