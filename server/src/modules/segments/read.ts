import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { addDays, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import { requireContact } from '../contacts/read-profile.ts'
import type { Scope } from '../corps/context.ts'
import { readFacts } from '../facts/count.ts'
import { factKey } from '../facts/spec.ts'
import { isCustomer } from './build.ts'
import { type Compiling, toSql } from './compile.ts'
import { PreviewTookTooLong, RuleRefersToMissing } from './errors.ts'
import { evaluate } from './evaluate.ts'
import { explain, nextChange } from './explain.ts'
import { inFull, needsOf, readPersons } from './persons.ts'
import type { Membership, Preview, PreviewParts, Rule, SegmentDay, SegmentSummary, SegmentView, Why } from './schema.ts'
import { checkRule } from './service.ts'
import { readReferences } from './versions.ts'

const DAYS = 30
const PREVIEW_MS = 8_000
const SAMPLE = 6
/** PostgreSQL: the statement's time was up. */
const CANCELLED = '57014'

/** Members by the version that is read, at an instant, of customers one may see. */
const membersAt = (corpId: string, at: Date, scope: Scope): RawBuilder<unknown> => sql`
  (select count(*)::int from segment_member m ${scope ? sql`join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = m.contact_id and ${seenBy(scope)}` : sql``}
    where m.corp_id = ${corpId}::bigint and m.segment_id = s.segment_id and m.version = s.version and m.since <= ${at}::timestamptz and m.until > ${at}::timestamptz)`

/** Whoever follows or has followed him. */
const seenBy = (scope: readonly string[]) =>
  sql`(c.staff_ids && ${[...scope]}::bigint[] or c.past_staff_ids && ${[...scope]}::bigint[])`

/** The segments people made, by name. */
export async function listSegments(tx: Tx, corpId: string, scope: Scope, now: Date): Promise<SegmentSummary[]> {
  return readSummaries(tx, corpId, sql`s.archived_at is null and s.used_by = 'people'`, scope, now)
}

async function readSummaries(
  tx: Tx,
  corpId: string,
  which: RawBuilder<unknown>,
  scope: Scope,
  now: Date,
): Promise<SegmentSummary[]> {
  const dayAgo = new Date(now.getTime() - 86_400_000)
  const { rows } = await sql<
    Omit<SegmentSummary, 'updatedAt' | 'building'> & {
      updatedAt: Date
      done: number | null
      total: number | null
      state: string
    }
  >`
    select s.segment_id, s.name, s.note, s.created_by, s.updated_at,
      case when s.version = 0 then null else ${membersAt(corpId, now, scope)} end as members,
      ${scope ? sql`0` : sql`coalesce((select sum(cardinality(f.entered)) from segment_flip f where f.corp_id = ${corpId}::bigint and f.segment_id = s.segment_id and f.why <> 'edit' and f.at > ${dayAgo}::timestamptz), 0)::int`} as entered,
      ${scope ? sql`0` : sql`coalesce((select sum(cardinality(f.exited)) from segment_flip f where f.corp_id = ${corpId}::bigint and f.segment_id = s.segment_id and f.why <> 'edit' and f.at > ${dayAgo}::timestamptz), 0)::int`} as exited,
      v.state, v.done, v.total, case when v.state = 'failed' then coalesce(v.cause, '') end as failed,
      jsonb_path_exists(v.rule, '$.** ? (@.untrusted == true)') as untrusted
    from segment s join lateral (select * from segment_version n where n.corp_id = ${corpId}::bigint and n.segment_id = s.segment_id order by n.version desc limit 1) v on true
    where s.corp_id = ${corpId}::bigint and ${which} order by s.name`.execute(tx)
  return rows.map(({ state, done, total, updatedAt, ...row }) => ({
    ...row,
    updatedAt: updatedAt.toISOString(),
    building: state === 'building' ? { done: done ?? 0, total } : null,
  }))
}

/** One segment with its rule, its last days and its next. */
export async function readSegment(
  tx: Tx,
  corpId: string,
  segmentId: string,
  scope: Scope,
  now: Date,
): Promise<SegmentView> {
  const [summary] = await readSummaries(
    tx,
    corpId,
    sql`s.archived_at is null and s.segment_id = ${segmentId}::bigint`,
    scope,
    now,
  )
  if (!summary) throw new NotFound({ what: '人群' })
  const { rows: versions } = await sql<{
    version: number
    state: SegmentView['versions'][number]['state']
    madeBy: string
    madeAt: Date
    rule: Rule
  }>`
    select version, state, made_by, made_at, rule from segment_version where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint order by version desc limit 20`.execute(
    tx,
  )
  const days =
    scope || summary.members === null
      ? { past: null, coming: null }
      : await readDays(tx, corpId, segmentId, summary.members, now)
  return {
    ...summary,
    rule: versions[0]!.rule,
    ...days,
    versions: versions.map(({ rule: _, madeAt, ...one }) => ({ ...one, madeAt: madeAt.toISOString() })),
  }
}

/** Back from today by who went in and out; ahead by when each membership begins and ends. */
async function readDays(
  tx: Tx,
  corpId: string,
  segmentId: string,
  members: number,
  now: Date,
): Promise<{ past: SegmentDay[]; coming: SegmentDay[] }> {
  const today = shanghaiDay(now)
  const [first, last] = [addDays(today, -DAYS + 1), addDays(today, DAYS)]
  const dayOf = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`
  const { rows: lives } = await sql<{ at: Date | null }>`
    select min(live_at) as at from segment_version where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint`.execute(
    tx,
  )
  const born = shanghaiDay(lives[0]?.at ?? now)
  const { rows: gone } = await sql<{ day: string; entered: number; exited: number }>`
    select ${dayOf('at')} as day, sum(cardinality(entered))::int as entered, sum(cardinality(exited))::int as exited from segment_flip
    where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint and at >= ${dayStart(first)}::timestamptz group by 1`.execute(
    tx,
  )
  const rowsOf = sql`from segment_member m join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = m.segment_id and s.version = m.version
    where m.corp_id = ${corpId}::bigint and m.segment_id = ${segmentId}::bigint`
  const { rows: ahead } = await sql<{ day: string; entered: number; exited: number }>`
    select day, sum(entered)::int as entered, sum(exited)::int as exited from (
      select ${dayOf('m.since')} as day, 1 as entered, 0 as exited ${rowsOf} and m.in_by = 'time' and m.since > ${now}::timestamptz and m.since < ${dayStart(addDays(last, 1))}::timestamptz
      union all select ${dayOf('m.until')}, 0, 1 ${rowsOf} and m.until > ${now}::timestamptz and m.until < ${dayStart(addDays(last, 1))}::timestamptz
    ) edge group by day`.execute(tx)
  const [before, after] = [new Map(gone.map((row) => [row.day, row])), new Map(ahead.map((row) => [row.day, row]))]
  const past: SegmentDay[] = []
  let held = members
  for (let day = today; day >= first && day >= born; day = addDays(day, -1)) {
    const { entered = 0, exited = 0 } = before.get(day) ?? {}
    past.unshift({ day, members: held, entered, exited })
    held -= entered - exited
  }
  const coming: SegmentDay[] = []
  held = members
  for (let day = today; day <= last; day = addDays(day, 1)) {
    const { entered = 0, exited = 0 } = after.get(day) ?? {}
    held += entered - exited
    coming.push({ day, members: held, entered, exited })
  }
  return { past, coming }
}

/** How many a rule would hold now, whoever else asks: counted from facts, or from the journal where nobody counted yet. */
export const previewRule = (tx: Tx, corpId: string, rule: Rule, now: Date): Promise<Preview> =>
  counting(tx, corpId, rule, now, async (env) => {
    const { rows } = await sql<{ members: number; customers: number; ids: string[] }>`
      with hit as materialized (select c.contact_id, c.last_added_at from contact c where c.corp_id = ${corpId}::bigint and ${isCustomer} and ${toSql(rule, 'at', env)})
      select (select count(*)::int from hit) as members, (select count(*)::int from contact c where c.corp_id = ${corpId}::bigint and ${isCustomer}) as customers,
        array(select contact_id from hit order by last_added_at desc, contact_id desc limit ${SAMPLE}) as ids`.execute(
      tx,
    )
    const { members = 0, customers = 0, ids = [] } = rows[0] ?? {}
    const { rows: sample } = await sql<Preview['sample'][number]>`
      select contact_id, name, avatar from contact where corp_id = ${corpId}::bigint and contact_id = any(${ids}::bigint[]) order by last_added_at desc, contact_id desc`.execute(
      tx,
    )
    return { members, customers, sample }
  })

/** What each part of a rule holds by itself, and what it leaves of those before it. */
export const previewParts = (tx: Tx, corpId: string, rule: Rule, now: Date): Promise<PreviewParts> =>
  counting(tx, corpId, rule, now, async (env) => {
    const parts = rule.of.map((part) => toSql(part, 'at', env))
    const upTo = parts.map((_, i) => sql`(${sql.join(parts.slice(0, i + 1), sql` and `)})`)
    const count = (which: readonly RawBuilder<unknown>[]) =>
      sql`array[${sql.join(which.map((where) => sql`(select count(*)::int from contact c where c.corp_id = ${corpId}::bigint and ${isCustomer} and ${where})`))}]::int[]`
    const { rows } =
      await sql<PreviewParts>`select ${count(parts)} as alone, ${rule.is === 'all' ? count(upTo) : sql`'{}'::int[]`} as "left"`.execute(
        tx,
      )
    return rows[0] ?? { alone: [], left: [] }
  })

async function counting<T>(
  tx: Tx,
  corpId: string,
  rule: Rule,
  now: Date,
  count: (env: Compiling) => Promise<T>,
): Promise<T> {
  await checkRule(tx, corpId, rule)
  const refs = await readReferences(tx, corpId, [rule])
  const facts = await readFacts(tx, corpId)
  const factIds = new Map(facts.filter((fact) => fact.filled).map((fact) => [factKey(fact), fact.factId]))
  await sql`select set_config('statement_timeout', ${String(PREVIEW_MS)}, true), set_config('work_mem', '64MB', true)`.execute(
    tx,
  )
  try {
    return await count({ corpId, now, refs, factIds })
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === CANCELLED) throw new PreviewTookTooLong()
    throw error
  }
}

/** Why a customer is in a segment or not, since when, until when. */
export async function readWhy(
  tx: Tx,
  corpId: string,
  segmentId: string,
  contactId: string,
  scope: Scope,
  now: Date,
): Promise<Why> {
  const { rows } = await sql<{ name: string; rule: Rule; since: Date | null }>`
    select s.name, v.rule, (select m.since from segment_member m where m.corp_id = ${corpId}::bigint and m.contact_id = ${contactId}::bigint and m.segment_id = s.segment_id
        and m.version = s.version and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz) as since
    from segment s join segment_version v on v.corp_id = ${corpId}::bigint and v.segment_id = s.segment_id and v.version = s.version
    where s.corp_id = ${corpId}::bigint and s.segment_id = ${segmentId}::bigint and s.archived_at is null
      and exists (select from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = ${contactId}::bigint and ${isCustomer} ${scope ? sql`and ${seenBy(scope)}` : sql``})`.execute(
    tx,
  )
  const held = rows[0]
  if (!held) throw new NotFound({ what: '人群或客户' })
  const refs = await readReferences(tx, corpId, [held.rule])
  const factIds = new Map((await readFacts(tx, corpId)).map((fact) => [factKey(fact), fact.factId]))
  const needs = inFull(needsOf([held.rule], refs))
  const person = (await readPersons(tx, corpId, [contactId], needs, factIds, now)).get(contactId)
  if (!person) throw new RuleRefersToMissing({ what: '客户' })
  const reason = explain(held.rule, person, refs, now.getTime())
  const turns = nextChange(evaluate(held.rule, person, refs, now.getTime()), now.getTime())
  return {
    name: held.name,
    rule: held.rule,
    reason: reason as Why['reason'],
    inside: reason.holds,
    since: held.since?.toISOString() ?? null,
    until: reason.holds ? turns : null,
    entersAt: reason.holds ? null : turns,
  }
}

/** A customer's segments, and those he will come into by time alone. */
export async function readMemberships(
  tx: Tx,
  corpId: string,
  contactId: string,
  scope: Scope,
  now: Date,
): Promise<Membership[]> {
  const root = await requireContact(tx, corpId, contactId, scope)
  const { rows } = await sql<{ segmentId: string; name: string; since: Date; until: Date | number; inside: boolean }>`
    select distinct on (s.segment_id) s.segment_id, s.name, m.since, m.until, m.since <= ${now}::timestamptz as inside
    from segment_member m join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = m.segment_id and s.version = m.version and s.archived_at is null and s.used_by = 'people'
    where m.corp_id = ${corpId}::bigint and m.contact_id = ${root}::bigint and m.until > ${now}::timestamptz
    order by s.segment_id, m.since`.execute(tx)
  return rows
    .map((row) => ({
      ...row,
      since: row.since.toISOString(),
      until: typeof row.until === 'number' ? null : row.until.toISOString(),
    }))
    .sort((a, b) => Number(b.inside) - Number(a.inside) || a.name.localeCompare(b.name, 'zh'))
}

/** How many of a segment are also in each other one. */
export async function readOverlaps(
  tx: Tx,
  corpId: string,
  segmentId: string,
  now: Date,
): Promise<{ segmentId: string; name: string; members: number; both: number }[]> {
  const inside = sql`m.corp_id = ${corpId}::bigint and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz`
  const { rows } = await sql<{ segmentId: string; name: string; members: number; both: number }>`
    with mine as materialized (
      select m.contact_id from segment_member m join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = m.segment_id and s.version = m.version
      where ${inside} and m.segment_id = ${segmentId}::bigint
    )
    select s.segment_id, s.name, count(m.contact_id)::int as members, count(mine.contact_id)::int as "both"
    from segment s left join segment_member m on ${inside} and m.segment_id = s.segment_id and m.version = s.version left join mine on mine.contact_id = m.contact_id
    where s.corp_id = ${corpId}::bigint and s.archived_at is null and s.used_by = 'people' and s.version > 0 and s.segment_id <> ${segmentId}::bigint group by s.segment_id, s.name order by "both" desc, s.name`.execute(
    tx,
  )
  return rows
}
