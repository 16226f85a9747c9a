import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { FolderFull, FolderTaken, OtherOrder, TooManyFolders } from '../errors.ts'
import type { FolderEdit, FolderList, NewFolder } from './schema.ts'
import { isFor, isSeen, isUsable, requireDepartments, type Viewer } from './visible.ts'

const FOLDERS_MAX = 100
const LABELS_SHOWN = 60

/** The folders somebody sees, with how much lies in each for him, and the labels in use. */
export async function listFolders(tx: Tx, corpId: string, viewer: Viewer, now: Date): Promise<FolderList> {
  const shown = sql`m.corp_id = ${corpId}::bigint and ${isSeen(corpId, viewer)} and ${viewer.writes ? sql`m.withdrawn_at is null and m.deleted_at is null` : isUsable(now)}`
  const { rows: folders } = await sql<FolderList['folders'][number]>`
    select f.material_folder_id as folder_id, f.name, f.scope_departments::text[] as scope_departments,
      array(select d.name from department d where d.corp_id = ${corpId}::bigint and d.department_id = any(f.scope_departments) order by d.department_id) as scope_names,
      (select count(*)::int from material m where ${shown} and m.material_folder_id = f.material_folder_id) as materials
    from material_folder f where f.corp_id = ${corpId}::bigint and ${viewer.writes ? sql`true` : isFor(viewer, sql`f.scope_departments`)}
    order by f.sort_order, f.material_folder_id`.execute(tx)
  const { rows: sums } = await sql<{ loose: number; waiting: number; total: number; labels: string[] }>`
    select count(*) filter (where m.material_folder_id is null)::int as loose,
      count(*) filter (where exists (select from material_version v where v.corp_id = ${corpId}::bigint and v.material_id = m.material_id and v.version = m.open_version and v.state = 'waiting'))::int as waiting,
      count(*)::int as total,
      array(select l.label from material m cross join unnest(m.labels) as l(label) where ${shown} group by l.label order by count(*) desc, l.label limit ${LABELS_SHOWN}) as labels
    from material m where ${shown}`.execute(tx)
  return { folders, ...sums[0]! }
}

export async function createFolder(
  tx: Tx,
  corpId: string,
  { name, scopeDepartments }: NewFolder,
  now: Date,
): Promise<string> {
  if (scopeDepartments) await requireDepartments(tx, corpId, scopeDepartments)
  const { rows } = await sql<{ folderId: string; n: number }>`
    insert into material_folder (corp_id, name, scope_departments, sort_order, created_at)
    select ${corpId}::bigint, ${name}, ${scopeDepartments}::bigint[], coalesce(max(f.sort_order), 0) + 1, ${now}::timestamptz from material_folder f where f.corp_id = ${corpId}::bigint
    on conflict (corp_id, lower(name)) do nothing
    returning material_folder_id as folder_id, (select count(*)::int from material_folder f where f.corp_id = ${corpId}::bigint) as n`.execute(
    tx,
  )
  if (!rows[0]) throw new FolderTaken({ name })
  if (rows[0].n >= FOLDERS_MAX) throw new TooManyFolders({ most: FOLDERS_MAX })
  return rows[0].folderId
}

export async function editFolder(tx: Tx, corpId: string, folderId: string, edit: FolderEdit): Promise<void> {
  const { name, scopeDepartments } = edit
  if (scopeDepartments) await requireDepartments(tx, corpId, scopeDepartments)
  if (name !== undefined) {
    const { rows } = await sql`
      select material_folder_id from material_folder where corp_id = ${corpId}::bigint and lower(name) = lower(${name}) and material_folder_id <> ${folderId}::bigint`.execute(
      tx,
    )
    if (rows.length > 0) throw new FolderTaken({ name })
  }
  const { rows } = await sql`
    update material_folder set name = coalesce(${name ?? null}, name), scope_departments = case when ${scopeDepartments !== undefined} then ${scopeDepartments ?? null}::bigint[] else scope_departments end
    where corp_id = ${corpId}::bigint and material_folder_id = ${folderId}::bigint returning material_folder_id`.execute(
    tx,
  )
  if (rows.length === 0) throw new NotFound({ what: '文件夹' })
}

/** Only an empty one: nobody's materials go with it unseen. */
export async function removeFolder(tx: Tx, corpId: string, folderId: string): Promise<void> {
  const { rows } = await sql<{ full: boolean }>`
    select exists (select from material m where m.corp_id = ${corpId}::bigint and m.material_folder_id = f.material_folder_id) as full
    from material_folder f where f.corp_id = ${corpId}::bigint and f.material_folder_id = ${folderId}::bigint for update`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '文件夹' })
  if (rows[0].full) throw new FolderFull()
  await sql`delete from material_folder where corp_id = ${corpId}::bigint and material_folder_id = ${folderId}::bigint`.execute(
    tx,
  )
}

export async function orderFolders(tx: Tx, corpId: string, folderIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ folderId: string }>`
    select material_folder_id as folder_id from material_folder where corp_id = ${corpId}::bigint for update`.execute(
    tx,
  )
  if (rows.length !== folderIds.length || rows.some(({ folderId }) => !folderIds.includes(folderId)))
    throw new OtherOrder()
  await sql`update material_folder f set sort_order = g.place from unnest(${[...folderIds]}::bigint[]) with ordinality as g(folder_id, place)
    where f.corp_id = ${corpId}::bigint and f.material_folder_id = g.folder_id`.execute(tx)
}
