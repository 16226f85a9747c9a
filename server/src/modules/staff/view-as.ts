import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db.ts'
import { sha256 } from '../../platform/secrets.ts'
import type { Role, ScopeKind } from './schema.ts'

/** Minutes one looks as somebody else before he is himself again. */
export const VIEW_AS_MINUTES = 30

/** A member as sign-in would find him; who never signed in, and was given nothing, is `staff`. */
export interface Member {
  staffId: string
  name: string
  role: Role
  roleId: string | null
  scopeKind: ScopeKind | null
  scopeDepartments: string[]
}

export async function findMember(tx: Tx, corpId: string, staffId: string): Promise<Member | undefined> {
  const { rows } = await sql<Member>`
    select s.staff_id, s.name, coalesce(a.role, 'staff') as role, a.role_id, a.scope_kind, coalesce(a.scope_departments, '{}') as scope_departments
    from staff s left join account_corp a on a.corp_id = ${corpId}::bigint and a.staff_id = s.staff_id
    where s.corp_id = ${corpId}::bigint and s.staff_id = ${staffId}::bigint and s.left_at is null`.execute(tx)
  return rows[0]
}

/** Lets a session look as a member, or, with null, as its own person again. */
export async function viewAs(db: Db, cookie: string, staffId: string | null, now: Date): Promise<void> {
  await db
    .updateTable('session')
    .set({
      viewAs: staffId,
      viewAsUntil: staffId === null ? null : new Date(now.getTime() + VIEW_AS_MINUTES * 60_000),
    })
    .where('sessionHash', '=', sha256(cookie))
    .execute()
}
