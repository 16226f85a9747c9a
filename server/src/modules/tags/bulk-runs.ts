import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotAllowed, NotFound } from '../../platform/errors.ts'
import { countContacts } from '../contacts/list-contacts.ts'
import { newestContact } from '../contacts/pick-contacts.ts'
import type { ContactFilter } from '../contacts/schema.ts'
import type { Actor, Scope } from '../corps/context.ts'
import { enqueueBulk } from './bulk-job.ts'
import type { BulkRun } from './bulk-step.ts'
import { requireTags } from './edit-contact-tags.ts'
import { BulkEnded, BulkNotUndoable, BulkTooMany, NobodyToTag } from './errors.ts'
import type { BulkRunView, NewBulk } from './schema.ts'

/** More customers at once need the permission `contacts.bulk`. */
const WITHOUT_BULK_MAX = 500
const UNDO_DAYS = 7
const UNDONE_BY = { tag: 'undo', stage: 'stage_undo', task: 'task_undo' } as const
const SHOWN = 50
/** Of a count whose number is only shown and compared. */
const COUNTED_MAX = 20_000_000

export interface BulkActor {
  accountId: string
  name: string
  scope: Scope
  mayBulk: boolean
  /** Moves between stages, which undoing one is too. */
  mayMove: boolean
  /** Asks others to do something. */
  mayAssign: boolean
}

export const bulkActor = (actor: Actor): BulkActor => ({
  accountId: actor.accountId,
  name: actor.name,
  scope: actor.scope,
  mayBulk: actor.permissions.includes('contacts.bulk'),
  mayMove: actor.permissions.includes('stages.move'),
  mayAssign: actor.permissions.includes('tasks.assign'),
})

/** Begins tagging many customers; returns the run. Whose customers the actor may act on is settled now. */
export async function startBulk(
  tx: Tx,
  corpId: string,
  { contactIds, filter, add, remove }: NewBulk,
  actor: BulkActor,
  now: Date,
): Promise<{ bulkRunId: string; total: number }> {
  await requireTags(tx, corpId, [...add, ...remove])
  return beginBulk(tx, corpId, { contactIds, filter }, actor, now, {
    kind: 'tag',
    addIds: [...new Set(add)],
    removeIds: [...new Set(remove)],
  })
}

/** Begins a run over customers picked one by one, or all that a filter matches. */
export async function beginBulk(
  tx: Tx,
  corpId: string,
  { contactIds, filter }: { contactIds?: string[] | undefined; filter?: ContactFilter | undefined },
  actor: BulkActor,
  now: Date,
  given: Pick<RunGiven, 'kind'> & Partial<RunGiven>,
): Promise<{ bulkRunId: string; total: number }> {
  // A segment is asked as it was when the run began.
  const asked = filter && { ...filter, now }
  const picked = contactIds && [...new Set(contactIds)].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  const total = picked
    ? picked.length
    : (await countContacts(tx, corpId, asked ?? { state: 'following' }, actor.scope, COUNTED_MAX)).total
  if (total === 0) throw new NobodyToTag()
  if (total > WITHOUT_BULK_MAX && !actor.mayBulk) throw new BulkTooMany({ most: WITHOUT_BULK_MAX, total })
  const bulkRunId = await insertRun(tx, corpId, actor, now, {
    addIds: [],
    removeIds: [],
    ...given,
    filter: asked ? JSON.stringify(asked) : null,
    contactIds: picked ?? null,
    ofRunId: null,
    total,
  })
  return { bulkRunId, total }
}

export interface RunGiven {
  kind: BulkRun['kind']
  filter: string | null
  contactIds: string[] | null
  ofRunId: string | null
  addIds: string[]
  removeIds: string[]
  total: number
  fileName?: string
  skipped?: string
  stageId?: string | null
  reason?: string
  lostReasonId?: string | null
  workCardId?: string | null
  /** Only what this rule put. */
  ofRuleId?: string
}

