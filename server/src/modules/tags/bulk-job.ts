import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueueNamed } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { type OtherWorks, takeStep } from './bulk-step.ts'

/** One job’s time: then it makes way for another corp’s. */
const RUN_MS = 45_000

/** Runs of one corp take turns: two on the same customers would wait for each other row by row. */
const bulkLane = (corpId: string) => `tags.bulk.${corpId}`
const JOB = 'tags.bulk'
const MAX_ATTEMPTS = 12
const Payload = z.object({ corpId: Id, bulkRunId: Id })
type Payload = z.infer<typeof Payload>

export const enqueueBulk = (tx: Tx, payload: Payload): Promise<void> =>
  enqueueNamed(tx, JOB, payload, { lane: bulkLane(payload.corpId), maxAttempts: MAX_ATTEMPTS })

/** Goes through a run’s customers step by step. How far it came stands in the run, so whoever takes it up goes on from there. */
export const makeRunBulk = (others: OtherWorks) =>
  defineJob<WorkContext, Payload>({
    name: JOB,
    payload: Payload,
    maxAttempts: MAX_ATTEMPTS,
    async run(context, { corpId, bulkRunId }, { last, signal }) {
      const until = performance.now() + RUN_MS
      const step = () =>
        inCorp(context.db, corpId, (tx) => takeStep(tx, corpId, bulkRunId, others, context.clock.now()))
      try {
        while (await step()) {
          if (!signal.aborted && performance.now() < until) continue
          await inCorp(context.db, corpId, (tx) => enqueueBulk(tx, { corpId, bulkRunId }))
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
