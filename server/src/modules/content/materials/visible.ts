import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { Actor } from '../../corps/context.ts'

/** Who looks at the library: what is meant for his departments, or for one they are below, is for him. */
export interface Viewer {
  staffId: string | null
  departments: string[]
  /** Whoever writes the corp's library sees all of it. */
  writes: boolean
}

export async function readViewer(
  tx: Tx,
  corpId: string,
  { staffId, permissions }: Pick<Actor, 'staffId' | 'permissions'>,
): Promise<Viewer> {
  const writes = permissions.includes('content.write')
  if (staffId === null) return { staffId, departments: [], writes }
  const { rows } = await sql<{ departmentId: string }>`
    with recursive above as (
      select d.department_id, d.parent_id from staff_department sd join department d on d.corp_id = ${corpId}::bigint and d.department_id = sd.department_id and d.deleted_at is null
        where sd.corp_id = ${corpId}::bigint and sd.staff_id = ${staffId}::bigint
      union select d.department_id, d.parent_id from department d join above a on d.department_id = a.parent_id
        where d.corp_id = ${corpId}::bigint and d.deleted_at is null)
    select department_id from above`.execute(tx)
  return { staffId, departments: rows.map((row) => row.departmentId), writes }
}

/** Whether departments are those of the viewer; null: everybody's. */
export const isFor = (viewer: Viewer, departments: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${departments} is null or ${departments} && ${viewer.departments}::bigint[])`

/** Materials `m` he may look at. */
export function isSeen(corpId: string, viewer: Viewer): RawBuilder<unknown> {
  if (viewer.writes) return sql`true`
  return sql`(m.scope_staff_id is null or m.scope_staff_id = ${viewer.staffId}::bigint) and ${isFor(viewer, sql`m.scope_departments`)}
    and (m.material_folder_id is null or exists (select from material_folder f where f.corp_id = ${corpId}::bigint and f.material_folder_id = m.material_folder_id and ${isFor(viewer, sql`f.scope_departments`)}))`
}

/** Materials `m` that may be sent: a version is live, the date is right, nobody has taken it away. */
export const isUsable = (now: Date): RawBuilder<unknown> =>
  sql`m.live_version is not null and m.withdrawn_at is null and m.deleted_at is null and (m.valid_from is null or m.valid_from <= ${now}::timestamptz) and (m.valid_until is null or m.valid_until > ${now}::timestamptz)`

/** How a material `m` stands; `ov` is its open version. */
export const stateAt = (now: Date): RawBuilder<unknown> =>
  sql`case when m.deleted_at is not null then 'deleted' when m.withdrawn_at is not null then 'withdrawn' when m.live_version is null then ov.state when m.valid_until <= ${now}::timestamptz then 'expired' when m.valid_from > ${now}::timestamptz then 'planned' else 'live' end`

/** Departments and members must be this corp's. */
export async function requireDepartments(tx: Tx, corpId: string, departmentIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(departmentIds)]
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from department where corp_id = ${corpId}::bigint and deleted_at is null and department_id = any(${wanted}::bigint[])`.execute(
    tx,
  )
  if (rows[0]!.n < wanted.length) throw new NotFound({ what: '部门' })
}

export async function requireMember(tx: Tx, corpId: string, staffId: string): Promise<void> {
  const { rows } = await sql`
    select staff_id from staff where corp_id = ${corpId}::bigint and staff_id = ${staffId}::bigint and left_at is null`.execute(
    tx,
  )
  if (rows.length === 0) throw new NotFound({ what: '成员' })
}
