import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'

/** What somebody listened for. */
export interface Heard {
  /** The person it is told of now: whoever was merged is his. */
  contactId: string
  kind: string
  at: Date
  staffId: string | null
  props: Record<string, unknown>
}

/**
 * Has everything proven of these kinds noted for an ear from now on, in the transaction that appends it, until it is
 * taken. Asked again, the newest list holds.
 */
export async function listenFor(tx: Tx, corpId: string, ear: string, kinds: readonly string[]): Promise<void> {
  await sql`delete from event_ear where corp_id = ${corpId}::bigint and ear = ${ear} and kind <> all(${[...kinds]}::text[])`.execute(
    tx,
  )
  await sql`insert into event_ear (corp_id, ear, kind) select ${corpId}::bigint, ${ear}, kind from unnest(${[...kinds]}::text[]) as kind on conflict do nothing`.execute(
    tx,
  )
}

/** Notes what the journal has just said was new for whoever listens; one statement. */
export async function noteHeard(
  tx: Tx,
  corpId: string,
  appended: readonly (Pick<Heard, 'contactId' | 'kind' | 'at' | 'props'> & {
    trusted?: boolean
    staffId?: string | null
  })[],
): Promise<void> {
  const proven = appended.filter(({ trusted }) => trusted !== false)
  if (proven.length === 0) return
  await sql`
    insert into event_heard (corp_id, ear, contact_id, kind, at, staff_id, props)
    select ${corpId}::bigint, e.ear, r.contact_id, r.kind, r.at, r.staff_id, r.props
    from unnest(${proven.map((r) => r.contactId)}::bigint[], ${proven.map((r) => r.kind)}::text[], ${proven.map((r) => r.at.toISOString())}::timestamptz[],
      ${proven.map((r) => r.staffId ?? null)}::bigint[], ${proven.map((r) => JSON.stringify(r.props))}::jsonb[]) with ordinality as r(contact_id, kind, at, staff_id, props, n)
    join event_ear e on e.corp_id = ${corpId}::bigint and e.kind = r.kind order by r.n`.execute(tx)
}

/**
 * Takes what an ear has not heard yet, in the order it was noted; only what happened before an instant, if one is given.
 * What the transaction does with it, it does once.
 */
export async function takeHeard(
  tx: Tx,
  corpId: string,
  ear: string,
  most: number,
  before: Date | null = null,
): Promise<Heard[]> {
  const { rows } = await sql<Heard>`
    with taken as (
      delete from event_heard h using (
        select heard_id from event_heard where corp_id = ${corpId}::bigint and ear = ${ear} and (${before}::timestamptz is null or at < ${before}::timestamptz) order by heard_id limit ${most} for update skip locked) next
      where h.corp_id = ${corpId}::bigint and h.ear = ${ear} and h.heard_id = next.heard_id returning h.*)
    select coalesce(c.merged_into, c.contact_id) as contact_id, t.kind, t.at, t.staff_id, t.props
    from taken t join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = t.contact_id order by t.heard_id`.execute(
    tx,
  )
  return rows
}
