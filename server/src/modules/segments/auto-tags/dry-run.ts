import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { DAY_MS } from '../../../platform/shanghai.ts'
import { isCustomer } from '../build.ts'
import { type Compiling, toSql } from '../compile.ts'
import { evaluate, type Person } from '../evaluate.ts'
import { explain } from '../explain.ts'
import { holdsAt } from '../intervals.ts'
import { inFull, needsOf, readPersons } from '../persons.ts'
import { counting } from '../read.ts'
import type { Rule } from '../schema.ts'
import type { DryRun, DryRunAsked } from './schema.ts'

const SAMPLE = 6
const AHEAD_DAYS = [7, 30]
/** Customers asked one by one about time to come; more are counted once the rule is saved. */
const ASKED_MAX = 5_000

/** What would happen were the rule saved now. Nothing is written. */
export const dryRun = (tx: Tx, corpId: string, asked: DryRunAsked, now: Date): Promise<DryRun> =>
  counting(tx, corpId, asked.rule, now, async (env) => {
    const place = await readPlace(tx, corpId, asked)
    const { gainIds, ...counts } = await count(tx, env, asked, place)
    const isCounted = [...needsOf([asked.rule], env.refs).facts.keys()].every((key) => env.factIds.has(key))
    return {
      ...counts,
      moves: place.exclusive ? await countMoves(tx, env, asked, place) : [],
      ahead: isCounted ? await lookAhead(tx, env, asked.rule) : null,
      sample: await readSample(tx, env, asked.rule, gainIds, isCounted),
    }
  })

interface Place {
  tagName: string
  tagGroupId: string
  exclusive: boolean
  /** Where the rule is asked in its group; behind all others while it is new. */
  rank: number
}

async function readPlace(tx: Tx, corpId: string, { tagId, ruleId }: DryRunAsked): Promise<Place> {
  const { rows } = await sql<Place>`
    select t.name as tag_name, t.tag_group_id, exists (select from auto_tag_exclusive x where x.corp_id = ${corpId}::bigint and x.tag_group_id = t.tag_group_id) as exclusive,
      coalesce((select rank from auto_tag_rule r where r.corp_id = ${corpId}::bigint and r.rule_id = ${ruleId ?? null}::bigint and r.tag_id = t.tag_id), 1000000) as rank
    from tag t where t.corp_id = ${corpId}::bigint and t.tag_id = ${tagId}::bigint and t.deleted_at is null`.execute(tx)
  if (!rows[0]) throw new NotFound({ what: '标签' })
  return rows[0]
}

/** Whom the other rules of the group hold for now, as rows (contact_id, rank, name). */
const othersInside = ({ corpId, now }: Compiling, { ruleId }: DryRunAsked, { tagGroupId }: Place) => sql`
  select m.contact_id, r.rank, t.name from auto_tag_rule r
  join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id and t.tag_group_id = ${tagGroupId}::bigint and t.deleted_at is null
  join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
  join segment_member m on m.corp_id = ${corpId}::bigint and m.segment_id = r.segment_id and m.version = s.version and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz
  where r.corp_id = ${corpId}::bigint and r.state = 'on' and r.deleted_at is null and r.rule_id is distinct from ${ruleId ?? null}::bigint`

const hits = (env: Compiling, rule: Rule) => sql`
  select c.contact_id, c.last_added_at, c.followers, c.tag_ids from contact c where c.corp_id = ${env.corpId}::bigint and ${isCustomer} and ${toSql(rule, 'at', env)}`

async function count(tx: Tx, env: Compiling, asked: DryRunAsked, place: Place) {
  const { corpId } = env
  const { rows } = await sql<
    Pick<DryRun, 'members' | 'customers' | 'gains' | 'loses' | 'carry'> & { gainIds: string[] }
  >`
    with hit as materialized (${hits(env, asked.rule)}),
    wins as materialized (
      select * from hit where ${!place.exclusive} or contact_id not in (select o.contact_id from (${othersInside(env, asked, place)}) o where o.rank < ${place.rank})
    ), gain as materialized (
      select contact_id, last_added_at from wins w where followers > 0 and not tag_ids @> array[${asked.tagId}::bigint]
        and not exists (select from tag_refusal r where r.corp_id = ${corpId}::bigint and r.contact_id = w.contact_id and r.tag_id = ${asked.tagId}::bigint)
    )
    select (select count(*)::int from hit) as members, (select count(*)::int from contact c where c.corp_id = ${corpId}::bigint and ${isCustomer}) as customers,
      (select count(*)::int from gain) as gains,
      (select count(*)::int from hit where tag_ids @> array[${asked.tagId}::bigint]) as carry,
      (select count(distinct ft.contact_id)::int from follow_tag ft where ft.corp_id = ${corpId}::bigint and ft.tag_id = ${asked.tagId}::bigint and ft.source = 'rule'
        and ft.reason->>'ruleId' = ${asked.ruleId ?? ''} and ${!asked.keep} and ft.contact_id not in (select contact_id from wins)) as loses,
      array(select contact_id from gain order by last_added_at desc, contact_id desc limit ${SAMPLE}) as gain_ids`.execute(
    tx,
  )
  return rows[0]!
}

