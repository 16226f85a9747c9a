import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { Actor } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { MappingNameTaken } from '../errors.ts'
import type { ImportKind } from './fields.ts'
import type { ImportMapping, SavedMapping } from './schema.ts'

/** How files of this kind have been read before, by name. */
export async function listMappings(tx: Tx, corpId: string, kind: ImportKind): Promise<SavedMapping[]> {
  const { rows } = await sql<SavedMapping>`
    select import_mapping_id, name, mapping from import_mapping where corp_id = ${corpId}::bigint and kind = ${kind} order by name`.execute(
    tx,
  )
  return rows
}

export async function saveMapping(
  tx: Tx,
  actor: Actor,
  { kind, name, mapping }: { kind: ImportKind; name: string; mapping: ImportMapping },
  now: Date,
): Promise<void> {
  const { rows } = await sql`
    insert into import_mapping (corp_id, kind, name, mapping, created_by, created_at) values (${actor.corpId}::bigint, ${kind}, ${name}, ${JSON.stringify(mapping)}::jsonb, ${actor.name}, ${now}::timestamptz)
    on conflict (corp_id, kind, name) do nothing returning import_mapping_id`.execute(tx)
  if (rows.length === 0) throw new MappingNameTaken({ name })
}

export async function deleteMapping(tx: Tx, actor: Actor, importMappingId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    delete from import_mapping where corp_id = ${actor.corpId}::bigint and import_mapping_id = ${importMappingId}::bigint returning name`.execute(
    tx,
  )
  const [gone] = rows
  if (!gone) throw new NotFound({ what: '读法' })
  const entry = { action: 'import_mapping.delete', kind: 'import_mapping', id: importMappingId, detail: gone, at: now }
  await recordAudit(tx, actor, entry)
}
