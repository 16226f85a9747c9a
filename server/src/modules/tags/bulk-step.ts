import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import { fillMany } from '../contacts/field-values.ts'
import { keepVisible, pickContacts } from '../contacts/pick-contacts.ts'
import type { ContactFilter, FieldValue } from '../contacts/schema.ts'
import type { Scope } from '../corps/context.ts'
import { pairsLane, pushPairs } from './push-pairs.ts'
import { type PairTag, putTags, type Taken, type Touched, takeTags } from './tag-pairs.ts'
import { type Change, readChanges, restoreProvenance } from './undo-changes.ts'

/** Customers of one transaction: a second of work, and all that is done again after a crash. */
const STEP = 500

/** Kinds of runs that change tags, and those a room above does. */
type OwnKind = 'tag' | 'undo' | 'import'
export type OtherKind = 'stage' | 'stage_undo' | 'task' | 'task_undo'

export interface BulkRun {
  bulkRunId: string
  kind: OwnKind | OtherKind
  state: string
  filter: ContactFilter | null
  contactIds: string[] | null
  ofRunId: string | null
  ofRuleId: string | null
  addIds: string[]
  removeIds: string[]
  scope: string[] | null
  actor: string
  total: number
  done: number
  changed: number
  skipped: Record<string, number>
  cursor: string
  upto: string
  stageId: string | null
  reason: string
  lostReasonId: string | null
  workCardId: string | null
}

type Reason = 'unchanged' | 'not_followed' | 'not_found' | 'touched' | 'gated'

/** A kind of run that is done by a room above, as `worker.ts` hands it in. */
export interface OtherWork {
  /** The next customers, where the run does not name them itself. */
  next?(tx: Tx, corpId: string, run: BulkRun, limit: number): Promise<string[]>
  take(
    tx: Tx,
    corpId: string,
    run: BulkRun,
    contactIds: string[],
    now: Date,
  ): Promise<{ changed: ReadonlySet<string>; whyNot(contactId: string): Reason }>
}
export type OtherWorks = Record<OtherKind, OtherWork>
interface Outcome {
  /** Customers gone through, in order. */
  asked: string[]
  changes: (Touched | Taken)[]
  /** Customers changed otherwise than by a tag. */
  also?: ReadonlySet<string>
  whyNot(contactId: string): Reason
}

/**
 * The next customers of a run, with how far it has come, in one transaction: whoever is killed has done all of a step or
 * nothing. False when nothing is left to do, or the run was ended meanwhile.
 */
export async function takeStep(
  tx: Tx,
  corpId: string,
  bulkRunId: string,
  others: OtherWorks,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<BulkRun>`
    select * from bulk_run where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint and state in ('waiting', 'running') for update`.execute(
    tx,
  )
  const run = rows[0]
  if (!run) return false
  const asked = await nextOf(tx, corpId, run, others)
  const last = asked.at(-1)
  if (last === undefined) {
    await sql`update bulk_run set state = 'done', total = done, started_at = coalesce(started_at, ${now}::timestamptz), ended_at = ${now}::timestamptz
      where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint`.execute(tx)
    return false
  }
  const outcome = await doStep(tx, corpId, run, asked, others, now)
  if (run.kind === 'tag') await keepChanges(tx, corpId, bulkRunId, outcome.changes, now)
  // One waiting push is enough, however many steps there are; steps of a corp take turns, so nobody waits for its key.
  if (outcome.changes.length > 0)
    await enqueue(tx, pushPairs, { corpId }, { lane: pairsLane(corpId), key: `tags.bulk-pairs.${corpId}` })
  const changed = new Set([...outcome.changes.map((change) => change.contactId), ...(outcome.also ?? [])])
  const skipped = { ...run.skipped }
  for (const contactId of asked) {
    if (changed.has(contactId)) continue
    const reason = outcome.whyNot(contactId)
    skipped[reason] = (skipped[reason] ?? 0) + 1
  }
  await sql`update bulk_run set state = 'running', started_at = coalesce(started_at, ${now}::timestamptz), cursor = ${last}::bigint, done = done + ${asked.length},
      total = greatest(total, done + ${asked.length}), changed = changed + ${changed.size}, skipped = ${JSON.stringify(skipped)}::jsonb
    where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint`.execute(tx)
  return true
}