/** Customers whose tag by rule would be another: the first that holds before, and the first after. */
async function countMoves(tx: Tx, env: Compiling, asked: DryRunAsked, place: Place): Promise<DryRun['moves']> {
  const { corpId, now } = env
  const first = (rows: ReturnType<typeof sql>) =>
    sql`select distinct on (contact_id) contact_id, name from (${rows}) claim order by contact_id, rank`
  const { rows } = await sql<DryRun['moves'][number]>`
    with hit as materialized (${hits(env, asked.rule)}),
    other as materialized (${othersInside(env, asked, place)}),
    mine as materialized (
      select m.contact_id from auto_tag_rule r join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
      join segment_member m on m.corp_id = ${corpId}::bigint and m.segment_id = r.segment_id and m.version = s.version and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz
      where r.corp_id = ${corpId}::bigint and r.rule_id = ${asked.ruleId ?? null}::bigint and r.state = 'on' and r.deleted_at is null
    ),
    before as (${first(sql`select * from other union all select contact_id, ${place.rank}, ${place.tagName}::text from mine`)}),
    after as (${first(sql`select * from other union all select contact_id, ${place.rank}, ${place.tagName}::text from hit`)})
    select before.name as "from", after.name as "to", count(*)::int as number from before full join after using (contact_id)
    where before.name is distinct from after.name group by 1, 2 order by 3 desc, 1, 2`.execute(tx)
  return rows
}

/** Who will be in by time alone, asked of everybody who may be. */
async function lookAhead(tx: Tx, env: Compiling, rule: Rule): Promise<DryRun['ahead']> {
  const { corpId, now } = env
  const { rows } = await sql<{ contactId: string }>`
    select c.contact_id from contact c where c.corp_id = ${corpId}::bigint and ${isCustomer} and ${toSql(rule, 'maybe', env)} limit ${ASKED_MAX + 1}`.execute(
    tx,
  )
  if (rows.length > ASKED_MAX) return null
  const persons = await read(
    tx,
    env,
    rule,
    rows.map((row) => row.contactId),
  )
  const lives = [...persons.values()].map((person) => evaluate(rule, person, env.refs, now.getTime()))
  const from = now.getTime()
  return AHEAD_DAYS.map((days) => {
    const to = from + days * DAY_MS
    const isWithin = (at: number) => at > from && at <= to
    return {
      days,
      members: lives.filter((life) => holdsAt(life, to)).length,
      entered: lives.filter((life) => life.some(([since]) => isWithin(since))).length,
      exited: lives.filter((life) => life.some(([, until]) => isWithin(until))).length,
    }
  })
}

const read = (
  tx: Tx,
  { corpId, refs, factIds, now }: Compiling,
  rule: Rule,
  ids: string[],
): Promise<Map<string, Person>> => readPersons(tx, corpId, ids, inFull(needsOf([rule], refs)), factIds, now)

async function readSample(
  tx: Tx,
  env: Compiling,
  rule: Rule,
  ids: string[],
  isCounted: boolean,
): Promise<DryRun['sample']> {
  const { rows } = await sql<{ contactId: string; name: string; avatar: string | null }>`
    select contact_id, name, avatar from contact where corp_id = ${env.corpId}::bigint and contact_id = any(${ids}::bigint[]) order by last_added_at desc, contact_id desc`.execute(
    tx,
  )
  const persons = isCounted ? await read(tx, env, rule, ids) : undefined
  return rows.map((row) => {
    const person = persons?.get(row.contactId)
    const reason = person ? explain(rule, person, env.refs, env.now.getTime()) : null
    return { ...row, reason: reason as DryRun['sample'][number]['reason'] }
  })
}
