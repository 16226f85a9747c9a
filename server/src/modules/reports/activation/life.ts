import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob, enqueue } from '../../../platform/jobs.ts'
import type { WorkContext } from '../../corps/context.ts'
import { DEEDS } from '../../events/last-active.ts'
import { ensureFacts } from '../../facts/count.ts'
import { fillFacts } from '../../facts/fill.ts'
import { factKey, factOf } from '../../facts/spec.ts'

/** What a customer does himself, beside buying, which is read from the orders. */
const LIFE = DEEDS.filter((kind) => kind !== 'order.paid' && kind !== 'product.bought').map((kind) =>
  factOf({ kind, where: [], untrusted: true }),
)
const KEYS = LIFE.map(factKey)

/** The facts that say when somebody last showed life, and whether all are counted. */
export async function readLifeFacts(tx: Tx, corpId: string): Promise<{ factIds: string[]; filled: boolean }> {
  const { rows } = await sql<{ factId: string; filled: boolean }>`
    select fact_id, filled_at is not null as filled from fact where corp_id = ${corpId}::bigint and key = any(${KEYS}::text[])`.execute(
    tx,
  )
  return {
    factIds: rows.map((row) => row.factId),
    filled: rows.length === KEYS.length && rows.every((row) => row.filled),
  }
}

/** Has what customers do counted from now on, and once from the journal. */
export async function countLife({ db, clock }: WorkContext, corpId: string, signal?: AbortSignal): Promise<void> {
  await inCorp(db, corpId, (tx) => ensureFacts(tx, corpId, LIFE, clock.now()))
  await fillFacts(db, corpId, KEYS, clock.now(), signal)
}

export const countLifeJob = defineJob<WorkContext, { corpId: string }>({
  name: 'reports.life',
  payload: z.object({ corpId: Id }),
  run: (context, { corpId }, { signal }) => countLife(context, corpId, signal),
})

export const askToCountLife = (tx: Tx, corpId: string): Promise<void> =>
  enqueue(tx, countLifeJob, { corpId }, { key: `${countLifeJob.name}:${corpId}` })
