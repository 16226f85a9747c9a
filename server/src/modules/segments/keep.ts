import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import { repeating } from '../../platform/repeating.ts'
import type { WorkContext } from '../corps/context.ts'
import { type Change, markChanged } from '../facts/changes.ts'
import { type FlipFollower, followFlips, readBehind } from './follow.ts'
import { type Asked, evaluateContacts, holdClock, sweep } from './membership.ts'
import { readBoard, type Version } from './versions.ts'

/** The queue is looked at so often: notifying of every batch would have commits take turns. */
const POLL_MS = 200
/** Changes one transaction takes; the lock on the corp's segments is held for about as many twentieths of a millisecond. */
const STEP_MAX = 8_000
const PACKETS_MAX = 400

/**
 * Keeps every corp's segments: asks rules again of whoever changed, and announces what time alone has changed; then whatever
 * follows them hears who turned.
 */
export function startSegmentLane(
  context: WorkContext,
  followers: readonly FlipFollower[] = [],
): { stop(): Promise<void> } {
  const keeping = repeating(context.log, 'keeping segments failed; it is tried again', async () => {
    await forEach(context, await readDue(context), (corpId) => keepCorp(context, corpId))
    for (const follower of followers)
      await forEach(context, await readBehind(context, follower), (corpId) => followFlips(context, corpId, follower))
  })
  const timer = setInterval(keeping.wake, POLL_MS)
  keeping.wake()
  return {
    async stop() {
      clearInterval(timer)
      await keeping.stop()
    },
  }
}

/** Each corp until it has nothing more to do. One that fails is tried again at the next look and holds up no other. */
async function forEach({ log }: WorkContext, corpIds: string[], step: (corpId: string) => Promise<boolean>) {
  for (const corpId of corpIds)
    try {
      while (await step(corpId)) await undefined
    } catch (error) {
      log.error({ err: error, corpId }, 'keeping the segments of a corp failed; it is tried again')
    }
}

async function readDue({ db, clock }: WorkContext): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select distinct corp_id from contact_change union select corp_id from segment_clock where next_at <= ${clock.now()}::timestamptz`.execute(
    db,
  )
  return rows.map((row) => row.corpId)
}

/** One step for one corp, in one transaction. Returns whether there may be more to do. */
export function keepCorp({ db, clock }: WorkContext, corpId: string): Promise<boolean> {
  return inCorp(db, corpId, async (tx) => {
    const held = await holdClock(tx, corpId, clock.now())
    const changes = await takeChanges(tx, corpId)
    if (!held) return changes.length > 0 // nobody has made a segment yet
    const board = await readBoard(tx, corpId)
    // What time has changed by now comes first: followers of a segment must not hear of a leaving before the entering.
    const flipped = await sweep(tx, corpId, board, held)
    const yearly = new Set(board.versions.filter((one) => one.needs.anniversaries).map((one) => one.segmentId))
    await markChanged(
      tx,
      corpId,
      flipped.filter((one) => yearly.has(one.segmentId)).flatMap((one) => [...one.entered, ...one.exited]),
      ['contact'],
    )
    await evaluateContacts(tx, corpId, board, whomToAsk(board.versions, changes), held.now)
    return changes.length > 0
  })
}

/** Each rule of those alone in whom something changed that it reads. */
function whomToAsk(versions: readonly Version[], changes: readonly Change[]): Asked {
  const asked = new Map<Version, Set<string>>()
  for (const version of versions) {
    const ids = new Set<string>()
    for (const { contactIds, touched } of changes)
      if (touched.some((what) => version.reads.has(what))) for (const id of contactIds) ids.add(id)
    if (ids.size > 0) asked.set(version, ids)
  }
  return asked
}

/** The oldest changes, up to a step's worth of customers. Taken for good when the transaction commits. */
async function takeChanges(tx: Tx, corpId: string): Promise<Change[]> {
  const { rows } = await sql<Change>`
    delete from contact_change where corp_id = ${corpId}::bigint and change_id in (
      select change_id from (
        select change_id, sum(cardinality(contact_ids)) over (order by change_id) - cardinality(contact_ids) as before
        from (select change_id, contact_ids from contact_change where corp_id = ${corpId}::bigint order by change_id limit ${PACKETS_MAX} for update) oldest
      ) counted where before < ${STEP_MAX}
    ) returning contact_ids, touched`.execute(tx)
  return rows
}
