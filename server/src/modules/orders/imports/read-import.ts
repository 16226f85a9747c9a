import type { Db } from '../../../platform/db.ts'
import { DomainError } from '../../../platform/errors.ts'
import type { Vault } from '../../../platform/secrets.ts'
import type { IncomingMember } from '../members/schema.ts'
import type { IncomingOrder } from '../schema.ts'
import { keepBounds } from '../take-orders.ts'
import type { Group } from './group-rows.ts'
import { openFile, readGroups } from './import-file.ts'
import type { ReadyImport } from './imports.ts'
import { readMemberRows } from './read-member-rows.ts'
import { readOrderRows } from './read-order-rows.ts'
import { GroupRefused, type Places, placeColumns } from './row-reader.ts'
import type { ImportMapping } from './schema.ts'

/** What a group came to: an order, a member, or why neither, by each of its rows. */
export type Read =
  | { group: Group; order: IncomingOrder }
  | { group: Group; member: IncomingMember }
  | { group: Group; reasons: Map<number, string> }

export const isRefused = (read: Read): read is Extract<Read, { reasons: unknown }> => 'reasons' in read

/** Reads a whole file under a mapping, packet by packet, always in the same order. */
export async function* readImport(
  db: Db,
  vault: Vault,
  run: ReadyImport,
  mapping: ImportMapping,
  toldAt: Date,
): AsyncGenerator<Read[]> {
  const places = placeColumns(mapping, run.head)
  const keyIndex = places.get(run.kind === 'orders' ? 'orderNo' : 'member') ?? -1
  const groups = readGroups(openFile(db, vault, run), run.format, { keyIndex, continues: run.kind === 'orders' })
  for await (const packet of groups) yield packet.map((group) => readGroup(run, group, places, mapping, toldAt))
}

function readGroup({ kind }: ReadyImport, group: Group, places: Places, mapping: ImportMapping, toldAt: Date): Read {
  try {
    if (kind === 'members') return { group, member: readMemberRows(group, places, toldAt) }
    return { group, order: keepBounds(readOrderRows(group, places, mapping, toldAt)) }
  } catch (error) {
    if (error instanceof GroupRefused) return { group, reasons: refusalOf(group, error.line, error.message) }
    if (error instanceof DomainError) return { group, reasons: refusalOf(group, group.rows[0]!.line, error.message) }
    throw error
  }
}

/** The row at fault says why; the others of its order go with it, so that it comes back whole. */
export function refusalOf({ rows }: Group, line: number, why: string): Map<number, string> {
  return new Map(rows.map((row) => [row.line, row.line === line ? why : `同一订单的第 ${line} 行：${why}`]))
}