/** Puts a run in and its job behind it. */
export async function insertRun(tx: Tx, corpId: string, actor: BulkActor, now: Date, given: RunGiven): Promise<string> {
  const { bulkRunId } = await tx
    .insertInto('bulkRun')
    .values({
      ...given,
      corpId,
      state: 'waiting',
      scope: actor.scope ? [...actor.scope] : null,
      accountId: actor.accountId,
      actor: actor.name,
      upto: await newestContact(tx, corpId),
      createdAt: now,
    })
    .returning('bulkRunId')
    .executeTakeFirstOrThrow()
  await enqueueBulk(tx, { corpId, bulkRunId })
  return bulkRunId
}

/** Begins taking off what a rule of tags has put, and nothing else. Undefined where it has put nothing that stands. */
export async function removeTagsOfRule(
  tx: Tx,
  corpId: string,
  { ruleId, tagId }: { ruleId: string; tagId: string },
  actor: BulkActor,
  now: Date,
): Promise<string | undefined> {
  const { rows } = await sql<{ total: number }>`
    select count(distinct ft.contact_id)::int as total from follow_tag ft
    join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = ft.contact_id and f.staff_id = ft.staff_id and f.lost_at is null
    where ft.corp_id = ${corpId}::bigint and ft.tag_id = ${tagId}::bigint and ft.source = 'rule' and ft.reason->>'ruleId' = ${ruleId}`.execute(
    tx,
  )
  const total = rows[0]?.total ?? 0
  if (total === 0) return undefined
  if (total > WITHOUT_BULK_MAX && !actor.mayBulk) throw new BulkTooMany({ most: WITHOUT_BULK_MAX, total })
  return insertRun(tx, corpId, actor, now, {
    kind: 'tag',
    filter: null,
    contactIds: null,
    ofRunId: null,
    ofRuleId: ruleId,
    addIds: [],
    removeIds: [tagId],
    total,
  })
}

/** Ends those that have not finished: the rule gives its tag again. */
export async function cancelRemovalsOfRule(tx: Tx, corpId: string, ruleId: string, now: Date): Promise<void> {
  await sql`update bulk_run set state = 'cancelled', ended_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and of_rule_id = ${ruleId}::bigint and state in ('waiting', 'running')`.execute(
    tx,
  )
}

/** Who sees part of the corp sees his own runs; everybody else sees all. */
const seenBy = (actor: BulkActor) =>
  sql<boolean>`(${actor.scope === undefined} or account_id = ${actor.accountId}::bigint)`

/** Ends a run where it stands; what it has done stays, and can be undone. */
export async function cancelBulk(
  tx: Tx,
  corpId: string,
  bulkRunId: string,
  actor: BulkActor,
  now: Date,
): Promise<void> {
  const { rows } = await sql<{ state: string; ofRunId: string | null }>`
    select state, of_run_id from bulk_run where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint and ${seenBy(actor)} for update`.execute(
    tx,
  )
  const run = rows[0]
  if (!run) throw new NotFound({ what: '批量任务' })
  if (run.state !== 'waiting' && run.state !== 'running') throw new BulkEnded()
  await sql`update bulk_run set state = 'cancelled', ended_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint`.execute(
    tx,
  )
  // What an unfinished undo has left can be undone again.
  if (run.ofRunId)
    await sql`update bulk_run set undone_at = null where corp_id = ${corpId}::bigint and bulk_run_id = ${run.ofRunId}::bigint`.execute(
      tx,
    )
}

/** Ends a run whose purpose is gone and begins taking back what it did. */
export async function endRunOf(tx: Tx, corpId: string, bulkRunId: string, actor: BulkActor, now: Date): Promise<void> {
  const { rows } = await sql<Pick<BulkRun, 'kind' | 'changed' | 'stageId' | 'workCardId'>>`
    update bulk_run set state = case when state in ('waiting', 'running') then 'cancelled' else state end, ended_at = coalesce(ended_at, ${now}::timestamptz), undone_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint and undone_at is null returning kind, changed, stage_id, work_card_id`.execute(
    tx,
  )
  const [run] = rows
  if (!run || run.changed === 0) return
  await insertRun(tx, corpId, actor, now, {
    ...{ stageId: run.stageId, workCardId: run.workCardId, ofRunId: bulkRunId, total: run.changed },
    kind: UNDONE_BY[run.kind as keyof typeof UNDONE_BY],
    filter: null,
    contactIds: null,
    addIds: [],
    removeIds: [],
  })
}

