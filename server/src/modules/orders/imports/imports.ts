import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Vault } from '../../../platform/secrets.ts'
import { findFormat, readTable, type TableFormat } from '../../../platform/tables/read-table.ts'
import { openRow, refusedCsv } from '../../../platform/tables/refused-rows.ts'
import type { Actor } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import {
  ImportColumnMissing,
  ImportHeadless,
  ImportIncomplete,
  ImportStepPassed,
  ImportsOpen,
  ImportTooLarge,
} from '../errors.ts'
import { COLUMNS, guessColumns, type ImportKind, NEEDED } from './fields.ts'
import { forgetParts, keepPart, openFile } from './import-file.ts'
import { listMappings, saveMapping } from './mappings.ts'
import { importLane, refusalPlace, runImport } from './run-import.ts'
import {
  FILE_BYTES_MAX,
  type ImportDraft,
  type ImportMapping,
  type ImportStart,
  type NewOrderImport,
  type OrderImportView,
  ROWS_MAX,
} from './schema.ts'

/** Files of a corp that are not done: each keeps a file of a hundred megabytes. */
const OPEN_MAX = 5
const SHOWN = 50
const SAMPLE = 8

/** A file that has been read through once. */
export interface ReadyImport {
  corpId: string
  orderImportId: string
  kind: ImportKind
  parts: number
  format: TableFormat
  head: string[]
  toldAt: Date
}

type Row = Omit<OrderImportView, 'toldAt' | 'createdAt' | 'endedAt'> &
  ReadyImport & { createdAt: Date; endedAt: Date | null; mapping: ImportMapping | null }

/** Who sees part of the corp sees his own files; everybody else sees all. */
const seenBy = ({ accountId, scope }: Actor) =>
  sql<boolean>`(${scope === undefined} or account_id = ${accountId}::bigint)`

const viewOf = (row: Row): OrderImportView => ({
  ...row,
  toldAt: row.toldAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
})

