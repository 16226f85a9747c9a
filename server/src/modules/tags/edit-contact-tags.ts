import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { requireContact } from '../contacts/read-profile.ts'
import type { Scope } from '../corps/context.ts'
import { NotFollowed } from './errors.ts'
import { readContactTags } from './read-tags.ts'
import type { ContactTag, ContactTagsEdit } from './schema.ts'
import { addTags, removeTags } from './tag-pairs.ts'

/** Puts tags on a customer and takes others off, for one pair or for all pairs in the actor’s scope; returns what he carries now. */
export async function editContactTags(
  tx: Tx,
  corpId: string,
  askedId: string,
  edit: ContactTagsEdit,
  actor: { scope: Scope; by: string; now: Date },
): Promise<ContactTag[]> {
  const contactId = await requireContact(tx, corpId, askedId, actor.scope)
  await requireTags(tx, corpId, [...edit.add, ...edit.remove])
  let holding = tx
    .selectFrom('follow')
    .select('staffId')
    .where('corpId', '=', corpId)
    .where('contactId', '=', contactId)
    .where('lostAt', 'is', null)
  if (edit.staffId !== undefined) holding = holding.where('staffId', '=', edit.staffId)
  if (actor.scope !== undefined)
    holding = holding.where('staffId', '=', sql<string>`any(${[...actor.scope]}::bigint[])`)
  const follows = await holding.execute()
  if (follows.length === 0) throw new NotFollowed()
  const pairs = (tagIds: string[]) =>
    tagIds.flatMap((tagId) => follows.map(({ staffId }) => ({ contactId, staffId, tagId })))
  const why = { source: 'staff', reason: { by: actor.by }, now: actor.now } as const
  await removeTags(tx, corpId, pairs(edit.remove.filter((tagId) => !edit.add.includes(tagId))), why)
  await addTags(tx, corpId, pairs(edit.add), why)
  return readContactTags(tx, corpId, contactId, actor.scope)
}

/** Every id must name a live tag of this corp; one that does not is refused, not passed over. */
export async function requireTags(tx: Tx, corpId: string, tagIds: string[]): Promise<void> {
  const asked = new Set(tagIds)
  if (asked.size === 0) return
  const { count } = await tx
    .selectFrom('tag')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('corpId', '=', corpId)
    .where('tagId', 'in', [...asked])
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow()
  if (Number(count) < asked.size) throw new NotFound({ what: '标签' })
}