/** Begins taking back what a run changed and what still stands of it. */
export async function undoBulk(
  tx: Tx,
  corpId: string,
  bulkRunId: string,
  actor: BulkActor,
  now: Date,
): Promise<{ bulkRunId: string; total: number }> {
  const { rows } = await sql<
    Pick<BulkRun, 'kind' | 'changed' | 'addIds' | 'removeIds' | 'stageId' | 'workCardId'> & { undoable: boolean }
  >`
    select kind, changed, add_ids, remove_ids, stage_id, work_card_id,
      kind in ('tag', 'stage', 'task') and state in ('done', 'cancelled', 'failed') and changed > 0 and undone_at is null and ended_at > ${now}::timestamptz - ${UNDO_DAYS} * interval '1 day' as undoable
    from bulk_run where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint and ${seenBy(actor)} for update`.execute(
    tx,
  )
  const run = rows[0]
  if (!run) throw new NotFound({ what: '批量任务' })
  if ((run.kind === 'stage' && !actor.mayMove) || (run.kind === 'task' && !actor.mayAssign)) throw new NotAllowed()
  if (!run.undoable) throw new BulkNotUndoable({ days: UNDO_DAYS })
  if (run.changed > WITHOUT_BULK_MAX && !actor.mayBulk)
    throw new BulkTooMany({ most: WITHOUT_BULK_MAX, total: run.changed })
  await sql`update bulk_run set undone_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint`.execute(
    tx,
  )
  const undoId = await insertRun(tx, corpId, actor, now, {
    kind: UNDONE_BY[run.kind as keyof typeof UNDONE_BY],
    stageId: run.stageId,
    workCardId: run.workCardId,
    filter: null,
    contactIds: null,
    ofRunId: bulkRunId,
    addIds: run.removeIds, // what it puts back and takes off: the other way round
    removeIds: run.addIds,
    total: run.changed,
  })
  return { bulkRunId: undoId, total: run.changed }
}

/** The newest runs the actor may see, open ones among them. */
export async function listBulkRuns(tx: Tx, corpId: string, actor: BulkActor, now: Date): Promise<BulkRunView[]> {
  const { rows } = await sql<
    Omit<BulkRunView, 'createdAt' | 'endedAt' | 'undoneAt' | 'undoUntil'> & {
      createdAt: Date
      endedAt: Date | null
      undoneAt: Date | null
    }
  >`
    select r.bulk_run_id, r.kind, r.state, r.of_run_id, r.file_name, r.filter is not null as by_filter, r.actor, r.account_id = ${actor.accountId}::bigint as mine,
      r.total, r.done, r.changed, r.skipped, r.cause, r.created_at, r.ended_at, r.undone_at, st.name as stage, w.title as work_card, coalesce(a.tags, '[]') as add, coalesce(m.tags, '[]') as remove
    from (select * from bulk_run where corp_id = ${corpId}::bigint and ${seenBy(actor)} order by bulk_run_id desc limit ${SHOWN}) r
    left join work_card w on w.corp_id = ${corpId}::bigint and w.work_card_id = r.work_card_id
    left join stage st on st.corp_id = ${corpId}::bigint and st.stage_id = r.stage_id
    left join lateral (select jsonb_agg(jsonb_build_object('tagId', t.tag_id::text, 'name', t.name)) as tags from tag t where t.corp_id = ${corpId}::bigint and t.tag_id = any(r.add_ids)) a on true
    left join lateral (select jsonb_agg(jsonb_build_object('tagId', t.tag_id::text, 'name', t.name)) as tags from tag t where t.corp_id = ${corpId}::bigint and t.tag_id = any(r.remove_ids)) m on true
    order by r.bulk_run_id desc`.execute(tx)
  return rows.map(({ createdAt, endedAt, undoneAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    undoneAt: undoneAt?.toISOString() ?? null,
    undoUntil: row.kind in UNDONE_BY && row.changed > 0 && endedAt && !undoneAt ? undoEnd(endedAt, now) : null,
  }))
}

function undoEnd(endedAt: Date, now: Date): string | null {
  const until = new Date(endedAt.getTime() + UNDO_DAYS * 86_400_000)
  return until > now ? until.toISOString() : null
}
