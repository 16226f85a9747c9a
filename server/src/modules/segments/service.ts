import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { Actor } from '../corps/context.ts'
import { ensureFacts } from '../facts/count.ts'
import { checkAutoTags } from './auto-tags/check.ts'
import { buildSegment } from './build.ts'
import {
  RuleRefersToMissing,
  SegmentInUse,
  SegmentNameTaken,
  SegmentNeedsWholeCorp,
  SegmentRefersToItself,
  TooManySegments,
} from './errors.ts'
import { type Needs, needsOf } from './persons.ts'
import type { NewSegment, Node, Rule, SegmentEdit } from './schema.ts'
import { readReferences } from './versions.ts'

const SEGMENTS_MAX = 200

/** Rules read all the corp's customers: whoever sees only some would learn of the others by trying. */
export function requireWholeCorp({ scope }: Pick<Actor, 'scope'>): void {
  if (scope) throw new SegmentNeedsWholeCorp()
}

/** Who keeps a segment: people, in the list they see; or what needs it for itself. */
export type UsedBy = 'people' | 'tags' | 'rfm' | 'stages' | 'radar'

/** Makes a segment; it is read once its first version is built. Names are apart by who uses it, and so is their number. */
export async function createSegment(
  tx: Tx,
  corpId: string,
  { name, note, rule }: NewSegment,
  actor: Pick<Actor, 'name' | 'scope'>,
  now: Date,
  usedBy: UsedBy = 'people',
): Promise<string> {
  requireWholeCorp(actor)
  await sql`insert into segment_clock (corp_id, swept_at, next_at) values (${corpId}::bigint, ${now}::timestamptz, 'infinity') on conflict do nothing`.execute(
    tx,
  )
  // One at a time: two must not both find room, nor refer to each other.
  await sql`select from segment_clock where corp_id = ${corpId}::bigint for update`.execute(tx)
  const { rows } = await sql<{
    held: number
  }>`select count(*)::int as held from segment where corp_id = ${corpId}::bigint and used_by = ${usedBy} and archived_at is null`.execute(
    tx,
  )
  if ((rows[0]?.held ?? 0) >= SEGMENTS_MAX) throw new TooManySegments({ most: SEGMENTS_MAX })
  const made = await tx
    .insertInto('segment')
    .values({ corpId, name, note, usedBy, createdBy: actor.name, createdAt: now, updatedAt: now })
    .onConflict((c) => c.columns(['corpId', 'usedBy', 'name']).where('archivedAt', 'is', null).doNothing())
    .returning('segmentId')
    .executeTakeFirst()
  if (!made) throw new SegmentNameTaken({ name })
  await addVersion(tx, corpId, made.segmentId, rule, actor.name, now)
  return made.segmentId
}

