import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { type FateName, fateName } from './fates.ts'
import type { TouchSummary } from './schema.ts'

/** The touches of some days, earliest first, each with how many customers came to what. */
export async function readTouchDays(
  tx: Tx,
  corpId: string,
  { from, to }: { from: string; to: string },
): Promise<TouchSummary[]> {
  const { rows } = await sql<Omit<TouchSummary, 'at' | 'counts'> & { at: Date }>`
    select t.touch_id, t.channel, t.topic, t.title, t.source_kind, t.source_id, t.at, t.day::text as day, t.priority, t.exempt, t.released_at is not null as released
    from touch t where t.corp_id = ${corpId}::bigint and t.day between ${from}::date and ${to}::date order by t.at, t.touch_id`.execute(
    tx,
  )
  const counts = await readCounts(
    tx,
    corpId,
    rows.map(({ touchId }) => touchId),
  )
  return rows.map((row) => ({ ...row, at: row.at.toISOString(), counts: counts.get(row.touchId) ?? {} }))
}

/** How many customers of each touch came to what. */
export async function readCounts(
  tx: Tx,
  corpId: string,
  touchIds: readonly string[],
): Promise<Map<string, Partial<Record<FateName, number>>>> {
  const { rows } = await sql<{ touchId: string; counts: Record<string, number> }>`
    select touch_id, jsonb_object_agg(fate, people) as counts from touch_count
    where corp_id = ${corpId}::bigint and touch_id = any(${[...touchIds]}::bigint[]) and people > 0 group by touch_id`.execute(
    tx,
  )
  const named = (by: Record<string, number>) =>
    Object.fromEntries(Object.entries(by).map(([fate, people]) => [fateName(Number(fate)), people]))
  return new Map(rows.map(({ touchId, counts }) => [touchId, named(counts)]))
}
