import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { MaterialContent, MaterialKind, MaterialState } from './schema.ts'
import { stateAt } from './visible.ts'

/** A material as other rooms take it: what its live version says, or the newest where none was ever live. */
export interface ReadMaterial {
  materialId: string
  kind: MaterialKind
  title: string
  summary: string
  /** A file: the picture that shows it. */
  cover: string | null
  content: MaterialContent
  version: number
  state: MaterialState
}

/** Materials by id, of any state: whoever asks decides by it. Those that are not there are missing in the answer. */
export async function readMaterials(
  tx: Tx,
  corpId: string,
  materialIds: readonly string[],
  now: Date,
): Promise<Map<string, ReadMaterial>> {
  if (materialIds.length === 0) return new Map()
  const { rows } = await sql<ReadMaterial>`
    select m.material_id, m.kind, m.title, m.summary, coalesce(m.cover_id, case when m.kind = 'image' then (m.content->>'fileId')::bigint end) as cover, m.content,
      coalesce(m.live_version, m.newest_version) as version, ${stateAt(now)} as state
    from material m left join material_version ov on ov.corp_id = ${corpId}::bigint and ov.material_id = m.material_id and ov.version = m.open_version
    where m.corp_id = ${corpId}::bigint and m.material_id = any(${[...new Set(materialIds)]}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.materialId, row]))
}
