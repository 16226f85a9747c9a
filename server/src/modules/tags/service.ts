import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { enqueue } from '../../platform/jobs.ts'
import { enqueueClearing } from './clear-deleted.ts'
import { TagGroupNameTaken, TagNamesRepeat, TagNameTaken, TagOrderOutdated } from './errors.ts'
import { pushGroup } from './push-group.ts'
import type { NewTag, NewTagGroup, TagGroupEdit, TagGroupView, TagView } from './schema.ts'
import { libraryLane } from './sync-library.ts'

// Everything is done here first and reaches WeCom by a job. `edited_at` marks what WeCom does not have yet, so that a
// re-read in between leaves it alone; a refusal clears the mark and the next re-read brings back WeCom’s truth.

/** Makes a group with its first tags here and, once committed, in WeCom. */
export async function createTagGroup(
  tx: Tx,
  corpId: string,
  { name, tags }: NewTagGroup,
  now: Date,
): Promise<TagGroupView> {
  const repeated = tags.find((tag, at) => tags.indexOf(tag) !== at)
  if (repeated !== undefined) throw new TagNamesRepeat({ name: repeated })
  const group = await tx
    .insertInto('tagGroup')
    .values({ corpId, name, createdAt: now })
    .onConflict((c) => c.columns(['corpId', 'name']).where('deletedAt', 'is', null).doNothing())
    .returning('tagGroupId')
    .executeTakeFirst()
  if (!group) throw new TagGroupNameTaken({ name })
  // Ties are kept in the order of making; a second made at once needs a number of its own.
  const made = await tx
    .insertInto('tag')
    .values(
      tags.map((tag, at) => ({
        corpId,
        tagGroupId: group.tagGroupId,
        name: tag,
        sortOrder: tags.length - at,
        createdAt: now,
      })),
    )
    .returning(['tagId', 'tagGroupId', 'name'])
    .execute()
  await enqueuePush(tx, corpId, [group.tagGroupId])
  return {
    tagGroupId: group.tagGroupId,
    name,
    inWecom: false,
    tags: made.map((tag) => ({ ...tag, inWecom: false, contacts: 0 })),
  }
}

export async function createTag(tx: Tx, corpId: string, { tagGroupId, name }: NewTag, now: Date): Promise<TagView> {
  await lockGroup(tx, corpId, tagGroupId)
  const tag = await tx
    .insertInto('tag')
    .values({ corpId, tagGroupId, name, createdAt: now })
    .onConflict((c) => c.columns(['corpId', 'tagGroupId', 'name']).where('deletedAt', 'is', null).doNothing())
    .returning('tagId')
    .executeTakeFirst()
  if (!tag) throw new TagNameTaken({ name })
  await enqueuePush(tx, corpId, [tagGroupId])
  return { tagId: tag.tagId, tagGroupId, name, inWecom: false, contacts: 0 }
}

export async function renameTag(tx: Tx, corpId: string, tagId: string, name: string, now: Date): Promise<void> {
  const tag = await findTag(tx, corpId, tagId)
  if (tag.name === name) return
  await lockGroup(tx, corpId, tag.tagGroupId)
  const taken = await tx
    .selectFrom('tag')
    .select('tagId')
    .where('corpId', '=', corpId)
    .where('tagGroupId', '=', tag.tagGroupId)
    .where('name', '=', name)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (taken) throw new TagNameTaken({ name })
  await tx
    .updateTable('tag')
    .set({ name, editedAt: now })
    .where('corpId', '=', corpId)
    .where('tagId', '=', tagId)
    .execute()
  await enqueuePush(tx, corpId, [tag.tagGroupId])
}

/** Renames a group, puts its tags in a new order, or both. The order must name every tag: a stale page is refused. */
export async function editTagGroup(
  tx: Tx,
  corpId: string,
  tagGroupId: string,
  { name, tagIds }: TagGroupEdit,
  now: Date,
): Promise<void> {
  const group = await lockGroup(tx, corpId, tagGroupId)
  if (name !== undefined && name !== group.name) {
    const taken = await tx
      .selectFrom('tagGroup')
      .select('tagGroupId')
      .where('corpId', '=', corpId)
      .where('name', '=', name)
      .where('deletedAt', 'is', null)
      .executeTakeFirst()
    if (taken) throw new TagGroupNameTaken({ name })
    await tx
      .updateTable('tagGroup')
      .set({ name, editedAt: now })
      .where('corpId', '=', corpId)
      .where('tagGroupId', '=', tagGroupId)
      .execute()
  }
  if (tagIds) {
    const live = await tx
      .selectFrom('tag')
      .select(['tagId', 'sortOrder'])
      .where('corpId', '=', corpId)
      .where('tagGroupId', '=', tagGroupId)
      .where('deletedAt', 'is', null)
      .execute()
    const moved = movedItems(
      live.map((tag) => ({ id: tag.tagId, sortOrder: tag.sortOrder })),
      tagIds,
    )
    if (moved.length > 0) {
      await sql`update tag set sort_order = m.sort_order, edited_at = ${now}::timestamptz
        from unnest(${moved.map((m) => m.id)}::bigint[], ${moved.map((m) => m.sortOrder)}::bigint[]) as m(tag_id, sort_order)
        where tag.corp_id = ${corpId} and tag.tag_id = m.tag_id`.execute(tx)
    }
  }
  await enqueuePush(tx, corpId, [tagGroupId])
}

