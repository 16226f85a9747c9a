import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { markChanged, markChanges } from './changes.ts'
import { deedRows } from './deeds.ts'
import { amountOf, matches } from './matches.ts'
import { type FactSpec, type PropFilter, RECENT_MAX } from './schema.ts'
import { factKey, ORDER_KIND } from './spec.ts'

export interface Fact extends FactSpec {
  factId: string
  filled: boolean
}

/** The facts a corp counts; of these kinds alone when given. */
export async function readFacts(tx: Tx, corpId: string, kinds?: readonly string[]): Promise<Fact[]> {
  const { rows } = await sql<Omit<Fact, 'where'> & { filter: PropFilter[] }>`
    select fact_id, kind, filter, amount, untrusted, filled_at is not null as filled from fact
    where corp_id = ${corpId}::bigint and (${kinds ?? null}::text[] is null or kind = any(${kinds ?? null}::text[]))`.execute(
    tx,
  )
  return rows.map(({ filter, ...fact }) => ({ ...fact, where: filter }))
}

/** Has these counted from now on; those never counted before wait to be filled from the journal. Ids by `factKey`. */
export async function ensureFacts(
  tx: Tx,
  corpId: string,
  specs: readonly FactSpec[],
  now: Date,
): Promise<Map<string, string>> {
  const byKey = new Map(specs.map((spec) => [factKey(spec), spec]))
  const keys = [...byKey.keys()].sort()
  const of = <T>(read: (spec: FactSpec) => T): T[] => keys.map((key) => read(byKey.get(key)!))
  await sql`
    insert into fact (corp_id, key, kind, filter, amount, untrusted, created_at)
    select ${corpId}::bigint, key, kind, filter, amount, untrusted, ${now}::timestamptz
    from unnest(${keys}::text[], ${of((s) => s.kind)}::text[], ${of((s) => JSON.stringify(s.where))}::jsonb[], ${of((s) => s.amount)}::text[], ${of((s) => s.untrusted)}::boolean[])
      as given(key, kind, filter, amount, untrusted)
    on conflict (corp_id, key) do nothing`.execute(tx)
  const { rows } = await sql<{ key: string; factId: string }>`
    select key, fact_id from fact where corp_id = ${corpId}::bigint and key = any(${keys}::text[])`.execute(tx)
  return new Map(rows.map((row) => [row.key, row.factId]))
}

/**
 * Adding to counts and counting anew exclude each other for a corp: whoever adds holds the lock shared until he commits,
 * whoever recounts holds it alone. What was appended meanwhile is then either in the journal he reads or added after.
 * Whoever does both recounts first: two who hold it shared and then want it alone would wait for each other.
 */
const lockCounts = (tx: Tx, corpId: string, alone: boolean) =>
  sql`select ${sql.raw(alone ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared')}(hashtext(${`facts ${corpId}`}))`.execute(
    tx,
  )

/** What the journal appended, as far as facts care. */
export interface CountedEvent {
  contactId: string
  kind: string
  at: Date
  trusted?: boolean
  props: Readonly<Record<string, unknown>>
}

/**
 * Counts what the journal has just said was new, in its transaction. Every part of a fact is a sum, a first, a last or a
 * merge of newest, so neither order nor repeats of the batch matter.
 */
export async function countEvents(tx: Tx, corpId: string, appended: readonly CountedEvent[]): Promise<void> {
  const kinds = [...new Set(appended.map((event) => event.kind))].filter((kind) => kind !== ORDER_KIND)
  if (kinds.length === 0) return
  await lockCounts(tx, corpId, false) // before the facts are read: one made since then recounts what we append
  const facts = Map.groupBy(await readFacts(tx, corpId, kinds), (fact) => fact.kind)
  const deeds = appended.flatMap((event) =>
    (facts.get(event.kind) ?? [])
      .filter((fact) => (fact.untrusted || event.trusted !== false) && matches(fact.where, event.props))
      .map((fact) => ({
        contactId: event.contactId,
        factId: fact.factId,
        at: event.at.toISOString(),
        amount: amountOf(fact.amount, event.props),
      })),
  )
  if (deeds.length === 0) return
  const counted = await putCounts(
    tx,
    corpId,
    // Somebody merged since the event was written is counted where he is now.
    sql`select coalesce(m.merged_into, m.contact_id) as contact_id, d.fact_id, d.at, d.amount from unnest(${deeds.map((d) => d.contactId)}::bigint[], ${deeds.map((d) => d.factId)}::bigint[], ${deeds.map((d) => d.at)}::timestamptz[], ${deeds.map((d) => d.amount)}::bigint[]) as d(contact_id, fact_id, at, amount)
      join contact m on m.corp_id = ${corpId}::bigint and m.contact_id = d.contact_id`,
  )
  await markChanges(
    tx,
    corpId,
    [...Map.groupBy(counted, (one) => one.factId)].map(([factId, of]) => ({
      contactIds: of.map((one) => one.contactId),
      touched: [`fact:${factId}`],
    })),
  )
}

