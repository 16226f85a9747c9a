import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { stateAt, type Viewer } from '../materials/visible.ts'
import { holdsWords } from '../search.ts'
import { isScriptSeen } from '../search-library.ts'
import { type Library, ownerOf } from './groups.ts'
import type { Script, ScriptQuery } from './schema.ts'

export interface ScriptRow extends Omit<Script, 'usedAt' | 'updatedAt'> {
  usedAt: Date | null
  updatedAt: Date
}

/** A script as it is shown, of `s` in its group `g`: its parts with the materials they point to. */
export const scriptColumns = (corpId: string, now: Date): RawBuilder<unknown> => sql`
  s.script_id, s.script_group_id, g.name as group_name, s.owner_staff_id is not null as own, s.title, s.keywords, s.is_quick, s.version, s.uses, s.used_at, s.created_by, s.updated_at,
  coalesce((select jsonb_agg(case when p.part->>'type' = 'material' then jsonb_build_object('type', 'material', 'materialId', m.material_id::text, 'title', m.title, 'kind', m.kind,
      'pictureId', coalesce(m.cover_id::text, case when m.kind = 'image' then m.content->>'fileId' end), 'state', ${stateAt(now)}) else p.part end order by p.place)
    from jsonb_array_elements(s.parts) with ordinality as p(part, place)
    left join material m on m.corp_id = ${corpId}::bigint and m.material_id = (p.part->>'materialId')::bigint
    left join material_version ov on ov.corp_id = ${corpId}::bigint and ov.material_id = m.material_id and ov.version = m.open_version), '[]') as parts,
  coalesce((select jsonb_agg(jsonb_build_object('stageId', t.stage_id::text, 'name', t.name) order by t.sort_order, t.stage_id) from stage t where t.corp_id = ${corpId}::bigint and t.stage_id = any(s.stage_ids)), '[]') as stages`

export const fromScripts = (corpId: string): RawBuilder<unknown> =>
  sql`script s join script_group g on g.corp_id = ${corpId}::bigint and g.script_group_id = s.script_group_id`

export const toScript = <R extends ScriptRow>(row: R) => ({
  ...row,
  usedAt: row.usedAt?.toISOString() ?? null,
  updatedAt: row.updatedAt.toISOString(),
})

/** A page of a library, in the order people gave it, group by group. */
export async function listScripts(
  tx: Tx,
  corpId: string,
  library: Library,
  query: ScriptQuery,
  viewer: Viewer,
  now: Date,
): Promise<{ items: Script[]; nextCursor: string | null }> {
  const where = [
    sql`s.corp_id = ${corpId}::bigint and s.removed_at is null and s.owner_staff_id is not distinct from ${ownerOf(library)}::bigint`,
  ]
  if (library === 'corp' && !viewer.writes) where.push(isScriptSeen(viewer))
  if (query.group) where.push(sql`s.script_group_id = ${query.group}::bigint`)
  if (query.quick) where.push(sql`s.is_quick = ${query.quick === '1'}`)
  if (query.q) where.push(holdsWords('s', query.q))
  const [groupPlace, place, id] = query.cursor?.split('_') ?? []
  if (id)
    where.push(sql`(g.sort_order, s.sort_order, s.script_id) > (${groupPlace}::int, ${place}::int, ${id}::bigint)`)
  const { rows } = await sql<ScriptRow & { groupPlace: number; place: number }>`
    select ${scriptColumns(corpId, now)}, g.sort_order as group_place, s.sort_order as place from ${fromScripts(corpId)} where ${sql.join(where, sql` and `)}
    order by g.sort_order, s.sort_order, s.script_id limit ${query.limit + 1}`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: page.map(({ groupPlace: _, place: __, ...row }) => toScript(row)),
    nextCursor: rows.length > query.limit && last ? `${last.groupPlace}_${last.place}_${last.scriptId}` : null,
  }
}
