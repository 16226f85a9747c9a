import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../corps/context.ts'
import { RfmCellGone } from '../errors.ts'
import type { Rule } from '../schema.ts'
import { archiveSegment, createSegment, editSegment, requireWholeCorp } from '../service.ts'
import { NOBODY, placeBoxes, ruleOf } from './cells.ts'
import type { CellDraft, Cuts, RfmDraft } from './schema.ts'

type By = Pick<Actor, 'name' | 'scope'>

/**
 * Makes this the corp's model. A cell is a segment of its own, so that whoever ages out of it leaves by himself; cells that
 * have another box now are built beside the old ones and take their place all in one (build.ts).
 */
export async function saveModel(tx: Tx, corpId: string, draft: RfmDraft, actor: By, now: Date): Promise<void> {
  requireWholeCorp(actor)
  placeBoxes(draft.cells)
  await putModel(tx, corpId, draft, actor, now)
  const standing = await readStanding(tx, corpId)
  await forgetEmptied(tx, corpId, standing, now)
  const byId = new Map(standing.flatMap((one) => (one.place === null ? [] : [[one.cellId, one] as const])))
  const kept = draft.cells.flatMap(({ cellId }) => (cellId === undefined ? [] : [cellId]))
  if (new Set(kept).size < kept.length || kept.some((id) => !byId.has(id))) throw new RfmCellGone()
  await freeNames(tx, corpId, [...byId.values()], draft.cells)
  // A dozen segments, twenty at most: each is checked and versioned as any other.
  for (const gone of byId.values()) if (!kept.includes(gone.cellId)) await emptyCell(tx, corpId, gone, actor, now)
  for (const [place, cell] of draft.cells.entries())
    await putCell(tx, corpId, { ...cell, place, rule: ruleOf(cell.box, draft.cuts, draft) }, byId, actor, now)
}

async function putModel(tx: Tx, corpId: string, draft: RfmDraft, actor: By, now: Date): Promise<void> {
  const { mode, withinDays, money, monthly, cuts } = draft
  await sql`
    insert into rfm_model as o (corp_id, mode, within_days, money, monthly, cuts, cut_at, changed_at, changed_by)
    values (${corpId}::bigint, ${mode}, ${withinDays}, ${money}, ${monthly}, ${JSON.stringify(cuts)}::jsonb, ${now}::timestamptz, ${now}::timestamptz, ${actor.name})
    on conflict (corp_id) do update set mode = excluded.mode, within_days = excluded.within_days, money = excluded.money, monthly = excluded.monthly,
      cut_at = case when o.cuts = excluded.cuts and o.mode = excluded.mode then o.cut_at else excluded.cut_at end, cuts = excluded.cuts, changed_at = excluded.changed_at, changed_by = excluded.changed_by`.execute(
    tx,
  )
}

interface Standing {
  cellId: string
  segmentId: string
  /** Null: taken out of the model. */
  place: number | null
  name: string
  /** The newest, whether it is read yet or not. */
  rule: Rule
  state: 'building' | 'live' | 'old' | 'failed'
}

async function readStanding(tx: Tx, corpId: string): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select c.cell_id, c.segment_id, c.place, s.name, v.rule, v.state from rfm_cell c
    join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = c.segment_id
    join lateral (select rule, state from segment_version n where n.corp_id = ${corpId}::bigint and n.segment_id = c.segment_id order by n.version desc limit 1) v on true
    where c.corp_id = ${corpId}::bigint`.execute(tx)
  return rows
}

/** Cells taken out before, whom everybody has left by now. */
async function forgetEmptied(tx: Tx, corpId: string, standing: readonly Standing[], now: Date): Promise<void> {
  const emptied = standing.filter((one) => one.place === null && one.state === 'live')
  for (const { segmentId } of emptied) await archiveSegment(tx, corpId, segmentId, { scope: undefined }, now, 'rfm')
  await sql`delete from rfm_cell where corp_id = ${corpId}::bigint and cell_id = any(${emptied.map((one) => one.cellId)}::bigint[])`.execute(
    tx,
  )
}

/** Two cells may change names with each other: all that get another one give theirs up first. */
async function freeNames(
  tx: Tx,
  corpId: string,
  standing: readonly Standing[],
  cells: readonly CellDraft[],
): Promise<void> {
  const wanted = new Map(cells.map((cell) => [cell.cellId, cell.name]))
  const renamed = standing.filter((one) => wanted.get(one.cellId) !== one.name).map((one) => one.segmentId)
  await sql`update segment set name = '#' || segment_id where corp_id = ${corpId}::bigint and segment_id = any(${renamed}::bigint[])`.execute(
    tx,
  )
}

/** Nobody's from the moment the others have changed; until then it holds whom it held. */
async function emptyCell(tx: Tx, corpId: string, { cellId, segmentId }: Standing, actor: By, now: Date) {
  await editSegment(tx, corpId, segmentId, { rule: NOBODY }, actor, now, 'rfm')
  await sql`update rfm_cell set place = null where corp_id = ${corpId}::bigint and cell_id = ${cellId}::bigint`.execute(
    tx,
  )
}

async function putCell(
  tx: Tx,
  corpId: string,
  cell: CellDraft & { place: number; rule: Rule },
  standing: ReadonlyMap<string, Standing>,
  actor: By,
  now: Date,
): Promise<void> {
  const { cellId, name, place, box, atRisk, play, rule } = cell
  const before = cellId === undefined ? undefined : standing.get(cellId)
  if (!before) {
    const segmentId = await createSegment(tx, corpId, { name, note: '', rule }, actor, now, 'rfm')
    await sql`insert into rfm_cell (corp_id, segment_id, place, box, at_risk, play) values (${corpId}::bigint, ${segmentId}::bigint, ${place}, ${JSON.stringify(box)}::jsonb, ${atRisk}, ${play})`.execute(
      tx,
    )
    return
  }
  const isOther = before.state === 'failed' || !isDeepStrictEqual(before.rule, rule)
  if (isOther || before.name !== name)
    await editSegment(tx, corpId, before.segmentId, isOther ? { name, rule } : { name }, actor, now, 'rfm')
  await sql`update rfm_cell set place = ${place}, box = ${JSON.stringify(box)}::jsonb, at_risk = ${atRisk}, play = ${play}
    where corp_id = ${corpId}::bigint and cell_id = ${before.cellId}::bigint`.execute(tx)
}

/** The model as it stands, to be changed and saved again. Undefined before the first. */
export async function readDraft(tx: Tx, corpId: string): Promise<RfmDraft | undefined> {
  const { rows } = await sql<Omit<RfmDraft, 'cuts'> & { cuts: Cuts }>`
    select mode, within_days, money, monthly, cuts, (
      select jsonb_agg(jsonb_build_object('cellId', c.cell_id::text, 'name', s.name, 'box', c.box, 'atRisk', c.at_risk, 'play', c.play) order by c.place)
      from rfm_cell c join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = c.segment_id
      where c.corp_id = ${corpId}::bigint and c.place is not null) as cells
    from rfm_model where corp_id = ${corpId}::bigint`.execute(tx)
  return rows[0]
}
