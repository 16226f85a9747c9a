import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import type { Scope, WorkContext } from '../corps/context.ts'
import { ensureFacts } from '../facts/count.ts'
import { fillFacts } from '../facts/fill.ts'
import { factKey, factOf } from '../facts/spec.ts'
import type { ValueQuery, ValueRows } from './schema.ts'
import { followersSql, instantSql, isOurs, requireGroup } from './seen.ts'

const BOUGHT = factOf({ kind: 'order.paid', where: [], untrusted: false })
const OPENED = factOf({ kind: 'content.opened', where: [], untrusted: false })
const KEYS = [factKey(BOUGHT), factKey(OPENED)] as const

/** Has what customers buy and open counted from now on, and once from what was before. */
export async function countValue({ db, clock }: WorkContext, corpId: string, signal?: AbortSignal): Promise<void> {
  await inCorp(db, corpId, (tx) => ensureFacts(tx, corpId, [BOUGHT, OPENED], clock.now()))
  await fillFacts(db, corpId, KEYS, clock.now(), signal)
}

/** The facts by which people in groups are ranked, once they are counted. */
export async function readValueFacts(
  tx: Tx,
  corpId: string,
): Promise<{ counted: boolean; bought: string | null; opened: string | null }> {
  const { rows } = await sql<{ key: string; factId: string }>`
    select key, fact_id from fact where corp_id = ${corpId}::bigint and key = any(${[...KEYS]}::text[]) and filled_at is not null`.execute(
    tx,
  )
  const [bought = null, opened = null] = KEYS.map((key) => rows.find((row) => row.key === key)?.factId)
  return { counted: rows.length === KEYS.length, bought, opened }
}

/** Customers who sit in a group, by what they bought, opened or did last: one statement, by what is counted of each. */
export async function rankMembers(
  tx: Tx,
  corpId: string,
  groupChatId: string,
  query: ValueQuery,
  scope: Scope,
): Promise<ValueRows> {
  await requireGroup(tx, corpId, groupChatId, scope)
  return rankSeated(tx, corpId, groupChatId, query, scope, { whole: false })
}

/** The same for whoever may see the group by another right than its owner's: he sits in it himself. */
export async function rankSeated(
  tx: Tx,
  corpId: string,
  groupChatId: string,
  query: ValueQuery,
  scope: Scope,
  /** Also whoever has never bought, opened or done anything. */
  { whole }: { whole: boolean },
): Promise<ValueRows> {
  const { counted, bought, opened } = await readValueFacts(tx, corpId)
  const by = {
    spent: sql`spent_fen desc, orders desc, opens desc`,
    orders: sql`orders desc, spent_fen desc, opens desc`,
    opens: sql`opens desc, last_open desc nulls last, spent_fen desc`,
    recent: sql`active_on desc nulls last, spent_fen desc`,
  }[query.by]
  const { rows } = await sql<ValueRows['items'][number]>`
    with sat as materialized (
      select c.contact_id, m.userid, c.name, c.avatar, coalesce(o.total, 0) as spent_fen, coalesce(o.number, 0) as orders, o.last_at as last_order, coalesce(r.number, 0) as opens, r.last_at as last_open, a.last_on as active_on
      from group_member m
      join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = m.userid
      join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = i.contact_id and ${isOurs(scope)}
      left join contact_fact o on o.corp_id = ${corpId}::bigint and o.contact_id = c.contact_id and o.fact_id = ${bought}::bigint
      left join contact_fact r on r.corp_id = ${corpId}::bigint and r.contact_id = c.contact_id and r.fact_id = ${opened}::bigint
      left join contact_active a on a.corp_id = ${corpId}::bigint and a.contact_id = c.contact_id
      where m.corp_id = ${corpId}::bigint and m.group_chat_id = ${groupChatId}::bigint and m.left_at is null and m.staff_id is null
    ), best as (select *, row_number() over (order by ${by}, contact_id) as place from sat where ${whole} or orders > 0 or opens > 0 or active_on is not null order by place limit ${query.limit})
    select c.contact_id, c.userid as external_userid, c.name, c.avatar, ${followersSql(corpId, scope)} as followers, c.spent_fen::float8 as spent_fen, c.orders, ${instantSql('c.last_order')} as last_order_at, c.opens, ${instantSql('c.last_open')} as last_open_at,
      to_char(c.active_on, 'YYYY-MM-DD') as active_on,
      (select jsonb_build_object('name', st.name, 'color', st.color) from stage_stay y join stage st on st.corp_id = ${corpId}::bigint and st.stage_id = y.stage_id
        join stage_flow fl on fl.corp_id = ${corpId}::bigint and fl.flow_id = y.flow_id and fl.archived_at is null
        where y.corp_id = ${corpId}::bigint and y.contact_id = c.contact_id and y.until is null order by fl.sort_order, fl.flow_id limit 1) as stage
    from best c order by c.place`.execute(tx)
  return { counted, items: rows }
}
