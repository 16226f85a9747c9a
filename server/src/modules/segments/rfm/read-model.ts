import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { DAY_MS } from '../../../platform/shanghai.ts'
import type { Scope } from '../../corps/context.ts'
import { isCustomer } from '../build.ts'
import { seenBy } from '../read.ts'
import { bandOf, buyerRows } from './bands.ts'
import { readDraft } from './save-model.ts'
import type { Measure, RfmCell, RfmView } from './schema.ts'
import { START } from './start.ts'

/** How far ahead it is looked who will leave his cell by time alone. */
export const FALLING_DAYS = 30

/** The model with how many and how much money each cell holds now, of the customers one may see. */
export async function readModel(tx: Tx, corpId: string, scope: Scope, now: Date): Promise<RfmView> {
  const draft = await readDraft(tx, corpId)
  const counted = await countCustomers(tx, corpId, scope)
  const none = { cells: [], grid: [], building: null, failed: null, risk: { people: 0, totalFen: 0 } }
  if (!draft) {
    const { rows } = await sql<{ buyers: number }>`
      select count(*)::int as buyers from (${await buyerRows(tx, corpId, START, scope, now)}) b`.execute(tx)
    return { model: null, start: START, ...none, ...counted, buyers: rows[0]?.buyers ?? 0 }
  }
  const { cells: _, ...model } = draft
  const cells = await readCells(tx, corpId, draft, scope, now)
  const grid = await readGrid(tx, corpId, draft, scope, now)
  const { rows: said } = await sql<{ cutAt: Date; changedAt: Date; changedBy: string }>`
    select cut_at, changed_at, changed_by from rfm_model where corp_id = ${corpId}::bigint`.execute(tx)
  const { cutAt, changedAt, changedBy } = said[0]!
  const inDanger = cells.map((cell) => (cell.atRisk ? cell : cell.falling))
  return {
    model: { ...model, cutAt: cutAt.toISOString(), changedAt: changedAt.toISOString(), changedBy },
    start: null,
    cells,
    grid,
    ...(await readProgress(tx, corpId)),
    ...counted,
    buyers: grid.reduce((sum, one) => sum + one.people, 0),
    risk: { people: sumOf(inDanger, 'people'), totalFen: sumOf(inDanger, 'totalFen') },
  }
}

const sumOf = <Of extends { people: number; totalFen: number }>(all: readonly Of[], what: 'people' | 'totalFen') =>
  all.reduce((sum, one) => sum + one[what], 0)

async function countCustomers(tx: Tx, corpId: string, scope: Scope): Promise<{ customers: number }> {
  const { rows } = await sql<{ customers: number }>`
    select count(*)::int as customers from contact c where c.corp_id = ${corpId}::bigint and ${isCustomer} ${scope ? sql`and ${seenBy(scope)}` : sql``}`.execute(
    tx,
  )
  return { customers: rows[0]?.customers ?? 0 }
}

/** Whom each cell holds at `at`: rows (contact_id, cell_id, until), by the versions that are read. */
export const cellMembers = (corpId: string, at: Date): RawBuilder<unknown> => sql`
  select m.contact_id, r.cell_id, m.until from rfm_cell r
  join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id and s.archived_at is null
  join segment_member m on m.corp_id = ${corpId}::bigint and m.segment_id = s.segment_id and m.version = s.version and m.since <= ${at}::timestamptz and m.until > ${at}::timestamptz
  where r.corp_id = ${corpId}::bigint`

async function readCells(tx: Tx, corpId: string, measure: Measure, scope: Scope, now: Date): Promise<RfmCell[]> {
  const soon = new Date(now.getTime() + FALLING_DAYS * DAY_MS)
  const falls = sql`m.until <= ${soon}::timestamptz`
  const { rows } = await sql<Omit<RfmCell, 'falling'> & { fallingPeople: number; fallingFen: number }>`
    select r.cell_id, r.segment_id, s.name, r.box, r.at_risk, r.play, coalesce(h.people, 0) as people, coalesce(h.total_fen, 0) as total_fen,
      coalesce(h.falling_people, 0) as falling_people, coalesce(h.falling_fen, 0) as falling_fen
    from rfm_cell r join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
    left join (
      select m.cell_id, count(*)::int as people, sum(b.worth)::float8 as total_fen, count(*) filter (where ${falls})::int as falling_people, coalesce(sum(b.worth) filter (where ${falls}), 0)::float8 as falling_fen
      from (${cellMembers(corpId, now)}) m join (${await buyerRows(tx, corpId, { ...measure, withinDays: null, money: 'sum' }, scope, now)}) b on b.contact_id = m.contact_id
      group by m.cell_id
    ) h on h.cell_id = r.cell_id
    where r.corp_id = ${corpId}::bigint and r.place is not null order by r.place`.execute(tx)
  return rows.map(({ fallingPeople, fallingFen, ...cell }) => ({
    ...cell,
    falling: { people: fallingPeople, totalFen: fallingFen },
  }))
}

async function readGrid(
  tx: Tx,
  corpId: string,
  draft: Measure & { cuts: Parameters<typeof bandOf>[0] },
  scope: Scope,
  now: Date,
): Promise<RfmView['grid']> {
  const { r, f } = bandOf(draft.cuts)
  const { rows } = await sql<RfmView['grid'][number]>`
    select ${r} as r, ${f} as f, count(*)::int as people, sum(worth)::float8 as total_fen
    from (${await buyerRows(tx, corpId, draft, scope, now)}) buyer group by 1, 2 order by 1, 2`.execute(tx)
  return rows
}

/** How far new versions of the cells are, and why one could not be built. */
async function readProgress(tx: Tx, corpId: string): Promise<Pick<RfmView, 'building' | 'failed'>> {
  const { rows } = await sql<{ waiting: number; done: number; total: number | null; failed: string | null }>`
    select count(*) filter (where v.state = 'building')::int as waiting, coalesce(sum(v.done) filter (where v.state = 'building'), 0)::int as done,
      (case when bool_and(v.total is not null) filter (where v.state = 'building') then sum(v.total) filter (where v.state = 'building') end)::int as total,
      max(coalesce(v.cause, '')) filter (where v.state = 'failed') as failed
    from rfm_cell r join lateral (select * from segment_version n where n.corp_id = ${corpId}::bigint and n.segment_id = r.segment_id order by n.version desc limit 1) v on true
    where r.corp_id = ${corpId}::bigint`.execute(tx)
  const { waiting = 0, done = 0, total = null, failed = null } = rows[0] ?? {}
  return { building: waiting > 0 ? { done, total } : null, failed }
}
