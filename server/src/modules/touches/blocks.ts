/** Customers of one block: 4096 ids in a row. */
export const BLOCK = 4096

/** Ids are far below 2^53, so a number holds them. */
export const blockOf = (contactId: number): number => Math.floor(contactId / BLOCK)
export const placeOf = (contactId: number): number => contactId % BLOCK
export const idAt = (block: number, place: number): string => String(block * BLOCK + place)

/** Contact ids by their block, blocks in order; each id once. */
export function byBlock(contactIds: Iterable<string | number>): Map<number, number[]> {
  const blocks = new Map<number, Set<number>>()
  for (const contactId of contactIds) {
    const id = Number(contactId)
    const block = blockOf(id)
    const places = blocks.get(block)
    if (places) places.add(placeOf(id))
    else blocks.set(block, new Set([placeOf(id)]))
  }
  return new Map(
    [...blocks].sort(([a], [b]) => a - b).map(([block, places]) => [block, [...places].sort((a, b) => a - b)]),
  )
}
