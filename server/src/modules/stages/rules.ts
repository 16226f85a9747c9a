import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../corps/context.ts'
import { needsOf } from '../segments/persons.ts'
import type { Rule } from '../segments/schema.ts'
import { archiveSegment, createSegment, editSegment } from '../segments/service.ts'
import { readReferences } from '../segments/versions.ts'
import type { StageRow } from './read-book.ts'

/** Keeps the segment whose members are moved to a stage. Returns its id. */
export async function keepRule(
  tx: Tx,
  corpId: string,
  { stageId, segmentId }: StageRow,
  rule: Rule,
  actor: Pick<Actor, 'name' | 'scope'>,
  now: Date,
): Promise<string> {
  if (segmentId) {
    await editSegment(tx, corpId, segmentId, { rule }, actor, now, 'stages')
    return segmentId
  }
  return createSegment(tx, corpId, { name: `客户阶段 ${stageId}`, note: '', rule }, actor, now, 'stages')
}

/** Nobody is moved by it any more. */
export async function stopRule(
  tx: Tx,
  corpId: string,
  segmentId: string,
  actor: Pick<Actor, 'scope'>,
  now: Date,
): Promise<void> {
  await archiveSegment(tx, corpId, segmentId, actor, now, 'stages')
}

/** Whether its newest rule asks for stages, by itself or through another segment. */
export async function readsStages(tx: Tx, corpId: string, segmentId: string): Promise<boolean> {
  const { rows } = await sql<{ rule: Rule }>`
    select rule from segment_version where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint order by version desc limit 1`.execute(
    tx,
  )
  const rules = rows.map((row) => row.rule)
  return needsOf(rules, await readReferences(tx, corpId, rules)).stages
}
