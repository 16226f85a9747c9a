import { sql } from 'kysely'
import { fold, gramsOf } from '../../../platform/bigrams.ts'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Actor } from '../../corps/context.ts'
import { OtherOrder, TooManyScripts } from '../errors.ts'
import { refreshMediaJob } from '../files/refresh.ts'
import { requireFiles } from '../files/store.ts'
import { isSeen, isUsable, type Viewer } from '../materials/visible.ts'
import { requireKnownSlots } from '../variables.ts'
import { type Library, ownerOf, requireGroup } from './groups.ts'
import type { NewScript } from './schema.ts'

const SCRIPTS_MAX = 2_000

export async function createScript(
  tx: Tx,
  corpId: string,
  library: Library,
  given: NewScript,
  author: Pick<Actor, 'name'>,
  viewer: Viewer,
  now: Date,
): Promise<string> {
  await requireParts(tx, corpId, library, given, viewer, now)
  const owner = ownerOf(library)
  const row = rowOf(given)
  const { rows } = await sql<{ scriptId: string; n: number }>`
    insert into script (corp_id, owner_staff_id, script_group_id, title, keywords, parts, stage_ids, is_quick, file_ids, sort_order, title_folded, words, grams, created_by, created_at, updated_at)
    select ${corpId}::bigint, ${owner}::bigint, ${given.scriptGroupId}::bigint, ${given.title}, ${given.keywords}::text[], ${JSON.stringify(given.parts)}::jsonb, ${given.stageIds}::bigint[], ${given.isQuick}, ${row.fileIds}::bigint[],
      coalesce(max(s.sort_order), 0) + 1, ${row.titleFolded}, ${row.words}, ${row.grams}::int[], ${author.name}, ${now}::timestamptz, ${now}::timestamptz
      from script s where s.corp_id = ${corpId}::bigint and s.script_group_id = ${given.scriptGroupId}::bigint and s.removed_at is null
    returning script_id, (select count(*)::int from script s where s.corp_id = ${corpId}::bigint and s.owner_staff_id is not distinct from ${owner}::bigint and s.removed_at is null) as n`.execute(
    tx,
  )
  if (rows[0]!.n >= SCRIPTS_MAX) throw new TooManyScripts({ most: SCRIPTS_MAX })
  if (row.fileIds.length > 0) await enqueue(tx, refreshMediaJob, { corpId }, { key: `media ${corpId}` })
  return rows[0]!.scriptId
}

/** Puts what is given in the place of what stands; in another group it comes last. */
export async function saveScript(
  tx: Tx,
  corpId: string,
  library: Library,
  scriptId: string,
  given: NewScript,
  viewer: Viewer,
  now: Date,
): Promise<void> {
  await hold(tx, corpId, library, scriptId)
  await requireParts(tx, corpId, library, given, viewer, now)
  const row = rowOf(given)
  await sql`
    update script s set script_group_id = ${given.scriptGroupId}::bigint, title = ${given.title}, keywords = ${given.keywords}::text[], parts = ${JSON.stringify(given.parts)}::jsonb,
      stage_ids = ${given.stageIds}::bigint[], is_quick = ${given.isQuick}, file_ids = ${row.fileIds}::bigint[], version = version + 1,
      sort_order = case when s.script_group_id = ${given.scriptGroupId}::bigint then s.sort_order
        else coalesce((select max(o.sort_order) from script o where o.corp_id = ${corpId}::bigint and o.script_group_id = ${given.scriptGroupId}::bigint), 0) + 1 end,
      title_folded = ${row.titleFolded}, words = ${row.words}, grams = ${row.grams}::int[], updated_at = ${now}::timestamptz
    where s.corp_id = ${corpId}::bigint and s.script_id = ${scriptId}::bigint`.execute(tx)
  if (row.fileIds.length > 0) await enqueue(tx, refreshMediaJob, { corpId }, { key: `media ${corpId}` })
}

export async function removeScript(
  tx: Tx,
  corpId: string,
  library: Library,
  scriptId: string,
  now: Date,
): Promise<void> {
  await hold(tx, corpId, library, scriptId)
  await sql`update script set removed_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and script_id = ${scriptId}::bigint`.execute(
    tx,
  )
}

/** The order of all of a group. */
export async function orderScripts(
  tx: Tx,
  corpId: string,
  library: Library,
  scriptGroupId: string,
  ids: readonly string[],
): Promise<void> {
  await requireGroup(tx, corpId, library, scriptGroupId)
  const { rows } = await sql<{ id: string }>`
    select script_id as id from script where corp_id = ${corpId}::bigint and script_group_id = ${scriptGroupId}::bigint and removed_at is null for update`.execute(
    tx,
  )
  if (rows.length !== ids.length || rows.some(({ id }) => !ids.includes(id))) throw new OtherOrder()
  await sql`update script s set sort_order = o.place from unnest(${[...ids]}::bigint[]) with ordinality as o(id, place)
    where s.corp_id = ${corpId}::bigint and s.script_id = o.id`.execute(tx)
}

async function hold(tx: Tx, corpId: string, library: Library, scriptId: string): Promise<void> {
  const { rows } = await sql`
    select script_id from script where corp_id = ${corpId}::bigint and script_id = ${scriptId}::bigint and owner_staff_id is not distinct from ${ownerOf(library)}::bigint and removed_at is null for update`.execute(
    tx,
  )
  if (rows.length === 0) throw new NotFound({ what: '话术' })
}

/** Everything named is this corp's: the group of this library, pictures, stages, and materials the writer may send. */
async function requireParts(
  tx: Tx,
  corpId: string,
  library: Library,
  { scriptGroupId, parts, stageIds }: NewScript,
  viewer: Viewer,
  now: Date,
): Promise<void> {
  await requireGroup(tx, corpId, library, scriptGroupId)
  requireKnownSlots(...parts.map((part) => (part.type === 'text' ? part.text : '')))
  await requireFiles(
    tx,
    corpId,
    parts.flatMap((part) => (part.type === 'image' ? [{ fileId: part.fileId, kind: 'image' as const }] : [])),
  )
  const materialIds = [...new Set(parts.flatMap((part) => (part.type === 'material' ? [part.materialId] : [])))]
  if (materialIds.length > 0) {
    const usable = viewer.writes ? sql`true` : isUsable(now)
    const { rows } = await sql`
      select m.material_id from material m where m.corp_id = ${corpId}::bigint and m.material_id = any(${materialIds}::bigint[]) and ${usable} and ${isSeen(corpId, viewer)}`.execute(
      tx,
    )
    if (rows.length < materialIds.length) throw new NotFound({ what: '素材' })
  }
  const stages = [...new Set(stageIds)]
  if (stages.length === 0) return
  const { rows } = await sql`
    select stage_id from stage where corp_id = ${corpId}::bigint and stage_id = any(${stages}::bigint[])`.execute(tx)
  if (rows.length < stages.length) throw new NotFound({ what: '阶段' })
}

function rowOf({ title, keywords, parts }: NewScript) {
  const texts = [title, ...keywords, ...parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))]
  const words = texts.map(fold).join('\n')
  return {
    titleFolded: fold(title),
    words,
    grams: gramsOf(words),
    fileIds: parts.flatMap((part) => (part.type === 'image' ? [part.fileId] : [])),
  }
}