async function doStep(
  tx: Tx,
  corpId: string,
  run: BulkRun,
  asked: string[],
  others: OtherWorks,
  now: Date,
): Promise<Outcome> {
  if (isOwn(run.kind)) return WORK[run.kind](tx, corpId, run, asked, now)
  const { changed, whyNot } = await others[run.kind].take(tx, corpId, run, asked, now)
  return { asked, changes: [], also: changed, whyNot }
}

const scopeOf = (run: BulkRun): Scope => run.scope ?? undefined

async function nextOf(tx: Tx, corpId: string, run: BulkRun, others: OtherWorks): Promise<string[]> {
  const after = BigInt(run.cursor)
  if (run.contactIds) return run.contactIds.filter((id) => BigInt(id) > after).slice(0, STEP)
  if (run.filter)
    return pickContacts(tx, corpId, run.filter, scopeOf(run), { after: run.cursor, upto: run.upto, limit: STEP })
  if (!isOwn(run.kind)) return (await others[run.kind].next?.(tx, corpId, run, STEP)) ?? []
  if (run.ofRuleId) {
    const { rows } = await sql<{ contactId: string }>`
      select distinct contact_id from follow_tag where corp_id = ${corpId}::bigint and tag_id = any(${run.removeIds}::bigint[]) and contact_id > ${run.cursor}::bigint and ${putBy(run.ofRuleId)}
      order by contact_id limit ${STEP}`.execute(tx)
    return rows.map((row) => row.contactId)
  }
  if (run.kind === 'import') {
    const { rows } = await sql<{ contactId: string }>`
      select contact_id from import_row where corp_id = ${corpId}::bigint and bulk_run_id = ${run.bulkRunId}::bigint and contact_id > ${run.cursor}::bigint and reason is null
      order by contact_id limit ${STEP}`.execute(tx)
    return rows.map((row) => row.contactId)
  }
  const { rows } = await sql<{ contactId: string }>`
    select distinct contact_id from bulk_change where corp_id = ${corpId}::bigint and bulk_run_id = ${run.ofRunId}::bigint and contact_id > ${run.cursor}::bigint
    order by contact_id limit ${STEP}`.execute(tx)
  return rows.map((row) => row.contactId)
}

const putBy = (ruleId: string) => sql`source = 'rule' and reason->>'ruleId' = ${ruleId}`

async function tag(tx: Tx, corpId: string, run: BulkRun, asked: string[], now: Date): Promise<Outcome> {
  // A filter has just been asked under the scope; ids were only given.
  const visible = run.contactIds ? await keepVisible(tx, corpId, asked, scopeOf(run)) : asked
  const follows = await readFollows(tx, corpId, visible, run.scope)
  const pairs = (tagIds: string[]): PairTag[] =>
    tagIds.flatMap((tagId) => follows.map(({ contactId, staffId }) => ({ contactId, staffId, tagId })))
  const removals = run.ofRuleId ? await keepPutBy(tx, corpId, run.ofRuleId, pairs(run.removeIds)) : pairs(run.removeIds)
  const why = { source: 'staff', reason: { by: run.actor, bulkRunId: run.bulkRunId }, now } as const
  const taken = await takeTags(tx, corpId, removals, why)
  const put = await putTags(tx, corpId, pairs(run.addIds), why)
  const [seen, followed] = [new Set(visible), new Set(follows.map((follow) => follow.contactId))]
  return {
    asked,
    changes: [...taken, ...put],
    whyNot: (id) => (!seen.has(id) ? 'not_found' : followed.has(id) ? 'unchanged' : 'not_followed'),
  }
}

async function keepPutBy(tx: Tx, corpId: string, ruleId: string, pairs: PairTag[]): Promise<PairTag[]> {
  const { rows } = await sql<PairTag>`
    select contact_id, staff_id, tag_id from follow_tag join unnest(${pairs.map((p) => p.contactId)}::bigint[], ${pairs.map((p) => p.staffId)}::bigint[], ${pairs.map((p) => p.tagId)}::bigint[])
      as p(contact_id, staff_id, tag_id) using (contact_id, staff_id, tag_id)
    where corp_id = ${corpId}::bigint and ${putBy(ruleId)}`.execute(tx)
  return rows
}

