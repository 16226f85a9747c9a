import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { requireContact } from '../contacts/read-profile.ts'
import type { Scope } from '../corps/context.ts'
import type { ContactOrders, OrderRow } from './schema.ts'

const PAGE = 20
const CURSOR = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([1-9]\d{0,17})$/

/** What a customer the caller may see has bought, newest first; of whoever was merged into him too. */
export async function readContactOrders(
  tx: Tx,
  corpId: string,
  contactId: string,
  cursor: string | undefined,
  scope: Scope,
): Promise<ContactOrders> {
  const root = await requireContact(tx, corpId, contactId, scope)
  const [, at, id] = CURSOR.exec(cursor ?? '') ?? []
  const his = sql`o.corp_id = ${corpId}::bigint and o.contact_id in (select ${root}::bigint union all select c.contact_id from contact c where c.corp_id = ${corpId}::bigint and c.merged_into = ${root}::bigint)`
  const { rows: sums } = await sql<{ count: number; total: string }>`
    select count(*)::int as count, coalesce(sum(o.amount_fen - o.refunded_fen), 0) as total from customer_order o
    where ${his} and o.paid_at is not null and o.state <> 'closed' and o.refunded_fen < o.amount_fen`.execute(tx)
  const { rows } = await sql<
    Omit<OrderRow, 'placedAt' | 'paidAt' | 'amountFen' | 'refundedFen'> & {
      placedAt: Date
      paidAt: Date | null
      amountFen: string
      refundedFen: string
    }
  >`
    select o.order_id, o.shop, o.order_no, o.state, o.placed_at, o.paid_at, o.amount_fen, o.refunded_fen, s.name as staff_name,
      coalesce((select jsonb_agg(jsonb_build_object('name', i.name, 'number', i.number) order by i.line) from order_item i
        where i.corp_id = ${corpId}::bigint and i.contact_id = o.contact_id and i.order_id = o.order_id), '[]') as items
    from customer_order o left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = o.staff_id
    where ${his} and (${at ?? null}::timestamptz is null or (o.placed_at, o.order_id) < (${at ?? null}::timestamptz, ${id ?? null}::bigint))
    order by o.placed_at desc, o.order_id desc limit ${PAGE + 1}`.execute(tx)
  const page = rows.slice(0, PAGE)
  const last = page.at(-1)
  return {
    count: sums[0]?.count ?? 0,
    totalFen: Number(sums[0]?.total ?? 0),
    items: page.map((row) => ({
      ...row,
      placedAt: row.placedAt.toISOString(),
      paidAt: row.paidAt?.toISOString() ?? null,
      amountFen: Number(row.amountFen),
      refundedFen: Number(row.refundedFen),
    })),
    nextCursor: rows.length > PAGE && last ? `${last.placedAt.toISOString()}_${last.orderId}` : null,
  }
}
