import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Rule } from '../segments/schema.ts'
import { USUAL } from './calendar.ts'
import type { Calendar, FlowView, Gate, Remind, StageBook, StageView } from './schema.ts'

/** A stage as moves and reminders need it. */
export interface StageRow {
  stageId: string
  flowId: string
  flow: string
  name: string
  kind: StageView['kind']
  sortOrder: number
  remindDays: number | null
  remindOf: Remind['of']
  headDays: number | null
  gate: Gate
  back: boolean
  segmentId: string | null
}

export async function readCalendar(tx: Tx, corpId: string): Promise<Calendar> {
  const row = await tx.selectFrom('stageCalendar').select('calendar').where('corpId', '=', corpId).executeTakeFirst()
  return (row?.calendar as Calendar | undefined) ?? USUAL
}

/** The stages that stand, of all flows or as asked, in their order. */
export async function readStages(
  tx: Tx,
  corpId: string,
  asked: { stageIds?: readonly string[]; flowId?: string; segmentIds?: readonly string[] } = {},
): Promise<StageRow[]> {
  const { rows } = await sql<StageRow>`
    select s.stage_id, s.flow_id, f.name as flow, s.name, s.kind, s.sort_order, s.remind_days, s.remind_of, s.head_days, s.gate, s.back, s.segment_id
    from stage s join stage_flow f on f.corp_id = ${corpId}::bigint and f.flow_id = s.flow_id
    where s.corp_id = ${corpId}::bigint and s.removed_at is null and f.archived_at is null
      and (${asked.stageIds ?? null}::bigint[] is null or s.stage_id = any(${asked.stageIds ?? null}::bigint[]))
      and (${asked.segmentIds ?? null}::bigint[] is null or s.segment_id = any(${asked.segmentIds ?? null}::bigint[]))
      and (${asked.flowId ?? null}::bigint is null or s.flow_id = ${asked.flowId ?? null}::bigint)
    order by f.sort_order, f.flow_id, s.sort_order, s.stage_id`.execute(tx)
  return rows
}

export async function requireStage(tx: Tx, corpId: string, stageId: string): Promise<StageRow> {
  const [stage] = await readStages(tx, corpId, { stageIds: [stageId] })
  if (!stage) throw new NotFound({ what: '客户阶段' })
  return stage
}

/** Every flow with its stages, the reasons for losses, and when the corp works. */
export async function readBook(tx: Tx, corpId: string): Promise<StageBook> {
  const { rows: flows } = await sql<Omit<FlowView, 'stages'>>`
    select flow_id, name, takes_new from stage_flow where corp_id = ${corpId}::bigint and archived_at is null order by sort_order, flow_id`.execute(
    tx,
  )
  const { rows } = await sql<
    Omit<StageView, 'remind'> & Pick<StageRow, 'flowId' | 'remindDays' | 'remindOf' | 'headDays'>
  >`
    select s.flow_id, s.stage_id, s.name, s.color, s.kind, s.gate, s.back, s.remind_days, s.remind_of, s.head_days,
      (select v.rule from segment_version v where v.corp_id = ${corpId}::bigint and v.segment_id = s.segment_id order by v.version desc limit 1) as rule
    from stage s where s.corp_id = ${corpId}::bigint and s.removed_at is null order by s.sort_order, s.stage_id`.execute(
    tx,
  )
  const stages = Map.groupBy(rows, (row) => row.flowId)
  return {
    flows: flows.map((flow) => ({ ...flow, stages: (stages.get(flow.flowId) ?? []).map(shown) })),
    lostReasons: await readLostReasons(tx, corpId),
    calendar: await readCalendar(tx, corpId),
  }
}

const shown = ({
  flowId: _,
  remindDays: days,
  remindOf: of,
  headDays,
  ...stage
}: Omit<StageView, 'remind'> & Pick<StageRow, 'flowId' | 'remindDays' | 'remindOf' | 'headDays'>): StageView => ({
  ...stage,
  rule: stage.rule as Rule | null,
  remind: days === null ? null : { days, of, headDays },
})

export async function readLostReasons(tx: Tx, corpId: string): Promise<StageBook['lostReasons']> {
  return tx
    .selectFrom('lostReason')
    .select(['lostReasonId', 'name'])
    .where('corpId', '=', corpId)
    .where('removedAt', 'is', null)
    .orderBy('sortOrder')
    .orderBy('lostReasonId')
    .execute()
}
