import { byWeight } from '../channels/trial/variant.ts'
import { drawOf, saltOf } from '../touches/draw.ts'
import { NamedTooMany, TextTooLong } from './errors.ts'
import type { FrozenChunk, FrozenVariant } from './frozen.ts'
import { CHUNK_MAX, NAMED_MAX, TEXT_BYTES_MAX } from './schema.ts'
import { namesCustomers, type Words } from './words.ts'

const THOUSAND = 1_000

/** Which variant each customer of a broadcast is told: the same at every look, each by its weight. */
export function variantOf(broadcastId: string, contactId: string, weights: readonly number[]): number {
  if (weights.length === 1) return 0
  return byWeight(drawOf(saltOf(`variant ${broadcastId}`), Number(contactId)) / THOUSAND, weights)
}

/** Tasks of one member, one variant, one wording and at most so many customers each; members and ids in order. */
export function cutChunks(
  broadcastId: string,
  variants: readonly FrozenVariant[],
  contactIds: readonly string[],
  staffOf: ReadonlyMap<string, string>,
  words: Words,
): FrozenChunk[] {
  const named = variants.map(({ text }) => namesCustomers(text))
  if (named.includes(true) && contactIds.length > NAMED_MAX)
    throw new NamedTooMany({ people: contactIds.length, most: NAMED_MAX })
  const weights = variants.map(({ weight }) => weight)
  const groupOf = new Map<string, { staffId: string; variant: number; text: string; contactIds: string[] }>()
  for (const contactId of contactIds) {
    const staffId = staffOf.get(contactId)!
    const variant = variantOf(broadcastId, contactId, weights)
    const alike = `${staffId} ${variant}`
    const known = named[variant] ? undefined : groupOf.get(alike)
    if (known) {
      known.contactIds.push(contactId)
      continue
    }
    const text = words.fill(variants[variant]!.text, staffId, contactId)
    const key = named[variant] ? `${alike} ${text}` : alike
    const group = groupOf.get(key)
    if (group) group.contactIds.push(contactId)
    else groupOf.set(key, { staffId, variant, text, contactIds: [contactId] })
  }
  const groups = [...groupOf.values()]
  const bytes = groups.reduce((most, { text }) => Math.max(most, Buffer.byteLength(text)), 0)
  if (bytes > TEXT_BYTES_MAX) throw new TextTooLong({ bytes, most: TEXT_BYTES_MAX })
  groups.sort((a, b) => Number(a.staffId) - Number(b.staffId) || a.variant - b.variant || (a.text < b.text ? -1 : 1))
  const chunks: FrozenChunk[] = []
  for (const { contactIds: all, ...group } of groups)
    for (let at = 0; at < all.length; at += CHUNK_MAX)
      chunks.push({ number: chunks.length + 1, ...group, contactIds: all.slice(at, at + CHUNK_MAX) })
  return chunks
}