export async function orderTagGroups(tx: Tx, corpId: string, tagGroupIds: string[], now: Date): Promise<void> {
  const live = await tx
    .selectFrom('tagGroup')
    .select(['tagGroupId', 'sortOrder'])
    .where('corpId', '=', corpId)
    .where('deletedAt', 'is', null)
    .execute()
  const moved = movedItems(
    live.map((group) => ({ id: group.tagGroupId, sortOrder: group.sortOrder })),
    tagGroupIds,
  )
  if (moved.length === 0) return
  await sql`update tag_group set sort_order = m.sort_order, edited_at = ${now}::timestamptz
    from unnest(${moved.map((m) => m.id)}::bigint[], ${moved.map((m) => m.sortOrder)}::bigint[]) as m(tag_group_id, sort_order)
    where tag_group.corp_id = ${corpId} and tag_group.tag_group_id = m.tag_group_id`.execute(tx)
  await enqueuePush(
    tx,
    corpId,
    moved.map((m) => m.id),
  )
}

/** Gone here at once; from customers and WeCom by job. With its last tag a group goes too, as in WeCom. */
export async function deleteTag(tx: Tx, corpId: string, tagId: string, now: Date): Promise<void> {
  const tag = await findTag(tx, corpId, tagId)
  await lockGroup(tx, corpId, tag.tagGroupId)
  const left = await tx
    .selectFrom('tag')
    .select('tagId')
    .where('corpId', '=', corpId)
    .where('tagGroupId', '=', tag.tagGroupId)
    .where('tagId', '!=', tagId)
    .where('deletedAt', 'is', null)
    .limit(1)
    .execute()
  if (left.length === 0) return deleteTagGroup(tx, corpId, tag.tagGroupId, now)
  await tx
    .updateTable('tag')
    .set({ deletedAt: now, editedAt: now })
    .where('corpId', '=', corpId)
    .where('tagId', '=', tagId)
    .execute()
  await enqueuePush(tx, corpId, [tag.tagGroupId])
  if (!tag.wecomTagId) await enqueueClearing(tx, corpId, [tagId])
}

export async function deleteTagGroup(tx: Tx, corpId: string, tagGroupId: string, now: Date): Promise<void> {
  await lockGroup(tx, corpId, tagGroupId)
  await tx
    .updateTable('tagGroup')
    .set({ deletedAt: now, editedAt: now })
    .where('corpId', '=', corpId)
    .where('tagGroupId', '=', tagGroupId)
    .execute()
  await tx
    .updateTable('tag')
    .set({ deletedAt: now, editedAt: now })
    .where('corpId', '=', corpId)
    .where('tagGroupId', '=', tagGroupId)
    .where('deletedAt', 'is', null)
    .execute()
  await enqueuePush(tx, corpId, [tagGroupId])
}

async function enqueuePush(tx: Tx, corpId: string, tagGroupIds: string[]): Promise<void> {
  await enqueue(tx, pushGroup, { corpId, tagGroupIds }, { lane: libraryLane(corpId) })
}

/** Taken for the transaction: edits of one group wait for each other, so that names and orders are checked against the truth. */
async function lockGroup(tx: Tx, corpId: string, tagGroupId: string) {
  const group = await tx
    .selectFrom('tagGroup')
    .select(['tagGroupId', 'name'])
    .where('corpId', '=', corpId)
    .where('tagGroupId', '=', tagGroupId)
    .where('deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!group) throw new NotFound({ what: '标签组' })
  return group
}

async function findTag(tx: Tx, corpId: string, tagId: string) {
  const tag = await tx
    .selectFrom('tag')
    .select(['tagGroupId', 'name', 'wecomTagId'])
    .where('corpId', '=', corpId)
    .where('tagId', '=', tagId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!tag) throw new NotFound({ what: '标签' })
  return tag
}

interface Moved {
  id: string
  sortOrder: number
}

/** Larger comes first, as WeCom has it. Only what moved is returned: the rest needs no call. */
function movedItems(live: { id: string; sortOrder: string }[], order: string[]): Moved[] {
  const known = new Map(live.map((item) => [item.id, Number(item.sortOrder)]))
  if (known.size !== order.length || new Set(order).size !== order.length || order.some((id) => !known.has(id)))
    throw new TagOrderOutdated()
  return order
    .map((id, at) => ({ id, sortOrder: order.length - at }))
    .filter(({ id, sortOrder }) => known.get(id) !== sortOrder)
}
