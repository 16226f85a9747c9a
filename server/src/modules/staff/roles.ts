import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Actor } from '../corps/context.ts'
import { accountOf } from './accounts.ts'
import { recordAudit } from './audit.ts'
import {
  LastOwner,
  MixedDuties,
  NotYoursToGive,
  OwnRole,
  RoleInUse,
  RoleNameTaken,
  UnknownPermission,
  WiderThanYours,
} from './errors.ts'
import { covers, GRANTABLE, mixesDuties, PERMISSIONS, SCOPES } from './permissions.ts'
import { type BuiltInRole, type NewRole, ROLES, type RoleList, type ScopeKind, type SetAccess } from './schema.ts'
import { reaches, readScope } from './scope.ts'

/** Built-in roles first, then the corp's own by name, with how many members have each. */
export async function listRoles(tx: Tx, corpId: string): Promise<z.infer<typeof RoleList>> {
  const { rows: own } = await sql<{
    roleId: string
    name: string
    permissions: string[]
    scopeKind: ScopeKind
    members: number
  }>`
    select r.role_id, r.name, r.permissions, r.scope_kind, (select count(*)::int from account_corp a where a.corp_id = ${corpId}::bigint and a.role_id = r.role_id) as members
    from role r where r.corp_id = ${corpId}::bigint order by r.name, r.role_id`.execute(tx)
  const { rows: counts } = await sql<{ role: string; members: number }>`
    select a.role, count(*)::int as members from account_corp a where a.corp_id = ${corpId}::bigint group by a.role`.execute(
    tx,
  )
  return {
    permissions: [...GRANTABLE],
    roles: [
      ...ROLES.map((role) => ({
        role,
        roleId: null,
        name: null,
        permissions: [...PERMISSIONS[role]],
        scopeKind: SCOPES[role],
        members: counts.find((row) => row.role === role)?.members ?? 0,
      })),
      ...own.map((row) => ({ role: 'custom' as const, ...row })),
    ],
  }
}

/** Makes a role of the corp's own, or changes one; whoever has it may do what it says from his next request on. */
export async function saveRole(
  tx: Tx,
  actor: Actor,
  roleId: string | undefined,
  role: NewRole,
  now: Date,
): Promise<string> {
  const { corpId } = actor
  const permissions = [...new Set(role.permissions)].sort()
  const unknown = permissions.find((word) => !GRANTABLE.includes(word))
  if (unknown) throw new UnknownPermission({ unknown })
  if (mixesDuties(permissions)) throw new MixedDuties()
  const before = roleId ? await readRole(tx, corpId, roleId) : undefined
  if (!covers(actor.permissions, [...permissions, ...(before?.permissions ?? [])])) throw new NotYoursToGive()
  if (before && actor.scope && widens(before.scopeKind, role.scopeKind)) throw new WiderThanYours()
  await refuseTakenName(tx, corpId, role.name, roleId)
  const given = { name: role.name, permissions, scopeKind: role.scopeKind }
  const saved = roleId
    ? await tx
        .updateTable('role')
        .set(given)
        .where('corpId', '=', corpId)
        .where('roleId', '=', roleId)
        .returning('roleId')
        .executeTakeFirstOrThrow()
    : await tx
        .insertInto('role')
        .values({ corpId, createdAt: now, ...given })
        .returning('roleId')
        .executeTakeFirstOrThrow()
  await recordAudit(tx, actor, {
    action: roleId ? 'role.edit' : 'role.create',
    kind: 'role',
    id: saved.roleId,
    detail: { ...given, ...(before ? { before: before.permissions } : {}) },
    at: now,
  })
  return saved.roleId
}

export async function deleteRole(tx: Tx, actor: Actor, roleId: string, now: Date): Promise<void> {
  const { corpId } = actor
  const { name, permissions, members } = await readRole(tx, corpId, roleId)
  if (!covers(actor.permissions, permissions)) throw new NotYoursToGive()
  if (members > 0) throw new RoleInUse({ name, members })
  await tx.deleteFrom('role').where('corpId', '=', corpId).where('roleId', '=', roleId).execute()
  await recordAudit(tx, actor, { action: 'role.delete', kind: 'role', id: roleId, detail: { name }, at: now })
}

