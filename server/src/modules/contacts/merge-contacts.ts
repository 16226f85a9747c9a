import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { appendEvents } from '../events/journal.ts'
import { joinActive } from '../events/last-active.ts'
import { recountPersons } from '../facts/count.ts'
import { BothFollowed } from './errors.ts'

export interface Merge {
  from: string
  into: string
}

/** Why two became one, and who said so; nobody: the rules of identities. */
export interface MergeReason {
  why: 'identified' | 'review'
  actor: string | null
}

/** What of `from` stands with the root now. */
export interface Moved {
  identities: { kind: string; value: string }[]
  fields: { id: string; value: unknown; updatedAt: string }[]
  notes: string[]
  contacts: string[]
}

/** The contact itself and everybody merged into it: whose journal rows are its timeline. */
export async function contactIdsOf(tx: Tx, corpId: string, contactId: string): Promise<string[]> {
  const { rows } = await sql<{ contactId: string }>`
    select contact_id from contact where corp_id = ${corpId}::bigint and merged_into = ${contactId}::bigint order by contact_id`.execute(
    tx,
  )
  return [contactId, ...rows.map((row) => row.contactId)]
}

/** Whom each of these is shown as: the root it was merged into, else itself. */
export async function rootsOf(tx: Tx, corpId: string, contactIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ contactId: string; root: string }>`
    select contact_id, coalesce(merged_into, contact_id) as root from contact
    where corp_id = ${corpId}::bigint and contact_id = any(${[...new Set(contactIds)]}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.contactId, row.root]))
}

/**
 * Makes one of two, because a person said so. Whoever has friends among the members stays, for follows never move; of two
 * such neither can. Returns the one that stays.
 */
export async function mergeContacts(
  tx: Tx,
  corpId: string,
  pair: Merge,
  reason: MergeReason,
  now: Date,
): Promise<string> {
  const roots = await lockRoots(tx, corpId, [pair.from, pair.into])
  const [from, into] = [roots.get(pair.from), roots.get(pair.into)]
  if (!from || !into || from === into) return into ?? pair.into
  const { rows } = await sql<{ contactId: string; anchored: boolean }>`
    select c.contact_id, exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id)
      or exists (select from contact_identity i where i.corp_id = ${corpId}::bigint and i.contact_id = c.contact_id and i.kind = 'external_userid') as anchored
    from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = any(${[from, into]}::bigint[])`.execute(tx)
  const anchored = new Set(rows.filter((row) => row.anchored).map((row) => row.contactId))
  if (anchored.size === 2) throw new BothFollowed()
  const merge = anchored.has(from) ? { from: into, into: from } : { from, into }
  await mergeAll(tx, corpId, [merge], reason, now)
  return merge.into
}

/** The roots of these, locked in the order of their ids. */
export async function lockRoots(tx: Tx, corpId: string, contactIds: readonly string[]): Promise<Map<string, string>> {
  const hinted = [...contactIds, ...(await rootsOf(tx, corpId, contactIds)).values()]
  await sql`select from contact where corp_id = ${corpId}::bigint and contact_id = any(${hinted}::bigint[]) order by contact_id for no key update`.execute(
    tx,
  )
  return rootsOf(tx, corpId, contactIds)
}

/**
 * Moves identities, fields and notes of each `from` to its root and keeps what moved. Both are locked by the caller and
 * roots until now; no `into` is another's `from`. Journal rows stay where they are. One set of statements however many.
 */
export async function mergeAll(
  tx: Tx,
  corpId: string,
  merges: readonly Merge[],
  { why, actor }: MergeReason,
  now: Date,
): Promise<void> {
  if (merges.length === 0) return
  const pairs = sql`unnest(${merges.map((m) => m.from)}::bigint[], ${merges.map((m) => m.into)}::bigint[]) as p(from_id, into_id)`
  const moved = new Map<string, Moved>(
    merges.map(({ from }) => [from, { identities: [], fields: [], notes: [], contacts: [] }]),
  )
  const { rows: identities } = await sql<{ fromId: string; kind: string; value: string }>`
    update contact_identity i set contact_id = p.into_id from ${pairs}
    where i.corp_id = ${corpId}::bigint and i.contact_id = p.from_id returning p.from_id, i.kind, i.value`.execute(tx)
  for (const { fromId, kind, value } of identities) moved.get(fromId)!.identities.push({ kind, value })
  // A field the root has filled in stays as it is there; what the other said stays with him, for the day he is freed.
  const { rows: fields } = await sql<{ fromId: string; id: string; value: unknown; updatedAt: Date }>`
    with moving as materialized (
      select distinct on (p.into_id, v.contact_field_id) p.from_id, p.into_id, v.contact_field_id as id, v.value, v.updated_at
      from ${pairs} join contact_field_value v on v.corp_id = ${corpId}::bigint and v.contact_id = p.from_id
      where not exists (select from contact_field_value o where o.corp_id = ${corpId}::bigint and o.contact_id = p.into_id and o.contact_field_id = v.contact_field_id)
      order by p.into_id, v.contact_field_id, v.updated_at desc, p.from_id
    ), put as (
      insert into contact_field_value (corp_id, contact_id, contact_field_id, value, updated_at)
      select ${corpId}::bigint, into_id, id, value, updated_at from moving order by into_id, id
    ), gone as (
      delete from contact_field_value v using moving m where v.corp_id = ${corpId}::bigint and v.contact_id = m.from_id and v.contact_field_id = m.id
    )
    select from_id, id, value, updated_at from moving`.execute(tx)
  for (const { fromId, id, value, updatedAt } of fields)
    moved.get(fromId)!.fields.push({ id, value, updatedAt: updatedAt.toISOString() })
  const { rows: notes } = await sql<{ fromId: string; noteId: string }>`
    with gone as (
      delete from contact_note n using ${pairs} where n.corp_id = ${corpId}::bigint and n.contact_id = p.from_id returning n.*, p.into_id
    ), put as (
      insert into contact_note (corp_id, contact_id, note_id, account_id, author, text, created_at, edited_at) overriding system value
      select corp_id, into_id, note_id, account_id, author, text, created_at, edited_at from gone
    )
    select contact_id as from_id, note_id from gone`.execute(tx)
  for (const { fromId, noteId } of notes) moved.get(fromId)!.notes.push(noteId)
  const { rows: contacts } = await sql<{ fromId: string; contactId: string }>`
    update contact c set merged_into = p.into_id from ${pairs}
    where c.corp_id = ${corpId}::bigint and c.merged_into = p.from_id returning p.from_id, c.contact_id`.execute(tx)
  for (const { fromId, contactId } of contacts) moved.get(fromId)!.contacts.push(contactId)
  await sql`update contact c set merged_into = p.into_id, updated_at = ${now}::timestamptz from ${pairs}
    where c.corp_id = ${corpId}::bigint and c.contact_id = p.from_id`.execute(tx)
  await sql`
    insert into contact_merge (corp_id, contact_id, into_id, why, actor, moved, at)
    select ${corpId}::bigint, from_id, into_id, ${why}, ${actor}, moved, ${now}::timestamptz
    from unnest(${merges.map((m) => m.from)}::bigint[], ${merges.map((m) => m.into)}::bigint[], ${merges.map((m) => JSON.stringify(moved.get(m.from)))}::jsonb[]) as m(from_id, into_id, moved)`.execute(
    tx,
  )
  await sql`
    update merge_review r set state = 'merged', decided_at = ${now}::timestamptz, decided_by = ${actor} from ${pairs}
    where r.corp_id = ${corpId}::bigint and r.contact_id = least(p.from_id, p.into_id) and r.other_id = greatest(p.from_id, p.into_id) and r.state = 'open'`.execute(
    tx,
  )
  await joinActive(tx, corpId, merges)
  await recountPersons(tx, corpId, [...new Set(merges.flatMap(({ from, into }) => [from, into]))])
  await appendEvents(
    tx,
    corpId,
    merges.map(({ from, into }) => ({
      contactId: into,
      at: now,
      kind: 'contact.merged' as const,
      source: actor === null ? ('system' as const) : ('console' as const),
      props: { contactId: from, ...(actor === null ? {} : { by: actor }) },
      key: `merged ${from} ${into} ${now.toISOString()}`,
    })),
    now,
  )
}
