import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import type { AuditQuery, StaffQuery, StaffView } from './schema.ts'

/** Members by id, with their departments and how many customers each follows now. */
export async function listStaff(
  tx: Tx,
  corpId: string,
  query: z.infer<typeof StaffQuery>,
): Promise<{ items: StaffView[]; nextCursor: string | null }> {
  const { rows } = await sql<Omit<StaffView, 'leftAt'> & { leftAt: Date | null }>`
    select s.staff_id, s.userid, s.name, s.avatar, s.position, s.status, s.follows, s.left_at,
      coalesce((select jsonb_agg(jsonb_build_object('departmentId', d.department_id::text, 'name', d.name) order by d.department_id)
        from staff_department sd join department d on d.corp_id = ${corpId}::bigint and d.department_id = sd.department_id and d.deleted_at is null
        where sd.corp_id = ${corpId}::bigint and sd.staff_id = s.staff_id), '[]') as departments,
      (select count(*)::int from follow f where f.corp_id = ${corpId}::bigint and f.staff_id = s.staff_id and f.lost_at is null) as customers,
      a.role, a.role_id, r.name as role_name, a.scope_kind, coalesce(a.scope_departments, '{}') as scope_departments
    from staff s
    left join account_corp a on a.corp_id = ${corpId}::bigint and a.staff_id = s.staff_id
    left join role r on r.corp_id = ${corpId}::bigint and r.role_id = a.role_id
    where s.corp_id = ${corpId}::bigint and s.staff_id > ${query.cursor ?? '0'}::bigint
      and (${query.q ?? null}::text is null or s.name ilike '%' || ${escapeLike(query.q ?? '')} || '%' or lower(s.userid) = lower(${query.q ?? ''}))
      and (${query.departmentId ?? null}::bigint is null or exists (select from staff_department sd
        where sd.corp_id = ${corpId}::bigint and sd.staff_id = s.staff_id and sd.department_id = ${query.departmentId ?? null}::bigint))
    order by s.staff_id limit ${query.limit + 1}`.execute(tx)
  const items = rows.slice(0, query.limit).map((row) => ({ ...row, leftAt: row.leftAt?.toISOString() ?? null }))
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.staffId ?? null) : null }
}

export async function listDepartments(tx: Tx, corpId: string) {
  const { rows } = await sql<{ departmentId: string; name: string; parentId: string | null; staffCount: number }>`
    select d.department_id, d.name, d.parent_id,
      (select count(*)::int from staff_department sd join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = sd.staff_id and s.left_at is null
        where sd.corp_id = ${corpId}::bigint and sd.department_id = d.department_id) as staff_count
    from department d where d.corp_id = ${corpId}::bigint and d.deleted_at is null order by d.sort_order desc, d.department_id`.execute(
    tx,
  )
  return rows
}

export async function listAudit(tx: Tx, corpId: string, query: z.infer<typeof AuditQuery>) {
  let lines = tx
    .selectFrom('auditLog')
    .select(['auditId', 'at', 'actor', 'action', 'objectKind', 'objectId', 'detail', 'ip', 'requestId'])
    .where('corpId', '=', corpId)
    .orderBy('auditId', 'desc')
    .limit(query.limit + 1)
  if (query.before) lines = lines.where('auditId', '<', query.before)
  if (query.action) lines = lines.where('action', '=', query.action)
  const rows = await lines.execute()
  const items = rows
    .slice(0, query.limit)
    .map((row) => ({ ...row, at: row.at.toISOString(), detail: row.detail as Record<string, unknown> }))
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.auditId ?? null) : null }
}

/** LIKE's own characters, taken literally. */
const escapeLike = (text: string) => text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)
