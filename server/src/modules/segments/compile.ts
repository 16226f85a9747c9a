import { type RawBuilder, sql } from 'kysely'
import { deedRows } from '../facts/deeds.ts'
import { type Deed, type FactSpec, RECENT_MAX } from '../facts/schema.ts'
import { factKey, factOf } from '../facts/spec.ts'
import { anniversaryDays, type References, spanMs } from './evaluate.ts'
import type { Condition, Node, Span } from './schema.ts'

/**
 * What SQL is to say of a rule: that it holds `at` an instant; that it `maybe` holds then or later if nothing else happens
 * (a superset); that it `always` does from then on (a subset). The last two spare a build everybody who cannot be in.
 */
export type Mode = 'at' | 'maybe' | 'always'

export interface Compiling {
  corpId: string
  now: Date
  refs: References
  /** Ids of facts that are fully counted, by `factKey`. What is not here is counted from the journal within the query. */
  factIds: ReadonlyMap<string, string>
}

type Sql = RawBuilder<unknown>
const YES = sql`true`
const NO = sql`false`
const TURNED: Record<Mode, Mode> = { at: 'at', maybe: 'always', always: 'maybe' }

/** A condition on `contact c`. Never null. */
export function toSql(node: Node, mode: Mode, env: Compiling): Sql {
  const plain = plainSql(node, node.not ? TURNED[mode] : mode, env)
  return node.not ? sql`not ${plain}` : plain
}

function plainSql(node: Node, mode: Mode, env: Compiling): Sql {
  if (node.is === 'all') return sql`(${sql.join(allOf(node.of, mode, env), sql` and `)})`
  if (node.is === 'any')
    return sql`(${sql.join(
      node.of.map((part) => toSql(part, mode, env)),
      sql` or `,
    )})`
  const test = factTest(node, mode, env)
  return test
    ? ofFact(test.spec, [test], env)
    : SAY[node.is as Exclude<Condition['is'], FactCondition['is']>](node as never, mode, env)
}

/** What is asked of one fact together is read together: three questions about orders are one look at them. */
function allOf(parts: readonly Node[], mode: Mode, env: Compiling): Sql[] {
  const tests = new Map<string, FactTest[]>()
  const rest: Sql[] = []
  for (const part of parts) {
    const test = part.is === 'all' || part.is === 'any' || part.not ? undefined : factTest(part, mode, env)
    if (test && !test.absent) tests.set(factKey(test.spec), [...(tests.get(factKey(test.spec)) ?? []), test])
    else rest.push(toSql(part, mode, env))
  }
  return [...[...tests.values()].map((group) => ofFact(group[0]!.spec, group, env)), ...rest]
}

type FactCondition = Extract<Condition, { is: 'did' | 'total' | 'when' }>
/** A question about a row `f` of a fact; `absent` is the answer where there is none. */
interface FactTest {
  spec: FactSpec
  absent: boolean
  holds: Sql
}

function ofFact(spec: FactSpec, tests: readonly FactTest[], env: Compiling): Sql {
  const holds = sql.join(
    tests.map((test) => test.holds),
    sql` and `,
  )
  const rows = sql`select from ${factRows(spec, env)} where f.contact_id = c.contact_id`
  return tests[0]!.absent ? sql`not exists (${rows} and (${holds}) is not true)` : sql`exists (${rows} and ${holds})`
}

/** The fact as counted; or, never counted before, as the journal says, in the same shape. */
export function factRows(spec: FactSpec, { corpId, factIds }: Compiling, name = 'f'): Sql {
  const factId = factIds.get(factKey(spec))
  const table = sql.ref(name)
  if (factId)
    return sql`(select * from contact_fact where corp_id = ${corpId}::bigint and fact_id = ${factId}::bigint) ${table}`
  return sql`(select contact_id, count(*)::int as number, sum(amount)::bigint as total, min(at) as first_at, max(at) as last_at,
    array_agg(at order by at desc, amount desc) as times, array_agg(amount order by at desc, amount desc) as amounts from (${deedRows(corpId, spec)}) d group by contact_id) ${table}`
}

function factTest(c: Node, mode: Mode, env: Compiling): FactTest | undefined {
  if (c.is === 'did') return didTest(c, mode, env)
  if (c.is === 'total') return totalTest(c, mode, env)
  if (c.is !== 'when') return undefined
  const at = sql.ref(c.which === 'last' ? 'f.last_at' : 'f.first_at')
  return { spec: factOf(c.deed), absent: false, holds: sinceSql(at, c, mode, env.now) }
}

