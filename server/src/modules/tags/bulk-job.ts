import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { takeStep } from './bulk-step.ts'

/** One job’s time: then it makes way for another corp’s. */
const RUN_MS = 45_000

/** Runs of one corp take turns: two on the same customers would wait for each other row by row. */
export const bulkLane = (corpId: string) => `tags.bulk.${corpId}`

/** Goes through a run’s customers step by step. How far it came stands in the run, so whoever takes it up goes on from there. */
export const runBulk = defineJob<WorkContext, { corpId: string; bulkRunId: string }>({
  name: 'tags.bulk',
  payload: z.object({ corpId: Id, bulkRunId: Id }),
  maxAttempts: 12,
  async run(context, { corpId, bulkRunId }, { last, signal }) {
    const until = performance.now() + RUN_MS
    const step = () => inCorp(context.db, corpId, (tx) => takeStep(tx, corpId, bulkRunId, context.clock.now()))
    try {
      while (await step()) {
        if (!signal.aborted && performance.now() < until) continue
        await inCorp(context.db, corpId, (tx) =>
          enqueue(tx, runBulk, { corpId, bulkRunId }, { lane: bulkLane(corpId) }),
        )
        return
      }
    } catch (error) {
      if (last) await giveUp(context, corpId, bulkRunId, error)
      throw error
    }
  },
})

async function giveUp({ db, clock }: WorkContext, corpId: string, bulkRunId: string, error: unknown): Promise<void> {
  const cause = (error instanceof Error ? error.message : String(error)).slice(0, 300)
  await inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<{ ofRunId: string | null }>`
      update bulk_run set state = 'failed', cause = ${cause}, ended_at = ${clock.now()}::timestamptz
      where corp_id = ${corpId}::bigint and bulk_run_id = ${bulkRunId}::bigint and state in ('waiting', 'running') returning of_run_id`.execute(
      tx,
    )
    if (rows[0]?.ofRunId)
      await sql`update bulk_run set undone_at = null where corp_id = ${corpId}::bigint and bulk_run_id = ${rows[0].ofRunId}::bigint`.execute(
        tx,
      )
  })
}
