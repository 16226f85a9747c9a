import { sql } from 'kysely'
import { Overtaken, type Tx } from '../../platform/db.ts'
import { markChanged } from '../facts/changes.ts'
import type { IdentityKind } from './identifiers.ts'

/** Our ids of outside identifiers of one kind; only those known. */
export async function findContacts(
  tx: Tx,
  corpId: string,
  kind: IdentityKind,
  values: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ value: string; contactId: string }>`
    select value, contact_id from contact_identity where corp_id = ${corpId}::bigint and kind = ${kind} and value = any(${[...new Set(values)]}::text[])`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.value, row.contactId]))
}

/**
 * The same for external_userids, making contacts for those not known. Two writers at once agree: the identity's key
 * decides, and the contact that lost the race is removed again in the same statement's transaction.
 */
export async function ensureContacts(
  tx: Tx,
  corpId: string,
  externalUserids: readonly string[],
  now: Date,
): Promise<Map<string, string>> {
  const known = await findContacts(tx, corpId, 'external_userid', externalUserids)
  const missing = [...new Set(externalUserids)].filter((value) => !known.has(value)).sort() // sorted: writers of one set must not deadlock
  if (missing.length === 0) return known
  // The identity is claimed first, with an id drawn for it; only the winner's contact is made.
  const { rows: claimed } = await sql<{ value: string; contactId: string }>`
    insert into contact_identity (corp_id, kind, value, contact_id, created_at)
    select ${corpId}::bigint, 'external_userid', v, nextval(pg_get_serial_sequence('contact', 'contact_id')), ${now}::timestamptz from unnest(${missing}::text[]) as v
    on conflict (corp_id, kind, value) do nothing returning value, contact_id`.execute(tx)
  await sql`
    insert into contact (corp_id, contact_id, created_at, updated_at) overriding system value
    select ${corpId}::bigint, id, ${now}::timestamptz, ${now}::timestamptz from unnest(${claimed.map((c) => c.contactId)}::bigint[]) as id`.execute(
    tx,
  )
  for (const { value, contactId } of claimed) known.set(value, contactId)
  const late = missing.filter((value) => !known.has(value))
  if (late.length > 0)
    for (const [value, contactId] of await findContacts(tx, corpId, 'external_userid', late))
      known.set(value, contactId)
  return known
}

/**
 * Brings what stands on contacts in line with their follows and tags: how many hold, first and last added, since when
 * lost, who follows, which tags, what they can be found by. Whoever changes a follow, a remark, a name or a tag calls it
 * in the same transaction.
 */
export async function refreshContacts(tx: Tx, corpId: string, contactIds: readonly string[], now: Date): Promise<void> {
  if (contactIds.length === 0) return
  const ids = sql`${[...new Set(contactIds)]}::bigint[]`
  // A statement of its own: the figures below must see the follows of whoever counted before us.
  const { rows: locked } = await sql<{ isMerged: boolean }>`
    select merged_into is not null as is_merged from contact where corp_id = ${corpId}::bigint and contact_id = any(${ids}) order by contact_id for no key update`.execute(
    tx,
  )
  if (locked.some((row) => row.isMerged)) throw new Overtaken() // merged since it was found: the follow belongs to the root
  await sql`
    with followed as (
      select contact_id, count(*) filter (where lost_at is null)::int as followers, min(added_at) as first_added_at,
        coalesce(max(added_at) filter (where lost_at is null), max(added_at)) as last_added_at,
        case when bool_and(lost_at is not null) then max(lost_at) end as lost_at,
        coalesce(array_agg(staff_id order by staff_id) filter (where lost_at is null), '{}') as staff_ids,
        coalesce(array_agg(staff_id order by staff_id) filter (where lost_at is not null), '{}') as past_staff_ids,
        string_agg(E'\n' || remark, '') as remarks
      from follow where corp_id = ${corpId}::bigint and contact_id = any(${ids}) group by contact_id
    ), tagged as (
      select contact_id, array_agg(distinct tag_id order by tag_id) as tag_ids
      from follow_tag where corp_id = ${corpId}::bigint and contact_id = any(${ids}) group by contact_id
    ), figure as materialized (
      select f.*, coalesce(t.tag_ids, '{}') as tag_ids, c.name || f.remarks as words,
        case when c.words = c.name || f.remarks then c.grams else text_grams(c.name || f.remarks) end as grams
      from followed f join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = f.contact_id left join tagged t on t.contact_id = f.contact_id
    )
    update contact c set followers = f.followers, first_added_at = least(c.first_added_at, f.first_added_at), last_added_at = f.last_added_at, lost_at = f.lost_at,
      staff_ids = f.staff_ids, past_staff_ids = f.past_staff_ids, tag_ids = f.tag_ids, words = f.words, grams = f.grams, updated_at = ${now}::timestamptz
    from figure f where c.corp_id = ${corpId}::bigint and c.contact_id = f.contact_id
      and (c.followers, c.first_added_at, c.last_added_at, c.lost_at, c.staff_ids, c.past_staff_ids, c.tag_ids, c.words)
        is distinct from (f.followers, least(c.first_added_at, f.first_added_at), f.last_added_at, f.lost_at, f.staff_ids, f.past_staff_ids, f.tag_ids, f.words)`.execute(
    tx,
  )
  await markChanged(tx, corpId, contactIds, ['contact'])
}