/** Counts anew what hangs on these customers' orders. Whoever writes orders calls it in the same transaction. */
export const recountOrders = (tx: Tx, corpId: string, contactIds: readonly string[]): Promise<void> =>
  recountAll(tx, corpId, contactIds, [ORDER_KIND])

/** Counts everything of these customers anew: after two became one, or were parted again. */
export const recountPersons = (tx: Tx, corpId: string, contactIds: readonly string[]): Promise<void> =>
  recountAll(tx, corpId, contactIds)

async function recountAll(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  kinds?: readonly string[],
): Promise<void> {
  if (contactIds.length === 0) return
  await lockCounts(tx, corpId, true)
  const facts = await readFacts(tx, corpId, kinds)
  await recount(tx, corpId, facts, contactIds)
  await markChanged(tx, corpId, contactIds, ['contact', ...facts.map((fact) => `fact:${fact.factId}`)])
}

/** Counts these customers' deeds anew: after a merge, a correction of orders, or for a fact nobody counted before. */
export async function recount(
  tx: Tx,
  corpId: string,
  facts: readonly Fact[],
  contactIds: readonly string[],
): Promise<void> {
  if (facts.length === 0 || contactIds.length === 0) return
  await lockCounts(tx, corpId, true)
  await sql`delete from contact_fact where corp_id = ${corpId}::bigint and contact_id = any(${[...contactIds]}::bigint[]) and fact_id = any(${facts.map((f) => f.factId)}::bigint[])`.execute(
    tx,
  )
  const rows = facts.map(
    (fact) =>
      sql`select contact_id, ${fact.factId}::bigint as fact_id, at, amount from (${deedRows(corpId, fact, { among: contactIds })}) d`,
  )
  await putCounts(tx, corpId, sql.join(rows, sql` union all `))
}

/** Adds rows (contact_id, fact_id, at, amount) to what is counted. Returns what of whom. */
async function putCounts(
  tx: Tx,
  corpId: string,
  deeds: RawBuilder<unknown>,
): Promise<{ contactId: string; factId: string }[]> {
  const newest = (which: 't' | 'a') => sql`(
    select array_agg(${sql.ref(which)} order by t desc, a desc) from (
      select t, a from unnest(f.times || excluded.times, f.amounts || excluded.amounts) as both_of(t, a) order by t desc, a desc limit ${sql.lit(RECENT_MAX)}
    ) newest)`
  // Mostly all that comes is newer than all that stands, and is put in front of it.
  const inOrder = sql`f.last_at < excluded.times[cardinality(excluded.times)]`
  const { rows } = await sql<{ contactId: string; factId: string }>`
    insert into contact_fact as f (corp_id, contact_id, fact_id, number, total, first_at, last_at, times, amounts)
    select ${corpId}::bigint, contact_id, fact_id, count(*), sum(amount), min(at), max(at),
      (array_agg(at order by at desc, amount desc))[1:${sql.lit(RECENT_MAX)}], (array_agg(amount order by at desc, amount desc))[1:${sql.lit(RECENT_MAX)}]
    from (${deeds}) deed group by contact_id, fact_id order by contact_id, fact_id
    on conflict (corp_id, contact_id, fact_id) do update set number = f.number + excluded.number, total = f.total + excluded.total,
      first_at = least(f.first_at, excluded.first_at), last_at = greatest(f.last_at, excluded.last_at),
      times = case when ${inOrder} then (excluded.times || f.times)[1:${sql.lit(RECENT_MAX)}] else ${newest('t')} end,
      amounts = case when ${inOrder} then (excluded.amounts || f.amounts)[1:${sql.lit(RECENT_MAX)}] else ${newest('a')} end
    returning f.contact_id, f.fact_id`.execute(tx)
  return rows
}
