import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import { appendEvents } from '../events/journal.ts'
import { recountPersons } from '../facts/count.ts'
import { MergeSettled } from './errors.ts'
import { lockRoots, type Moved } from './merge-contacts.ts'

/** How long a merge can be taken back. */
export const UNDO_DAYS = 30

/**
 * Makes two of one again: everything the merge moved and that still stands with the root goes back, and the rules never
 * join these two again. What came after the merge stays with the root.
 */
export async function undoMerge(
  tx: Tx,
  corpId: string,
  merge: { contactId: string; mergeId: string },
  actor: string,
  now: Date,
): Promise<{ contactId: string; rootId: string }> {
  const root = (await lockRoots(tx, corpId, [merge.contactId])).get(merge.contactId)
  const { rows } = await sql<{ intoId: string; moved: Moved; at: Date; undoneAt: Date | null }>`
    select into_id, moved, at, undone_at from contact_merge
    where corp_id = ${corpId}::bigint and contact_id = ${merge.contactId}::bigint and merge_id = ${merge.mergeId}::bigint for no key update`.execute(
    tx,
  )
  const found = rows[0]
  if (!found || !root) throw new NotFound({ what: '合并记录' })
  if (found.undoneAt || found.at.getTime() < now.getTime() - UNDO_DAYS * DAY_MS || root === merge.contactId)
    throw new MergeSettled({ days: UNDO_DAYS })
  await moveBack(tx, corpId, { from: merge.contactId, root }, found.moved, now)
  await sql`update contact_merge set undone_at = ${now}::timestamptz, undone_by = ${actor}
    where corp_id = ${corpId}::bigint and contact_id = ${merge.contactId}::bigint and merge_id = ${merge.mergeId}::bigint`.execute(
    tx,
  )
  const others = [...new Set([root, found.intoId])]
  await sql`
    insert into merge_review (corp_id, contact_id, other_id, met, state, created_at, decided_at, decided_by)
    select ${corpId}::bigint, least(o, ${merge.contactId}::bigint), greatest(o, ${merge.contactId}::bigint), '[]', 'apart', ${now}::timestamptz, ${now}::timestamptz, ${actor} from unnest(${others}::bigint[]) as o
    on conflict (corp_id, contact_id, other_id) do update set state = 'apart', decided_at = excluded.decided_at, decided_by = excluded.decided_by`.execute(
    tx,
  )
  await recountPersons(tx, corpId, [root, merge.contactId])
  const event = { at: now, kind: 'contact.parted' as const, source: 'console' as const }
  const key = `parted ${merge.contactId} ${merge.mergeId}`
  await appendEvents(
    tx,
    corpId,
    [{ ...event, contactId: root, props: { contactId: merge.contactId, by: actor }, key }],
    now,
  )
  return { contactId: merge.contactId, rootId: root }
}

async function moveBack(
  tx: Tx,
  corpId: string,
  { from, root }: { from: string; root: string },
  moved: Moved,
  now: Date,
): Promise<void> {
  await sql`
    update contact_identity i set contact_id = ${from}::bigint
    from unnest(${moved.identities.map((i) => i.kind)}::text[], ${moved.identities.map((i) => i.value)}::text[]) as m(kind, value)
    where i.corp_id = ${corpId}::bigint and i.kind = m.kind and i.value = m.value and i.contact_id = ${root}::bigint`.execute(
    tx,
  )
  // He gets back what he had said; the root keeps what was changed there since. What left the root by another undoing is
  // not his: it had come to him from somebody merged earlier.
  await sql`
    with back as materialized (
      select f.id, f.value, f.updated_at from unnest(${moved.fields.map((f) => f.id)}::bigint[], ${moved.fields.map((f) => JSON.stringify(f.value))}::jsonb[], ${moved.fields.map((f) => f.updatedAt)}::timestamptz[]) as f(id, value, updated_at)
      where exists (select from contact_field_value v where v.corp_id = ${corpId}::bigint and v.contact_id = ${root}::bigint and v.contact_field_id = f.id)
    ), gone as (
      delete from contact_field_value v using back b where v.corp_id = ${corpId}::bigint and v.contact_id = ${root}::bigint and v.contact_field_id = b.id and v.value = b.value
    )
    insert into contact_field_value (corp_id, contact_id, contact_field_id, value, updated_at)
    select ${corpId}::bigint, ${from}::bigint, id, value, updated_at from back
    on conflict (corp_id, contact_id, contact_field_id) do nothing`.execute(tx)
  await sql`
    with gone as (
      delete from contact_note where corp_id = ${corpId}::bigint and contact_id = ${root}::bigint and note_id = any(${moved.notes}::bigint[]) returning *
    )
    insert into contact_note (corp_id, contact_id, note_id, account_id, author, text, created_at, edited_at) overriding system value
    select corp_id, ${from}::bigint, note_id, account_id, author, text, created_at, edited_at from gone`.execute(tx)
  await sql`
    update contact set merged_into = ${from}::bigint
    where corp_id = ${corpId}::bigint and contact_id = any(${moved.contacts}::bigint[]) and merged_into = ${root}::bigint`.execute(
    tx,
  )
  await sql`update contact set merged_into = null, updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and contact_id = ${from}::bigint`.execute(
    tx,
  )
}
