import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { appendEvents } from '../events/journal.ts'
import type { ContactHooks, Told } from './apply-contacts.ts'
import { noteLosses } from './loss-alerts.ts'
import { refreshContacts } from './service.ts'

export type LostBy = 'customer' | 'staff' | 'transfer' | 'unknown'

/** A loss that had ended already, and by whom it turned out to have been. */
export interface LearntLoss {
  contactId: string
  staffId: string
  addedAt: Date
  was: LostBy
  by: LostBy
}

export interface Loss {
  contactId: string
  staffId: string
  by: LostBy
  at: Date
}

/**
 * Ends follows that WeCom no longer has. One that was learnt of after WeCom was asked stays. One that has ended already
 * learns by whom and when. Returns how many ended.
 */
export async function loseFollows(
  tx: Tx,
  corpId: string,
  losses: Loss[],
  told: Told,
  hooks: ContactHooks,
): Promise<number> {
  if (losses.length === 0) return 0
  const { rows } = await sql<{
    contactId: string
    staffId: string
    addedAt: Date
    lostAt: Date
    lostBy: LostBy
    state: string | null
  }>`
    with lost as (
      select f.contact_id, f.staff_id, g.by, g.at from follow f
      join unnest(${losses.map((l) => l.contactId)}::bigint[], ${losses.map((l) => l.staffId)}::bigint[], ${losses.map((l) => l.by)}::text[], ${losses.map((l) => l.at.toISOString())}::timestamptz[]) as g(contact_id, staff_id, by, at) using (contact_id, staff_id)
      where f.corp_id = ${corpId}::bigint and f.lost_at is null and f.asked_at <= ${told.askedAt}::timestamptz
      order by f.contact_id, f.staff_id for no key update of f
    )
    update follow f set lost_at = greatest(g.at, f.added_at), lost_by = g.by, asked_at = ${told.askedAt}::timestamptz, updated_at = ${told.now}::timestamptz
    from lost g where f.corp_id = ${corpId}::bigint and f.contact_id = g.contact_id and f.staff_id = g.staff_id and f.lost_at is null and f.asked_at <= ${told.askedAt}::timestamptz
    returning f.contact_id, f.staff_id, f.added_at, f.lost_at, f.lost_by, f.state`.execute(tx)
  const learnt = await learnWhoEnded(tx, corpId, losses, told.now)
  await refreshContacts(
    tx,
    corpId,
    [...rows, ...learnt].map((r) => r.contactId),
    told.now,
  )
  const appended = await appendEvents(
    tx,
    corpId,
    rows.map((row) => ({
      contactId: row.contactId,
      staffId: row.staffId,
      kind: 'contact.lost' as const,
      at: row.lostAt,
      source: told.source,
      key: `lost ${row.contactId} ${row.staffId} ${row.addedAt.getTime()}`,
      props: { by: row.lostBy, ...(row.state ? { state: row.state } : {}) },
    })),
    told.now,
  )
  await noteLosses(tx, corpId, appended, told.now)
  await hooks.afterEvents(tx, corpId, appended, told.now)
  if (learnt.length > 0) await hooks.afterLearnt(tx, corpId, learnt)
  return rows.length
}

/** Of several deletions of one friendship the last one told stands, in whatever order; the journal keeps the first we heard of. */
async function learnWhoEnded(tx: Tx, corpId: string, losses: Loss[], now: Date): Promise<LearntLoss[]> {
  const known = losses.filter((loss) => loss.by !== 'unknown')
  if (known.length === 0) return []
  const { rows } = await sql<LearntLoss>`
    with learnt as (
      select f.contact_id, f.staff_id, f.lost_by as was, g.by, g.at
      from unnest(${known.map((l) => l.contactId)}::bigint[], ${known.map((l) => l.staffId)}::bigint[], ${known.map((l) => l.by)}::text[], ${known.map((l) => l.at.toISOString())}::timestamptz[]) as g(contact_id, staff_id, by, at)
      join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = g.contact_id and f.staff_id = g.staff_id
      where g.at >= f.added_at and (f.lost_at < g.at or f.lost_at > g.at and f.lost_by = 'unknown')
      order by f.contact_id, f.staff_id for no key update of f
    )
    update follow f set lost_at = l.at, lost_by = l.by, updated_at = ${now}::timestamptz
    from learnt l where f.corp_id = ${corpId}::bigint and f.contact_id = l.contact_id and f.staff_id = l.staff_id
    returning f.contact_id, f.staff_id, f.added_at, l.was, f.lost_by as by`.execute(tx)
  return rows
}
