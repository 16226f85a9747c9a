import { type RawBuilder, sql } from 'kysely'
import { spanMs } from '../../server/src/modules/segments/evaluate.ts'
import { type Condition, Rule } from '../../server/src/modules/segments/schema.ts'
import { KINDS } from './engine-data.ts'

const day = (n: number) => ({ n, unit: 'day' })

/** Twenty segments, half of them broad: what shops ask, over orders, events in windows and tags. */
export function twenty(tagIds: readonly string[], from = 0): Rule[] {
  const order = { kind: 'order.paid' }
  return Array.from({ length: 20 }, (_, n): Rule => {
    const i = n + from
    const view = {
      kind: 'product.viewed',
      where: i % 4 === 3 ? [{ prop: 'productNo', op: 'is', values: [`P${i}`] }] : [],
    }
    const tag = { is: 'tags', any: [tagIds[(i * 7) % 40], tagIds[(i * 11) % 90]] }
    const often = { is: 'did', deed: order, atLeast: 2 + (i % 3) }
    const spent = { is: 'total', deed: order, amount: 'amountFen', atLeast: 20_000 + 5_000 * (i % 5) }
    const leaving = {
      is: 'when',
      deed: order,
      which: 'last',
      olderThan: day(20 + (i % 3) * 10),
      newerThan: day(60 + (i % 4) * 10),
    }
    const seen = { is: 'did', deed: view, atLeast: 1 + (i % 2), within: day(3 + (i % 5)) }
    const cart = { is: 'did', deed: { kind: KINDS[2] }, atLeast: 1, within: day(7) }
    const shapes = [
      [often, leaving],
      [spent, seen],
      [often, spent, leaving, tag, seen],
      [leaving, seen],
      [tag, cart],
      [often, spent],
      [spent, leaving, tag],
      [seen, cart],
      [often, tag],
      [often, spent, leaving],
    ]
    return Rule.parse({ is: 'all', of: shapes[i % shapes.length] })
  })
}

/** The same rule over raw history as well as we can write it: windows first, one look at each table, no subquery per row. */
export function recompute(corpId: string, rule: Rule, now: Date): RawBuilder<unknown> {
  const conditions = rule.of as Condition[]
  const orders = conditions.filter((c) => 'deed' in c && c.deed.kind === 'order.paid')
  const having = orders.map((c) => {
    if (c.is === 'did') return sql`count(*) >= ${c.atLeast ?? 1}`
    if (c.is === 'total') return sql`sum(amount_fen - refunded_fen) >= ${c.atLeast ?? 0}`
    if (c.is !== 'when') throw new Error(c.is)
    return sql`max(paid_at) <= ${new Date(now.getTime() - spanMs(c.olderThan!))}::timestamptz and max(paid_at) > ${new Date(now.getTime() - spanMs(c.newerThan!))}::timestamptz`
  })
  const sets: RawBuilder<unknown>[] = []
  if (having.length > 0)
    sets.push(
      sql`select contact_id from customer_order where corp_id = ${corpId}::bigint and paid_at is not null and state <> 'closed' and refunded_fen < amount_fen group by contact_id having ${sql.join(having, sql` and `)}`,
    )
  for (const c of conditions) {
    if (c.is === 'did' && c.within) {
      const where = c.deed.where.map((one) => sql`and props @> ${JSON.stringify({ [one.prop]: one.values[0] })}::jsonb`)
      sets.push(
        sql`select contact_id from event where corp_id = ${corpId}::bigint and kind = ${c.deed.kind} and at > ${new Date(now.getTime() - spanMs(c.within))}::timestamptz ${sql.join(where, sql` `)} group by contact_id having count(*) >= ${c.atLeast ?? 1}`,
      )
    }
    if (c.is === 'tags')
      sets.push(sql`select contact_id from contact where corp_id = ${corpId}::bigint and tag_ids && ${c.any}::bigint[]`)
  }
  const joined = sets.map((set, i) => sql`(${set}) ${sql.ref(`s${i}`)}`)
  const [first, ...rest] = joined
  return sql`select s0.contact_id from ${first} ${
    rest.length > 0
      ? sql`join ${sql.join(
          rest.map((one) => sql`${one} using (contact_id)`),
          sql` join `,
        )}`
      : sql``
  }`
}