/** Gives a member his role and scope, before or after his first sign-in; they hold from his next request on. */
export async function setStaffAccess(
  tx: Tx,
  actor: Actor,
  staffId: string,
  access: SetAccess,
  now: Date,
): Promise<void> {
  if (staffId === actor.staffId) throw new OwnRole()
  const { corpId } = actor
  const member = await tx
    .selectFrom('staff')
    .select(['staffId', 'name'])
    .where('corpId', '=', corpId)
    .where('staffId', '=', staffId)
    .where('leftAt', 'is', null)
    .executeTakeFirst()
  if (!member) throw new NotFound({ what: '成员' })
  await requireDepartments(tx, corpId, access.scopeDepartments)
  const { accountId } = await accountOf(tx, corpId, member, now)
  // Two owners demoted at once, each leaving the other: one after the other.
  await sql`select pg_advisory_xact_lock(hashtext(${`roles ${corpId}`}))`.execute(tx)
  const before = await tx
    .selectFrom('accountCorp')
    .select(['role', 'roleId', 'scopeKind', 'scopeDepartments'])
    .where('corpId', '=', corpId)
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow()
  const [had, wanted] = [await readGranted(tx, corpId, before), await readGranted(tx, corpId, access)]
  if (!covers(actor.permissions, [...had.permissions, ...wanted.permissions])) throw new NotYoursToGive()
  const scopeBy = (given: { scopeKind: string | null; scopeDepartments: string[] }, ofRole: ScopeKind) =>
    readScope(tx, corpId, { ...given, staffId, scopeKind: (given.scopeKind ?? ofRole) as ScopeKind })
  // What he sees himself, the member's own customers, and what the member had may be left to him.
  if (
    actor.scope &&
    !reaches([actor.scope, [staffId], await scopeBy(before, had.scopeKind)], await scopeBy(access, wanted.scopeKind))
  )
    throw new WiderThanYours()
  if (before.role === 'owner' && access.role !== 'owner') await refuseLastOwner(tx, corpId)
  const { role, roleId, scopeKind, scopeDepartments } = access
  await tx
    .updateTable('accountCorp')
    .set({ role, roleId, scopeKind, scopeDepartments })
    .where('corpId', '=', corpId)
    .where('accountId', '=', accountId)
    .execute()
  await recordAudit(tx, actor, {
    action: 'staff.set_access',
    kind: 'staff',
    id: staffId,
    detail: { name: member.name, before, ...access },
    at: now,
  })
}

/** What a grant's role says, built in or the corp's own. */
async function readGranted(
  tx: Tx,
  corpId: string,
  { role, roleId }: { role: string; roleId: string | null },
): Promise<{ permissions: readonly string[]; scopeKind: ScopeKind }> {
  if (roleId) return readRole(tx, corpId, roleId)
  return { permissions: PERMISSIONS[role as BuiltInRole], scopeKind: SCOPES[role as BuiltInRole] }
}

async function readRole(tx: Tx, corpId: string, roleId: string) {
  const {
    rows: [row],
  } = await sql<{ name: string; permissions: string[]; scopeKind: ScopeKind; members: number }>`
    select r.name, r.permissions, r.scope_kind, (select count(*)::int from account_corp a where a.corp_id = ${corpId}::bigint and a.role_id = r.role_id) as members
    from role r where r.corp_id = ${corpId}::bigint and r.role_id = ${roleId}::bigint for update of r`.execute(tx)
  if (!row) throw new NotFound({ what: '角色' })
  return row
}

const WIDTHS: readonly ScopeKind[] = ['own', 'departments', 'tree', 'all']
/** Whether those who have the role would see more. */
const widens = (before: ScopeKind, after: ScopeKind) => WIDTHS.indexOf(after) > WIDTHS.indexOf(before)

async function refuseTakenName(tx: Tx, corpId: string, name: string, roleId: string | undefined): Promise<void> {
  const taken = await tx
    .selectFrom('role')
    .select('roleId')
    .where('corpId', '=', corpId)
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .where('roleId', '<>', roleId ?? '0')
    .executeTakeFirst()
  if (taken) throw new RoleNameTaken({ name })
}

async function refuseLastOwner(tx: Tx, corpId: string): Promise<void> {
  const { count } = await tx
    .selectFrom('accountCorp')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('corpId', '=', corpId)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow()
  if (Number(count) <= 1) throw new LastOwner()
}

async function requireDepartments(tx: Tx, corpId: string, departmentIds: string[]): Promise<void> {
  if (departmentIds.length === 0) return
  const { count } = await tx
    .selectFrom('department')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('corpId', '=', corpId)
    .where('departmentId', 'in', departmentIds)
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow()
  if (Number(count) < new Set(departmentIds).size) throw new NotFound({ what: '部门' })
}
