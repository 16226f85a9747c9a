import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { COUNT_MAX, conditions, inStages, outsideFlow } from '../contacts/list-contacts.ts'
import type { ContactFilter } from '../contacts/schema.ts'
import type { Scope } from '../corps/context.ts'
import { readStages } from './read-book.ts'
import type { BoardCounts } from './schema.ts'

/** How many of a list stand in each stage: what the list itself says when it is asked for that stage. */
export async function countBoard(
  tx: Tx,
  corpId: string,
  flowId: string,
  filter: ContactFilter,
  scope: Scope,
): Promise<z.infer<typeof BoardCounts>> {
  const stages = await readStages(tx, corpId, { flowId })
  if (stages.length === 0) throw new NotFound({ what: '流程' })
  const where = await conditions(tx, corpId, filter, scope)
  const column = (stageId: string | null) => sql`
    select ${stageId}::bigint as stage_id, count(*)::int as total from (
      select from contact c where ${where} and ${stageId ? inStages(corpId, [stageId]) : outsideFlow(corpId, flowId)} limit ${COUNT_MAX + 1}
    ) counted`
  const { rows } = await sql<{ stageId: string | null; total: number }>`${sql.join(
    [...stages.map((stage) => stage.stageId), null].map(column),
    sql` union all `,
  )}`.execute(tx)
  const totals = new Map(rows.map((row) => [row.stageId, row.total]))
  const said = (stageId: string | null) => {
    const total = totals.get(stageId) ?? 0
    return { total: Math.min(total, COUNT_MAX), isFloor: total > COUNT_MAX }
  }
  return { stages: stages.map(({ stageId }) => ({ stageId, ...said(stageId) })), none: said(null) }
}
