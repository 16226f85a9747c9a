import type { CorpTagGroup } from '@siyu/wecom/types'
import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { TAG_NAME_MAX } from './schema.ts'

/** What was asked for: everything, or these ids alone. Only what was asked for can be found missing. */
export type LibraryScope = 'all' | { groupIds: string[] } | { tagIds: string[] }

interface Local {
  id: string
  wecomId: string | null
  name: string
  sortOrder: string
  edited: boolean
  deleted: boolean
  parentId?: string
}
interface Wanted {
  local: Local | undefined
  wecomId: string
  name: string
  sortOrder: number
  parentId?: string
}

/**
 * Makes the library what WeCom says it is, in a constant number of statements; when nothing changed, no row does.
 * Rows with an edit WeCom does not have yet keep it; a tag made here and found in WeCom under its name is taken for it.
 */
export async function applyTagLibrary(
  tx: Tx,
  corpId: string,
  listed: CorpTagGroup[],
  scope: LibraryScope,
  now: Date,
): Promise<{ goneTagIds: string[] }> {
  await sql`select from corp where corp_id = ${corpId} for no key update`.execute(tx) // one at a time: two re-reads of one library would insert twice
  const remote = listed.filter((group) => !group.deleted)
  const groups = await loadGroups(tx, corpId)
  const gonePlan =
    scope === 'all'
      ? missing(
          groups,
          remote.map((g) => g.group_id),
        )
      : 'groupIds' in scope
        ? missing(
            groups,
            remote.map((g) => g.group_id),
            scope.groupIds,
          )
        : []
  const goneGroups = gonePlan.map((group) => group.id)
  const wantedGroups = nameApart(
    groups,
    goneGroups,
    remote.map((group) => ({
      ...matchOf(groups, group.group_id, group.group_name),
      wecomId: group.group_id,
      name: group.group_name,
      sortOrder: group.order ?? 0,
    })),
  )
  await writeGroups(tx, corpId, wantedGroups, goneGroups, now)

  const groupIdOf = new Map((await loadGroups(tx, corpId)).map((group) => [group.wecomId, group.id]))
  const tags = await loadTags(tx, corpId)
  const remoteTags = remote.flatMap((group) =>
    group.tag.filter((tag) => !tag.deleted).map((tag) => ({ ...tag, parentId: groupIdOf.get(group.group_id)! })),
  )
  const tagOf = new Map(tags.flatMap((tag) => (tag.wecomId ? [[tag.wecomId, tag] as const] : [])))
  const listedIds = remoteTags.map((tag) => tag.id)
  const ofGoneGroups = tags.filter((tag) => !tag.deleted && goneGroups.includes(tag.parentId!))
  const goneTags = [
    ...new Set(
      [
        ...(scope === 'all'
          ? missing(tags, listedIds)
          : missing(tags, listedIds, 'tagIds' in scope ? scope.tagIds : tagsOfGroups(tags, groupIdOf, scope.groupIds))),
        ...ofGoneGroups,
      ].map((tag) => tag.id),
    ),
  ]
  const siblingsOf = Map.groupBy(tags, (tag) => tag.parentId)
  const wantedTags = [...Map.groupBy(remoteTags, (tag) => tag.parentId)].flatMap(([parentId, ofGroup]) => {
    const siblings = siblingsOf.get(parentId) ?? []
    return nameApart(
      siblings,
      goneTags,
      ofGroup.map((tag) => ({
        local: tagOf.get(tag.id) ?? matchOf(siblings, tag.id, tag.name).local,
        wecomId: tag.id,
        name: tag.name,
        sortOrder: tag.order ?? 0,
        parentId,
      })),
    )
  })
  await writeTags(tx, corpId, wantedTags, goneTags, now)
  await dropEmptyGroups(tx, corpId, now)
  return { goneTagIds: goneTags }
}

