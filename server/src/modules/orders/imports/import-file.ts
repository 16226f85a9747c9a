import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import type { Vault } from '../../../platform/secrets.ts'
import type { TableRow } from '../../../platform/tables/limits.ts'
import { type Pieces, readTable, type TableFormat } from '../../../platform/tables/read-table.ts'
import { createGrouping, createKeying, type Group } from './group-rows.ts'
import { ROWS_MAX } from './schema.ts'

export interface StoredFile {
  corpId: string
  orderImportId: string
  parts: number
}

const placeOf = ({ corpId, orderImportId }: Omit<StoredFile, 'parts'>, part: number) =>
  `order_import_part.${corpId}.${orderImportId}.${part}.sealed`

/** Keeps one part of a file, sealed: it may hold phone numbers. A part sent twice is the same part. */
export async function keepPart(
  tx: Tx,
  vault: Vault,
  file: Omit<StoredFile, 'parts'>,
  part: number,
  bytes: Buffer,
): Promise<void> {
  const sealed = vault.seal(bytes, placeOf(file, part))
  await sql`insert into order_import_part (corp_id, order_import_id, part, sealed) values (${file.corpId}::bigint, ${file.orderImportId}::bigint, ${part}, ${sealed})
    on conflict (corp_id, order_import_id, part) do update set sealed = excluded.sealed`.execute(tx)
}

export async function forgetParts(tx: Tx, corpId: string, orderImportId: string): Promise<void> {
  await sql`delete from order_import_part where corp_id = ${corpId}::bigint and order_import_id = ${orderImportId}::bigint`.execute(
    tx,
  )
}

/** The file, a part at a time: no more of it is held than that. */
export function openFile(db: Db, vault: Vault, file: StoredFile): Pieces {
  return async function* () {
    for (let part = 0; part < file.parts; part++) {
      const { rows } = await inCorp(db, file.corpId, (tx) =>
        sql<{ sealed: Buffer }>`
          select sealed from order_import_part where corp_id = ${file.corpId}::bigint and order_import_id = ${file.orderImportId}::bigint and part = ${part}`.execute(
          tx,
        ),
      )
      const [kept] = rows
      if (!kept) return
      yield vault.open(kept.sealed, placeOf(file, part))
    }
  }
}

/** The rows under the head, packet by packet. */
async function* readBody(pieces: Pieces, format: TableFormat): AsyncGenerator<TableRow[]> {
  let isHead = true
  for await (const packet of readTable(pieces, format, ROWS_MAX)) {
    if (packet.length === 0) continue
    yield isHead ? packet.slice(1) : packet
    isHead = false
    // Pages are answered between packets.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** The rows of each order or member together, always in the same order: whoever takes up a broken run counts on it. */
export async function* readGroups(
  pieces: Pieces,
  format: TableFormat,
  { keyIndex, continues }: { keyIndex: number; continues: boolean },
): AsyncGenerator<Group[]> {
  const lastLines = new Map<string, number>()
  const keyFirst = createKeying(keyIndex, continues)
  for await (const rows of readBody(pieces, format)) for (const row of rows) lastLines.set(keyFirst(row), row.line)
  const grouping = createGrouping(lastLines)
  const keyOf = createKeying(keyIndex, continues)
  for await (const rows of readBody(pieces, format)) {
    const whole = grouping.push(rows.map((row) => ({ key: keyOf(row), row })))
    if (whole.length > 0) yield whole
  }
}
