import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { GroupFull, GroupTaken, OtherOrder, TooManyFolders } from '../errors.ts'
import { isFor, requireDepartments, type Viewer } from '../materials/visible.ts'
import type { NewScriptGroup, ScriptGroup, ScriptGroupEdit } from './schema.ts'

/** Whose library: the corp's, or one member's own. */
export type Library = { staffId: string } | 'corp'
export const ownerOf = (library: Library): string | null => (library === 'corp' ? null : library.staffId)

const GROUPS_MAX = 100

export async function listGroups(
  tx: Tx,
  corpId: string,
  library: Library,
  viewer: Viewer,
): Promise<z.infer<typeof ScriptGroup>[]> {
  const seen = library !== 'corp' || viewer.writes ? sql`true` : isFor(viewer, sql`g.scope_departments`)
  const { rows } = await sql<z.infer<typeof ScriptGroup>>`
    select g.script_group_id, g.name, g.scope_departments::text[] as scope_departments,
      array(select d.name from department d where d.corp_id = ${corpId}::bigint and d.department_id = any(g.scope_departments) order by d.department_id) as scope_names,
      (select count(*)::int from script s where s.corp_id = ${corpId}::bigint and s.script_group_id = g.script_group_id and s.removed_at is null) as scripts
    from script_group g where g.corp_id = ${corpId}::bigint and g.owner_staff_id is not distinct from ${ownerOf(library)}::bigint and ${seen}
    order by g.sort_order, g.script_group_id`.execute(tx)
  return rows
}

export async function createGroup(
  tx: Tx,
  corpId: string,
  library: Library,
  { name, scopeDepartments }: NewScriptGroup,
  now: Date,
): Promise<string> {
  const scope = library === 'corp' ? scopeDepartments : null
  if (scope) await requireDepartments(tx, corpId, scope)
  const owner = ownerOf(library)
  const { rows } = await sql<{ scriptGroupId: string; n: number }>`
    insert into script_group (corp_id, owner_staff_id, name, scope_departments, sort_order, created_at)
    select ${corpId}::bigint, ${owner}::bigint, ${name}, ${scope}::bigint[], coalesce(max(g.sort_order), 0) + 1, ${now}::timestamptz
      from script_group g where g.corp_id = ${corpId}::bigint and g.owner_staff_id is not distinct from ${owner}::bigint
    on conflict (corp_id, coalesce(owner_staff_id, 0), lower(name)) do nothing
    returning script_group_id, (select count(*)::int from script_group g where g.corp_id = ${corpId}::bigint and g.owner_staff_id is not distinct from ${owner}::bigint) as n`.execute(
    tx,
  )
  if (!rows[0]) throw new GroupTaken({ name })
  if (rows[0].n >= GROUPS_MAX) throw new TooManyFolders({ most: GROUPS_MAX })
  return rows[0].scriptGroupId
}

/** A group of this library, held until the commit. */
export async function requireGroup(tx: Tx, corpId: string, library: Library, scriptGroupId: string): Promise<void> {
  const { rows } = await sql`
    select script_group_id from script_group where corp_id = ${corpId}::bigint and script_group_id = ${scriptGroupId}::bigint
      and owner_staff_id is not distinct from ${ownerOf(library)}::bigint for update`.execute(tx)
  if (rows.length === 0) throw new NotFound({ what: '分组' })
}

export async function editGroup(
  tx: Tx,
  corpId: string,
  library: Library,
  scriptGroupId: string,
  { name, scopeDepartments }: ScriptGroupEdit,
): Promise<void> {
  await requireGroup(tx, corpId, library, scriptGroupId)
  const scoped = library === 'corp' && scopeDepartments !== undefined
  if (scoped && scopeDepartments) await requireDepartments(tx, corpId, scopeDepartments)
  if (name !== undefined) {
    const { rows } = await sql`
      select script_group_id from script_group where corp_id = ${corpId}::bigint and owner_staff_id is not distinct from ${ownerOf(library)}::bigint
        and lower(name) = lower(${name}) and script_group_id <> ${scriptGroupId}::bigint`.execute(tx)
    if (rows.length > 0) throw new GroupTaken({ name })
  }
  await sql`
    update script_group set name = coalesce(${name ?? null}, name), scope_departments = case when ${scoped} then ${scopeDepartments ?? null}::bigint[] else scope_departments end
    where corp_id = ${corpId}::bigint and script_group_id = ${scriptGroupId}::bigint`.execute(tx)
}

/** Only an empty one: nobody's scripts go with it unseen. */
export async function removeGroup(tx: Tx, corpId: string, library: Library, scriptGroupId: string): Promise<void> {
  await requireGroup(tx, corpId, library, scriptGroupId)
  const { rows } = await sql<{ full: boolean }>`
    select exists (select from script s where s.corp_id = ${corpId}::bigint and s.script_group_id = ${scriptGroupId}::bigint and s.removed_at is null) as full`.execute(
    tx,
  )
  if (rows[0]!.full) throw new GroupFull()
  // What was removed from it goes for good with it.
  await sql`delete from script where corp_id = ${corpId}::bigint and script_group_id = ${scriptGroupId}::bigint`.execute(
    tx,
  )
  await sql`delete from script_group where corp_id = ${corpId}::bigint and script_group_id = ${scriptGroupId}::bigint`.execute(
    tx,
  )
}

export async function orderGroups(tx: Tx, corpId: string, library: Library, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select script_group_id as id from script_group where corp_id = ${corpId}::bigint and owner_staff_id is not distinct from ${ownerOf(library)}::bigint for update`.execute(
    tx,
  )
  if (rows.length !== ids.length || rows.some(({ id }) => !ids.includes(id))) throw new OtherOrder()
  await sql`update script_group g set sort_order = o.place from unnest(${[...ids]}::bigint[]) with ordinality as o(id, place)
    where g.corp_id = ${corpId}::bigint and g.script_group_id = o.id`.execute(tx)
}