/** Begins a file; its parts follow. */
export async function beginImport(tx: Tx, actor: Actor, given: NewOrderImport, now: Date): Promise<string> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from order_import where corp_id = ${actor.corpId}::bigint and state in ('uploading', 'uploaded', 'waiting', 'running')`.execute(
    tx,
  )
  if (rows[0]!.open >= OPEN_MAX) throw new ImportsOpen({ most: OPEN_MAX })
  const toldAt = new Date(Math.min(Date.parse(given.toldAt), now.getTime()))
  const { orderImportId } = await tx
    .insertInto('orderImport')
    .values({
      corpId: actor.corpId,
      kind: given.kind,
      state: 'uploading',
      fileName: given.fileName,
      toldAt,
      accountId: actor.accountId,
      actor: actor.name,
      createdAt: now,
    })
    .returning('orderImportId')
    .executeTakeFirstOrThrow()
  return orderImportId
}

/** Keeps the next part of the file; one sent again is the same. */
export async function addPart(
  tx: Tx,
  vault: Vault,
  actor: Actor,
  orderImportId: string,
  part: number,
  bytes: Buffer,
): Promise<void> {
  const run = await requireImport(tx, actor, orderImportId, true)
  if (run.state !== 'uploading') throw new ImportStepPassed()
  if (part > run.parts) throw new ImportIncomplete()
  await keepPart(tx, vault, { corpId: actor.corpId, orderImportId }, part, bytes)
  const { rows } = await sql<{ sizeBytes: number }>`
    update order_import set parts = greatest(parts, ${part + 1}), size_bytes = size_bytes + ${part === run.parts ? bytes.length : 0}
    where corp_id = ${actor.corpId}::bigint and order_import_id = ${orderImportId}::bigint returning size_bytes::float8 as size_bytes`.execute(
    tx,
  )
  if (rows[0]!.sizeBytes > FILE_BYTES_MAX) throw new ImportTooLarge({ most: FILE_BYTES_MAX / 1_000_000 })
}

/** Reads the file through: what it is, its head, its first rows, how many there are, and which column is what as far as that shows. */
export async function readDraft(db: Db, vault: Vault, actor: Actor, orderImportId: string): Promise<ImportDraft> {
  const { corpId } = actor
  const run = await inCorp(db, corpId, (tx) => requireImport(tx, actor, orderImportId))
  if (run.state !== 'uploading' && run.state !== 'uploaded') throw new ImportStepPassed()
  const pieces = openFile(db, vault, { ...run, corpId })
  const format = await findFormat(pieces)
  let rows = 0
  const first: string[][] = []
  for await (const packet of readTable(pieces, format, ROWS_MAX)) {
    rows += packet.length
    for (const { cells } of packet) if (first.length <= SAMPLE) first.push(cells)
  }
  const [head = [], ...sample] = first
  if (sample.length === 0) throw new ImportHeadless()
  const names = head.map((name) => name.trim().replaceAll('\0', '').toWellFormed().slice(0, 200))
  return inCorp(db, corpId, async (tx) => {
    await sql`update order_import set state = 'uploaded', format = ${format}, head = ${names}::text[], rows = ${rows - 1}
      where corp_id = ${corpId}::bigint and order_import_id = ${orderImportId}::bigint and state in ('uploading', 'uploaded')`.execute(
      tx,
    )
    return {
      run: viewOf(await requireImport(tx, actor, orderImportId)),
      head: names,
      sample: sample.map((cells) =>
        names.map((_, i) => (cells[i] ?? '').slice(0, 200).replaceAll('\0', '').toWellFormed()),
      ),
      guessed: { columns: guessColumns(run.kind, names), shop: 'own', unit: 'yuan' },
      saved: await listMappings(tx, corpId, run.kind),
    }
  })
}

/** A file whose columns may be settled now. */
export async function requireReady(tx: Tx, actor: Actor, orderImportId: string): Promise<ReadyImport> {
  const run = await requireImport(tx, actor, orderImportId, true)
  if (run.state !== 'uploaded') throw new ImportStepPassed()
  return run
}

export function requireColumns(kind: ImportKind, { columns }: ImportMapping): void {
  const missing = NEEDED[kind].filter((column) => !columns[column])
  if (missing.length === 0) return
  const names: Record<string, readonly string[]> = COLUMNS[kind]
  throw new ImportColumnMissing({ columns: missing.map((column) => `「${names[column]![0]}」`).join('') })
}

/** Lets the file in, under this mapping. */
export async function startImport(
  tx: Tx,
  actor: Actor,
  orderImportId: string,
  { mapping, saveAs, toldAt }: Omit<ImportStart, 'toldAt'> & { toldAt: Date | undefined },
  now: Date,
): Promise<void> {
  const run = await requireReady(tx, actor, orderImportId)
  requireColumns(run.kind, mapping)
  if (saveAs) await saveMapping(tx, actor, { kind: run.kind, name: saveAs, mapping }, now)
  const told = toldAt && toldAt < now ? toldAt : run.toldAt
  await sql`update order_import set state = 'waiting', mapping = ${JSON.stringify(mapping)}::jsonb, told_at = ${told}::timestamptz
    where corp_id = ${actor.corpId}::bigint and order_import_id = ${orderImportId}::bigint`.execute(tx)
  const { corpId } = actor
  await enqueue(tx, runImport, { corpId, orderImportId }, { lane: importLane(corpId) })
  const { fileName, kind } = (await requireImport(tx, actor, orderImportId)) as Row
  const detail = { fileName, kind, shop: mapping.shop }
  await recordAudit(tx, actor, {
    action: 'order_import.start',
    kind: 'order_import',
    id: orderImportId,
    detail,
    at: now,
  })
}

/** Ends a file where it stands; what is in stays in. */
export async function cancelImport(tx: Tx, actor: Actor, orderImportId: string, now: Date): Promise<void> {
  const { state } = await requireImport(tx, actor, orderImportId, true)
  if (!['uploading', 'uploaded', 'waiting', 'running'].includes(state)) throw new ImportStepPassed()
  await sql`update order_import set state = 'cancelled', ended_at = ${now}::timestamptz
    where corp_id = ${actor.corpId}::bigint and order_import_id = ${orderImportId}::bigint`.execute(tx)
  await forgetParts(tx, actor.corpId, orderImportId)
}

/** The newest files the actor may see. */
export async function listImports(tx: Tx, actor: Actor): Promise<OrderImportView[]> {
  const { rows } = await sql<Row>`
    select * from order_import where corp_id = ${actor.corpId}::bigint and ${seenBy(actor)} order by order_import_id desc limit ${SHOWN}`.execute(
    tx,
  )
  return rows.map(viewOf)
}

export async function readImportRun(tx: Tx, actor: Actor, orderImportId: string): Promise<OrderImportView> {
  return viewOf(await requireImport(tx, actor, orderImportId))
}

async function requireImport(tx: Tx, actor: Actor, orderImportId: string, lock = false): Promise<Row> {
  const { rows } = await sql<Row>`
    select * from order_import where corp_id = ${actor.corpId}::bigint and order_import_id = ${orderImportId}::bigint and ${seenBy(actor)} ${lock ? sql`for update` : sql``}`.execute(
    tx,
  )
  const [row] = rows
  if (!row) throw new NotFound({ what: '导入任务' })
  return row
}

/** The refused rows as they were, with why, to be mended and brought in again. */
export async function writeRefused(tx: Tx, vault: Vault, actor: Actor, orderImportId: string): Promise<string> {
  await requireImport(tx, actor, orderImportId)
  const { rows } = await sql<{ line: number; reason: string; cellsSealed: Buffer }>`
    select line, reason, cells_sealed from order_import_refusal where corp_id = ${actor.corpId}::bigint and order_import_id = ${orderImportId}::bigint order by line`.execute(
    tx,
  )
  return refusedCsv(
    rows.map(({ line, reason, cellsSealed }) => ({
      line,
      reason,
      ...openRow(vault, cellsSealed, refusalPlace(actor.corpId, orderImportId, line)),
    })),
  )
}
