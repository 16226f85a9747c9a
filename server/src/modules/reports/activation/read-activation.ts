import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { DAY_MS } from '../../../platform/shanghai.ts'
import type { Scope } from '../../corps/context.ts'
import { deedRows } from '../../facts/deeds.ts'
import { ORDER_KIND } from '../../facts/spec.ts'
import { isCustomer } from '../../segments/build.ts'
import { factRows } from '../../segments/compile.ts'
import { seenBy } from '../../segments/read.ts'
import { ORDERS, readCompiling } from '../../segments/rfm/bands.ts'
import { Rule } from '../../segments/schema.ts'
import { expectAnswers, PEOPLE_MIN, REFERENCE, wilson } from './expect-response.ts'
import { readLifeFacts } from './life.ts'
import { type Activation, type ActivationRow, AGES, type Age } from './schema.ts'

/** Where the ages part, in hours since the last order. */
const EDGES: readonly { age: Age; n: number; unit: 'hour' | 'day' }[] = [
  { age: 'hours48', n: 48, unit: 'hour' },
  { age: 'days30', n: 30, unit: 'day' },
  { age: 'days90', n: 90, unit: 'day' },
  { age: 'days180', n: 180, unit: 'day' },
]
const ageOf = (since: RawBuilder<unknown>) =>
  sql`coalesce(width_bucket(${since}, ${EDGES.map(({ n, unit }) => `${n} ${unit}s`)}::interval[]), ${sql.lit(AGES.length - 1)})`

interface Sums {
  age: number
  people: number
  reachable: number
  totalFen: number
  orders: number
  of: number
  alive: number
  bought: number
}

/**
 * Customers by how long ago they bought last: who can be reached now, and of those who stood there `days` ago, who showed
 * life since and who bought. One walk over the customers with their orders' fact beside them, and over the deeds newer than
 * `days` by their index; the journal is asked only for whoever bought more than sixteen times since.
 */
export async function readActivation(
  tx: Tx,
  corpId: string,
  days: number,
  scope: Scope,
  now: Date,
): Promise<Activation> {
  const since = new Date(now.getTime() - days * DAY_MS)
  const life = await readLifeFacts(tx, corpId)
  const sums = await readSums(tx, corpId, { since, now, scope, lifeIds: life.factIds })
  const seen = AGES.map((age, place) => ({ ...EMPTY, ...sums.find((row) => row.age === place), age }))
  const answers = expectAnswers(seen)
  const rows = seen.map(({ orders, of, alive, bought, ...row }): ActivationRow => {
    const averageFen = orders > 0 ? Math.round(row.totalFen / orders) : null
    const buys = of >= PEOPLE_MIN ? wilson(bought, of) : null
    return {
      ...row,
      averageFen,
      observed: { of, alive, bought },
      answers: life.filled ? (answers.get(row.age) ?? null) : null,
      buys,
      expectedFen: buys && averageFen !== null ? Math.round(row.reachable * buys.rate * averageFen) : null,
      reference: REFERENCE[row.age],
      rule: ruleOf(row.age),
    }
  })
  return { since: since.toISOString(), counting: !life.filled, rows: rows.sort(wakeFirst) }
}

const EMPTY = { people: 0, reachable: 0, totalFen: 0, orders: 0, of: 0, alive: 0, bought: 0 }

/** Who may bring most, then who may answer most, then who bought last. */
const wakeFirst = (a: ActivationRow, b: ActivationRow) =>
  (b.expectedFen ?? -1) - (a.expectedFen ?? -1) ||
  b.reachable * (b.answers?.rate ?? -1) - a.reachable * (a.answers?.rate ?? -1) ||
  AGES.indexOf(a.age) - AGES.indexOf(b.age)

async function readSums(
  tx: Tx,
  corpId: string,
  { since, now, scope, lifeIds }: { since: Date; now: Date; scope: Scope; lifeIds: readonly string[] },
): Promise<Sums[]> {
  const orders = factRows(ORDERS, await readCompiling(tx, corpId, [ORDER_KIND], now), 'o')
  // All that is kept one by one may lie after: then older ones are looked up.
  const before = sql`
    case when o.last_at <= ${since}::timestamptz then o.last_at when o.first_at > ${since}::timestamptz then null
      else coalesce((select max(t) from unnest(o.times) t where t <= ${since}::timestamptz), (select max(d.at) from (${deedRows(corpId, ORDERS, { of: sql.ref('c.contact_id') })}) d where d.at <= ${since}::timestamptz)) end`
  const { rows } = await sql<Sums>`
    with here as (
      select coalesce(array_agg(s.staff_id), '{}') as ids from staff s where s.corp_id = ${corpId}::bigint and s.left_at is null and s.status = 1
        and not exists (select from off_duty d where d.corp_id = ${corpId}::bigint and d.staff_id = s.staff_id and (d.until is null or d.until > ${now}::timestamptz))
    ), living as (
      select distinct contact_id from contact_fact where corp_id = ${corpId}::bigint and fact_id = any(${[...lifeIds]}::bigint[]) and last_at > ${since}::timestamptz
    ), person as (
      select ${ageOf(sql`${now}::timestamptz - o.last_at`)} as age, ${ageOf(sql`${since}::timestamptz - (${before})`)} as age_then,
        c.first_added_at <= ${since}::timestamptz as was_there, c.lost_at is null and c.staff_ids && here.ids as reachable,
        coalesce(o.total, 0) as total, coalesce(o.number, 0) as orders, coalesce(o.last_at > ${since}::timestamptz, false) as bought, l.contact_id is not null as lives
      from contact c cross join here left join ${orders} on o.contact_id = c.contact_id left join living l on l.contact_id = c.contact_id
      where c.corp_id = ${corpId}::bigint and ${isCustomer} ${scope ? sql`and ${seenBy(scope)}` : sql``}
    )
    select age, sum(people)::int as people, sum(reachable)::int as reachable, sum(total)::float8 as total_fen, sum(orders)::float8 as orders, sum(those)::int as "of", sum(alive)::int as alive, sum(bought)::int as bought from (
      select age, count(*) as people, count(*) filter (where reachable) as reachable, sum(total) as total, sum(orders) as orders, 0 as those, 0 as alive, 0 as bought from person group by age
      union all
      select age_then, 0, 0, 0, 0, count(*), count(*) filter (where lives or bought), count(*) filter (where bought) from person where was_there group by age_then
    ) both_times group by age`.execute(tx)
  return rows
}

/** Those of one age who are friends still, as a segment's rule. */
function ruleOf(age: Age): Rule {
  const place = AGES.indexOf(age)
  const [older, newer] = [EDGES[place - 1], EDGES[place]]
  const span = (edge: (typeof EDGES)[number]) => ({ n: edge.n, unit: edge.unit })
  const deed = { kind: ORDER_KIND }
  const bought =
    age === 'never'
      ? { is: 'did', not: true, deed }
      : {
          is: 'when',
          deed,
          which: 'last',
          ...(older ? { olderThan: span(older) } : {}),
          ...(newer ? { newerThan: span(newer) } : {}),
        }
  return Rule.parse({ is: 'all', of: [bought, { is: 'lost', not: true }] })
}
