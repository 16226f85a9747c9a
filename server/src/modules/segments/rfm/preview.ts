import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { bandOf, boxNumber, buyerRows } from './bands.ts'
import { placeBoxes } from './cells.ts'
import { cellMembers } from './read-model.ts'
import type { RfmDraft, RfmPreview } from './schema.ts'

/** What a draft would make of today's buyers, beside the cells as they stand: one statement. */
export async function previewModel(tx: Tx, corpId: string, draft: RfmDraft, now: Date): Promise<RfmPreview> {
  const places = placeBoxes(draft.cells)
  const { r, f } = bandOf(draft.cuts)
  const { rows } = await sql<{
    fromCellId: string | null
    to: number | null
    r: number | null
    f: number | null
    people: number
    totalFen: number
  }>`
    with placed as materialized (
      select b.contact_id, b.worth, ${r} as r, ${f} as f, (${places}::int[])[${boxNumber(draft.cuts)}] as "to"
      from (${await buyerRows(tx, corpId, draft, undefined, now)}) b
    )
    select m.cell_id as from_cell_id, p."to", p.r, p.f, count(*)::int as people, sum(p.worth)::float8 as total_fen
    from placed p left join (${cellMembers(corpId, now)}) m on m.contact_id = p.contact_id
    group by grouping sets ((m.cell_id, p."to"), (p.r, p.f))`.execute(tx)
  const moves = rows.flatMap(({ fromCellId, to, people }) => (to === null ? [] : [{ fromCellId, to, people }]))
  return {
    cells: draft.cells.map((_, place) => {
      const into = rows.filter((row) => row.to === place)
      const sum = (what: 'people' | 'totalFen') => into.reduce((all, row) => all + row[what], 0)
      return { people: sum('people'), totalFen: sum('totalFen') }
    }),
    grid: rows.flatMap(({ r: recency, f: number, people, totalFen }) =>
      recency === null || number === null ? [] : [{ r: recency, f: number, people, totalFen }],
    ),
    moves,
    moved: moves
      .filter(({ fromCellId, to }) => fromCellId !== (draft.cells[to]?.cellId ?? null))
      .reduce((sum, { people }) => sum + people, 0),
  }
}
