import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { keepVisible } from '../contacts/pick-contacts.ts'
import { type BulkActor, beginBulk } from '../tags/bulk-runs.ts'
import type { BulkRun, OtherWork } from '../tags/bulk-step.ts'
import { checkLostReason, readMissing } from './gates.ts'
import { moveContacts, type Why } from './move.ts'
import { readStages, requireStage } from './read-book.ts'
import type { NewBulkMove } from './schema.ts'
import { undoStays } from './undo.ts'

/** Begins moving many customers to a stage; returns the run. */
export async function startBulkMove(
  tx: Tx,
  corpId: string,
  { contactIds, filter, stageId, reason, lostReasonId }: NewBulkMove,
  actor: BulkActor,
  now: Date,
): Promise<{ bulkRunId: string; total: number }> {
  const stage = await requireStage(tx, corpId, stageId)
  const lost = await checkLostReason(tx, corpId, stage, lostReasonId)
  return beginBulk(tx, corpId, { contactIds, filter }, actor, now, {
    kind: 'stage',
    stageId,
    reason,
    lostReasonId: lost,
  })
}

const whyOf = (run: BulkRun): Why => ({
  way: 'bulk',
  actor: run.actor,
  staffId: null,
  reason: run.reason,
  lostReasonId: run.lostReasonId,
  bulkRunId: run.bulkRunId,
})

/** What a run does with the customers of a step; those the stage's gate keeps out stay where they are. */
export const bulkMove: OtherWork = {
  async take(tx, corpId, run, asked, now) {
    const [stage] = await readStages(tx, corpId, { stageIds: [run.stageId ?? '0'] })
    const scope = run.scope ?? undefined
    const visible = run.contactIds ? await keepVisible(tx, corpId, asked, scope) : asked
    if (!stage) return { changed: new Set(), whyNot: () => 'not_found' }
    const missing = await readMissing(tx, corpId, stage, visible, scope)
    const open = visible.filter((id) => !missing.has(id))
    const changed = new Set(await moveContacts(tx, corpId, open, stage, whyOf(run), now))
    const seen = new Set(visible)
    return {
      changed,
      whyNot: (id) => (!seen.has(id) ? 'not_found' : missing.has(id) ? 'gated' : 'unchanged'),
    }
  },
}

/** Takes back what a run moved and nobody has moved since. */
export const bulkMoveBack: OtherWork = {
  async next(tx, corpId, run, limit) {
    const { rows } = await sql<{ contactId: string }>`
      select contact_id from stage_stay where corp_id = ${corpId}::bigint and bulk_run_id = ${run.ofRunId}::bigint and contact_id > ${run.cursor}::bigint
      order by contact_id limit ${limit}`.execute(tx)
    return rows.map((row) => row.contactId)
  },
  async take(tx, corpId, run, asked, now) {
    const visible = await keepVisible(tx, corpId, asked, run.scope ?? undefined)
    const { rows } = await sql<{ contactId: string; stayId: string }>`
      select contact_id, stay_id from stage_stay where corp_id = ${corpId}::bigint and bulk_run_id = ${run.ofRunId}::bigint and contact_id = any(${visible}::bigint[]) and until is null`.execute(
      tx,
    )
    const changed = new Set(await undoStays(tx, corpId, rows, whyOf(run), now))
    return { changed, whyNot: () => 'touched' }
  },
}
