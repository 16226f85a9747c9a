import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import type { PairTag } from './tag-pairs.ts'

export interface Change extends PairTag {
  way: 'added' | 'removed'
  /** Nobody has touched the tag since. */
  stands: boolean
  /** They are still friends. */
  followed: boolean
}

/**
 * What a run changed on these customers, and what of it still stands. A tag it put there still says so; one put there
 * again later says another reason. A tag it took off is still off, and the journal knows of nobody who had it in hand since.
 */
export async function readChanges(
  tx: Tx,
  corpId: string,
  bulkRunId: string,
  contactIds: string[],
  scope: Scope,
): Promise<Change[]> {
  const { rows } = await sql<Change>`
    select c.contact_id, c.staff_id, c.tag_id, c.way, f.staff_id is not null as followed,
      f.staff_id is not null and case when c.way = 'added' then coalesce(ft.reason->>'bulkRunId' = ${bulkRunId}, false)
        else ft.tag_id is null and not exists (
          select from event e where e.corp_id = ${corpId}::bigint and e.contact_id = c.contact_id and e.at >= c.at and e.staff_id = c.staff_id
            and e.kind in ('tag.added', 'tag.removed') and e.props->>'tagId' = c.tag_id::text and e.props->>'bulkRunId' is distinct from ${bulkRunId})
      end as stands
    from bulk_change c
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.staff_id = c.staff_id and f.lost_at is null
    left join follow_tag ft on ft.corp_id = ${corpId}::bigint and ft.contact_id = c.contact_id and ft.staff_id = c.staff_id and ft.tag_id = c.tag_id
    where c.corp_id = ${corpId}::bigint and c.bulk_run_id = ${bulkRunId}::bigint and c.contact_id = any(${contactIds}::bigint[])
      and (${scope ?? null}::bigint[] is null or c.staff_id = any(${scope ?? null}::bigint[]))`.execute(tx)
  return rows
}

/** A tag that is back is the one that was there: who put it, why and when. */
export async function restoreProvenance(tx: Tx, corpId: string, bulkRunId: string, put: PairTag[]): Promise<void> {
  if (put.length === 0) return
  await sql`
    update follow_tag ft set source = c.was->>'source', reason = c.was->'reason', added_at = (c.was->>'addedAt')::timestamptz
    from bulk_change c, unnest(${put.map((p) => p.contactId)}::bigint[], ${put.map((p) => p.staffId)}::bigint[], ${put.map((p) => p.tagId)}::bigint[]) as p(contact_id, staff_id, tag_id)
    where ft.corp_id = ${corpId}::bigint and ft.contact_id = p.contact_id and ft.staff_id = p.staff_id and ft.tag_id = p.tag_id
      and c.corp_id = ${corpId}::bigint and c.bulk_run_id = ${bulkRunId}::bigint and c.contact_id = p.contact_id and c.staff_id = p.staff_id and c.tag_id = p.tag_id`.execute(
    tx,
  )
}
