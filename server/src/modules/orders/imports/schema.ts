import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'
import { Shop } from '../schema.ts'
import { type ColumnName, MEMBER_COLUMNS, ORDER_COLUMNS } from './fields.ts'

export const IMPORT_KINDS = ['orders', 'members'] as const
export const ImportKind = z.enum(IMPORT_KINDS)

const COLUMN_NAMES = [...new Set([...Object.keys(ORDER_COLUMNS), ...Object.keys(MEMBER_COLUMNS)])] as ColumnName[]
const Heading = Text.max(200)

/** Which heading is which column, what the file's money is, and of which shop it is. */
export const ImportMapping = z.object({
  columns: z.partialRecord(z.enum(COLUMN_NAMES), Heading),
  shop: Shop.default('own'),
  unit: z.enum(['yuan', 'fen']).default('yuan'),
})
export type ImportMapping = z.infer<typeof ImportMapping>

/** Bytes of a file: two hundred thousand rows of a shop's export, with room. */
export const FILE_BYTES_MAX = 120_000_000
export const PART_BYTES_MAX = 4_000_000
export const PARTS_MAX = FILE_BYTES_MAX / PART_BYTES_MAX
export const ROWS_MAX = 200_000

export const NewOrderImport = z.object({
  kind: ImportKind,
  fileName: Text.trim().min(1).max(120),
  /** When the file was made: what its shop said later holds against it. */
  toldAt: Instant,
})
export type NewOrderImport = z.infer<typeof NewOrderImport>

export const ImportStart = z.object({
  mapping: ImportMapping,
  toldAt: Instant.optional(),
  /** Keeps how this file is read, under this name. */
  saveAs: Text.trim().min(1).max(30).optional(),
})

export type ImportStart = z.infer<typeof ImportStart>

export const SavedMapping = z.object({ importMappingId: Id, name: z.string(), mapping: ImportMapping })
export type SavedMapping = z.infer<typeof SavedMapping>

export const OrderImportView = z.object({
  orderImportId: Id,
  kind: ImportKind,
  state: z.enum(['uploading', 'uploaded', 'waiting', 'running', 'done', 'cancelled', 'failed']),
  fileName: z.string(),
  toldAt: Instant,
  rows: z.number().int(),
  rowsDone: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  refused: z.number().int(),
  refusedRows: z.number().int(),
  cause: z.string().nullable(),
  actor: z.string(),
  createdAt: Instant,
  endedAt: Instant.nullable(),
})
export type OrderImportView = z.infer<typeof OrderImportView>

/** A file that has been read through and waits for its columns to be settled. */
export const ImportDraft = z.object({
  run: OrderImportView,
  head: z.array(z.string()),
  /** The first rows as they stand in the file. */
  sample: z.array(z.array(z.string())),
  guessed: ImportMapping,
  saved: z.array(SavedMapping),
})
export type ImportDraft = z.infer<typeof ImportDraft>

/** What the file comes to under a mapping, before anything is written. */
export const ImportPreview = z.object({
  /** Orders or members, those refused among them. */
  found: z.number().int(),
  good: z.number().int(),
  goodFen: z.number().int(),
  refused: z.number().int(),
  refusedRows: z.number().int(),
  /** Why, the commonest first, each with how many rows and one of them. */
  reasons: z.array(z.object({ reason: z.string(), rows: z.number().int(), line: z.number().int() })),
  orders: z.array(
    z.object({
      line: z.number().int(),
      orderNo: z.string(),
      state: z.string(),
      paidAt: Instant.nullable(),
      amountFen: z.number().int(),
      refundedFen: z.number().int(),
      items: z.string(),
      buyer: z.string(),
    }),
  ),
  members: z.array(
    z.object({
      line: z.number().int(),
      memberNo: z.string(),
      level: z.string().nullable(),
      points: z.number().int().nullable(),
      joinedAt: Instant.nullable(),
      buyer: z.string(),
    }),
  ),
})
export type ImportPreview = z.infer<typeof ImportPreview>
