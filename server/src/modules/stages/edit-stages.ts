import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { Actor } from '../corps/context.ts'
import {
  BackRuleReadsStages,
  GateRefersToMissing,
  LastStage,
  StageInUse,
  StageNameTaken,
  StageOrderOutdated,
  StageTargetWrong,
  TooManyStages,
} from './errors.ts'
import { emptyStage, rescheduleStage } from './jobs.ts'
import { readStages, requireStage, type StageRow } from './read-book.ts'
import { keepRule, readsStages, stopRule } from './rules.ts'
import type { Gate, NewStage, StageEdit } from './schema.ts'

const STAGES_MAX = 20

/** Of one flow, held until commit: whoever adds, orders or removes stages does so alone. */
async function lockStages(tx: Tx, corpId: string, flowId: string): Promise<StageRow[]> {
  const { rows } = await sql`
    select from stage_flow where corp_id = ${corpId}::bigint and flow_id = ${flowId}::bigint and archived_at is null for update`.execute(
    tx,
  )
  if (rows.length === 0) throw new NotFound({ what: '流程' })
  return readStages(tx, corpId, { flowId })
}

/** Another stage; before the first that ends the flow, where there is one. */
export async function createStage(tx: Tx, corpId: string, flowId: string, stage: NewStage): Promise<string> {
  const held = await lockStages(tx, corpId, flowId)
  if (held.length >= STAGES_MAX) throw new TooManyStages({ most: STAGES_MAX })
  if (held.some(({ name }) => name === stage.name)) throw new StageNameTaken({ name: stage.name })
  const { stageId } = await tx
    .insertInto('stage')
    .values({ ...stage, corpId, flowId, sortOrder: 0, gate: JSON.stringify({ fieldIds: [], tagIds: [], note: false }) })
    .returning('stageId')
    .executeTakeFirstOrThrow()
  const ended = held.findIndex(({ kind }) => kind !== 'open')
  const place = stage.kind === 'open' && ended >= 0 ? ended : held.length
  await putInOrder(tx, corpId, held.map((one) => one.stageId).toSpliced(place, 0, stageId))
  return stageId
}

/** Refused unless the ids are exactly the stages that stand. */
export async function orderStages(tx: Tx, corpId: string, flowId: string, stageIds: readonly string[]): Promise<void> {
  const held = new Set((await lockStages(tx, corpId, flowId)).map((stage) => stage.stageId))
  const asked = new Set(stageIds)
  if (stageIds.length !== held.size || asked.size !== held.size || stageIds.some((id) => !held.has(id)))
    throw new StageOrderOutdated()
  await putInOrder(tx, corpId, stageIds)
}

const putInOrder = (tx: Tx, corpId: string, stageIds: readonly string[]) =>
  sql`update stage s set sort_order = o.place from unnest(${[...stageIds]}::bigint[]) with ordinality as o(stage_id, place)
    where s.corp_id = ${corpId}::bigint and s.stage_id = o.stage_id`.execute(tx)

/** A changed reminder is worked out anew for everybody in the stage, by a job. */
export async function editStage(
  tx: Tx,
  corpId: string,
  stageId: string,
  edit: StageEdit,
  actor: Pick<Actor, 'name' | 'scope'>,
  now: Date,
): Promise<void> {
  const stage = await requireStage(tx, corpId, stageId)
  const others = await lockStages(tx, corpId, stage.flowId)
  const { name, remind, gate, rule, back = stage.back } = edit
  if (name && others.some((one) => one.name === name && one.stageId !== stageId)) throw new StageNameTaken({ name })
  if (gate) await checkGate(tx, corpId, gate)
  let { segmentId } = stage
  if (rule) segmentId = await keepRule(tx, corpId, stage, rule, actor, now)
  else if (rule === null && segmentId) {
    await stopRule(tx, corpId, segmentId, actor, now)
    segmentId = null
  }
  if (back && segmentId && (await readsStages(tx, corpId, segmentId))) throw new BackRuleReadsStages()
  await tx
    .updateTable('stage')
    .set({
      ...(name ? { name } : {}),
      ...(edit.color ? { color: edit.color } : {}),
      ...(edit.kind ? { kind: edit.kind } : {}),
      ...(gate ? { gate: JSON.stringify(gate) } : {}),
      ...(remind === undefined
        ? {}
        : {
            remindDays: remind?.days ?? null,
            remindOf: remind?.of ?? 'stage',
            headDays: remind?.headDays ?? null,
          }),
      back,
      segmentId,
    })
    .where('corpId', '=', corpId)
    .where('stageId', '=', stageId)
    .execute()
  if (remind !== undefined) await enqueue(tx, rescheduleStage, { corpId, stageId })
}

async function checkGate(tx: Tx, corpId: string, { fieldIds, tagIds }: Gate): Promise<void> {
  const { rows } = await sql<{ whole: boolean }>`
    select ${fieldIds}::bigint[] <@ array(select contact_field_id from contact_field where corp_id = ${corpId}::bigint and deleted_at is null)
      and ${tagIds}::bigint[] <@ array(select tag_id from tag where corp_id = ${corpId}::bigint and deleted_at is null) as whole`.execute(
    tx,
  )
  if (!rows[0]?.whole) throw new GateRefersToMissing()
}

/** Out of the flow at once; a job takes its people where they are to go. Refused while a rule asks for it. */
export async function removeStage(
  tx: Tx,
  corpId: string,
  stageId: string,
  moveTo: string | null,
  actor: Pick<Actor, 'name' | 'scope'>,
  now: Date,
): Promise<StageRow> {
  const stage = await requireStage(tx, corpId, stageId)
  const held = await lockStages(tx, corpId, stage.flowId)
  if (held.length === 1) throw new LastStage()
  if (moveTo && (moveTo === stageId || !held.some((one) => one.stageId === moveTo))) throw new StageTargetWrong()
  const { rows } = await sql<{ name: string }>`
    select distinct s.name from segment s join segment_version v on v.corp_id = ${corpId}::bigint and v.segment_id = s.segment_id and v.state in ('live', 'building')
    where s.corp_id = ${corpId}::bigint and s.archived_at is null and s.segment_id is distinct from ${stage.segmentId}::bigint
      and jsonb_path_exists(v.rule, '$.** ? (@.is == "stage").ids[*] ? (@ == $id)', ${JSON.stringify({ id: stageId })}::jsonb) order by 1`.execute(
    tx,
  )
  if (rows.length > 0) throw new StageInUse({ names: rows.map(({ name }) => `“${name}”`).join('、') })
  if (stage.segmentId) await stopRule(tx, corpId, stage.segmentId, actor, now)
  await tx
    .updateTable('stage')
    .set({ removedAt: now, removedTo: moveTo, segmentId: null })
    .where('corpId', '=', corpId)
    .where('stageId', '=', stageId)
    .execute()
  await enqueue(tx, emptyStage, { corpId, stageId })
  return stage
}