type Of<Is extends Condition['is']> = Extract<Condition, { is: Is }>
const before = (now: Date, span: Span) => sql`${new Date(now.getTime() - spanMs(span))}::timestamptz`

/** Older than the one and newer than the other; the older becomes true by waiting, the newer false. */
function sinceSql(
  at: Sql,
  { olderThan, newerThan }: { olderThan?: Span | undefined; newerThan?: Span | undefined },
  mode: Mode,
  now: Date,
): Sql {
  const older = olderThan && mode !== 'maybe' ? sql`${at} <= ${before(now, olderThan)}` : YES
  const newer = newerThan ? (mode === 'always' ? NO : sql`${at} > ${before(now, newerThan)}`) : YES
  return sql`(${older} and ${newer})`
}

function didTest({ deed, atLeast, atMost, within }: Of<'did'>, mode: Mode, env: Compiling): FactTest {
  const least = atLeast ?? (atMost === undefined ? 1 : 0)
  const spec = factOf(deed)
  const reached = (k: number): Sql => {
    if (k === 0) return YES
    if (!within) return sql`f.number >= ${k}`
    const after = before(env.now, within)
    return k <= RECENT_MAX
      ? sql`coalesce(f.times[${sql.lit(k)}] > ${after}, false)`
      : sql`(f.number >= ${k} and (${deep(spec, new Date(env.now.getTime() - spanMs(within)), sql`count(*)`, env)}) >= ${k})`
  }
  // Within a window, having done it enough ends by waiting, and having done it too often ends too.
  const enough = within && mode === 'always' && least > 0 ? NO : reached(least)
  const notTooOften = atMost === undefined || (within && mode === 'maybe') ? YES : sql`not ${reached(atMost + 1)}`
  return { spec, absent: least === 0, holds: sql`(${enough} and ${notTooOften})` }
}

function totalTest(
  { deed, amount, atLeast, atMost, within, average }: Of<'total'>,
  mode: Mode,
  env: Compiling,
): FactTest {
  const spec = factOf(deed, amount)
  const bounds = (sum: Sql) => {
    const asked = [
      atLeast === undefined ? [] : sql`${sum} >= ${atLeast}`,
      atMost === undefined ? [] : sql`${sum} <= ${atMost}`,
    ].flat()
    // The mean of nothing is null: it is no answer even where no bound is asked.
    return asked.length > 0 ? sql`(${sql.join(asked, sql` and `)})` : sql`${sum} is not null`
  }
  const absent = !average && (atLeast ?? 0) <= 0 && (atMost ?? 0) >= 0
  if (!within) return { spec, absent, holds: bounds(average ? sql`f.total / f.number` : sql`f.total`) }
  const after = new Date(env.now.getTime() - spanMs(within))
  if (mode === 'maybe') return { spec, absent, holds: absent ? YES : sql`f.last_at > ${after}::timestamptz` }
  if (mode === 'always') return { spec, absent, holds: NO }
  const sum = average ? sql`div(sum(amount), nullif(count(*), 0))` : sql`coalesce(sum(amount), 0)`
  return { spec, absent, holds: bounds(sql`(${deep(spec, after, sum, env)})`) }
}

/** Something counted over all deeds after an instant: of the newest, where they reach back so far, else of the journal. */
export const deep = (spec: FactSpec, after: Date, what: Sql, { corpId }: Compiling): Sql => sql`
  case when f.number <= cardinality(f.times) or f.times[cardinality(f.times)] <= ${after}::timestamptz
    then (select ${what} from unnest(f.times, f.amounts) as deed(at, amount) where at > ${after}::timestamptz)
    else (select ${what} from (${deedRows(corpId, spec, { of: sql.ref('f.contact_id'), after })}) d) end`