async function loadGroups(tx: Tx, corpId: string): Promise<Local[]> {
  const rows = await tx
    .selectFrom('tagGroup')
    .select(['tagGroupId', 'wecomGroupId', 'name', 'sortOrder', 'editedAt', 'deletedAt'])
    .where('corpId', '=', corpId)
    .where((eb) => eb.or([eb('deletedAt', 'is', null), eb('wecomGroupId', 'is not', null)]))
    .execute()
  return rows.map((row) => ({
    id: row.tagGroupId,
    wecomId: row.wecomGroupId,
    name: row.name,
    sortOrder: row.sortOrder,
    edited: row.editedAt !== null,
    deleted: row.deletedAt !== null,
  }))
}

async function loadTags(tx: Tx, corpId: string): Promise<Local[]> {
  const rows = await tx
    .selectFrom('tag')
    .select(['tagId', 'tagGroupId', 'wecomTagId', 'name', 'sortOrder', 'editedAt', 'deletedAt'])
    .where('corpId', '=', corpId)
    .where((eb) => eb.or([eb('deletedAt', 'is', null), eb('wecomTagId', 'is not', null)]))
    .execute()
  return rows.map((row) => ({
    id: row.tagId,
    parentId: row.tagGroupId,
    wecomId: row.wecomTagId,
    name: row.name,
    sortOrder: row.sortOrder,
    edited: row.editedAt !== null,
    deleted: row.deletedAt !== null,
  }))
}

/** Live rows WeCom had and no longer lists. An edit on its way does not save them: there is nothing left to edit. */
function missing(rows: Local[], listedIds: string[], askedIds?: string[]): Local[] {
  const listed = new Set(listedIds)
  const asked = askedIds && new Set(askedIds)
  return rows.filter(
    (row) =>
      row.wecomId !== null &&
      (!row.deleted || row.edited) &&
      !listed.has(row.wecomId) &&
      (!asked || asked.has(row.wecomId)),
  )
}

function tagsOfGroups(tags: Local[], groupIdOf: Map<string | null, string>, wecomGroupIds: string[]): string[] {
  const ids = new Set(wecomGroupIds.map((id) => groupIdOf.get(id)))
  return tags.flatMap((tag) => (tag.wecomId && ids.has(tag.parentId) ? [tag.wecomId] : []))
}

/** The row that already is it, or one made here under this name that WeCom did not have when we last looked. */
function matchOf(rows: Local[], wecomId: string, name: string): { local: Local | undefined } {
  return {
    local:
      rows.find((row) => row.wecomId === wecomId) ??
      rows.find((row) => row.wecomId === null && !row.deleted && row.name === name),
  }
}

/** Names that may stand in the table: cut to its limit and, where a row that stays as it is holds the name, told apart. */
function nameApart(rows: Local[], gone: string[], wanted: Wanted[]): Wanted[] {
  const replaced = new Set([...gone, ...wanted.flatMap((w) => (w.local && !w.local.edited ? [w.local.id] : []))])
  const taken = new Set(rows.filter((row) => !row.deleted && !replaced.has(row.id)).map((row) => row.name))
  return wanted.map((w) => {
    if (w.local?.edited) return w
    const name = [...w.name].slice(0, TAG_NAME_MAX).join('') || '未命名'
    const free = taken.has(name) ? `${[...name].slice(0, TAG_NAME_MAX - 7).join('')}·${w.wecomId.slice(-6)}` : name
    taken.add(free)
    return { ...w, name: free }
  })
}

/** What differs, apart from an edit of ours that is on its way. */
function changed({ local, wecomId, name, sortOrder, parentId }: Wanted): boolean {
  if (!local) return false
  if (local.wecomId !== wecomId) return true
  return (
    !local.edited &&
    (local.name !== name || Number(local.sortOrder) !== sortOrder || local.deleted || local.parentId !== parentId)
  )
}

