import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { type BulkActor, cancelRemovalsOfRule, removeTagsOfRule } from '../../tags/bulk-runs.ts'
import { AutoTagExists, AutoTagOrderOutdated } from '../errors.ts'
import { archiveSegment, createSegment, editSegment, requireWholeCorp } from '../service.ts'
import { checkAutoTags } from './check.ts'
import { putGroupDue } from './due.ts'
import type { AutoTagEdit, AutoTagGroupEdit, AutoTagStop, NewAutoTag } from './schema.ts'

/** Makes a rule for a tag; customers get the tag once its segment is built. It comes last in the tag's group. */
export async function createAutoTag(
  tx: Tx,
  corpId: string,
  { tagId, rule, keep }: NewAutoTag,
  actor: BulkActor,
  now: Date,
): Promise<string> {
  requireWholeCorp(actor)
  const { rows } = await sql<{ name: string; tagGroupId: string; taken: boolean }>`
    select name, tag_group_id, exists (select from auto_tag_rule r where r.corp_id = ${corpId}::bigint and r.tag_id = t.tag_id and r.deleted_at is null) as taken
    from tag t where corp_id = ${corpId}::bigint and tag_id = ${tagId}::bigint and deleted_at is null for no key update`.execute(
    tx,
  )
  const tag = rows[0]
  if (!tag) throw new NotFound({ what: '标签' })
  if (tag.taken) throw new AutoTagExists({ name: tag.name })
  const segmentId = await createSegment(
    tx,
    corpId,
    { name: nameOf(tag.name, tagId), note: '', rule },
    actor,
    now,
    'tags',
  )
  const { rows: made } = await sql<{ ruleId: string }>`
    insert into auto_tag_rule (corp_id, tag_id, segment_id, keep, rank, state, created_by, created_at, updated_at)
    select ${corpId}::bigint, ${tagId}::bigint, ${segmentId}::bigint, ${keep}, coalesce(max(r.rank), 0) + 1, 'on', ${actor.name}, ${now}::timestamptz, ${now}::timestamptz
    from auto_tag_rule r join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id
    where r.corp_id = ${corpId}::bigint and r.deleted_at is null and t.tag_group_id = ${tag.tagGroupId}::bigint returning rule_id`.execute(
    tx,
  )
  await checkAutoTags(tx, corpId)
  return made[0]!.ruleId
}

/** Names of segments are 30 characters at most, and tags of two groups may be called the same. */
const nameOf = (tagName: string, tagId: string) => `${[...tagName].slice(0, 18).join('')} #${tagId}`

/** Another rule takes effect once it is built, in one step. */
export async function editAutoTag(
  tx: Tx,
  corpId: string,
  ruleId: string,
  { rule, keep }: AutoTagEdit,
  actor: BulkActor,
  now: Date,
): Promise<void> {
  requireWholeCorp(actor)
  const { segmentId, tagGroupId } = await holdRule(tx, corpId, ruleId)
  if (rule) await editSegment(tx, corpId, segmentId, { rule }, actor, now, 'tags')
  await sql`update auto_tag_rule set keep = coalesce(${keep ?? null}::boolean, keep), updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and rule_id = ${ruleId}::bigint`.execute(
    tx,
  )
  if (keep !== undefined) await putGroupDue(tx, corpId, tagGroupId, now)
}

/** Has a rule put and take its tag again, from who is in it now. */
export async function startAutoTag(tx: Tx, corpId: string, ruleId: string, actor: BulkActor, now: Date): Promise<void> {
  requireWholeCorp(actor)
  const { tagGroupId } = await holdRule(tx, corpId, ruleId)
  await sql`update auto_tag_rule set state = 'on', updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and rule_id = ${ruleId}::bigint`.execute(
    tx,
  )
  await cancelRemovalsOfRule(tx, corpId, ruleId, now)
  await putGroupDue(tx, corpId, tagGroupId, now)
}

/** Turns a rule off or deletes it; what it has put stays, or goes by a bulk run, whose id is returned. */
export async function stopAutoTag(
  tx: Tx,
  corpId: string,
  ruleId: string,
  { state, tags }: AutoTagStop,
  actor: BulkActor,
  now: Date,
): Promise<string | undefined> {
  requireWholeCorp(actor)
  const { tagId, tagGroupId, segmentId } = await holdRule(tx, corpId, ruleId)
  const isDeleted = state === 'deleted'
  await sql`update auto_tag_rule set state = 'off', updated_at = ${now}::timestamptz, deleted_at = case when ${isDeleted} then ${now}::timestamptz end
    where corp_id = ${corpId}::bigint and rule_id = ${ruleId}::bigint`.execute(tx)
  await putGroupDue(tx, corpId, tagGroupId, now) // in an exclusive group the next one wins now
  if (isDeleted) await archiveSegment(tx, corpId, segmentId, actor, now, 'tags')
  return tags === 'go' ? removeTagsOfRule(tx, corpId, { ruleId, tagId }, actor, now) : undefined
}

/** Whether rules of a group give one tag at most, and in which order they are asked. */
export async function editAutoTagGroup(
  tx: Tx,
  corpId: string,
  tagGroupId: string,
  { exclusive, ruleIds }: AutoTagGroupEdit,
  actor: BulkActor,
  now: Date,
): Promise<void> {
  requireWholeCorp(actor)
  const { rows } = await sql<{ ruleIds: string[] }>`
    select array(select r.rule_id from auto_tag_rule r join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id and t.deleted_at is null
      where r.corp_id = ${corpId}::bigint and r.deleted_at is null and t.tag_group_id = g.tag_group_id) as rule_ids
    from tag_group g where g.corp_id = ${corpId}::bigint and g.tag_group_id = ${tagGroupId}::bigint and g.deleted_at is null for no key update`.execute(
    tx,
  )
  const group = rows[0]
  if (!group) throw new NotFound({ what: '标签组' })
  if (ruleIds) {
    const known = new Set(group.ruleIds)
    if (
      new Set(ruleIds).size !== ruleIds.length ||
      known.size !== ruleIds.length ||
      ruleIds.some((id) => !known.has(id))
    )
      throw new AutoTagOrderOutdated()
    await sql`update auto_tag_rule r set rank = o.rank from unnest(${ruleIds}::bigint[]) with ordinality as o(rule_id, rank)
      where r.corp_id = ${corpId}::bigint and r.rule_id = o.rule_id`.execute(tx)
  }
  if (exclusive === true)
    await sql`insert into auto_tag_exclusive (corp_id, tag_group_id) values (${corpId}::bigint, ${tagGroupId}::bigint) on conflict do nothing`.execute(
      tx,
    )
  if (exclusive === false)
    await sql`delete from auto_tag_exclusive where corp_id = ${corpId}::bigint and tag_group_id = ${tagGroupId}::bigint`.execute(
      tx,
    )
  await checkAutoTags(tx, corpId)
  await putGroupDue(tx, corpId, tagGroupId, now)
}

async function holdRule(
  tx: Tx,
  corpId: string,
  ruleId: string,
): Promise<{ tagId: string; tagGroupId: string; segmentId: string }> {
  const { rows } = await sql<{ tagId: string; tagGroupId: string; segmentId: string }>`
    select r.tag_id, t.tag_group_id, r.segment_id from auto_tag_rule r join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id and t.deleted_at is null
    where r.corp_id = ${corpId}::bigint and r.rule_id = ${ruleId}::bigint and r.deleted_at is null for no key update of r`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '自动标签规则' })
  return rows[0]
}
