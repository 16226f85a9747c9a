import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import { readLoads } from '../touches/loads.ts'
import type { Senders } from './schema.ts'

export interface Assigned {
  contactIds: string[]
  /** Who writes to each, in the same order. */
  staffIds: string[]
}

/**
 * Who of those that follow each customer is asked to write to him: one statement whatever the number. Whom nobody may
 * write to is left out. Members who have left, or are not the asker's to ask, are asked nothing.
 */
export async function chooseSenders(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  senders: Senders,
  scope: Scope,
  day: string,
): Promise<Assigned> {
  const one = senders.kind === 'one' ? senders.staffId : null
  const pairs = sql`
    select f.contact_id, f.staff_id, f.added_at from unnest(${[...contactIds]}::bigint[]) as p(contact_id)
    join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = p.contact_id and f.lost_at is null
      and (${scope ?? null}::bigint[] is null or f.staff_id = any(${scope ?? null}::bigint[])) and (${one}::bigint is null or f.staff_id = ${one}::bigint)
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id and s.left_at is null`
  if (senders.kind === 'balanced') return balance(tx, corpId, pairs, day)
  // The member's newest word by our hint is in the journal; a pair without one is as old as their friendship.
  const spoke = sql`(select max(e.at) from event e where e.corp_id = ${corpId}::bigint and e.contact_id = pair.contact_id and e.staff_id = pair.staff_id and e.kind in ('content.sent', 'touch.sent'))`
  const several = sql`count(*) over (partition by pair.contact_id) > 1`
  const order =
    senders.kind === 'recent'
      ? sql`greatest(case when several then ${spoke} end, added_at) desc, staff_id`
      : sql`added_at, staff_id`
  const { rows } = await sql<{ contactIds: string[] | null; staffIds: string[] | null }>`
    with pair as (select pair.*, ${several} as several from (${pairs}) pair),
    chosen as (select distinct on (contact_id) contact_id, staff_id from pair order by contact_id, ${order})
    select array_agg(contact_id order by contact_id) as contact_ids, array_agg(staff_id order by contact_id) as staff_ids from chosen`.execute(
    tx,
  )
  return { contactIds: rows[0]?.contactIds ?? [], staffIds: rows[0]?.staffIds ?? [] }
}

/** Everybody goes to who has the fewest so far, those with one follower alone first; what was planned for the day counts. */
async function balance(tx: Tx, corpId: string, pairs: ReturnType<typeof sql>, day: string): Promise<Assigned> {
  const { rows } = await sql<{ contactId: string; staffIds: string[] }>`
    select contact_id, array_agg(staff_id order by staff_id) as staff_ids from (${pairs}) pair group by contact_id order by count(*), contact_id`.execute(
    tx,
  )
  const load = await readLoads(tx, corpId, day)
  const chosen = rows.map(({ contactId, staffIds }) => {
    let least = staffIds[0]!
    for (const staffId of staffIds) if ((load.get(staffId) ?? 0) < (load.get(least) ?? 0)) least = staffId
    load.set(least, (load.get(least) ?? 0) + 1)
    return { contactId, staffId: least }
  })
  chosen.sort((a, b) => Number(a.contactId) - Number(b.contactId))
  return { contactIds: chosen.map((one) => one.contactId), staffIds: chosen.map((one) => one.staffId) }
}
