import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { ProductQuery, ProductRow } from './schema.ts'

const DAYS = 30

/** What the corp's shops sell, the best selling of the last thirty days first: paid orders that stand, each buyer once. */
export async function listProducts(tx: Tx, corpId: string, query: ProductQuery, now: Date): Promise<ProductRow[]> {
  const since = new Date(now.getTime() - DAYS * 86_400_000)
  const words = query.q ? `%${query.q.replaceAll(/[\\%_]/g, '\\$&')}%` : null
  const { rows } = await sql<Omit<ProductRow, 'updatedAt'> & { updatedAt: Date }>`
    select p.shop, p.product_no, p.name, p.category, p.updated_at, coalesce(s.buyers, 0) as buyers, coalesce(s.orders, 0) as orders, coalesce(s.pieces, 0)::float8 as pieces, coalesce(s.amount_fen, 0)::float8 as amount_fen
    from product p left join (
      select o.shop, i.product_no, count(distinct coalesce(c.merged_into, c.contact_id))::int as buyers, count(distinct o.order_id)::int as orders, sum(i.number) as pieces, sum(i.amount_fen) as amount_fen
      from customer_order o
      join order_item i on i.corp_id = ${corpId}::bigint and i.contact_id = o.contact_id and i.order_id = o.order_id and i.product_no is not null
      join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = o.contact_id
      where o.corp_id = ${corpId}::bigint and o.placed_at >= ${since}::timestamptz and o.paid_at is not null and o.state <> 'closed' and o.refunded_fen < o.amount_fen
      group by o.shop, i.product_no) s on s.shop = p.shop and s.product_no = p.product_no
    where p.corp_id = ${corpId}::bigint and (${words}::text is null or p.name ilike ${words} or p.product_no ilike ${words} or p.category ilike ${words})
      and (${query.shop ?? null}::text is null or p.shop = ${query.shop ?? null})
    order by amount_fen desc, p.shop, p.product_no limit ${query.limit}`.execute(tx)
  return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }))
}
