import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { contactIdsOf } from '../../contacts/merge-contacts.ts'
import { requireContact } from '../../contacts/read-profile.ts'
import type { Scope } from '../../corps/context.ts'
import { readTimeline } from '../../events/journal.ts'
import { type Bought, gatherAnnoyed, gatherBehaviour, gatherHours, gatherLikes, gatherWorked } from './gather.ts'
import type { Manual } from './schema.ts'

/** The newest that are read of somebody: whoever has done ten thousand things is known by these as well. */
const EVENTS_MAX = 1_000
const ORDERS_MAX = 300

/** The manual of one customer, of what the actor sees of him: nine statements, whoever he is. */
export async function readManual(
  tx: Tx,
  corpId: string,
  askedId: string,
  { scope, seesOrders }: { scope: Scope; seesOrders: boolean },
  now: Date,
): Promise<Manual> {
  const contactId = await requireContact(tx, corpId, askedId, scope)
  const contactIds = await contactIdsOf(tx, corpId, contactId)
  const { items, nextCursor } = await readTimeline(tx, corpId, { contactIds, scope, limit: EVENTS_MAX })
  const told = seesOrders ? items : items.filter(({ kind }) => !kind.startsWith('order.'))
  const bought = seesOrders ? await readBought(tx, corpId, contactIds) : []
  const states = told.flatMap(({ kind, props }) =>
    kind === 'contact.added' && props.state ? [String(props.state)] : [],
  )
  return {
    orders: seesOrders ? await sumBought(tx, corpId, contactIds) : null,
    behaviour: gatherBehaviour(told, bought, now, nextCursor !== null),
    rfm: await readStanding(tx, corpId, contactId, now),
    likes: gatherLikes(told, bought, now),
    hours: gatherHours(told, bought),
    worked: gatherWorked(told, bought, await readCodeNames(tx, corpId, states)),
    annoyed: gatherAnnoyed(told),
  }
}

/** Paid, not closed, and not given back whole: as `recountOrders` counts. */
const counts = sql`o.paid_at is not null and o.state <> 'closed' and o.refunded_fen < o.amount_fen`

async function readBought(tx: Tx, corpId: string, contactIds: readonly string[]): Promise<Bought[]> {
  const { rows } = await sql<Omit<Bought, 'paidAt'> & { paidAt: Date }>`
    select o.paid_at, (o.amount_fen - o.refunded_fen)::float8 as net_fen,
      coalesce((select jsonb_agg(jsonb_build_object('name', i.name, 'category', i.category) order by i.line) from order_item i where i.corp_id = ${corpId}::bigint and i.contact_id = o.contact_id and i.order_id = o.order_id), '[]') as items
    from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = any(${[...contactIds]}::bigint[]) and ${counts}
    order by o.paid_at desc, o.order_id desc limit ${ORDERS_MAX}`.execute(tx)
  return rows.map((row) => ({ ...row, paidAt: row.paidAt.toISOString() }))
}

async function sumBought(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
): Promise<NonNullable<Manual['orders']>> {
  const { rows } = await sql<{
    count: number
    totalFen: number
    firstAt: Date | null
    lastAt: Date | null
    refunds: number
    refundedFen: number
  }>`
    select count(*) filter (where ${counts})::int as count, coalesce(sum(o.amount_fen - o.refunded_fen) filter (where ${counts}), 0)::float8 as total_fen,
      min(o.paid_at) filter (where ${counts}) as first_at, max(o.paid_at) filter (where ${counts}) as last_at,
      count(*) filter (where o.refunded_fen > 0)::int as refunds, coalesce(sum(o.refunded_fen), 0)::float8 as refunded_fen
    from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = any(${[...contactIds]}::bigint[])`.execute(
    tx,
  )
  const { count, totalFen, firstAt, lastAt, ...refunds } = rows[0]!
  return {
    count,
    totalFen,
    averageFen: count > 0 ? Math.round(totalFen / count) : null,
    firstAt: firstAt?.toISOString() ?? null,
    lastAt: lastAt?.toISOString() ?? null,
    ...refunds,
  }
}

/** His cell, and the one time takes him into. */
async function readStanding(tx: Tx, corpId: string, contactId: string, now: Date): Promise<Manual['rfm']> {
  const { rows } = await sql<
    Omit<NonNullable<Manual['rfm']>, 'since' | 'until' | 'next'> & { since: Date; until: Date | number }
  >`
    select r.segment_id, s.name, r.at_risk, r.play, m.since, m.until from rfm_cell r
    join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id and s.archived_at is null
    join segment_member m on m.corp_id = ${corpId}::bigint and m.contact_id = ${contactId}::bigint and m.segment_id = s.segment_id and m.version = s.version
    where r.corp_id = ${corpId}::bigint and m.until > ${now}::timestamptz order by m.since limit 2`.execute(tx)
  const [cell, after] = rows
  if (!cell || cell.since > now) return null
  return {
    ...cell,
    since: cell.since.toISOString(),
    until: typeof cell.until === 'number' ? null : cell.until.toISOString(),
    next: after?.name ?? null,
  }
}

async function readCodeNames(tx: Tx, corpId: string, states: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ state: string; name: string }>`
    select state, name from channel_code where corp_id = ${corpId}::bigint and state = any(${[...new Set(states)]}::text[])`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.state, row.name]))
}
