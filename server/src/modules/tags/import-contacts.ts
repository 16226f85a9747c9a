import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Vault } from '../../platform/secrets.ts'
import { openRow, refusedCsv, sealRow } from '../../platform/tables/refused-rows.ts'
import { listFields } from '../contacts/fields.ts'
import { markMobile } from '../contacts/mobiles.ts'
import { findByMobile, keepVisible } from '../contacts/pick-contacts.ts'
import { findContacts } from '../contacts/service.ts'
import type { Scope } from '../corps/context.ts'
import { type BulkActor, insertRun } from './bulk-runs.ts'
import { type ImportRow, type Library, readImport } from './read-import.ts'

export interface Imported {
  bulkRunId: string
  accepted: number
  rejected: number
}

/** Reads a file of what is to be changed of customers known already, and begins. Rows it cannot follow are kept with the reason. */
export async function startImport(
  tx: Tx,
  corpId: string,
  vault: Vault,
  file: { fileName: string; bytes: Buffer },
  actor: BulkActor,
  now: Date,
): Promise<Imported> {
  const { head, rows } = await readImport(file.bytes, await readLibrary(tx, corpId))
  const found = await findRows(tx, corpId, vault, rows, actor.scope)
  const rejected = found.filter((row) => row.reason !== undefined)
  const accepted = found.length - rejected.length
  const bulkRunId = await insertRun(tx, corpId, actor, now, {
    kind: 'import',
    filter: null,
    contactIds: null,
    ofRunId: null,
    addIds: [...new Set(found.flatMap((row) => (row.reason ? [] : row.addIds)))],
    removeIds: [...new Set(found.flatMap((row) => (row.reason ? [] : row.removeIds)))],
    total: accepted,
    fileName: file.fileName,
    skipped: JSON.stringify(rejected.length > 0 ? { rejected: rejected.length } : {}),
  })
  const sealed = (row: Found) =>
    row.reason === undefined ? null : sealRow(vault, { head, cells: row.cells }, placeOf(corpId, bulkRunId, row.line))
  await sql`
    insert into import_row (corp_id, bulk_run_id, contact_id, line, add_ids, remove_ids, fields, reason, cells_sealed)
    select ${corpId}::bigint, ${bulkRunId}::bigint, r.contact_id, r.line, coalesce(string_to_array(nullif(r.add_ids, ''), ' ')::bigint[], '{}'), coalesce(string_to_array(nullif(r.remove_ids, ''), ' ')::bigint[], '{}'), r.fields, r.reason, r.cells
    from unnest(${found.map((r) => r.contactId ?? '0')}::bigint[], ${found.map((r) => r.line)}::int[], ${found.map((r) => r.addIds.join(' '))}::text[], ${found.map((r) => r.removeIds.join(' '))}::text[],
      ${found.map((r) => JSON.stringify(r.fields))}::jsonb[], ${found.map((r) => r.reason ?? null)}::text[], ${found.map(sealed)}::bytea[]) as r(contact_id, line, add_ids, remove_ids, fields, reason, cells)`.execute(
    tx,
  )
  return { bulkRunId, accepted, rejected: rejected.length }
}

const placeOf = (corpId: string, bulkRunId: string, line: number) => `import_row.${corpId}.${bulkRunId}.${line}.cells`

async function readLibrary(tx: Tx, corpId: string): Promise<Library> {
  const { rows } = await sql<{ tagId: string; name: string; groupName: string }>`
    select t.tag_id, t.name, g.name as group_name from tag t join tag_group g on g.corp_id = ${corpId}::bigint and g.tag_group_id = t.tag_group_id
    where t.corp_id = ${corpId}::bigint and t.deleted_at is null`.execute(tx)
  const tags = new Map<string, string[]>()
  for (const { tagId, name, groupName } of rows)
    for (const said of [name, `${groupName}/${name}`]) tags.set(said, [...(tags.get(said) ?? []), tagId])
  return { fields: await listFields(tx, corpId), tags }
}

interface Found extends ImportRow {
  contactId: string | undefined
}

/** Whom each row means: by id before number, one customer a row and one row a customer, inside the scope. */
async function findRows(tx: Tx, corpId: string, vault: Vault, rows: ImportRow[], scope: Scope): Promise<Found[]> {
  const markOf = (mobile: string) => markMobile(vault, mobile)
  const known = await findContacts(tx, corpId, 'external_userid', rows.map((row) => row.externalUserid).filter(Boolean))
  const visible = new Set(await keepVisible(tx, corpId, [...known.values()], scope))
  const numbers = rows.filter((row) => !row.externalUserid && row.mobile).map((row) => markOf(row.mobile))
  const byMobile = await findByMobile(tx, corpId, numbers, scope)
  const taken = new Map<string, number>()
  return rows.map((row) => {
    if (row.reason !== undefined) return { ...row, contactId: undefined }
    const one = known.get(row.externalUserid)
    const ids = row.externalUserid ? (one && visible.has(one) ? [one] : []) : (byMobile.get(markOf(row.mobile)) ?? [])
    const [contactId] = ids
    const before = contactId && taken.get(contactId)
    const reason =
      contactId === undefined
        ? row.externalUserid
          ? '没有这位客户，或不归你看'
          : '没有客户的备注里只写着这个手机号'
        : ids.length > 1
          ? `这个手机号对应 ${ids.length} 位客户，请改写客户ID`
          : before
            ? `和第 ${before} 行是同一位客户`
            : undefined
    if (reason !== undefined) return { ...row, reason, contactId: undefined }
    taken.set(contactId!, row.line)
    return { ...row, contactId }
  })
}

/** The refused rows as they were, each with its line and the reason: to be mended and brought in again. */
export async function writeRejected(
  tx: Tx,
  corpId: string,
  vault: Vault,
  bulkRunId: string,
  actor: BulkActor,
): Promise<string> {
  const { rows } = await sql<{ line: number; reason: string; cellsSealed: Buffer }>`
    select i.line, i.reason, i.cells_sealed from import_row i join bulk_run r on r.corp_id = ${corpId}::bigint and r.bulk_run_id = i.bulk_run_id
    where i.corp_id = ${corpId}::bigint and i.bulk_run_id = ${bulkRunId}::bigint and i.reason is not null
      and (${actor.scope === undefined} or r.account_id = ${actor.accountId}::bigint) order by i.line`.execute(tx)
  if (rows.length === 0) throw new NotFound({ what: '没导入的行' })
  return refusedCsv(
    rows.map(({ cellsSealed, ...row }) => ({
      ...row,
      ...openRow(vault, cellsSealed, placeOf(corpId, bulkRunId, row.line)),
    })),
  )
}