async function undo(tx: Tx, corpId: string, run: BulkRun, asked: string[], now: Date): Promise<Outcome> {
  const changes = await readChanges(tx, corpId, run.ofRunId ?? '0', asked, scopeOf(run))
  const standing = (way: Change['way']) => changes.filter((change) => change.way === way && change.stands)
  const why = { source: 'staff', reason: { by: run.actor, undoOf: run.ofRunId ?? '' }, now } as const
  const taken = await takeTags(tx, corpId, standing('added'), why)
  const put = await putTags(tx, corpId, standing('removed'), why)
  await restoreProvenance(tx, corpId, run.ofRunId ?? '0', put)
  const held = new Set(changes.filter((change) => change.followed).map((change) => change.contactId))
  return { asked, changes: [...taken, ...put], whyNot: (id) => (held.has(id) ? 'touched' : 'not_followed') }
}

/** What the rows of a file say: tags on the follows of the scope, and the corp's own fields. */
async function bringIn(tx: Tx, corpId: string, run: BulkRun, asked: string[], now: Date): Promise<Outcome> {
  const { rows } = await sql<{
    contactId: string
    addIds: string[]
    removeIds: string[]
    fields: Record<string, FieldValue>
  }>`
    select contact_id, add_ids, remove_ids, fields from import_row
    where corp_id = ${corpId}::bigint and bulk_run_id = ${run.bulkRunId}::bigint and contact_id = any(${asked}::bigint[]) and reason is null`.execute(
    tx,
  )
  const visible = new Set(await keepVisible(tx, corpId, asked, scopeOf(run)))
  const seen = rows.filter((row) => visible.has(row.contactId))
  const follows = Map.groupBy(await readFollows(tx, corpId, [...visible], run.scope), (follow) => follow.contactId)
  const pairs = (tagIdsOf: (row: (typeof rows)[number]) => string[]): PairTag[] =>
    seen.flatMap((row) =>
      tagIdsOf(row).flatMap((tagId) => (follows.get(row.contactId) ?? []).map((f) => ({ ...f, tagId }))),
    )
  const why = { source: 'staff', reason: { by: run.actor, bulkRunId: run.bulkRunId }, now } as const
  const taken = await takeTags(
    tx,
    corpId,
    pairs((row) => row.removeIds),
    why,
  )
  const put = await putTags(
    tx,
    corpId,
    pairs((row) => row.addIds),
    why,
  )
  const filling = seen.flatMap(({ contactId, fields }) =>
    Object.entries(fields).map(([contactFieldId, value]) => ({ contactId, contactFieldId, value })),
  )
  const also = await fillMany(tx, corpId, filling, run.actor, now)
  const tagged = new Set(rows.filter((row) => row.addIds.length + row.removeIds.length > 0).map((row) => row.contactId))
  const whyNot = (id: string): Reason =>
    !visible.has(id) ? 'not_found' : tagged.has(id) && !follows.has(id) ? 'not_followed' : 'unchanged'
  return { asked, changes: [...taken, ...put], also, whyNot }
}

const WORK = { tag, undo, import: bringIn }
const isOwn = (kind: BulkRun['kind']): kind is OwnKind => Object.hasOwn(WORK, kind)

async function readFollows(
  tx: Tx,
  corpId: string,
  contactIds: string[],
  scope: string[] | null,
): Promise<{ contactId: string; staffId: string }[]> {
  const { rows } = await sql<{ contactId: string; staffId: string }>`
    select contact_id, staff_id from follow where corp_id = ${corpId}::bigint and contact_id = any(${contactIds}::bigint[]) and lost_at is null
      and (${scope}::bigint[] is null or staff_id = any(${scope}::bigint[]))`.execute(tx)
  return rows
}

async function keepChanges(tx: Tx, corpId: string, bulkRunId: string, changes: (Touched | Taken)[], now: Date) {
  if (changes.length === 0) return
  await sql`
    insert into bulk_change (corp_id, bulk_run_id, contact_id, staff_id, tag_id, way, was, at)
    select ${corpId}::bigint, ${bulkRunId}::bigint, c.contact_id, c.staff_id, c.tag_id, case when c.was is null then 'added' else 'removed' end, c.was, ${now}::timestamptz
    from unnest(${changes.map((c) => c.contactId)}::bigint[], ${changes.map((c) => c.staffId)}::bigint[], ${changes.map((c) => c.tagId)}::bigint[],
      ${changes.map((c) => ('was' in c ? JSON.stringify(c.was) : null))}::jsonb[]) as c(contact_id, staff_id, tag_id, was)`.execute(
    tx,
  )
}
