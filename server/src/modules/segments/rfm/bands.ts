import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Scope } from '../../corps/context.ts'
import { readFacts } from '../../facts/count.ts'
import { factKey, factOf, ORDER_KIND } from '../../facts/spec.ts'
import { isCustomer } from '../build.ts'
import { type Compiling, deep, factRows } from '../compile.ts'
import { spanMs } from '../evaluate.ts'
import { seenBy } from '../read.ts'
import { BANDS, type Cuts, type Measure } from './schema.ts'

export const ORDERS = factOf({ kind: ORDER_KIND, where: [], untrusted: false })

/** What reading facts of these kinds within a query takes. */
export async function readCompiling(tx: Tx, corpId: string, kinds: readonly string[], now: Date): Promise<Compiling> {
  const facts = (await readFacts(tx, corpId, kinds)).filter((fact) => fact.filled)
  const factIds = new Map(facts.map((fact) => [factKey(fact), fact.factId]))
  return { corpId, now, refs: { rules: new Map(), states: new Map() }, factIds }
}

/** Every buyer one may see: rows (contact_id, age, orders, fen, worth) as a model measures them at `now`. */
export async function buyerRows(
  tx: Tx,
  corpId: string,
  { withinDays, money }: Measure,
  scope: Scope,
  now: Date,
): Promise<RawBuilder<unknown>> {
  const env = await readCompiling(tx, corpId, [ORDER_KIND], now)
  const after = withinDays === null ? null : new Date(now.getTime() - spanMs({ n: withinDays, unit: 'day' }))
  const measured = (all: RawBuilder<unknown>, within: RawBuilder<unknown>) =>
    after ? sql`(${deep(ORDERS, after, within, env)})::bigint` : all
  const fen =
    money === 'average'
      ? measured(sql`f.total / f.number`, sql`coalesce(div(sum(amount), nullif(count(*), 0)), 0)`)
      : measured(sql`f.total`, sql`coalesce(sum(amount), 0)`)
  return sql`
    select f.contact_id, ${now}::timestamptz - f.last_at as age, ${measured(sql`f.number::bigint`, sql`count(*)`)} as orders, ${fen} as fen, f.total as worth
    from ${factRows(ORDERS, env)} join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = f.contact_id
    where ${isCustomer} ${scope ? sql`and ${seenBy(scope)}` : sql``}`
}

/** The band of each measure, of rows as `buyerRows` gives them. */
export const bandOf = ({ r, f, m }: Cuts) => ({
  r: sql`(${sql.lit(BANDS)} - width_bucket(age, ${r.map((days) => `${days * 24} hours`)}::interval[]))`,
  f: sql`(1 + width_bucket(orders - 1, ${f}::bigint[]))`,
  m: sql`(1 + width_bucket(fen - 1, ${m}::bigint[]))`,
})

/** Which of the 125 boxes, from 1, in the order of `placeBoxes`. */
export const boxNumber = (cuts: Cuts): RawBuilder<unknown> => {
  const { r, f, m } = bandOf(cuts)
  return sql`((${r} - 1) * ${sql.lit(BANDS ** 2)} + (${f} - 1) * ${sql.lit(BANDS)} + ${m})`
}

/** Fifths of today's buyers: four cut points each, one statement. Null where nobody has bought. */
export async function readFifths(tx: Tx, corpId: string, measure: Measure, now: Date): Promise<Cuts | null> {
  const fifths = sql`array[0.2, 0.4, 0.6, 0.8]`
  const { rows } = await sql<{ r: number[] | null; f: number[]; m: number[] }>`
    select array(select least(floor(extract(epoch from age) / 86400)::int + 1, 1000) from unnest(percentile_disc(${fifths}) within group (order by age)) with ordinality as p(age, place) order by place) as r,
      array(select least(v, 999)::int from unnest(percentile_disc(${fifths}) within group (order by orders)) with ordinality as p(v, place) order by place) as f,
      array(select least(v, 10000000000)::float8 from unnest(percentile_disc(${fifths}) within group (order by fen)) with ordinality as p(v, place) order by place) as m
    from (${await buyerRows(tx, corpId, measure, undefined, now)}) buyer`.execute(tx)
  const found = rows[0]
  return found?.r && found.r.length > 0 ? { r: found.r, f: found.f, m: found.m } : null
}