const SAY: { [Is in Exclude<Condition['is'], FactCondition['is']>]: (c: Of<Is>, mode: Mode, env: Compiling) => Sql } = {
  sequence: (c, _, env) => sql`exists (
    select from ${factRows(factOf(c.deed), env, 'f')} join ${factRows(factOf(c.next), env, 'n')} using (contact_id)
    where contact_id = c.contact_id and exists (select from ${allTimes(c.deed, 'f', env)} one, ${allTimes(c.next, 'n', env)} next
      where one.at < next.at and next.at <= one.at + ${spanMs(c.within) / 1_000} * interval '1 second'))`,
  tags: ({ any, all }) =>
    sql`(${any ? sql`c.tag_ids && ${any}::bigint[]` : YES} and ${all ? sql`c.tag_ids @> ${all}::bigint[]` : YES})`,
  staff: ({ ids }) => sql`c.staff_ids && ${ids}::bigint[]`,
  channels: ({ ids }, _, { corpId, refs }) =>
    sql`exists (select from follow w where w.corp_id = ${corpId}::bigint and w.contact_id = c.contact_id and w.state = any(${ids.flatMap((id) => refs.states.get(id) ?? [])}::text[]))`,
  added: (c, mode, { now }) =>
    sql`(c.last_added_at is not null and ${sinceSql(sql.ref('c.last_added_at'), c, mode, now)})`,
  lost: () => sql`c.lost_at is not null`,
  gender: ({ values }) => sql`c.gender = any(${values}::smallint[])`,
  member: ({ levels, atLeast, atMost }, _, { corpId }) => sql`exists (
    select from contact_identity w join member_account a on a.corp_id = ${corpId}::bigint and a.member_no = w.value
    where w.corp_id = ${corpId}::bigint and w.contact_id = c.contact_id and w.kind = 'member'
      and ${levels ? sql`a.level = any(${levels}::text[])` : YES} and ${atLeast === undefined ? YES : sql`a.points >= ${atLeast}`} and ${atMost === undefined ? YES : sql`a.points <= ${atMost}`})`,
  field: (c, _, env) => ofField(c.fieldId, fieldSql(c), env),
  anniversary: (c, mode, env) =>
    mode === 'always'
      ? NO
      : ofField(
          c.fieldId,
          mode === 'maybe'
            ? YES
            : sql`jsonb_typeof(v.value) = 'string' and substr(v.value #>> '{}', 6) = any(${anniversaryDays(c, env.now)}::text[])`,
          env,
        ),
  stage: (c, mode, { corpId, now }) =>
    sql`exists (select from stage_stay y where y.corp_id = ${corpId}::bigint and y.contact_id = c.contact_id and y.until is null and y.stage_id = any(${c.ids}::bigint[])
      and ${sinceSql(sql.ref('y.since'), c, mode, now)})`,
  group: ({ ids }, _, { corpId }) => sql`exists (
    select from contact_identity w join group_member m on m.corp_id = ${corpId}::bigint and m.userid = w.value and m.left_at is null and m.staff_id is null and m.group_chat_id = any(${ids}::bigint[])
    where w.corp_id = ${corpId}::bigint and w.contact_id = c.contact_id and w.kind = 'external_userid')`,
  segment: ({ segmentId }, mode, env) => {
    const rule = env.refs.rules.get(segmentId)
    return rule ? toSql(rule, mode, env) : NO
  },
}

const allTimes = (deed: Deed, name: string, { corpId }: Compiling): Sql => sql`(
  select at from unnest(${sql.ref(`${name}.times`)}) as deed(at) where ${sql.ref(`${name}.number`)} <= cardinality(${sql.ref(`${name}.times`)})
  union all select at from (${deedRows(corpId, factOf(deed), { of: sql.ref('c.contact_id') })}) d where ${sql.ref(`${name}.number`)} > cardinality(${sql.ref(`${name}.times`)}))`

const ofField = (fieldId: string, holds: Sql, { corpId }: Compiling): Sql =>
  sql`exists (select from contact_field_value v where v.corp_id = ${corpId}::bigint and v.contact_field_id = ${fieldId}::bigint and v.contact_id = c.contact_id and ${holds})`

function fieldSql({ op, values }: Of<'field'>): Sql {
  const text = sql`(v.value #>> '{}')`
  const bound = values[0]
  const compared = (than: Sql) =>
    typeof bound === 'number'
      ? sql`case when jsonb_typeof(v.value) = 'number' then v.value::numeric ${than} ${bound}::float8::numeric else false end`
      : bound === undefined
        ? NO
        : sql`(jsonb_typeof(v.value) = 'string' and ${text} collate "C" ${than} ${bound})`
  switch (op) {
    case 'filled':
      return YES
    case 'is':
      return sql`exists (select from jsonb_array_elements(${JSON.stringify(values)}::jsonb) x where v.value @> x)`
    case 'contains':
      return sql`(jsonb_typeof(v.value) = 'string' and exists (select from unnest(${values.filter((one) => typeof one === 'string')}::text[]) x where strpos(${text}, x) > 0))`
    case 'atLeast':
      return compared(sql`>=`)
    case 'atMost':
      return compared(sql`<=`)
  }
}
