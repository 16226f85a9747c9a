import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { PERMISSIONS, SCOPES } from './permissions.ts'

export interface Seer {
  staffId: string
  name: string
  avatar: string | null
}

const READS = 'contacts.read'
const READERS = Object.entries(PERMISSIONS)
  .filter(([, words]) => words.includes(READS))
  .map(([role]) => role)

/**
 * Members who may see a customer as they would find him themselves: by the scope of their role, or of what they were given,
 * over those who follow or followed him. Of those named, or of those whose name or account holds `q`.
 */
export async function whoSees(
  tx: Tx,
  corpId: string,
  contactId: string,
  { staffIds, q, limit }: { staffIds?: readonly string[]; q?: string; limit: number },
): Promise<Seer[]> {
  const asked = q ? `%${q.replaceAll(/[\\%_]/g, '\\$&').toLowerCase()}%` : null
  const { rows } = await sql<Seer>`
    with recursive followed as materialized (
      select f.staff_id from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = ${contactId}::bigint
    ), near as materialized (
      select distinct sd.department_id from staff_department sd join followed using (staff_id) where sd.corp_id = ${corpId}::bigint
    ), above as (
      select department_id from near
      union select d.parent_id from department d join above a on a.department_id = d.department_id where d.corp_id = ${corpId}::bigint and d.deleted_at is null and d.parent_id is not null
    ), member as (
      select s.staff_id, s.name, s.avatar, s.userid,
        coalesce(a.scope_kind, r.scope_kind, ${JSON.stringify(SCOPES)}::jsonb->>coalesce(a.role, 'staff')) as kind,
        case when cardinality(a.scope_departments) > 0 then a.scope_departments
          else array(select sd.department_id from staff_department sd where sd.corp_id = ${corpId}::bigint and sd.staff_id = s.staff_id) end as departments,
        case when a.role = 'custom' then coalesce(r.permissions @> array[${READS}], false) else coalesce(a.role, 'staff') = any(${READERS}::text[]) end as reads
      from staff s left join account_corp a on a.corp_id = ${corpId}::bigint and a.staff_id = s.staff_id
      left join role r on r.corp_id = ${corpId}::bigint and r.role_id = a.role_id
      where s.corp_id = ${corpId}::bigint and s.left_at is null
        and (${staffIds ? [...staffIds] : null}::bigint[] is null or s.staff_id = any(${staffIds ? [...staffIds] : null}::bigint[]))
        and (${asked}::text is null or lower(s.name) like ${asked}::text or lower(s.userid) like ${asked}::text)
    )
    select m.staff_id, m.name, m.avatar from member m
    where m.reads and (m.kind = 'all' or exists (select from followed f where f.staff_id = m.staff_id)
      or (m.kind = 'departments' and m.departments && array(select department_id from near))
      or (m.kind = 'tree' and m.departments && array(select department_id from above)))
    order by exists (select from followed f where f.staff_id = m.staff_id) desc, m.name, m.staff_id limit ${limit}`.execute(
    tx,
  )
  return rows
}
