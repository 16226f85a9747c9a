import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Scope } from '../corps/context.ts'
import { LostReasonNeeded } from './errors.ts'
import type { StageRow } from './read-book.ts'

/**
 * What each customer still lacks to be moved to a stage by hand, as a person is told it; nobody who lacks nothing. Of tags
 * and notes only those of the scope count: what others wrote must not be found out by trying.
 */
export async function readMissing(
  tx: Tx,
  corpId: string,
  { gate, flowId }: StageRow,
  contactIds: readonly string[],
  scope: Scope,
): Promise<Map<string, string[]>> {
  const { fieldIds, tagIds, note } = gate
  if (fieldIds.length === 0 && tagIds.length === 0 && !note) return new Map()
  const seen = (staffId: string) =>
    sql`(${scope ?? null}::bigint[] is null or ${sql.ref(staffId)} = any(${scope ?? null}::bigint[]))`
  const { rows } = await sql<{ contactId: string; fields: string[]; tags: string[]; note: boolean }>`
    select g.contact_id,
      array(select f.name from contact_field f where f.corp_id = ${corpId}::bigint and f.contact_field_id = any(${fieldIds}::bigint[]) and f.deleted_at is null
        and not exists (select from contact_field_value v where v.corp_id = ${corpId}::bigint and v.contact_id = g.contact_id and v.contact_field_id = f.contact_field_id) order by f.sort_order) as fields,
      case when exists (select from follow_tag t where t.corp_id = ${corpId}::bigint and t.contact_id = g.contact_id and t.tag_id = any(${tagIds}::bigint[]) and ${seen('t.staff_id')}) then '{}'
        else array(select t.name from tag t where t.corp_id = ${corpId}::bigint and t.tag_id = any(${tagIds}::bigint[]) and t.deleted_at is null order by t.sort_order, t.tag_id) end as tags,
      ${note} and not exists (select from event e where e.corp_id = ${corpId}::bigint and e.contact_id = g.contact_id and e.kind = 'note.added' and (e.staff_id is null or ${seen('e.staff_id')})
        and e.at >= coalesce((select s.since from stage_stay s where s.corp_id = ${corpId}::bigint and s.contact_id = g.contact_id and s.flow_id = ${flowId}::bigint and s.until is null), '-infinity')) as note
    from unnest(${[...contactIds]}::bigint[]) as g(contact_id)`.execute(tx)
  const quoted = (names: string[], word: string) => names.map((name) => `「${name}」`).join(word)
  return new Map(
    rows.flatMap(({ contactId, fields, tags, note: lacksNote }) => {
      const missing = [
        ...(fields.length > 0 ? [`填写${quoted(fields, '、')}`] : []),
        ...(tags.length > 0 ? [`打上标签${quoted(tags, '或')}`] : []),
        ...(lacksNote ? ['写一条跟进记录'] : []),
      ]
      return missing.length > 0 ? [[contactId, missing]] : []
    }),
  )
}

/** Of a move by a person to a stage of loss: one of the reasons that are offered. */
export async function checkLostReason(
  tx: Tx,
  corpId: string,
  stage: StageRow,
  lostReasonId: string | undefined,
): Promise<string | null> {
  if (stage.kind !== 'lost') return null
  const { rows } = await sql<{ lostReasonId: string }>`
    select lost_reason_id from lost_reason where corp_id = ${corpId}::bigint and removed_at is null`.execute(tx)
  if (rows.length === 0) return null // the corp keeps no reasons
  if (!lostReasonId) throw new LostReasonNeeded({ stage: stage.name })
  if (!rows.some((row) => row.lostReasonId === lostReasonId)) throw new NotFound({ what: '流失原因' })
  return lostReasonId
}
