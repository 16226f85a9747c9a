import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import type { ContactTag, TagLibrary, TagSource, TagView } from './schema.ts'

/** The whole library in WeCom’s order. Counting the customers is one walk over an index; the library itself is small. */
export async function readTagLibrary(tx: Tx, corpId: string): Promise<TagLibrary> {
  const groups = await tx
    .selectFrom('tagGroup')
    .select(['tagGroupId', 'name', 'wecomGroupId', 'editedAt'])
    .where('corpId', '=', corpId)
    .where('deletedAt', 'is', null)
    .orderBy('sortOrder', 'desc')
    .orderBy('createdAt')
    .orderBy('tagGroupId')
    .execute()
  const { rows: tags } = await sql<TagView>`
    select t.tag_id, t.tag_group_id, t.name, t.wecom_tag_id is not null and t.edited_at is null as in_wecom,
      (select count(distinct ft.contact_id)::int from follow_tag ft where ft.corp_id = ${corpId} and ft.tag_id = t.tag_id) as contacts
    from tag t where t.corp_id = ${corpId} and t.deleted_at is null order by t.sort_order desc, t.created_at, t.tag_id`.execute(
    tx,
  )
  const {
    rows: [waiting],
  } = await sql<{ pairs: number }>`
    select count(*)::int as pairs from (
      select contact_id, staff_id from follow_tag where corp_id = ${corpId} and pushed_at is null
      union select contact_id, staff_id from follow_tag_removal where corp_id = ${corpId} and pushed_at is null) as pair`.execute(
    tx,
  )
  const ofGroup = Map.groupBy(tags, (tag) => tag.tagGroupId)
  return {
    groups: groups.map(({ tagGroupId, name, wecomGroupId, editedAt }) => ({
      tagGroupId,
      name,
      inWecom: wecomGroupId !== null && editedAt === null,
      tags: ofGroup.get(tagGroupId) ?? [],
    })),
    pairsWaiting: waiting?.pairs ?? 0,
  }
}

/** The library by its names alone, in WeCom’s order: for whoever picks one. */
export async function readTagNames(
  tx: Tx,
  corpId: string,
): Promise<{ tagGroupId: string; name: string; tags: { tagId: string; name: string }[] }[]> {
  const { rows } = await sql<{ tagGroupId: string; name: string; tags: { tagId: string; name: string }[] }>`
    select g.tag_group_id, g.name, jsonb_agg(jsonb_build_object('tagId', t.tag_id::text, 'name', t.name) order by t.sort_order desc, t.created_at, t.tag_id) as tags
    from tag_group g join tag t on t.corp_id = ${corpId}::bigint and t.tag_group_id = g.tag_group_id and t.deleted_at is null
    where g.corp_id = ${corpId}::bigint and g.deleted_at is null
    group by g.tag_group_id, g.name, g.sort_order, g.created_at order by g.sort_order desc, g.created_at, g.tag_group_id`.execute(
    tx,
  )
  return rows
}

/** What a customer carries, pair by pair, with where it came from. `scope`: only of these staff’s pairs. */
export async function readContactTags(tx: Tx, corpId: string, contactId: string, scope?: Scope): Promise<ContactTag[]> {
  let rows = tx
    .selectFrom('followTag')
    .innerJoin('tag', (j) => j.onRef('tag.corpId', '=', 'followTag.corpId').onRef('tag.tagId', '=', 'followTag.tagId'))
    .innerJoin('tagGroup', (j) =>
      j.onRef('tagGroup.corpId', '=', 'tag.corpId').onRef('tagGroup.tagGroupId', '=', 'tag.tagGroupId'),
    )
    .innerJoin('staff', (j) =>
      j.onRef('staff.corpId', '=', 'followTag.corpId').onRef('staff.staffId', '=', 'followTag.staffId'),
    )
    .select([
      'followTag.tagId',
      'tag.name',
      'tag.tagGroupId',
      'tagGroup.name as groupName',
      'followTag.staffId',
      'staff.name as staffName',
      'followTag.source',
      'followTag.reason',
      'followTag.addedAt',
      'followTag.pushedAt',
    ])
    .where('followTag.corpId', '=', corpId)
    .where('tag.corpId', '=', corpId)
    .where('tagGroup.corpId', '=', corpId)
    .where('staff.corpId', '=', corpId)
    .where('followTag.contactId', '=', contactId)
    .where('tag.deletedAt', 'is', null)
    .orderBy('followTag.addedAt')
    .orderBy('followTag.tagId')
  if (scope !== undefined) rows = rows.where('followTag.staffId', '=', sql<string>`any(${[...scope]}::bigint[])`)
  return (await rows.execute()).map(({ addedAt, pushedAt, source, reason, ...tag }) => ({
    ...tag,
    source: source as TagSource,
    reason: reason as Record<string, unknown>,
    addedAt: addedAt.toISOString(),
    inWecom: pushedAt !== null,
  }))
}