/** Another name takes effect at once; another rule once it is built, in one step, and who is in or out by it is announced. */
export async function editSegment(
  tx: Tx,
  corpId: string,
  segmentId: string,
  { name, note, rule }: SegmentEdit,
  actor: Pick<Actor, 'name' | 'scope'>,
  now: Date,
  usedBy: UsedBy = 'people',
): Promise<void> {
  requireWholeCorp(actor)
  await sql`select from segment_clock where corp_id = ${corpId}::bigint for update`.execute(tx)
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from segment o where o.corp_id = ${corpId}::bigint and o.archived_at is null and o.used_by = s.used_by and o.name = ${name ?? null} and o.segment_id <> s.segment_id) as taken
    from segment s where s.corp_id = ${corpId}::bigint and s.segment_id = ${segmentId}::bigint and s.used_by = ${usedBy} and s.archived_at is null`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '人群' })
  if (rows[0].taken && name) throw new SegmentNameTaken({ name })
  await sql`
    update segment set name = coalesce(${name ?? null}::text, name), note = coalesce(${note ?? null}::text, note), updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint`.execute(tx)
  if (rule) await addVersion(tx, corpId, segmentId, rule, actor.name, now)
}

/** Out of every list at once. Refused while another segment's rule asks for it. */
export async function archiveSegment(
  tx: Tx,
  corpId: string,
  segmentId: string,
  actor: Pick<Actor, 'scope'>,
  now: Date,
  usedBy: UsedBy = 'people',
): Promise<string> {
  requireWholeCorp(actor)
  await sql`select from segment_clock where corp_id = ${corpId}::bigint for update`.execute(tx)
  const { rows } = await sql<{ name: string }>`
    select distinct s.name from segment s join segment_version v on v.corp_id = ${corpId}::bigint and v.segment_id = s.segment_id and v.state in ('live', 'building')
    where s.corp_id = ${corpId}::bigint and s.archived_at is null and s.segment_id <> ${segmentId}::bigint
      and jsonb_path_exists(v.rule, '$.** ? (@.segmentId == $id)', ${JSON.stringify({ id: segmentId })}::jsonb) order by 1`.execute(
    tx,
  )
  if (rows.length > 0) throw new SegmentInUse({ names: rows.map(({ name }) => `“${name}”`).join('、') })
  const gone = await tx
    .updateTable('segment')
    .set({ archivedAt: now, updatedAt: now })
    .where('corpId', '=', corpId)
    .where('segmentId', '=', segmentId)
    .where('usedBy', '=', usedBy)
    .where('archivedAt', 'is', null)
    .returning('name')
    .executeTakeFirst()
  if (!gone) throw new NotFound({ what: '人群' })
  return gone.name
}

/** Takes an archived one back. Built anew, for nobody kept it meanwhile. */
export async function restoreSegment(
  tx: Tx,
  corpId: string,
  segmentId: string,
  actor: Pick<Actor, 'name' | 'scope'>,
  now: Date,
): Promise<void> {
  requireWholeCorp(actor)
  await sql`select from segment_clock where corp_id = ${corpId}::bigint for update`.execute(tx)
  const { rows } = await sql<{ name: string; rule: Rule; standing: boolean; taken: boolean }>`
    select s.name, v.rule, s.archived_at is null as standing, exists (select from segment o where o.corp_id = ${corpId}::bigint and o.archived_at is null and o.used_by = s.used_by and o.name = s.name) as taken
    from segment s join lateral (select rule from segment_version v where v.corp_id = ${corpId}::bigint and v.segment_id = s.segment_id order by v.version desc limit 1) v on true
    where s.corp_id = ${corpId}::bigint and s.segment_id = ${segmentId}::bigint and s.used_by = 'people'`.execute(tx)
  const held = rows[0]
  if (!held) throw new NotFound({ what: '人群' })
  if (held.standing) return // nothing to take back
  if (held.taken) throw new SegmentNameTaken({ name: held.name })
  await sql`update segment set archived_at = null, updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint`.execute(
    tx,
  )
  await addVersion(tx, corpId, segmentId, held.rule, actor.name, now)
}

/** Checks a rule, has its facts counted from now on, and begins to build it. A version still being built gives way. */
async function addVersion(
  tx: Tx,
  corpId: string,
  segmentId: string,
  rule: Rule,
  madeBy: string,
  now: Date,
): Promise<void> {
  await checkRule(tx, corpId, rule, segmentId)
  const refs = await readReferences(tx, corpId, [rule])
  await ensureFacts(
    tx,
    corpId,
    [...needsOf([rule], refs).facts.values()].map(({ spec }) => spec),
    now,
  )
  await sql`update segment_version set state = 'old' where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint and state = 'building'`.execute(
    tx,
  )
  const { rows } = await sql<{ version: number }>`
    insert into segment_version (corp_id, segment_id, version, rule, state, made_by, made_at)
    select ${corpId}::bigint, ${segmentId}::bigint, coalesce(max(version), 0) + 1, ${JSON.stringify(rule)}::jsonb, 'building', ${madeBy}, ${now}::timestamptz
    from segment_version where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint returning version`.execute(
    tx,
  )
  await checkAutoTags(tx, corpId)
  await enqueue(tx, buildSegment, { corpId, segmentId, version: rows[0]!.version })
}

/** Everything a rule names must be the corp's own and still be there; and no segment may come round to itself. */
export async function checkRule(tx: Tx, corpId: string, rule: Rule, segmentId?: string): Promise<void> {
  const refs = await readReferences(tx, corpId, [rule])
  const own = needsOf([rule])
  const { rows } = await sql<{ what: string }>`
    select what from (values
      ('标签', ${[...idsOf(rule, 'tags')]}::bigint[], array(select tag_id from tag where corp_id = ${corpId}::bigint and deleted_at is null)),
      ('成员', ${[...idsOf(rule, 'staff')]}::bigint[], array(select staff_id from staff where corp_id = ${corpId}::bigint)),
      ('客户阶段', ${[...idsOf(rule, 'stage')]}::bigint[], array(select stage_id from stage where corp_id = ${corpId}::bigint and removed_at is null)),
      ('客户群', ${[...idsOf(rule, 'group')]}::bigint[], array(select group_chat_id from group_chat where corp_id = ${corpId}::bigint)),
      ('渠道活码', ${[...own.channelIds]}::bigint[], array(select channel_code_id from channel_code where corp_id = ${corpId}::bigint)),
      ('客户字段', ${[...own.fieldIds]}::bigint[], array(select contact_field_id from contact_field where corp_id = ${corpId}::bigint and deleted_at is null)),
      ('人群', ${[...own.segmentIds]}::bigint[], array(select segment_id from segment where corp_id = ${corpId}::bigint and archived_at is null and version > 0))
    ) as asked(what, ids, there) where not ids <@ there`.execute(tx)
  if (rows[0]) throw new RuleRefersToMissing(rows[0])
  for (const id of own.segmentIds)
    if (segmentId && (id === segmentId || reaches(id, segmentId, refs.rules)))
      throw new SegmentRefersToItself({ name: await nameOf(tx, corpId, id) })
}

function idsOf(node: Node, is: 'tags' | 'staff' | 'stage' | 'group'): Set<string> {
  if (node.is === 'all' || node.is === 'any') return new Set(node.of.flatMap((part) => [...idsOf(part, is)]))
  if (node.is !== is) return new Set()
  if (node.is === 'tags') return new Set([...(node.any ?? []), ...(node.all ?? [])])
  return new Set('ids' in node ? node.ids : [])
}

function reaches(from: string, to: string, rules: ReadonlyMap<string, Rule>): boolean {
  const rule = rules.get(from)
  const next: Needs['segmentIds'] = rule ? needsOf([rule]).segmentIds : new Set()
  return next.has(to) || [...next].some((id) => reaches(id, to, rules))
}

async function nameOf(tx: Tx, corpId: string, segmentId: string): Promise<string> {
  const row = await tx
    .selectFrom('segment')
    .select('name')
    .where('corpId', '=', corpId)
    .where('segmentId', '=', segmentId)
    .executeTakeFirst()
  return row?.name ?? ''
}
