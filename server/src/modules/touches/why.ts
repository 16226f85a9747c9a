import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { blockOf, placeOf } from './blocks.ts'
import { fateName } from './fates.ts'
import type { TouchOfContact } from './schema.ts'

const PAGE = 30

/**
 * Every touch that had a customer in mind, newest first: what became of him in it. Whoever was merged into him was
 * nobody's friend, so nothing was ever planned for him.
 */
export async function readTouchesOf(
  tx: Tx,
  corpId: string,
  contactId: string,
  before?: { day: string; touchId: string },
): Promise<{ items: TouchOfContact[]; next: { day: string; touchId: string } | null }> {
  const { rows } = await sql<Omit<TouchOfContact, 'at' | 'fate'> & { at: Date; fate: number; day: string }>`
    select t.touch_id, t.channel, t.topic, t.title, t.source_kind, t.source_id, t.at, f.day::text as day, get_byte(f.fates, ${placeOf(Number(contactId))}) as fate
    from touch_fate f join touch t on t.corp_id = ${corpId}::bigint and t.touch_id = f.touch_id
    where f.corp_id = ${corpId}::bigint and f.block = ${blockOf(Number(contactId))} and get_byte(f.fates, ${placeOf(Number(contactId))}) <> 0
      and (${before?.day ?? null}::date is null or (f.day, t.touch_id) < (${before?.day ?? null}::date, ${before?.touchId ?? null}::bigint))
    order by f.day desc, t.touch_id desc limit ${PAGE + 1}`.execute(tx)
  const shown = rows.slice(0, PAGE)
  const last = shown.at(-1)
  return {
    items: shown.map(({ day, ...row }) => ({ ...row, at: row.at.toISOString(), fate: fateName(row.fate) })),
    next: rows.length > PAGE && last ? { day: last.day, touchId: last.touchId } : null,
  }
}
