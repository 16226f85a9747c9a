import type { Answer } from '../../api/types.ts'

type Follows = Answer<'/api/contacts/{contactId}'>['follows']
/** One tag of the customer with whom it stands: each staff member's tagging is his own. */
export type HeldTag = Follows[number]['tags'][number] & { staffNames: string[] }

/** The tags of all friendships that hold as one set; the first tagging tells the story. */
export function gatherTags(follows: Pick<Follows[number], 'staffName' | 'lostAt' | 'tags'>[]): HeldTag[] {
  const held = new Map<string, HeldTag>()
  for (const { staffName, tags, lostAt } of follows) {
    if (lostAt !== null) continue
    for (const tag of tags) {
      const known = held.get(tag.tagId)
      const first = known && known.addedAt <= tag.addedAt ? known : tag
      held.set(tag.tagId, {
        ...first,
        inWecom: tag.inWecom && (known?.inWecom ?? true),
        staffNames: [...(known?.staffNames ?? []), staffName],
      })
    }
  }
  return [...held.values()].toSorted((a, b) => a.addedAt.localeCompare(b.addedAt))
}
