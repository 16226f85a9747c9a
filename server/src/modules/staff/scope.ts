import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import type { ScopeKind } from './schema.ts'

/** Whose customers somebody was given to see: a member's, or of an account of head office that is nobody's. */
export interface Grant {
  staffId: string | null
  scopeKind: ScopeKind
  scopeDepartments: string[]
}

/** The staff whose customers a grant shows. An account of head office, tied to no member and no department, is bound to none. */
export async function readScope(tx: Tx, corpId: string, grant: Grant): Promise<Scope> {
  const fixed = fixedScope(grant)
  if (fixed !== 'departments') return fixed.scope
  const { staffId, scopeKind, scopeDepartments } = grant
  const departments = scopeDepartments.length > 0 ? scopeDepartments : await readDepartments(tx, corpId, staffId)
  const staffIds = await readStaffOf(tx, corpId, departments, { below: scopeKind === 'tree' })
  return [...new Set([staffId ?? NOBODY, ...staffIds])]
}

async function readDepartments(tx: Tx, corpId: string, staffId: string | null): Promise<string[]> {
  const { rows } = await sql<{ departmentId: string }>`
    select department_id from staff_department where corp_id = ${corpId}::bigint and staff_id = ${staffId}::bigint`.execute(
    tx,
  )
  return rows.map((row) => row.departmentId)
}

/** The staff of some departments and, if asked, of all `below` them. */
export async function readStaffOf(
  tx: Tx,
  corpId: string,
  departmentIds: readonly string[],
  { below }: { below: boolean },
): Promise<string[]> {
  const { rows } = await sql<{ staffId: string }>`
    with recursive part as (
      select d.department_id from department d where d.corp_id = ${corpId}::bigint and d.department_id = any(${[...departmentIds]}::bigint[])
      union select d.department_id from department d join part p on d.parent_id = p.department_id
        where d.corp_id = ${corpId}::bigint and d.deleted_at is null and ${below})
    select distinct s.staff_id from staff_department s join part p on p.department_id = s.department_id where s.corp_id = ${corpId}::bigint`.execute(
    tx,
  )
  return rows.map((row) => row.staffId)
}

/** The scope that needs no look at the departments. */
export function fixedScope({ staffId, scopeKind, scopeDepartments }: Grant): { scope: Scope } | 'departments' {
  if (scopeKind === 'all') return { scope: undefined }
  if (scopeKind === 'own') return { scope: [staffId ?? NOBODY] }
  if (staffId === null && scopeDepartments.length === 0) return { scope: undefined }
  return 'departments'
}

/** Whether everything one sees by `wanted` is seen by one of the `held` too. */
export function reaches(held: Scope[], wanted: Scope): boolean {
  if (held.includes(undefined)) return true
  if (!wanted) return false
  const seen = new Set(held.flatMap((scope) => scope ?? []))
  return wanted.every((staffId) => seen.has(staffId))
}

/** No member has it. */
const NOBODY = '0'
