import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { FlowNameTaken, LastFlow, TooManyFlows } from './errors.ts'
import type { FlowEdit, StageView } from './schema.ts'

const FLOWS_MAX = 10
const FIRST_FLOW = '客户阶段'
const STAGES: readonly Pick<StageView, 'name' | 'color' | 'kind'>[] = [
  { name: '新客户', color: 'grey', kind: 'open' },
  { name: '初步沟通', color: 'indigo', kind: 'open' },
  { name: '意向客户', color: 'amber', kind: 'open' },
  { name: '成交', color: 'teal', kind: 'won' },
  { name: '无意向客户', color: 'rose', kind: 'lost' },
]
const LOST_REASONS = ['价格不合适', '没有需求了', '选了别家', '联系不上', '只是来问问']

/** A corp that never had a flow is given one, which new customers begin in. Safe to repeat. */
export async function ensureFlow(tx: Tx, corpId: string, now: Date): Promise<void> {
  // Two at once must not both find none.
  await sql`select from corp where corp_id = ${corpId}::bigint for no key update`.execute(tx)
  const { rows } = await sql<{ had: boolean }>`
    select exists (select from stage_flow where corp_id = ${corpId}::bigint) as had`.execute(tx)
  if (rows[0]?.had) return
  await insertFlow(tx, corpId, FIRST_FLOW, { takesNew: true, now })
  await sql`insert into lost_reason (corp_id, name, sort_order) select ${corpId}::bigint, name, place
    from unnest(${LOST_REASONS}::text[]) with ordinality as r(name, place) on conflict do nothing`.execute(tx)
}

/** Another flow, with the usual stages to begin with. */
export async function createFlow(tx: Tx, corpId: string, name: string, now: Date): Promise<string> {
  const held = await lockFlows(tx, corpId)
  if (held.length >= FLOWS_MAX) throw new TooManyFlows({ most: FLOWS_MAX })
  if (held.some((flow) => flow.name === name)) throw new FlowNameTaken({ name })
  return insertFlow(tx, corpId, name, { takesNew: false, now })
}

async function insertFlow(
  tx: Tx,
  corpId: string,
  name: string,
  { takesNew, now }: { takesNew: boolean; now: Date },
): Promise<string> {
  const { rows } = await sql<{ flowId: string }>`
    insert into stage_flow (corp_id, name, takes_new, sort_order, created_at)
    select ${corpId}::bigint, ${name}, ${takesNew}, coalesce(max(sort_order), 0) + 1, ${now}::timestamptz from stage_flow where corp_id = ${corpId}::bigint
    returning flow_id`.execute(tx)
  const { flowId } = rows[0]!
  await sql`insert into stage (corp_id, flow_id, name, color, kind, sort_order, gate)
    select ${corpId}::bigint, ${flowId}::bigint, name, color, kind, place, '{"fieldIds":[],"tagIds":[],"note":false}'
    from unnest(${STAGES.map((s) => s.name)}::text[], ${STAGES.map((s) => s.color)}::text[], ${STAGES.map((s) => s.kind)}::text[]) with ordinality as s(name, color, kind, place)`.execute(
    tx,
  )
  return flowId
}

export async function editFlow(tx: Tx, corpId: string, flowId: string, { name, takesNew }: FlowEdit): Promise<void> {
  const held = await lockFlows(tx, corpId)
  if (!held.some((flow) => flow.flowId === flowId)) throw new NotFound({ what: '流程' })
  if (name && held.some((flow) => flow.name === name && flow.flowId !== flowId)) throw new FlowNameTaken({ name })
  await sql`update stage_flow set name = coalesce(${name ?? null}::text, name), takes_new = coalesce(${takesNew ?? null}::boolean, takes_new)
    where corp_id = ${corpId}::bigint and flow_id = ${flowId}::bigint`.execute(tx)
}

/** Out of every list at once; where customers stood stays in their history. Returns its name. */
export async function archiveFlow(tx: Tx, corpId: string, flowId: string, now: Date): Promise<string> {
  const held = await lockFlows(tx, corpId)
  const flow = held.find((one) => one.flowId === flowId)
  if (!flow) throw new NotFound({ what: '流程' })
  if (held.length === 1) throw new LastFlow()
  await tx
    .updateTable('stageFlow')
    .set({ archivedAt: now })
    .where('corpId', '=', corpId)
    .where('flowId', '=', flowId)
    .execute()
  return flow.name
}

/** The flows that stand, held until commit: whoever adds or renames one does so alone. */
async function lockFlows(tx: Tx, corpId: string): Promise<{ flowId: string; name: string }[]> {
  const { rows } = await sql<{ flowId: string; name: string }>`
    select flow_id, name from stage_flow where corp_id = ${corpId}::bigint and archived_at is null order by flow_id for update`.execute(
    tx,
  )
  return rows
}
