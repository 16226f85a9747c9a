import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueueAll } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { fillFacts } from '../facts/fill.ts'
import { type Compiling, toSql } from './compile.ts'
import { announce, evaluateContacts, holdClock, sweep } from './membership.ts'
import { needsOf } from './persons.ts'
import type { Rule } from './schema.ts'
import { readBoard, readReferences, type Version } from './versions.ts'

const STEP = 2_000
const DELETED_AT_ONCE = 20_000

export const BuildTarget = z.object({ corpId: Id, segmentId: Id, version: z.number().int() })
type BuildTarget = z.infer<typeof BuildTarget>

/** Builds a version beside the one that is read, then puts it in its place. Broken off anywhere, it is begun again. */
export const buildSegment = defineJob<WorkContext, BuildTarget>({
  name: 'segments.build',
  payload: BuildTarget,
  maxAttempts: 5,
  async run(context, target, { last, signal }) {
    try {
      await build(context, target, signal)
    } catch (error) {
      if (last && !signal.aborted) await fail(context, target, error)
      throw error
    }
  },
})

async function build(context: WorkContext, target: BuildTarget, signal: AbortSignal): Promise<void> {
  const { db, clock } = context
  const { corpId } = target
  const rule = await inCorp(db, corpId, (tx) => readBuilding(tx, target))
  if (!rule) return
  const refs = await inCorp(db, corpId, (tx) => readReferences(tx, corpId, [rule]))
  await fillFacts(db, corpId, [...needsOf([rule], refs).facts.keys()], clock.now(), signal)
  const candidates = await inCorp(db, corpId, (tx) => findCandidates(tx, target, rule, clock.now()))
  for (let done = 0; done < candidates.length; done += STEP) {
    signal.throwIfAborted()
    await inCorp(db, corpId, async (tx) => {
      const held = await holdClock(tx, corpId, clock.now())
      const board = await readBoard(tx, corpId)
      const version = board.versions.find((one) => isTarget(one, target))
      if (held && version)
        await evaluateContacts(
          tx,
          corpId,
          board,
          new Map([[version, new Set(candidates.slice(done, done + STEP))]]),
          held.now,
        )
      await progress(tx, target, Math.min(done + STEP, candidates.length), candidates.length)
    })
  }
  const replaced = await inCorp(db, corpId, (tx) => putInPlace(tx, target, clock.now()))
  if (replaced) await clearRows(context, target)
}

const isTarget = (one: Pick<Version, 'segmentId' | 'version'>, target: BuildTarget) =>
  one.segmentId === target.segmentId && one.version === target.version

async function readBuilding(tx: Tx, { corpId, segmentId, version }: BuildTarget): Promise<Rule | undefined> {
  const { rows } = await sql<{ rule: Rule }>`
    select v.rule from segment_version v join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = v.segment_id
    where v.corp_id = ${corpId}::bigint and v.segment_id = ${segmentId}::bigint and v.version = ${version} and v.state = 'building' and s.archived_at is null`.execute(
    tx,
  )
  return rows[0]?.rule
}

/** Everybody who is in, or may be by time alone. Whoever may be because something happens is asked when it does. */
async function findCandidates(tx: Tx, { corpId }: BuildTarget, rule: Rule, now: Date): Promise<string[]> {
  const { refs, factIds } = await readBoard(tx, corpId)
  const env: Compiling = { corpId, now, refs, factIds }
  const { rows } = await sql<{ contactId: string }>`
    select c.contact_id from contact c where c.corp_id = ${corpId}::bigint and ${isCustomer} and ${toSql(rule, 'maybe', env)}`.execute(
    tx,
  )
  return rows.map((row) => row.contactId)
}

/** Segments are of customers: visitors are nobody's friend yet, and a merged person is another's part. */
export const isCustomer = sql`c.last_added_at is not null and c.merged_into is null`

const progress = (tx: Tx, { corpId, segmentId, version }: BuildTarget, done: number, total: number) =>
  sql`update segment_version set done = ${done}, total = ${total} where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint and version = ${version}`.execute(
    tx,
  )

