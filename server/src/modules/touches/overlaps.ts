import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { addDays } from '../../platform/shanghai.ts'
import { blockOf, placeOf } from './blocks.ts'
import { isLive } from './fates.ts'

/** Days to either side whose touches are looked at, and how many of those touches. */
const NEAR_DAYS = 3
const NEAR_TOUCHES = 6

export interface Overlap {
  touchId: string
  title: string
  topic: string
  /** ISO 8601. */
  at: string
  people: number
}

/** Which touches of the days about one reach how many of the same people, the most first. */
export async function readOverlaps(
  tx: Tx,
  corpId: string,
  { touchId, contactIds }: { touchId: string; contactIds: readonly string[] },
  day: string,
): Promise<Overlap[]> {
  const { rows: near } = await sql<{ touchId: string; title: string; at: Date; topic: string }>`
    select touch_id, title, at, topic from touch where corp_id = ${corpId}::bigint and day between ${addDays(day, -NEAR_DAYS)}::date and ${addDays(day, NEAR_DAYS)}::date
      and released_at is null and touch_id <> ${touchId}::bigint order by abs(extract(epoch from at - ${new Date(`${day}T12:00:00+08:00`)}::timestamptz)), touch_id limit ${NEAR_TOUCHES}`.execute(
    tx,
  )
  if (near.length === 0) return []
  const blocks = Map.groupBy(contactIds, (id) => blockOf(Number(id)))
  const { rows } = await sql<{ touchId: string; block: string; fates: Buffer }>`
    select touch_id, block, fates from touch_fate where corp_id = ${corpId}::bigint and touch_id = any(${near.map((one) => one.touchId)}::bigint[]) and block = any(${[...blocks.keys()]}::bigint[])`.execute(
    tx,
  )
  const both = new Map<string, number>()
  for (const row of rows) {
    let people = both.get(row.touchId) ?? 0
    for (const id of blocks.get(Number(row.block)) ?? []) if (isLive(row.fates[placeOf(Number(id))]!)) people++
    both.set(row.touchId, people)
  }
  return near
    .map(({ at, ...one }) => ({ ...one, at: at.toISOString(), people: both.get(one.touchId) ?? 0 }))
    .filter(({ people }) => people > 0)
    .sort((a, b) => b.people - a.people)
}