async function writeGroups(tx: Tx, corpId: string, wanted: Wanted[], gone: string[], now: Date): Promise<void> {
  const changes = wanted.filter(changed)
  const parked = changes.filter((w) => !w.local!.edited && w.local!.name !== w.name).map((w) => w.local!.id)
  if (gone.length + parked.length > 0) {
    // out of the unique index first: two groups may have swapped their names
    await tx
      .updateTable('tagGroup')
      .set({ deletedAt: now, editedAt: null })
      .where('corpId', '=', corpId)
      .where('tagGroupId', 'in', [...gone, ...parked])
      .execute()
  }
  if (changes.length > 0) {
    await sql`update tag_group g set wecom_group_id = w.wecom_id, name = case when w.ours then g.name else w.name end,
        sort_order = case when w.ours then g.sort_order else w.sort_order end, deleted_at = case when w.ours then g.deleted_at end
      from unnest(${changes.map((w) => w.local!.id)}::bigint[], ${changes.map((w) => w.wecomId)}::text[], ${changes.map((w) => w.name)}::text[],
        ${changes.map((w) => w.sortOrder)}::bigint[], ${changes.map((w) => w.local!.edited)}::bool[]) as w(id, wecom_id, name, sort_order, ours)
      where g.corp_id = ${corpId} and g.tag_group_id = w.id`.execute(tx)
  }
  const fresh = wanted.filter((w) => !w.local)
  if (fresh.length > 0) {
    await tx
      .insertInto('tagGroup')
      .values(
        fresh.map((w) => ({ corpId, name: w.name, sortOrder: w.sortOrder, wecomGroupId: w.wecomId, createdAt: now })),
      )
      .execute()
  }
}

async function writeTags(tx: Tx, corpId: string, wanted: Wanted[], gone: string[], now: Date): Promise<void> {
  const changes = wanted.filter(changed)
  const parked = changes.filter((w) => !w.local!.edited && w.local!.name !== w.name).map((w) => w.local!.id)
  if (gone.length + parked.length > 0) {
    await tx
      .updateTable('tag')
      .set({ deletedAt: now, editedAt: null })
      .where('corpId', '=', corpId)
      .where('tagId', 'in', [...gone, ...parked])
      .execute()
  }
  if (changes.length > 0) {
    await sql`update tag t set wecom_tag_id = w.wecom_id, tag_group_id = case when w.ours then t.tag_group_id else w.parent_id end,
        name = case when w.ours then t.name else w.name end, sort_order = case when w.ours then t.sort_order else w.sort_order end,
        deleted_at = case when w.ours then t.deleted_at end
      from unnest(${changes.map((w) => w.local!.id)}::bigint[], ${changes.map((w) => w.wecomId)}::text[], ${changes.map((w) => w.name)}::text[],
        ${changes.map((w) => w.sortOrder)}::bigint[], ${changes.map((w) => w.local!.edited)}::bool[], ${changes.map((w) => w.parentId!)}::bigint[]) as w(id, wecom_id, name, sort_order, ours, parent_id)
      where t.corp_id = ${corpId} and t.tag_id = w.id`.execute(tx)
  }
  const fresh = wanted.filter((w) => !w.local)
  if (fresh.length > 0) {
    await sql`insert into tag (corp_id, tag_group_id, name, sort_order, wecom_tag_id, created_at)
      select ${corpId}::bigint, w.parent_id, w.name, w.sort_order, w.wecom_id, ${now}::timestamptz
      from unnest(${fresh.map((w) => w.parentId!)}::bigint[], ${fresh.map((w) => w.name)}::text[], ${fresh.map((w) => w.sortOrder)}::bigint[], ${fresh.map((w) => w.wecomId)}::text[])
        with ordinality as w(parent_id, name, sort_order, wecom_id, nr) order by w.nr`.execute(tx)
  }
}

/** WeCom knows no empty group: the event of its last tag may be all we hear. */
async function dropEmptyGroups(tx: Tx, corpId: string, now: Date): Promise<void> {
  await tx
    .updateTable('tagGroup')
    .set({ deletedAt: now })
    .where('corpId', '=', corpId)
    .where('deletedAt', 'is', null)
    .where('editedAt', 'is', null)
    .where('wecomGroupId', 'is not', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('tag')
            .select('tag.tagId')
            .where('tag.corpId', '=', corpId)
            .whereRef('tag.tagGroupId', '=', 'tagGroup.tagGroupId')
            .where('tag.deletedAt', 'is', null),
        ),
      ),
    )
    .execute()
}
