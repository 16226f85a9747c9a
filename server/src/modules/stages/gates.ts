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
  return new Map(
    rows.flatMap(({ contactId, ...lacks }) => {
      const missing = sayMissing(lacks)
      return missing.length > 0 ? [[contactId, missing]] : []
    }),
  )
}

/** What is lacking, as a person is told it. */
function sayMissing({ fields, tags, note }: { fields: string[]; tags: string[]; note: boolean }): string[] {
  const quoted = (names: string[], word: string) => names.map((name) => `「${name}」`).join(word)
  return [
    ...(fields.length > 0 ? [`填写${quoted(fields, '、')}`] : []),
    ...(tags.length > 0 ? [`打上标签${quoted(tags, '或')}`] : []),
    ...(note ? ['写一条跟进记录'] : []),
  ]
}

/** The same of one customer for several stages: what he lacks for each, in one look. */
export async function readMissingOf(
  tx: Tx,
  corpId: string,
  stages: readonly StageRow[],
  contactId: string,
  scope: Scope,
): Promise<Map<string, string[]>> {
  const fieldIds = stages.flatMap(({ gate }) => gate.fieldIds)
  const tagIds = stages.flatMap(({ gate }) => gate.tagIds)
  const flowIds = [...new Set(stages.filter(({ gate }) => gate.note).map(({ flowId }) => flowId))]
  if (fieldIds.length + tagIds.length + flowIds.length === 0) return new Map()
  const seen = (staffId: string) =>
    sql`(${scope ?? null}::bigint[] is null or ${sql.ref(staffId)} = any(${scope ?? null}::bigint[]))`
  const { rows } = await sql<{
    fields: { id: string; name: string; filled: boolean }[]
    tags: { id: string; name: string }[]
    held: string[]
    noted: string[]
  }>`
    select
      coalesce((select jsonb_agg(jsonb_build_object('id', f.contact_field_id::text, 'name', f.name, 'filled', exists (select from contact_field_value v
        where v.corp_id = ${corpId}::bigint and v.contact_id = ${contactId}::bigint and v.contact_field_id = f.contact_field_id)) order by f.sort_order)
        from contact_field f where f.corp_id = ${corpId}::bigint and f.contact_field_id = any(${fieldIds}::bigint[]) and f.deleted_at is null), '[]') as fields,
      coalesce((select jsonb_agg(jsonb_build_object('id', t.tag_id::text, 'name', t.name) order by t.sort_order, t.tag_id)
        from tag t where t.corp_id = ${corpId}::bigint and t.tag_id = any(${tagIds}::bigint[]) and t.deleted_at is null), '[]') as tags,
      array(select t.tag_id::text from follow_tag t where t.corp_id = ${corpId}::bigint and t.contact_id = ${contactId}::bigint and t.tag_id = any(${tagIds}::bigint[]) and ${seen('t.staff_id')}) as held,
      array(select w.flow_id::text from unnest(${flowIds}::bigint[]) as w(flow_id) where exists (select from event e
        where e.corp_id = ${corpId}::bigint and e.contact_id = ${contactId}::bigint and e.kind = 'note.added' and (e.staff_id is null or ${seen('e.staff_id')})
          and e.at >= coalesce((select s.since from stage_stay s where s.corp_id = ${corpId}::bigint and s.contact_id = ${contactId}::bigint and s.flow_id = w.flow_id and s.until is null), '-infinity'))) as noted`.execute(
    tx,
  )
  const { fields, tags, held, noted } = rows[0]!
  return new Map(
    stages.flatMap(({ stageId, flowId, gate }) => {
      const empty = fields.filter(({ id, filled }) => gate.fieldIds.includes(id) && !filled)
      const wanted = gate.tagIds.some((id) => held.includes(id))
        ? []
        : tags.filter(({ id }) => gate.tagIds.includes(id))
      const missing = sayMissing({
        fields: empty.map(({ name }) => name),
        tags: wanted.map(({ name }) => name),
        note: gate.note && !noted.includes(flowId),
      })
      return missing.length > 0 ? [[stageId, missing]] : []
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
