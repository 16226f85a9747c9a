import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { addDays, dayStart } from '../../../platform/shanghai.ts'
import type { Scope } from '../../corps/context.ts'
import { deedRows } from '../../facts/deeds.ts'
import { factOf, ORDER_KIND } from '../../facts/spec.ts'
import { isCustomer } from '../build.ts'
import { RfmNotBegun } from '../errors.ts'
import { spanMs } from '../evaluate.ts'
import { seenBy } from '../read.ts'
import { boxNumber } from './bands.ts'
import { placeBoxes } from './cells.ts'
import { cellMembers } from './read-model.ts'
import { readDraft } from './save-model.ts'
import type { RfmDraft, RfmMoves } from './schema.ts'

/**
 * Who was in which cell at the end of one day and of another. As it was kept, where the cells that stand were kept then; of
 * the time before that, as these cells would have said by the orders that had been paid, and it is said so.
 */
export async function readMoves(
  tx: Tx,
  corpId: string,
  days: { from: string; to: string },
  scope: Scope,
  now: Date,
): Promise<RfmMoves> {
  const draft = await readDraft(tx, corpId)
  if (!draft) throw new RfmNotBegun()
  const keptSince = await readKeptSince(tx, corpId)
  const endOf = (day: string): { at: Date; how: 'kept' | 'restated' } => {
    const at = new Date(Math.min(now.getTime(), dayStart(addDays(day, 1)).getTime()))
    return { at, how: keptSince && at >= keptSince ? 'kept' : 'restated' }
  }
  const [from, to] = [endOf(days.from), endOf(days.to)]
  const rowsAt = ({ at, how }: typeof from) =>
    how === 'kept' ? cellMembers(corpId, at) : restatedMembers(corpId, draft, at)
  const { rows } = await sql<RfmMoves['flows'][number]>`
    select a.cell_id as "from", b.cell_id as "to", count(*)::int as people
    from (${rowsAt(from)}) a full join (${rowsAt(to)}) b on b.contact_id = a.contact_id
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = coalesce(a.contact_id, b.contact_id)
    where ${isCustomer} ${scope ? sql`and ${seenBy(scope)}` : sql``} group by 1, 2`.execute(tx)
  return {
    from: { ...from, at: from.at.toISOString() },
    to: { ...to, at: to.at.toISOString() },
    keptSince: keptSince?.toISOString() ?? null,
    flows: rows,
  }
}

/** The cells as they stand have been kept since the last of them was put in place. */
async function readKeptSince(tx: Tx, corpId: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select case when bool_and(v.live_at is not null) then max(v.live_at) end as at from rfm_cell r
    join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
    left join segment_version v on v.corp_id = ${corpId}::bigint and v.segment_id = s.segment_id and v.version = s.version
    where r.corp_id = ${corpId}::bigint and r.place is not null`.execute(tx)
  return rows[0]?.at ?? null
}

/** Rows (contact_id, cell_id) by the orders paid by then, as those orders stand today: what was given back since is left out. */
function restatedMembers(corpId: string, draft: RfmDraft, at: Date): RawBuilder<unknown> {
  const orders = deedRows(corpId, factOf({ kind: ORDER_KIND, where: [], untrusted: false }))
  const { withinDays } = draft
  const after = withinDays === null ? null : new Date(at.getTime() - spanMs({ n: withinDays, unit: 'day' }))
  const counts = after ? sql`filter (where d.at > ${after}::timestamptz)` : sql``
  const fen =
    draft.money === 'average'
      ? sql`coalesce(div(sum(d.amount) ${counts}, nullif(count(*) ${counts}, 0)), 0)`
      : sql`coalesce(sum(d.amount) ${counts}, 0)`
  const cellIds = placeBoxes(draft.cells).map((place) => draft.cells[place]!.cellId!)
  return sql`
    select contact_id, (${cellIds}::bigint[])[${boxNumber(draft.cuts)}] as cell_id from (
      select d.contact_id, ${at}::timestamptz - max(d.at) as age, count(*) ${counts} as orders, (${fen})::bigint as fen
      from (${orders}) d where d.at <= ${at}::timestamptz group by d.contact_id) buyer`
}