/** From now on this version is read. Who is in by one and not by the other is announced. Returns whether another was replaced. */
async function putInPlace(tx: Tx, target: BuildTarget, at: Date): Promise<boolean> {
  const { corpId, segmentId, version } = target
  const held = await holdClock(tx, corpId, at)
  if (!held || !(await readBuilding(tx, target))) return false
  await sweep(tx, corpId, await readBoard(tx, corpId), held)
  const { now } = held
  const { rows } = await sql<{
    was: number
  }>`select version as was from segment where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint for update`.execute(
    tx,
  )
  const was = rows[0]?.was ?? 0
  const inBy = (
    v: number,
  ) => sql`select m.contact_id from segment_member m where m.corp_id = ${corpId}::bigint and m.segment_id = ${segmentId}::bigint and m.version = ${v}
    and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz`
  const { rows: turned } = await sql<{ entered: string[]; exited: string[] }>`
    select array(${inBy(version)} except ${inBy(was)}) as entered, array(${inBy(was)} except ${inBy(version)}) as exited`.execute(
    tx,
  )
  await announce(
    tx,
    corpId,
    turned.map((one) => ({ segmentId, version, ...one })),
    'edit',
    now,
  )
  await sql`update segment set version = ${version} where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint`.execute(
    tx,
  )
  await sql`
    update segment_version set state = case when version = ${version} then 'live' else 'old' end, live_at = case when version = ${version} then ${now}::timestamptz else live_at end
    where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint and version <= ${version} and state <> 'failed'`.execute(
    tx,
  )
  // The sweeper learns what this version's time will bring.
  await sql`update segment_clock set next_at = ${now}::timestamptz where corp_id = ${corpId}::bigint`.execute(tx)
  if (was > 0) await rebuildParents(tx, target, now)
  return was > 0
}

/** Segments that ask for this one are built anew, rule unchanged. */
async function rebuildParents(tx: Tx, { corpId, segmentId }: BuildTarget, now: Date): Promise<void> {
  const { rows } = await sql<{ segmentId: string; version: number }>`
    insert into segment_version (corp_id, segment_id, version, rule, state, made_by, made_at)
    select v.corp_id, v.segment_id, (select max(version) from segment_version n where n.corp_id = ${corpId}::bigint and n.segment_id = v.segment_id) + 1, v.rule, 'building', v.made_by, ${now}::timestamptz
    from segment_version v join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = v.segment_id and s.version = v.version
    where v.corp_id = ${corpId}::bigint and s.archived_at is null and jsonb_path_exists(v.rule, '$.** ? (@.segmentId == $id)', ${JSON.stringify({ id: segmentId })}::jsonb)
    returning segment_id, version`.execute(tx)
  await enqueueAll(
    tx,
    buildSegment,
    rows.map((row) => ({ corpId, ...row })),
  )
}

/** Rows of versions nobody reads any more, a step at a time. */
async function clearRows({ db }: WorkContext, { corpId, segmentId }: BuildTarget): Promise<void> {
  for (let deleted = DELETED_AT_ONCE; deleted === DELETED_AT_ONCE; )
    deleted = await inCorp(db, corpId, async (tx) => {
      const { numAffectedRows } = await sql`
        delete from segment_member where corp_id = ${corpId}::bigint and (contact_id, segment_id, version, since) in (
          select m.contact_id, m.segment_id, m.version, m.since from segment_member m join segment_version v
            on v.corp_id = ${corpId}::bigint and v.segment_id = m.segment_id and v.version = m.version and v.state = 'old'
          where m.corp_id = ${corpId}::bigint and m.segment_id = ${segmentId}::bigint limit ${DELETED_AT_ONCE})`.execute(
        tx,
      )
      return Number(numAffectedRows)
    })
}

const fail = ({ db }: WorkContext, { corpId, segmentId, version }: BuildTarget, error: unknown) =>
  inCorp(db, corpId, (tx) =>
    sql`update segment_version set state = 'failed', cause = ${String(error).slice(0, 500)} where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint and version = ${version} and state = 'building'`.execute(
      tx,
    ),
  )
